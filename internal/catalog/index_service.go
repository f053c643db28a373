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
	return out, nil, err
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
