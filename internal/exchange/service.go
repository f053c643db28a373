package exchange

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"rinnova"
	"rinnova/internal/blob"
	"rinnova/internal/catalog"
	"rinnova/internal/event"
	"rinnova/internal/job"
	"rinnova/internal/school"
	"rinnova/internal/sheet"
	"rinnova/internal/subscription"
)

// Service brings files in and out.
type Service struct {
	Store         Store
	Files         blob.Dir
	Schools       SchoolStore
	Subscriptions subscription.Store
	Catalog       Catalog
	Import        RegistryImporter
	Events        event.Recorder
	Queue         *job.Queue
	Clock         rinnova.Clock
	// SchoolAdded is told, in the same transaction, of a new school; it may be nil.
	SchoolAdded func(ctx context.Context, s school.School) error
	// Desk writes what changes of a school, with all that a change by hand brings with it.
	Desk interface {
		Write(ctx context.Context, actor rinnova.Actor, was, now school.School) error
	}
	Limits sheet.Limits // of files; zero: sheet.DefaultLimits

	progress sync.Map // id → [2]int: done and all, of what this process works on
}

func (s *Service) limits() sheet.Limits {
	if s.Limits == (sheet.Limits{}) {
		return sheet.DefaultLimits
	}
	return s.Limits
}

// planner makes the planner of a layout, which for price lists and the Indice PA depends on the columns.
func (s *Service) planner(ctx context.Context, l Layout, r *sheet.Reader) (planner, Layout, error) {
	if l.What == Prices {
		return s.pricePlanner(ctx, l, r)
	}
	schools, err := s.Schools.All(ctx)
	if err != nil {
		return nil, l, err
	}
	dir := newDirectory(schools)
	switch {
	case l.What == Codes && isIPA(r):
		return &ipaPlanner{newSchoolPlanner(s, actorFrom(ctx), dir, false)}, ipaLayout, nil
	case l.What != Subscriptions:
		return newSchoolPlanner(s, actorFrom(ctx), dir, l.What == Schools), l, nil
	}
	p := &subscriptionPlanner{service: s, dir: dir, has: map[holding][]*period{}, seen: map[string]int{}}
	if p.products, err = s.products(ctx); err != nil {
		return nil, l, err
	}
	all, err := s.everySubscription(ctx)
	for _, of := range all {
		for _, x := range of {
			key := holding{x.SchoolID, x.ProductID}
			p.has[key] = append(p.has[key], &period{x, 0})
		}
	}
	return p, l, err
}

func (s *Service) pricePlanner(ctx context.Context, l Layout, r *sheet.Reader) (planner, Layout, error) {
	l, bands, names, err := bandsOf(l, r)
	if err != nil {
		return nil, l, err
	}
	p := &pricePlanner{service: s, bands: bands, columns: names, seen: map[string]int{}, by: signatureFrom(ctx), authors: authorsFrom(ctx),
		list: catalog.PriceList{Bands: bands, Caps: make([]*rinnova.Cents, len(names)), Fees: map[string][]rinnova.Cents{}}}
	if p.products, err = s.products(ctx); err != nil {
		return nil, l, err
	}
	named, err := s.Store.PriceLists(ctx)
	if err != nil {
		return nil, l, err
	}
	for _, n := range named {
		list, err := s.Catalog.PriceList(ctx, n.ID)
		if err != nil {
			return nil, l, err
		}
		p.lists = append(p.lists, list)
	}
	return p, l, nil
}

func (s *Service) products(ctx context.Context) (map[string]catalog.Product, error) {
	all, err := s.Catalog.Products(ctx)
	out := make(map[string]catalog.Product, len(all))
	for _, p := range all {
		out[strings.ToUpper(p.Code)] = p
	}
	return out, err
}

func refuseOthers(actor rinnova.Actor) error {
	if actor.IsManager() || actor.Role == rinnova.RoleSystem {
		return nil
	}
	return rinnova.Fail(rinnova.Forbidden, "Importare dati spetta ai responsabili e agli amministratori.")
}

// Receive keeps a file that somebody sent and lets its plan be made. A file that is no table of the kind is refused at once.
func (s *Service) Receive(ctx context.Context, actor rinnova.Actor, w What, name string, data []byte) (Import, error) {
	if err := refuseOthers(actor); err != nil {
		return Import{}, err
	}
	layout, ok := LayoutOf(w)
	if !ok {
		return Import{}, rinnova.Fail(rinnova.NotFound, "Questo tipo di dati non c’è.")
	}
	if err := s.glance(layout, data); err != nil {
		return Import{}, err
	}
	sum := sha256.Sum256(data)
	now := s.Clock().UTC()
	i := Import{ID: rinnova.NewID(now), What: w, FileName: tidyName(name), SHA256: hex.EncodeToString(sum[:]), Size: int64(len(data)), State: Reading, By: actor, SentAt: now}
	if err := s.Files.Put(ctx, fileKey(i), data); err != nil {
		return Import{}, err
	}
	return i, s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.Add(ctx, i); err != nil {
			return err
		}
		return s.queue(ctx, i)
	})
}

