package catalog

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"rinnova"
	"rinnova/internal/event"
)

// The fields of the import of an index, besides FieldSeries.
const (
	FieldIndexBase = "base"
	FieldSource    = "fonte"
	FieldFile      = "file"
)

// MaxSource bounds the words about where an index comes from.
const MaxSource = 120

// IndexFile is the file of an index with what was typed about it.
type IndexFile struct {
	Series string
	Base   string // for files that do not say theirs
	Source string
	Data   []byte
}

// Imported says what the import of an index has changed.
type Imported struct {
	New, Changed, Same int
}

// Index reads a price index, the oldest month first.
func (s *Service) Index(ctx context.Context, series string) ([]IndexPoint, error) {
	return s.Store.Index(ctx, series)
}

// ImportIndex takes the months of a file over what was there. Problems say what is wrong: then nothing was taken.
func (s *Service) ImportIndex(ctx context.Context, actor rinnova.Actor, f IndexFile) (Imported, rinnova.Problems, error) {
	if err := May(actor); err != nil {
		return Imported{}, nil, err
	}
	f.Source, f.Base = oneLine(f.Source), indexBase(f.Base)
	points, problems, err := f.read()
	if err != nil || len(problems) > 0 {
		return Imported{}, problems, err
	}
	var out Imported
	err = s.Store.InTx(ctx, func(ctx context.Context) error {
		out = Imported{}
		old, err := s.Store.Index(ctx, f.Series)
		if err != nil {
			return err
		}
		if err := steady(points, old); err != nil {
			return err
		}
		if err := s.linkFrom(ctx, actor, f, points, old); err != nil {
			return err
		}
		for _, p := range points {
			switch was := pointOf(old, p.Month); {
			case was == nil:
				out.New++
			case was.Milli == p.Milli && was.Base == p.Base:
				out.Same++
				continue
			default:
				out.Changed++
			}
			if err := s.Store.SetIndex(ctx, f.Series, p, s.Clock().UTC()); err != nil {
				return err
			}
		}
		return s.record(ctx, actor, event.IndexImported, "", map[string]string{"indice": f.Series, "fonte": f.Source,
			"mesi nuovi": strconv.Itoa(out.New), "mesi cambiati": strconv.Itoa(out.Changed), "mesi uguali": strconv.Itoa(out.Same)})
	})
	if refused, ok := errors.AsType[*rinnova.Error](err); ok && refused.Kind == rinnova.Invalid {
		return Imported{}, rinnova.Problems{{Field: FieldFile, Text: refused.Message}}, nil
	}
	return out, nil, err
}

// steady refuses an index that moves by more than a tenth from one month to the next in the same base: prices do not, but a base that
// changed without a word does, and so does a typing error. Either would become a raise or a cut of all fees.
func steady(points, old []IndexPoint) error {
	all := map[Month]IndexPoint{}
	for _, p := range append(slices.Clone(old), points...) {
		all[p.Month] = p
	}
	for _, p := range points {
		for _, step := range []struct{ from, to Month }{{p.Month.Before(1), p.Month}, {p.Month, p.Month.Before(-1)}} {
			from, to := all[step.from], all[step.to]
			if moved := to.Milli - from.Milli; from.Milli > 0 && to.Milli > 0 && from.Base == to.Base && 10*max(moved, -moved) > from.Milli {
				return rinnova.Fail(rinnova.Invalid, "Da %s (%s) a %s (%s) l’indice si muove di più di un decimo: o un numero è sbagliato, o è cambiata la base. Se è cambiata, scrivete la base di ogni mese nella colonna «base», per esempio %s, e il coefficiente nella colonna «raccordo».",
					step.from.Text(), from.Text(), step.to.Text(), to.Text(), "2025=100")
			}
		}
	}
	return nil
}

