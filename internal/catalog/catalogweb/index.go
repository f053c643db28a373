package catalogweb

import (
	"errors"
	"io"
	"net/http"
	"slices"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/locale"
	"rinnova/internal/web"
)

// indexPage is what the page of the price indices shows.
type indexPage struct {
	Series string
	Points []catalog.IndexPoint // the newest first
	Links  []catalog.IndexLink
	Form   catalog.IndexFile
	Link   catalog.TypedLink
	Write  bool
	State  web.FormState
}

// paramSeries is the index that the page shows.
const paramSeries = "serie"

func (o *Office) index(w http.ResponseWriter, r *http.Request) error {
	series := r.URL.Query().Get(paramSeries)
	if !slices.Contains(catalog.SeriesNames, series) {
		series = catalog.SeriesNames[0]
	}
	return o.showIndex(w, r, http.StatusOK, &indexPage{Series: series, Form: catalog.IndexFile{Series: series}})
}

func (o *Office) showIndex(w http.ResponseWriter, r *http.Request, status int, p *indexPage) error {
	points, err := o.Catalog.Index(r.Context(), p.Series)
	if err != nil {
		return err
	}
	slices.Reverse(points)
	p.Points, p.Write = points, o.mayWrite(r)
	if p.Links, err = o.Catalog.IndexLinks(r.Context(), p.Series); err != nil {
		return err
	}
	if p.Link == (catalog.TypedLink{}) {
		p.Link = p.missing()
	}
	if p.Form.Base == "" && len(points) > 0 {
		p.Form.Base = points[0].Base
	}
	return web.Render(w, r, status, indexPageOf(o.frame(r), p))
}

func (o *Office) importIndex(w http.ResponseWriter, r *http.Request) error {
	f, err := readIndexForm(r)
	if err != nil {
		return err
	}
	done, problems, err := o.Catalog.ImportIndex(r.Context(), o.Actor(r.Context()), f)
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		p := &indexPage{Series: f.Series, Form: f, State: web.FormState{Problems: problems}}
		if !slices.Contains(catalog.SeriesNames, p.Series) {
			p.Series = catalog.SeriesNames[0]
		}
		return o.showIndex(w, r, http.StatusUnprocessableEntity, p)
	}
	o.Flash(r.Context(), web.LangOf(r.Context()).T("Indici importati: %d mesi nuovi, %d cambiati, %d uguali", done.New, done.Changed, done.Same))
	return web.Redirect(w, r, IndexPath+"?"+paramSeries+"="+f.Series)
}

// bases are the bases of the months, the newest first.
func (p *indexPage) bases() []string {
	var out []string
	for _, x := range p.Points {
		if !slices.Contains(out, x.Base) {
			out = append(out, x.Base)
		}
	}
	return out
}

// missing are the two newest bases, where no coefficient links them yet.
func (p *indexPage) missing() (t catalog.TypedLink) {
	if b := p.bases(); len(b) > 1 && p.link(b[0], b[1]) == nil {
		t.From, t.To = b[0], b[1]
	}
	return t
}

// link is the coefficient between two bases; nil where there is none.
func (p *indexPage) link(from, to string) *catalog.IndexLink {
	i := slices.IndexFunc(p.Links, func(x catalog.IndexLink) bool { return x.From == from && x.To == to })
	if i < 0 {
		return nil
	}
	return &p.Links[i]
}

func (o *Office) linkIndex(w http.ResponseWriter, r *http.Request) error {
	if err := web.ParseForm(r); err != nil {
		return err
	}
	t := catalog.TypedLink{Series: r.PostForm.Get(catalog.FieldSeries), From: r.PostForm.Get(catalog.FieldLinkFrom), To: r.PostForm.Get(catalog.FieldLinkTo),
		Coefficient: r.PostForm.Get(catalog.FieldCoefficient), Source: r.PostForm.Get(catalog.FieldLinkSource)}
	problems, err := o.Catalog.LinkIndex(r.Context(), o.Actor(r.Context()), t)
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		p := &indexPage{Series: t.Series, Form: catalog.IndexFile{Series: t.Series}, Link: t, State: web.FormState{Problems: problems}}
		if !slices.Contains(catalog.SeriesNames, p.Series) {
			p.Series = catalog.SeriesNames[0]
		}
		return o.showIndex(w, r, http.StatusUnprocessableEntity, p)
	}
	o.Flash(r.Context(), web.LangOf(r.Context()).T("Coefficiente di raccordo salvato"))
	return web.Redirect(w, r, IndexPath+"?"+paramSeries+"="+t.Series)
}

