package witness

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"

	"rinnova"
	"rinnova/internal/event"
)

// Files keeps the marks, beside the files that the database speaks of.
type Files interface {
	Put(ctx context.Context, key string, data []byte) error
	Get(ctx context.Context, key string) ([]byte, error)
	Remove(ctx context.Context, key string) error
	List(ctx context.Context, folder string) ([]string, error) // the names in a folder, sorted; none where there is no folder
	Has(ctx context.Context, key string) (bool, error)
}

// Database is what the witness looks at.
type Database interface {
	InTx(ctx context.Context, fn func(context.Context) error) error
	Head(ctx context.Context) (event.Head, error)
	// HashAt is the hash of the event at a place; "" where there is none.
	HashAt(ctx context.Context, seq int64) (string, error)
	// Numbers are the last contract number of each series and year.
	Numbers(ctx context.Context) (map[string]int64, error)
	// Raise lets a series go on after n.
	Raise(ctx context.Context, series string, n int64) error
	// NewestFiles are the keys of the last files that rows speak of.
	NewestFiles(ctx context.Context) ([]string, error)
	// Uncoded is the place of the first event without the code of this installation's key; 0 where all have one.
	Uncoded(ctx context.Context) (int64, error)
	// Encode gives all events that lack it that code, and tells of how many.
	Encode(ctx context.Context) (int, error)
	// Fresh tells whether no contract was ever numbered and no event carries a code.
	Fresh(ctx context.Context) (bool, error)
	// Signed tells whether it has a signed contract.
	Signed(ctx context.Context) (bool, error)
}

// Record is the trail of events.
type Record interface {
	event.Recorder
	Of(ctx context.Context, aboutID string, kind event.Kind) ([]event.Link, error)
}

// Notary signs a seal with the contract key, and tells whether such a signature is on the content and of this installation.
type Notary interface {
	Certificate() string // SHA-256 of the certificate; "" where there is no key
	Sign(ctx context.Context, content []byte) ([]byte, error)
	// Signed is the content of a signed seal, and the SHA-256 of the certificate that signed it; an error where it was altered.
	Signed(p7m []byte) (content []byte, certificate string, err error)
}

// Service is the witness of an installation. Several processes may share its files.
type Service struct {
	Files    Files
	Database Database
	Events   Record
	Notary   Notary
	Key      []byte // of the marks
	Clock    rinnova.Clock

	files rinnova.Recent[rinnova.Faults]
}

// sealingAbout is what the event of the first seal is about.
const sealingAbout = "seals"

// daily is how often a seal is kept.
const daily = 24 * time.Hour

// Check holds the database against the latest marks; a rinnova.Error that wraps Held where they do not belong together. It costs a
// look into a folder and a query, and is made before every number. In a transaction it must run in it: what it compares with was
// committed before it was marked.
func (s *Service) Check(ctx context.Context) error {
	faults, err := s.Faults(ctx)
	if err != nil || len(faults) == 0 {
		return err
	}
	return rinnova.Fail(rinnova.Conflict, "Il database e i file non vanno insieme: finché chi gestisce il programma non ha deciso (rinnova verify files), non si elabora e non si firma nulla. %s",
		faults[0]).Because(&Held{faults})
}

// Faults are the reasons for which the database and its files do not belong together; none where they do.
func (s *Service) Faults(ctx context.Context) (rinnova.Faults, error) {
	marks, faults, err := s.marks(ctx, Latest)
	if err != nil {
		return nil, err
	}
	for _, m := range marks {
		wrong, err := s.compare(ctx, m)
		if err != nil {
			return nil, err
		}
		faults = append(faults, wrong...)
	}
	uncoded, err := s.Database.Uncoded(ctx)
	if err != nil {
		return nil, err
	}
	if uncoded > 0 {
		faults = append(faults, rinnova.Say("L’evento n. %d del registro non porta il codice di questa installazione: è di una versione precedente, o l’ha scritto altri.", uncoded))
	}
	missing, err := s.files.Get(s.Clock(), func() (rinnova.Faults, error) { return s.missing(ctx) })
	return slices.Concat(faults, missing), err
}

