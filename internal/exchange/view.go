package exchange

import "rinnova"

// View is a part of a plan, for reading.
type View string

// The views.
const (
	ViewRefused View = "rifiutate"
	ViewWarned  View = "avvisi"
	ViewChanged View = "cambiate"
	ViewAdded   View = "nuove"
)

// Views are all views, in order.
var Views = []View{ViewRefused, ViewWarned, ViewChanged, ViewAdded}

// PageSize is how many rows a page of a view has.
const PageSize = 100

// Page is some rows of a view; pages are counted from 1.
type Page struct {
	View   View
	Number int
	Rows   []Row
}

// pages divides rows into the pages of their views.
func pages(rows []Row) []Page {
	var out []Page
	for _, v := range Views {
		var of []Row
		for _, r := range rows {
			if v.has(r) {
				of = append(of, r)
			}
		}
		for n := 0; n*PageSize < len(of); n++ {
			out = append(out, Page{v, n + 1, of[n*PageSize : min(len(of), (n+1)*PageSize)]})
		}
	}
	return out
}

func (v View) has(r Row) bool {
	switch v {
	case ViewRefused:
		return r.Verdict == Refused
	case ViewWarned:
		return r.Warns()
	case ViewChanged:
		return r.Verdict == Changed
	}
	return r.Verdict == Added
}

// Label is the name of a view; zero where it is none.
func (v View) Label() rinnova.Text {
	switch v {
	case ViewRefused:
		return rinnova.Say("Righe rifiutate")
	case ViewWarned:
		return rinnova.Say("Righe da guardare")
	case ViewChanged:
		return rinnova.Say("Righe cambiate")
	case ViewAdded:
		return rinnova.Say("Righe nuove")
	}
	return rinnova.Text{}
}

// Of is how many rows a view has.
func (v View) Of(c Counts) int {
	switch v {
	case ViewRefused:
		return c.Refused
	case ViewWarned:
		return c.Warned
	case ViewChanged:
		return c.Changed
	}
	return c.Added
}
