package demo_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"rinnova"
	"rinnova/internal/account"
	"rinnova/internal/app"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/demo"
)

// A demonstration is found whatever database it is in: by its mark, by the campaign of an older version, by users with the published
// password; an installation with users of the same names and their own passwords is none.
func TestADemonstrationIsFound(t *testing.T) {
	cheap := argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	for name, url := range databases(t) {
		t.Run(name, func(t *testing.T) {
			a, err := app.New(t.Context(), app.Config{Addr: "127.0.0.1:0", Data: filepath.Join(t.TempDir(), "data"), DatabaseURL: url}, time.Now, slog.New(slog.DiscardHandler))
			if err != nil {
				t.Fatal(err)
			}
			defer a.Close()
			holds := func(what string, is bool) {
				t.Helper()
				if err := demo.Refuse(t.Context(), a); (rinnova.KindOf(err) == rinnova.Conflict) != is || err != nil && !is {
					t.Errorf("%s: %v", what, err)
				}
			}
			add := func(id, username, password string) {
				t.Helper()
				hash, err := argon2id.CreateHash(password, &cheap)
				if err == nil {
					err = a.Accounts.Store.Add(t.Context(), account.Account{ID: id, Username: username, Name: "x", Role: rinnova.RoleAdmin, PasswordHash: hash, ChangedAt: a.Clock(), CreatedAt: a.Clock()})
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			holds("empty", false)
			add("1", "RESPONSABILE", "una password tutta sua")
			holds("a user of the same name", false)
			holds("looked at again", false)
			add("2", "AMMINISTRATORE", demo.Password)
			holds("a user with the published password", true)
			exec(t, a, `DELETE FROM account WHERE id = '2'`)
			holds("without that user", false)
			if err := demo.Install(a.Config.Data)(a); rinnova.KindOf(err) != rinnova.Conflict {
				t.Errorf("a demonstration on an installation: %v", err)
			}
			exec(t, a, `DELETE FROM account`)
			if err := demo.Install(a.Config.Data)(a); err != nil {
				t.Fatal(err)
			}
			holds("marked", true)
		})
	}
}

func exec(t *testing.T, a *app.App, statement string) {
	t.Helper()
	err := a.DB.InTx(t.Context(), func(ctx context.Context) error {
		_, err := a.DB.Writer(ctx).ExecContext(ctx, statement)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func databases(t *testing.T) map[string]string {
	if testing.Short() {
		return map[string]string{"sqlite": ""}
	}
	return map[string]string{"sqlite": "", "postgresql": dbtest.PostgreSQLURL(t)}
}
