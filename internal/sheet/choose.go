package sheet

import (
	"errors"
	"strings"

	"rinnova"
)

// candidate is a sheet of a file that was looked at.
type candidate struct {
	sheetRef
	err  error // why it does not fit; nil: it does
	rows bool  // below its header
}

// choose finds the sheet with the right columns and opens it: of those that fit a visible one before a hidden one, then
// one with rows before one that has only its header. Where two are left nobody can tell which is meant.
func (b *book) choose(name string, fits func(*Reader) error) (*Reader, error) {
	if len(b.sheets) == 1 {
		return b.reader(b.sheets[0], "")
	}
	if fits == nil {
		return b.reader(b.sheets[b.usual(name)], "")
	}
	all := make([]candidate, len(b.sheets))
	for i, s := range b.sheets {
		all[i] = b.candidate(s, fits)
	}
	left := all
	for _, better := range []func(candidate) bool{
		func(c candidate) bool { return c.err == nil },
		func(c candidate) bool { return !c.hidden },
		func(c candidate) bool { return c.rows },
	} {
		if some := chosen(left, better); len(some) > 0 {
			left = some
		}
	}
	switch {
	case left[0].err != nil:
		c := all[b.usual(name)]
		return nil, ofSheet(c.name, c.err)
	case len(left) > 1:
		return nil, rinnova.Fail(rinnova.Invalid, "Due fogli hanno le colonne giuste, «%s» e «%s»: non si sa quale va letto. Lasciatene uno, o salvate in un file solo quello che serve.",
			rinnova.Quoted(left[0].name), rinnova.Quoted(left[1].name))
	}
	return b.reader(left[0].sheetRef, left[0].name)
}

func chosen(all []candidate, want func(candidate) bool) (out []candidate) {
	for _, c := range all {
		if want(c) {
			out = append(out, c)
		}
	}
	return out
}

// usual is the sheet that is called name, else the first that can be seen, else the first.
func (b *book) usual(name string) int {
	for i, s := range b.sheets {
		if name != "" && Fold(s.name) == Fold(name) {
			return i
		}
	}
	for i, s := range b.sheets {
		if !s.hidden {
			return i
		}
	}
	return 0
}

// candidate looks at the header of a sheet and at its first row.
func (b *book) candidate(s sheetRef, fits func(*Reader) error) candidate {
	c := candidate{sheetRef: s}
	r, err := b.reader(s, "")
	if err == nil {
		err = fits(r)
	}
	if c.err = err; err == nil {
		_, err = r.Next()
		c.rows = err == nil
	}
	return c
}

// reader begins to read a sheet; called is its name where there are others.
func (b *book) reader(s sheetRef, called string) (*Reader, error) {
	d, err := b.open(s.part)
	if err != nil {
		return nil, b.explain(err)
	}
	r := &Reader{src: &xlsxSource{book: b, xml: d, unseen: map[int]bool{}, filled: map[int]bool{}}, limits: b.limits, sheet: called}
	if len(b.sheets) > 1 {
		if s.hidden {
			r.notes = append(r.notes, rinnova.Say("Il file ha %d fogli: è stato letto «%s», che è nascosto.", len(b.sheets), rinnova.Quoted(s.name)))
		} else {
			r.notes = append(r.notes, rinnova.Say("Il file ha %d fogli: è stato letto «%s».", len(b.sheets), rinnova.Quoted(s.name)))
		}
	}
	r.notes = append(r.notes, b.notes...)
	if err := r.readHeader(); err != nil {
		return nil, err
	}
	r.noteHiddenColumns()
	return r, nil
}

// noteHiddenColumns tells of columns with a name that whoever sent the file may not have seen.
func (r *Reader) noteHiddenColumns() {
	var names []string
	for _, i := range r.src.hidden() {
		if i < len(r.header) && r.header[i] != "" {
			names = append(names, "«"+rinnova.Quoted(r.header[i])+"»")
		}
	}
	if len(names) > 0 {
		r.notes = append(r.notes, rinnova.Say("Nel foglio sono nascoste delle colonne, che vengono lette lo stesso: %s.", strings.Join(names, ", ")))
	}
}

// ofSheet is what is said of a file, with the name of the sheet where there are several.
func ofSheet(name string, err error) error {
	var e *rinnova.Error
	if name == "" || !errors.As(err, &e) {
		return err
	}
	return rinnova.Fail(e.Kind, "Foglio «%s»: %s", rinnova.Quoted(name), e.Message).Because(err)
}
