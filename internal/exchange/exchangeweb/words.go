package exchangeweb

import (
	"fmt"
	"strings"

	"rinnova"
	"rinnova/internal/exchange"
	"rinnova/internal/locale"
	"rinnova/internal/sheet"
	"rinnova/internal/web"
)

func titleOf(w exchange.What) rinnova.Text {
	l, _ := exchange.LayoutOf(w)
	return l.Title
}

func fileName(l locale.Lang, i exchange.Import) string {
	if i.FileName == "" {
		return l.T("file senza nome")
	}
	return i.FileName
}

func maxMegabytes() int { return sheet.DefaultLimits.Bytes >> 20 }

// example is the value of a column as a CSV file has it.
func example(c exchange.Column) string {
	switch c.Kind {
	case sheet.Number:
		return strings.Replace(c.Example, ".", ",", 1)
	case sheet.Date:
		var y, m, d int
		if _, err := fmt.Sscanf(c.Example, "%d-%d-%d", &y, &m, &d); err == nil {
			return fmt.Sprintf("%02d/%02d/%d", d, m, y)
		}
	}
	return orDash(c.Example)
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// progressWords say how far an import is, as far as this process knows.
func progressWords(l locale.Lang, v importView) string {
	switch {
	case v.State == exchange.Reading && v.Known:
		return l.T("Lettura del file: %s righe", locale.Count(v.Done))
	case v.State == exchange.Reading:
		return l.T("Lettura del file")
	case v.Known && v.Total > 0:
		return l.T("Scrittura: %s di %s", locale.Count(v.Done), locale.Count(v.Total))
	}
	return l.T("Scrittura")
}

// outcome is read out when something has ended.
func outcome(l locale.Lang, v importView) string {
	c := v.Detail.Counts
	switch v.State {
	case exchange.Ready:
		return l.T("File letto: %s righe nuove, %s cambiate, %s rifiutate.", locale.Count(c.Added), locale.Count(c.Changed), locale.Count(c.Refused))
	case exchange.Applied:
		return l.T("Importazione applicata.")
	case exchange.Failed:
		return l.T("Il file non si può importare")
	}
	return ""
}

func viewLinks(l locale.Lang, v importView) []web.Link {
	var out []web.Link
	for _, x := range exchange.Views {
		if n := x.Of(v.Detail.Counts); n > 0 {
			out = append(out, web.Link{Text: l.Text(x.Label()), Href: pagePath(v.ID, x, 1), Count: locale.Count(n), Current: x == v.View})
		}
	}
	return out
}

func pagePath(id string, v exchange.View, page int) string {
	return fmt.Sprintf("%s?vista=%s&pagina=%d", ImportPath(id), v, page)
}

func pager(v importView) web.Pager {
	n := v.View.Of(v.Detail.Counts)
	p := web.Pager{From: (v.Page-1)*exchange.PageSize + 1, To: min(n, v.Page*exchange.PageSize), Total: n}
	if v.Page > 1 {
		p.Previous = pagePath(v.ID, v.View, v.Page-1)
	}
	if v.Page < v.pages() {
		p.Next = pagePath(v.ID, v.View, v.Page+1)
	}
	return p
}