// glance looks at a file as far as its header.
func (s *Service) glance(l Layout, data []byte) error {
	if len(data) > s.limits().Bytes {
		return rinnova.Fail(rinnova.Invalid, "Il file è troppo grande: al massimo %d MB. Dividetelo in più file.", s.limits().Bytes>>20)
	}
	if l.What == Registry {
		return nil
	}
	r, err := s.open(l, data)
	if err != nil {
		return err
	}
	return l.fits(r)
}

// open opens a file; of several sheets the one with the columns of the layout.
func (s *Service) open(l Layout, data []byte) (*sheet.Reader, error) {
	return sheet.OpenFor(data, sheetName, s.limits(), l.fits)
}

// fits tells what is wrong with the columns of a table; nil: it is of the layout.
func (l Layout) fits(r *sheet.Reader) (err error) {
	if l.What == Codes && isIPA(r) {
		l = ipaLayout
	}
	if l.What == Prices {
		if l, _, _, err = bandsOf(l, r); err != nil {
			return err
		}
	}
	_, err = l.find(r)
	return err
}

// fileKey names a file after its import: whoever sends the same file again sends another one.
func fileKey(i Import) string { return "exchange/" + i.ID }

// file reads the file of an import, and holds that it is the one that was sent. Those of older imports are kept under their hash.
func (s *Service) file(ctx context.Context, i Import) ([]byte, error) {
	data, err := s.Files.Get(ctx, fileKey(i))
	if errors.Is(err, fs.ErrNotExist) {
		data, err = s.Files.Get(ctx, "exchange/"+i.SHA256)
	}
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != i.SHA256 {
		return nil, fmt.Errorf("import %s: %s is not the file that was sent", i.ID, fileKey(i))
	}
	return data, nil
}

// tidyName is the name of a file for people: without folders and what cannot be seen.
func tidyName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) && !unicode.In(r, unicode.Cf) {
			return r
		}
		return -1
	}, strings.ToValidUTF8(name, ""))
	if r := []rune(name); len(r) > 120 {
		name = string(r[:120])
	}
	return name
}

// Apply lets an import be written as it was shown, which digest says.
func (s *Service) Apply(ctx context.Context, actor rinnova.Actor, id, digest string) error {
	if err := refuseOthers(actor); err != nil {
		return err
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		i, err := s.Store.Import(ctx, id)
		if err != nil {
			return err
		}
		if layout, _ := LayoutOf(i.What); layout.Blocked(i.Detail.Counts) {
			return rinnova.Fail(rinnova.Conflict, "Finché una riga è rifiutata non si applica nulla: correggete il file e inviatelo di nuovo.")
		}
		if i.Detail.Sender == "" {
			i.Detail.Sender = i.By.AccountID
		}
		i.State, i.By, i.Detail.Stale = Applying, actor, false
		mine, err := s.Store.Move(ctx, i, Ready, digest)
		if err != nil {
			return err
		}
		if !mine {
			return rinnova.Fail(rinnova.Conflict, "Nel frattempo l’importazione è stata applicata o preparata di nuovo. Ricaricate la pagina.")
		}
		return s.queue(ctx, i)
	})
}

// WorkJob is the kind of the jobs that work on imports.
const WorkJob = "exchange.work"

type workArgs struct{ Import string }

func (s *Service) queue(ctx context.Context, i Import) error {
	return s.Queue.Insert(ctx, WorkJob, workArgs{i.ID}, WorkJob+":"+i.ID+":"+string(i.State)+":"+i.Digest, time.Time{})
}

// Work is the worker of imports.
func (s *Service) Work() job.Worker { return job.Worker{Run: s.step, Timeout: 5 * time.Minute} }

// step makes the plan of an import, or applies it. Each is one transaction: a run that is killed leaves nothing.
func (s *Service) step(ctx context.Context, j job.Job) error {
	var args workArgs
	if err := j.Decode(&args); err != nil {
		return err
	}
	i, err := s.Store.Import(ctx, args.Import)
	if err != nil || i.State != Reading && i.State != Applying {
		return err
	}
	data, err := s.file(ctx, i)
	if err != nil {
		return err
	}
	defer s.progress.Delete(i.ID)
	if i.State == Applying {
		err = s.applyImport(ctx, i, data)
		if rinnova.KindOf(err) != rinnova.Conflict {
			return err
		}
		i.Detail.Stale = true // somebody wrote the same rows at the same moment: show what has become of the plan
	}
	return s.read(ctx, i, data)
}

func (s *Service) tick(id string) func(done, total int) {
	return func(done, total int) { s.progress.Store(id, [2]int{done, total}) }
}

// Progress is how far this process is with an import: rows read, or changes written of all. ok is false where it does not know.
func (s *Service) Progress(id string) (done, total int, ok bool) {
	v, ok := s.progress.Load(id)
	if !ok {
		return 0, 0, false
	}
	p := v.([2]int)
	return p[0], p[1], true
}