// linkFrom takes over the coefficients that a file brings: each links its base to that of the month before, in the file or here.
func (s *Service) linkFrom(ctx context.Context, actor rinnova.Actor, f IndexFile, points, old []IndexPoint) error {
	said := map[[2]string]Coefficient{}
	for i, p := range points {
		if p.Link == 0 {
			continue
		}
		var before IndexPoint
		for _, x := range append(slices.Clone(old), points[:i]...) {
			if x.Month < p.Month && x.Base != p.Base && x.Month >= before.Month {
				before = x
			}
		}
		if before.Base == "" {
			return rinnova.Fail(rinnova.Invalid, "%s ha un coefficiente di raccordo, ma prima non c’è nessun mese in un’altra base.", p.Month.Text())
		}
		bases := [2]string{p.Base, before.Base}
		if other, twice := said[bases]; twice && other != p.Link {
			return rinnova.Fail(rinnova.Invalid, "Fra la base %s e la base %s il file ha due coefficienti di raccordo, %s e %s: lasciatene uno.", p.Base, before.Base, other.String(), p.Link.String())
		}
		said[bases] = p.Link
		if err := s.setLink(ctx, actor, f.Series, IndexLink{From: p.Base, To: before.Base, Coefficient: p.Link, Source: f.Source}); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) setLink(ctx context.Context, actor rinnova.Actor, series string, l IndexLink) error {
	if err := s.Store.SetIndexLink(ctx, series, l, s.Clock().UTC()); err != nil {
		return err
	}
	return s.record(ctx, actor, event.IndexImported, "", map[string]string{"indice": series, "fonte": l.Source, "raccordo": l.From + " → " + l.To, "coefficiente": l.Coefficient.String()})
}

// The fields of the form of a coefficient, besides FieldSeries.
const (
	FieldLinkFrom    = "base_nuova"
	FieldLinkTo      = "base_vecchia"
	FieldCoefficient = "coefficiente"
	FieldLinkSource  = "fonte_raccordo"
)

// TypedLink is a coefficient as it was typed.
type TypedLink struct{ Series, From, To, Coefficient, Source string }

// IndexLinks reads the coefficients between the bases of a series.
func (s *Service) IndexLinks(ctx context.Context, series string) ([]IndexLink, error) {
	return s.Store.IndexLinks(ctx, series)
}

// LinkIndex writes the coefficient between two bases of a series, over what was there. Price lists that were made with another
// keep it. Problems say what is wrong: then nothing was written.
func (s *Service) LinkIndex(ctx context.Context, actor rinnova.Actor, t TypedLink) (rinnova.Problems, error) {
	if err := May(actor); err != nil {
		return nil, err
	}
	l := IndexLink{From: indexBase(t.From), To: indexBase(t.To), Source: oneLine(t.Source)}
	var problems rinnova.Problems
	if !slices.Contains(SeriesNames, t.Series) {
		problems.Refuse(FieldSeries, "Scegliete l’indice.")
	}
	if !validBase(l.From) {
		problems.Refuse(FieldLinkFrom, "Scrivete la base dell’indice, per esempio 2025=100.")
	}
	if !validBase(l.To) {
		problems.Refuse(FieldLinkTo, "Scrivete la base dell’indice, per esempio 2015=100.")
	} else if l.From == l.To {
		problems.Refuse(FieldLinkTo, "Le due basi sono uguali: il coefficiente di raccordo lega due basi diverse.")
	}
	var err error
	if l.Coefficient, err = ParseCoefficient(t.Coefficient); err != nil {
		problems = append(problems, rinnova.Problem{Field: FieldCoefficient, Text: messageOf(err)})
	}
	if n := len([]rune(l.Source)); n == 0 || n > MaxSource {
		problems.Refuse(FieldLinkSource, "Scrivete da dove viene il coefficiente, per esempio «ISTAT, coefficienti di raccordo»: al massimo %d caratteri.", MaxSource)
	}
	if len(problems) > 0 {
		return problems, nil
	}
	return nil, s.Store.InTx(ctx, func(ctx context.Context) error { return s.setLink(ctx, actor, t.Series, l) })
}

// read reads the months of the file, each with base and source.
func (f IndexFile) read() (points []IndexPoint, problems rinnova.Problems, err error) {
	if !slices.Contains(SeriesNames, f.Series) {
		problems.Refuse(FieldSeries, "Scegliete l’indice.")
	}
	if len(f.Data) == 0 {
		problems.Refuse(FieldFile, "Scegliete il file con gli indici.")
	} else if points, err = ReadIndex(f.Data); err != nil {
		refused, ok := errors.AsType[*rinnova.Error](err)
		if !ok {
			return nil, nil, err
		}
		problems = append(problems, rinnova.Problem{Field: FieldFile, Text: refused.Message})
	}
	for i := range points {
		points[i].Source = f.Source
		if points[i].Base == "" {
			points[i].Base = f.Base
		}
	}
	if slices.ContainsFunc(points, func(p IndexPoint) bool { return !validBase(p.Base) }) {
		problems.Refuse(FieldIndexBase, "Scrivete la base dell’indice, per esempio 2015=100.")
	}
	switch n := len([]rune(f.Source)); {
	case n == 0:
		problems.Refuse(FieldSource, "Scrivete da dove viene il file, per esempio «ISTAT, IstatData, scaricato il 20/11/2026».")
	case n > MaxSource:
		problems.Refuse(FieldSource, "La fonte ha %d caratteri: al massimo %d.", n, MaxSource)
	}
	return points, problems, nil
}

func validBase(s string) bool {
	year, hundred, ok := strings.Cut(s, "=")
	return ok && hundred == "100" && len(year) == 4 && strings.Trim(year, "0123456789") == ""
}