// marks reads those of a sort; whatever in their folder is none is a fault. Where another process has just put a later one in the
// place of one, it looks again.
func (s *Service) marks(ctx context.Context, sort Sort) (out []Mark, faults rinnova.Faults, err error) {
	for range 100 {
		if out, faults, err = s.marksOnce(ctx, sort); !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	return out, faults, err
}

func (s *Service) marksOnce(ctx context.Context, sort Sort) (out []Mark, faults rinnova.Faults, err error) {
	names, err := s.Files.List(ctx, string(sort))
	if err != nil {
		return nil, nil, err
	}
	for _, name := range names {
		if !strings.HasSuffix(name, extension) {
			continue
		}
		data, err := s.Files.Get(ctx, string(sort)+"/"+name)
		if err != nil {
			return nil, nil, err
		}
		if m, ok := read(data, s.Key, sort); ok && strings.HasSuffix(m.key(), "/"+name) {
			out = append(out, m)
		} else {
			faults = append(faults, rinnova.Say("L’annotazione %s accanto ai file non porta il sigillo di questa installazione: è stata cambiata, o la chiave dei sigilli è un’altra.", name))
		}
	}
	return out, faults, nil
}

// compare holds the database against one mark.
func (s *Service) compare(ctx context.Context, m Mark) (rinnova.Faults, error) {
	hash, err := s.Database.HashAt(ctx, m.Seq)
	switch {
	case err != nil:
		return nil, err
	case hash == "" && m.Seq > 0:
		head, err := s.Database.Head(ctx)
		return rinnova.Faults{rinnova.Say("Il database è più vecchio dei file: il registro arriva all’evento n. %d, accanto ai file è annotato il n. %d del %s.", head.Seq, m.Seq, rinnova.DateOf(m.At))}, err
	case hash != m.Hash:
		return rinnova.Faults{rinnova.Say("Il database non è quello di questi file: l’evento n. %d, annotato il %s, è un altro.", m.Seq, rinnova.DateOf(m.At))}, nil
	}
	now, err := s.Database.Numbers(ctx)
	return behind(now, m), err
}

// unmarked tells whether marks were taken away: there are seals only where there is a latest mark, the record knows since when there
// are some, and no contract leaves before it is marked, whatever a record that was written anew says.
func (s *Service) unmarked(ctx context.Context) (rinnova.Faults, error) {
	begun, err := s.Events.Of(ctx, sealingAbout, event.SealingBegun)
	if err != nil {
		return nil, err
	}
	seals, err := s.Files.List(ctx, string(Seal))
	if err != nil {
		return nil, err
	}
	latest, err := s.Files.List(ctx, string(Latest))
	if err != nil || len(latest) > 0 && (len(seals) > 0 || len(begun) == 0) {
		return nil, err
	}
	if len(seals)+len(begun) == 0 {
		if signed, err := s.Database.Signed(ctx); err != nil || !signed {
			return nil, err
		}
	}
	return rinnova.Faults{rinnova.Say("Accanto ai file mancano le annotazioni di quanto il database era avanti: i file sono più vecchi del database, o sono state tolte.")}, nil
}

// missing finds files that the database speaks of and that are not there.
func (s *Service) missing(ctx context.Context) (rinnova.Faults, error) {
	if faults, err := s.unmarked(ctx); err != nil || len(faults) > 0 {
		return faults, err
	}
	keys, err := s.lost(ctx)
	if err != nil {
		return nil, err
	}
	told, err := s.Events.Of(ctx, sealingAbout, event.FilesAccepted)
	if err != nil {
		return nil, err
	}
	for _, key := range keys {
		if !slices.ContainsFunc(told, func(l event.Link) bool { return slices.Contains(strings.Fields(l.Data[dataLost]), key) }) {
			return rinnova.Faults{rinnova.Say("I file sono più vecchi del database: manca %s, di cui il database parla.", key)}, nil
		}
	}
	return nil, nil
}

// dataLost is what the event of Accept says of files that are gone: whoever has accepted it is not asked again.
const dataLost = "file mancanti"

// lost are the files that the database speaks of and that are not there, of the newest.
func (s *Service) lost(ctx context.Context) ([]string, error) {
	keys, err := s.Database.NewestFiles(ctx)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, key := range keys {
		there, err := s.Files.Has(ctx, key)
		if err != nil {
			return nil, err
		}
		if !there {
			out = append(out, key)
		}
	}
	return out, nil
}

// Note makes sure that the number of a contract is marked, durably, before the contract leaves; it refuses where Check does. Of many
// that were numbered at once the first is marked with all others.
func (s *Service) Note(ctx context.Context, series string, year int, number int64) error {
	if err := s.Check(ctx); err != nil {
		return err
	}
	marks, _, err := s.marks(ctx, Latest)
	if err != nil {
		return err
	}
	for _, m := range marks {
		if m.Numbers[Series(series, int64(year))] >= number {
			return nil
		}
	}
	return s.note(ctx)
}

func (s *Service) note(ctx context.Context) error {
	m, err := s.now(ctx, Latest)
	if err != nil {
		return err
	}
	if err := s.put(ctx, m); err != nil {
		return err
	}
	older, _, err := s.marks(ctx, Latest)
	for _, x := range older {
		if x.key() != m.key() && m.covers(x) {
			err = errors.Join(err, s.Files.Remove(ctx, x.key()))
		}
	}
	return err
}

// now is what is known at this moment. The head is read before the numbers: they may be ahead of it, which says no less.
func (s *Service) now(ctx context.Context, sort Sort) (Mark, error) {
	m := Mark{Sort: sort, At: s.Clock().UTC().Truncate(time.Second), Certificate: s.Notary.Certificate()}
	head, err := s.Database.Head(ctx)
	if err != nil {
		return m, err
	}
	m.Seq, m.Hash = head.Seq, head.Hash
	m.Numbers, err = s.Database.Numbers(ctx)
	return m, err
}

func (s *Service) put(ctx context.Context, m Mark) error {
	data, err := m.sealed(s.Key)
	if err != nil {
		return err
	}
	there, err := s.Files.Has(ctx, m.key())
	if err != nil || there {
		return err
	}
	err = s.Files.Put(ctx, m.key(), data)
	if there, again := s.Files.Has(ctx, m.key()); again == nil && there {
		return nil // another process was at the same place in the same second
	}
	return err
}

// Sweep marks how far the database is, and keeps a seal once a day.
func (s *Service) Sweep(ctx context.Context) error {
	if err := s.Check(ctx); err != nil {
		return err
	}
	seals, err := s.Files.List(ctx, string(Seal))
	if err != nil {
		return err
	}
	if err := s.note(ctx); err != nil {
		return err
	}
	if last := lastAt(seals); s.Clock().Sub(last) >= daily || last.After(s.Clock().Add(daily)) {
		if err := s.seal(ctx, nil); err != nil {
			return err
		}
	}
	return s.begin(ctx)
}

// Adopt gives the events of before there were codes theirs, all of them, where nothing was numbered yet. Else a person decides: whoever can
// write in the database could take codes away, or add events without, and have them made good here.
func (s *Service) Adopt(ctx context.Context) (int, error) {
	uncoded, err := s.Database.Uncoded(ctx)
	if err != nil || uncoded == 0 {
		return 0, err
	}
	marks, err := s.Files.List(ctx, string(Latest))
	if err != nil || len(marks) > 0 {
		return 0, err
	}
	if fresh, err := s.Database.Fresh(ctx); err != nil || !fresh {
		return 0, err
	}
	return s.Database.Encode(ctx)
}

// begin puts on the record that there are seals, so that taking all of them away is noticed. It comes after the first: a process
// that ends between the two has not taken anything away.
func (s *Service) begin(ctx context.Context) error {
	begun, err := s.Events.Of(ctx, sealingAbout, event.SealingBegun)
	if err != nil || len(begun) > 0 {
		return err
	}
	return s.Events.Record(ctx, event.Event{At: s.Clock().UTC(), Kind: event.SealingBegun, Actor: rinnova.System, AboutID: sealingAbout})
}

// lastAt is when the last of some seals was made, as their names say.
func lastAt(names []string) (last time.Time) {
	for _, name := range names {
		stamp := strings.TrimSuffix(name[strings.LastIndexByte(name, '-')+1:], extension)
		if at, err := time.Parse("20060102T150405", stamp); err == nil && at.After(last) {
			last = at
		}
	}
	return last
}

// seal keeps a mark for ever, and beside it the same signed with the contract key, where there is one.
func (s *Service) seal(ctx context.Context, aside []string) error {
	m, err := s.now(ctx, Seal)
	if err != nil {
		return err
	}
	m.Aside = aside
	if m.Certificate != "" {
		if err := s.sign(ctx, m); err != nil {
			m.Certificate = "" // the seal is kept all the same
			return errors.Join(fmt.Errorf("seal: %w", err), s.put(ctx, m))
		}
	}
	return s.put(ctx, m)
}

// sign keeps the signature of a seal. It comes first: one without its seal says as much as both.
func (s *Service) sign(ctx context.Context, m Mark) error {
	data, err := m.sealed(s.Key)
	if err != nil {
		return err
	}
	signed, err := s.Notary.Sign(ctx, data)
	if err != nil {
		return err
	}
	key := strings.TrimSuffix(m.key(), extension) + signedExtension
	if there, err := s.Files.Has(ctx, key); err != nil || there {
		return err
	}
	return s.Files.Put(ctx, key, signed)
}

const signedExtension = ".p7m"

// Accept lets the program go on with a database and files that do not belong together: a person has looked. Series go on after the
// highest number that either knows, so that no number is given twice; what was skipped is on the record.
func (s *Service) Accept(ctx context.Context, by, why string) error {
	faults, err := s.Faults(ctx)
	if err != nil {
		return err
	}
	if len(faults) == 0 {
		return rinnova.Fail(rinnova.Conflict, "Il database e i file vanno insieme: non c’è niente da decidere.")
	}
	found, err := s.Seals(ctx)
	if err != nil {
		return err
	}
	latest, _, err := s.marks(ctx, Latest)
	if err != nil {
		return err
	}
	coded, err := s.Database.Encode(ctx)
	if err != nil {
		return err
	}
	data := map[string]string{"chi": by, "motivo": why, "trovato": faults.Error()}
	lost, err := s.lost(ctx)
	if err != nil {
		return err
	}
	if len(lost) > 0 {
		data[dataLost] = strings.Join(lost, " ")
	}
	if coded > 0 {
		data["eventi presi per buoni"] = strconv.Itoa(coded)
	}
	err = s.Database.InTx(ctx, func(ctx context.Context) error {
		if err := s.raise(ctx, slices.Concat(latest, found.Good), data); err != nil {
			return err
		}
		return s.Events.Record(ctx, event.Event{At: s.Clock().UTC(), Kind: event.FilesAccepted, Actor: rinnova.System, AboutID: sealingAbout, Data: data})
	})
	if err != nil {
		return err
	}
	return s.startAnew(ctx, found)
}

// raise lets each series go on after the highest number that a mark knows.
func (s *Service) raise(ctx context.Context, marks []Mark, data map[string]string) error {
	now, err := s.Database.Numbers(ctx)
	if err != nil {
		return err
	}
	for _, m := range marks {
		for series, n := range m.Numbers {
			if n <= now[series] {
				continue
			}
			if err := s.Database.Raise(ctx, series, n); err != nil {
				return err
			}
			now[series], data["numeri saltati "+series] = n, fmt.Sprintf("fino al n. %d", n)
		}
	}
	return nil
}

// startAnew sets aside the seals that the database does not know, and begins again with it.
func (s *Service) startAnew(ctx context.Context, found *Seals) error {
	aside := slices.Clone(found.Bad)
	for _, m := range found.Good {
		if hash, err := s.Database.HashAt(ctx, m.Seq); err != nil {
			return err
		} else if hash != m.Hash {
			aside = append(aside, m.name())
		}
	}
	if err := s.seal(ctx, aside); err != nil {
		return err
	}
	s.files.Forget()
	names, err := s.Files.List(ctx, string(Latest))
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := s.Files.Remove(ctx, string(Latest)+"/"+name); err != nil {
			return err
		}
	}
	if err := s.note(ctx); err != nil {
		return err
	}
	return s.begin(ctx)
}
