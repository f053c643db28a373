package accountweb

import (
	"context"
	"net/http"

	"rinnova"
	"rinnova/internal/account"
	"rinnova/internal/web"
)

// What a session holds.
const (
	sessionAccount = "account"
	sessionMark    = "mark" // of the password that it came in by
)

type actorKey struct{}

// ActorOf is who makes the request; the zero Actor behind no guard.
func ActorOf(ctx context.Context) rinnova.Actor {
	a, _ := ctx.Value(actorKey{}).(rinnova.Actor)
	return a
}

// Gate knows who is logged in and lets in whom a page is for.
type Gate struct {
	Accounts *account.Service
	Sessions *web.Sessions
}

// Schools is the guard of the schools' pages.
func (g *Gate) Schools(next web.Handler) web.Handler {
	return g.only(next, func(a rinnova.Actor) bool { return a.Role == rinnova.RoleSchool })
}

// Office is the guard of the office's pages.
func (g *Gate) Office(next web.Handler) web.Handler { return g.only(next, rinnova.Actor.IsOffice) }

// Anybody is the guard of pages for everybody who has logged in.
func (g *Gate) Anybody(next web.Handler) web.Handler {
	return g.only(next, func(rinnova.Actor) bool { return true })
}

func (g *Gate) only(next web.Handler, allowed func(rinnova.Actor) bool) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		actor, err := g.admit(r.Context(), allowed)
		if err != nil {
			return err
		}
		if r.ContentLength != 0 {
			done, err := web.Receive(r)
			if err != nil {
				return err
			}
			defer done()
			if err := g.stillThere(r.Context(), actor); err != nil {
				return err
			}
		}
		return next(w, r.WithContext(context.WithValue(r.Context(), actorKey{}, actor)))
	}
}

// admit is who is logged in, where the page is for them.
func (g *Gate) admit(ctx context.Context, allowed func(rinnova.Actor) bool) (rinnova.Actor, error) {
	actor, err := g.Who(ctx)
	switch {
	case err != nil:
		return actor, err
	case actor.AccountID == "":
		return actor, enter()
	case !allowed(actor):
		return actor, rinnova.Fail(rinnova.Forbidden, "Questa pagina non è per il vostro utente.")
	}
	return actor, nil
}

// stillThere refuses a request whose session has ended while its body came, or whose user is not what they were.
func (g *Gate) stillThere(ctx context.Context, before rinnova.Actor) error {
	ok, err := g.Sessions.Holds(ctx)
	if err != nil {
		return err
	}
	now, err := g.Who(ctx)
	if err == nil && (!ok || now != before) {
		err = enter()
	}
	return err
}

func enter() error {
	return rinnova.Fail(rinnova.Unauthenticated, "Per vedere questa pagina entrate con nome utente e password.")
}

// Who is the account of the session, also on pages without a guard; the zero Actor where nobody is logged in.
func (g *Gate) Who(ctx context.Context) (rinnova.Actor, error) {
	if a := ActorOf(ctx); a.AccountID != "" {
		return a, nil
	}
	id := g.Sessions.GetString(ctx, sessionAccount)
	if id == "" {
		return rinnova.Actor{}, nil
	}
	actor, err := g.Accounts.Session(ctx, id, g.Sessions.GetString(ctx, sessionMark))
	if rinnova.KindOf(err) == rinnova.Unauthenticated {
		return rinnova.Actor{}, nil // the account is gone, or has another password: as if nobody had logged in
	}
	web.Identified(ctx, actor.AccountID)
	return actor, err
}

// enter begins a session for an account, with a new token: one that was planted before the login is worth nothing.
func (g *Gate) enter(ctx context.Context, a account.Account) error {
	if err := g.Sessions.RenewToken(ctx); err != nil {
		return err
	}
	g.Sessions.SetDeadline(ctx, g.Accounts.Clock().Add(g.Sessions.Lifetime)) // by our clock, not the session kit’s
	g.Sessions.Put(ctx, sessionAccount, a.ID)
	g.Sessions.Put(ctx, sessionMark, a.Mark())
	return nil
}

func (g *Gate) leave(ctx context.Context) error { return g.Sessions.Destroy(ctx) }
