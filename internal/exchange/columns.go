package exchange

import (
	"slices"
	"strings"

	"rinnova"
	"rinnova/internal/sheet"
)

// forPeople are columns that a file may have besides those of its layout: what somebody wrote for himself.
var forPeople = []string{"note", "nota", "annotazioni", "motivo"}

// find finds the columns of a layout by their names. A column that is not of the layout is refused: nobody finds out otherwise that
// a misspelled one was left out.
func (l Layout) find(r *sheet.Reader) (map[string]int, error) {
	if err := r.Twice(); err != nil {
		return nil, err
	}
	at := map[string]int{}
	read := map[int]bool{r.Column(forPeople...): true}
	for _, c := range l.Columns {
		i := r.Column(c.names()...)
		switch read[i] = true; {
		case c.Info:
		case i >= 0:
			at[c.Key] = i
		case c.Required:
			return nil, l.orElsewhere(r, rinnova.Fail(rinnova.Invalid, "Nella riga %d manca la colonna «%s». Le colonne devono chiamarsi come nel modello: scaricatelo e copiatevi i dati.", r.HeaderLine(), c.Name))
		}
	}
	if len(at) == 0 {
		return nil, l.orElsewhere(r, rinnova.Fail(rinnova.Invalid, "Nessuna colonna ha un nome che conosciamo. Le colonne devono chiamarsi come nel modello: scaricatelo e copiatevi i dati."))
	}
	for i, name := range r.Header() {
		if l.Foreign || read[i] || strings.TrimSpace(name) == "" || slices.Contains(forPeople, sheet.Fold(name)) {
			continue
		}
		if c, near := l.nearest(name); near {
			return nil, l.orElsewhere(r, rinnova.Fail(rinnova.Invalid, "La colonna «%s» non è di questo tracciato: forse è «%s»? Correggete il nome nella riga %d.", rinnova.Quoted(name), c.Name, r.HeaderLine()))
		}
		return nil, l.orElsewhere(r, rinnova.Fail(rinnova.Invalid, "La colonna «%s» non è di questo tracciato. Toglietela, o chiamatela «note»: allora resta per chi legge.", rinnova.Quoted(name)))
	}
	return at, nil
}

// names are all names of a column.
func (c Column) names() []string { return append([]string{c.Name}, c.Other...) }

// knows counts the columns of a file that are of the layout; −1 where a required one is missing.
func (l Layout) knows(r *sheet.Reader) int {
	n := 0
	for _, c := range l.Columns {
		switch i := r.Column(c.names()...); {
		case i >= 0:
			n++
		case c.Required:
			return -1
		}
	}
	return n
}

// orElsewhere is err, or where the file fits another layout better, which one.
func (l Layout) orElsewhere(r *sheet.Reader, err error) error {
	for _, other := range Layouts {
		if other.What != l.What && other.What != Registry && other.knows(r) > max(l.knows(r), 2) {
			return rinnova.Fail(rinnova.Invalid, "Le colonne sono quelle di «%s»: inviate il file da quella pagina.", other.Title)
		}
	}
	return err
}

// nearest is the column whose name is almost this one: two letters wrong at most.
func (l Layout) nearest(name string) (best Column, ok bool) {
	nearest := 3
	for _, c := range l.Columns {
		for _, n := range c.names() {
			if d := distance(sheet.Fold(name), sheet.Fold(n)); d < nearest && d < len(n)/2 {
				best, nearest = c, d
			}
		}
	}
	return best, nearest < 3
}

// distance counts the letters to add, leave out or change that make b of a (V. I. Levenshtein, 1966).
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		before := row[0]
		row[0] = i + 1
		for j := range y {
			change := before
			if x[i] != y[j] {
				change++
			}
			before, row[j+1] = row[j+1], min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(y)]
}