// read makes the plan and shows it.
func (s *Service) read(ctx context.Context, i Import, data []byte) error {
	from, digest, tick := i.State, i.Digest, s.tick(i.ID)
	p, err := s.plan(signed(ctx, i.By), i.What, data, func(rows int) { tick(rows, 0) })
	if refused := (*rinnova.Error)(nil); errors.As(err, &refused) && refused.Kind == rinnova.Invalid {
		i.State, i.Detail, i.DoneAt = Failed, Detail{Message: refused.Message}, s.Clock().UTC()
		_, err := s.Store.Move(ctx, i, from, digest)
		return err
	}
	if err != nil {
		return err
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error { return s.show(ctx, i, p, digest) })
}

// show keeps a plan for people to look at.
func (s *Service) show(ctx context.Context, i Import, p *Plan, digest string) error {
	from := i.State
	i.State, i.Digest, i.DoneAt = Ready, p.Digest, s.Clock().UTC()
	i.Detail = Detail{Stale: i.Detail.Stale, Counts: p.Counts, Notes: p.Notes, Sender: i.Detail.Sender}
	mine, err := s.Store.Move(ctx, i, from, digest)
	if err != nil || !mine {
		return err
	}
	return s.Store.SetPages(ctx, i.ID, pages(p.Rows))
}

// applyImport plans again and writes; where the plan is another one than was shown, it is shown instead.
func (s *Service) applyImport(ctx context.Context, i Import, data []byte) error {
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		tick := s.tick(i.ID)
		p, err := s.plan(signed(ctx, i.By, i.Detail.Sender), i.What, data, func(int) {})
		if err != nil {
			return err
		}
		if p.Digest != i.Digest {
			i.Detail.Stale = true
			return s.show(ctx, i, p, i.Digest)
		}
		if err := p.apply(ctx, tick); err != nil {
			return err
		}
		i.State, i.DoneAt = Applied, s.Clock().UTC()
		mine, err := s.Store.Move(ctx, i, Applying, i.Digest)
		if err != nil {
			return err
		}
		if !mine {
			return rinnova.Fail(rinnova.Conflict, "Nel frattempo l’importazione è stata applicata o preparata di nuovo. Ricaricate la pagina.")
		}
		return s.record(ctx, i)
	})
}

func (s *Service) record(ctx context.Context, i Import) error {
	kind := event.DataImported
	if i.What == Registry {
		kind = event.RegistryImported
	}
	c := i.Detail.Counts
	return s.Events.Record(ctx, event.Event{At: s.Clock().UTC(), Kind: kind, Actor: i.By, AboutID: i.ID, Data: map[string]string{
		"dati": string(i.What), "file": i.FileName, "sha256": i.SHA256, "aggiunte": strconv.Itoa(c.Added), "cambiate": strconv.Itoa(c.Changed),
		"invariate": strconv.Itoa(c.Unchanged), "rifiutate": strconv.Itoa(c.Refused)}})
}

// Run plans a file and, unless it is a dry run, applies it at once, in one transaction: for commands.
func (s *Service) Run(ctx context.Context, actor rinnova.Actor, w What, name string, data []byte, dryRun bool) (p *Plan, err error) {
	if err := refuseOthers(actor); err != nil {
		return nil, err
	}
	layout, _ := LayoutOf(w)
	return p, s.Store.InTx(ctx, func(ctx context.Context) error {
		if p, err = s.plan(signed(ctx, actor), w, data, func(int) {}); err != nil || dryRun || !p.Counts.Writes() || layout.Blocked(p.Counts) {
			return err
		}
		if err := p.apply(ctx, func(int, int) {}); err != nil {
			return err
		}
		sum := sha256.Sum256(data)
		return s.record(ctx, Import{What: w, FileName: tidyName(name), SHA256: hex.EncodeToString(sum[:]), By: actor, Detail: Detail{Counts: p.Counts}})
	})
}

type signer struct{}

type sender struct{}

// signed remembers who a plan is for, and who else has brought it about: a price list is signed.
func signed(ctx context.Context, a rinnova.Actor, senders ...string) context.Context {
	return context.WithValue(context.WithValue(ctx, signer{}, a), sender{}, senders)
}

// authorsFrom are the accounts that a price list is the work of: who sent its file, and who applied it.
func authorsFrom(ctx context.Context) []string {
	senders, _ := ctx.Value(sender{}).([]string)
	all := append(slices.Clone(senders), actorFrom(ctx).AccountID)
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(id string) bool { return id == "" })
}

// actorFrom is whoever imports.
func actorFrom(ctx context.Context) rinnova.Actor {
	a, _ := ctx.Value(signer{}).(rinnova.Actor)
	return a
}

func signatureFrom(ctx context.Context) catalog.Signature {
	a := actorFrom(ctx)
	return catalog.Signature{By: a.AccountID, Name: a.Name}
}