// maxField bounds what is read of a field that is no file.
const maxField = 1000

// readIndexForm reads the form with its file, as a stream.
func readIndexForm(r *http.Request) (f catalog.IndexFile, err error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return f, broken(err)
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return f, nil
		}
		if err != nil {
			return f, broken(err)
		}
		limit := int64(maxField)
		if part.FormName() == catalog.FieldFile {
			limit = catalog.MaxIndexFile + 1
		}
		data, err := io.ReadAll(io.LimitReader(part, limit))
		if err == nil {
			_, err = io.Copy(io.Discard, part) // the browser wants to send it all before it reads the answer
		}
		if err != nil {
			return f, broken(err)
		}
		switch part.FormName() {
		case catalog.FieldFile:
			f.Data = data
		case catalog.FieldSeries:
			f.Series = web.Line(data)
		case catalog.FieldIndexBase:
			f.Base = web.Line(data)
		case catalog.FieldSource:
			f.Source = web.Line(data)
		}
	}
}

// broken is an upload that is far too large, which has a page of its own, or that broke off.
func broken(err error) error {
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return err
	}
	return rinnova.Fail(rinnova.Invalid, "Il file non è arrivato intero. Riprovate.").Because(err)
}

// series are the ways to look at the page: one for each index.
func (p *indexPage) series() []web.Link {
	var out []web.Link
	for _, s := range catalog.SeriesNames {
		out = append(out, web.Link{Text: s, Href: IndexPath + "?" + paramSeries + "=" + s, Current: s == p.Series})
	}
	return out
}

// yearly is how much the index has moved in the twelve months before a point; empty where that month is not there, or has
// another base that nothing links.
func (p *indexPage) yearly(i int) string {
	to := p.Points[i]
	j := slices.IndexFunc(p.Points, func(x catalog.IndexPoint) bool { return x.Month == to.Month.Before(12) })
	if j < 0 {
		return ""
	}
	x := catalog.Indexation{BaseMilli: p.Points[j].Milli, ToMilli: to.Milli}
	if base := p.Points[j].Base; base != to.Base {
		if x.Link = p.link(to.Base, base); x.Link == nil {
			return ""
		}
	}
	v := x.Variation()
	if v > 0 {
		return "+" + catalog.Signed(v)
	}
	return catalog.Signed(v)
}

// seriesWords says what an index is of.
func seriesWords(l locale.Lang, series string) string {
	switch series {
	case "FOI":
		return l.T("Prezzi al consumo per le famiglie di operai e impiegati, senza tabacchi. È l’indice con cui di solito si adeguano nel tempo gli importi in denaro, come gli affitti. Lo pubblica l’ISTAT ogni mese.")
	case "NIC":
		return l.T("Prezzi al consumo per l’intera collettività. Lo pubblica l’ISTAT ogni mese.")
	}
	return l.T("Prezzi al consumo armonizzato per i paesi dell’Unione europea. Lo pubblica l’ISTAT ogni mese.")
}

func indexLabels(l locale.Lang) map[string]string {
	return map[string]string{catalog.FieldSeries: l.T("Indice"), catalog.FieldFile: l.T("File CSV"), catalog.FieldIndexBase: l.T("Base"), catalog.FieldSource: l.T("Fonte"),
		catalog.FieldLinkFrom: l.T("Base nuova"), catalog.FieldLinkTo: l.T("Base vecchia"), catalog.FieldCoefficient: l.T("Coefficiente"), catalog.FieldLinkSource: l.T("Fonte del coefficiente")}
}
