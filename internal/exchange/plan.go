package exchange

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"

	"rinnova"
)

// Plan is what a file would change.
type Plan struct {
	Rows   []Row // but those that change nothing and have nothing to say
	Counts Counts
	Notes  []rinnova.Text
	Digest string // of the file and of all rows: two plans with the same one do the same

	write []func(context.Context) error
}

// Blocked tells whether a plan cannot be applied because of the rows that are refused.
func (l Layout) Blocked(c Counts) bool { return l.Whole && c.Refused > 0 }

// planner looks at the rows of one kind of file.
type planner interface {
	// row looks at a row: it may be refused at once, the rest is done in finish.
	row(l *line)
	// finish gives all rows their verdicts, in the order of the file, and what is to be written.
	finish(p *Plan)
}

// plan reads a file and makes its plan; tick is called now and then with the rows read.
func (s *Service) plan(ctx context.Context, w What, data []byte, tick func(rows int)) (*Plan, error) {
	layout, ok := LayoutOf(w)
	if !ok {
		return nil, rinnova.Fail(rinnova.NotFound, "Questo tipo di dati non c’è.")
	}
	if w == Registry {
		return s.planRegistry(ctx, data)
	}
	r, err := s.open(layout, data)
	if err != nil {
		return nil, err
	}
	p := &Plan{Notes: r.Notes()}
	planner, layout, err := s.planner(ctx, layout, r)
	if err != nil {
		return nil, err
	}
	at, err := layout.find(r)
	if err != nil {
		return nil, err
	}
	points, err := s.points(layout, data, at)
	if err != nil {
		return nil, err
	}
	hidden := 0
	for n := 1; ; n++ {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if n%500 == 0 {
			tick(n)
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
		}
		if len(row.Cells) > 0 && strings.HasPrefix(row.Cells[0].Text, exampleMark) {
			continue
		}
		l := &line{Row: Row{Line: row.Line}, layout: layout, cells: row.Cells, at: at, points: points}
		if !row.Fault.IsZero() {
			l.add(Problem{"", true, row.Fault})
		} else {
			l.missing()
			l.nameless(r.Header())
		}
		if row.Hidden {
			hidden++
			l.add(Problem{Text: rinnova.Say("La riga è nascosta nel foglio, forse da un filtro: viene importata lo stesso.")})
		}
		planner.row(l)
	}
	if hidden > 0 {
		p.Notes = append(p.Notes, rinnova.Say("Righe nascoste nel foglio, forse da un filtro: %d. Vengono importate anche quelle: se non devono entrare, toglietele dal file.", hidden))
	}
	planner.finish(p)
	if p.Counts == (Counts{}) {
		return nil, rinnova.Fail(rinnova.Invalid, "Sotto i nomi delle colonne il file non ha nessuna riga da importare.")
	}
	return p, p.seal(data)
}

// points is the first line in which an amount has its decimals behind a point, as programs write them: in such a file 205.750 is not clear.
// 0 is none. A file without amounts is not read for it.
func (s *Service) points(layout Layout, data []byte, at map[string]int) (int, error) {
	var amounts []int
	for _, c := range layout.Columns {
		if i, found := at[c.Key]; found && c.Euro {
			amounts = append(amounts, i)
		}
	}
	if len(amounts) == 0 {
		return 0, nil
	}
	r, err := s.open(layout, data)
	if err != nil {
		return 0, err
	}
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return 0, nil
		}
		if err != nil {
			return 0, err
		}
		if slices.ContainsFunc(amounts, func(i int) bool { return i < len(row.Cells) && pointed(row.Cells[i]) }) {
			return row.Line, nil
		}
	}
}

// nameless refuses a row with a value that no column's name claims: somebody meant something by it.
func (l *line) nameless(head []string) {
	for i, name := range head {
		if !l.layout.Foreign && strings.TrimSpace(name) == "" && i < len(l.cells) && l.cells[i].Text != "" {
			l.add(Problem{"", true, rinnova.Say("La colonna n. %d non ha un nome, e qui contiene «%s»: datele il nome del modello, o vuotatela.", i+1, rinnova.Quoted(l.cells[i].Text))})
			return
		}
	}
}

// missing refuses a row without the values that every row needs.
func (l *line) missing() {
	for _, c := range l.layout.Columns {
		if at := l.at[c.Key]; c.Required && l.cells[at].Text == "" && l.cells[at].Fault.IsZero() {
			l.Refuse(c.Name, "Manca: è obbligatorio in ogni riga.")
		}
	}
}

// take adds a row with its verdict, and what is to be written for it.
func (p *Plan) take(r Row) {
	switch r.Verdict {
	case Added:
		p.Counts.Added++
	case Changed:
		p.Counts.Changed++
	case Refused:
		p.Counts.Refused++
	default:
		p.Counts.Unchanged++
	}
	if r.Warns() {
		p.Counts.Warned++
	}
	if r.Verdict != Unchanged || len(r.Problems) > 0 {
		p.Rows = append(p.Rows, r)
	}
}

// then adds what is to be written.
func (p *Plan) then(do func(context.Context) error) { p.write = append(p.write, do) }

// seal computes the digest. It is of the file too: not all that is written of it stands in the rows.
func (p *Plan) seal(file []byte) error {
	sum := sha256.New()
	of := sha256.Sum256(file)
	sum.Write(of[:])
	out := json.NewEncoder(sum)
	if err := out.Encode(p.Counts); err != nil {
		return err
	}
	for _, r := range p.Rows {
		if err := out.Encode(r); err != nil {
			return err
		}
	}
	p.Digest = hex.EncodeToString(sum.Sum(nil))
	return nil
}

// apply writes; the caller has opened a transaction.
func (p *Plan) apply(ctx context.Context, tick func(done, total int)) error {
	for i, do := range p.write {
		if err := do(ctx); err != nil {
			return err
		}
		if i%200 == 0 {
			tick(i, len(p.write))
		}
	}
	return nil
}
