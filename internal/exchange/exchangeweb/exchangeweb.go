// Package exchangeweb is the office's pages of the exchange of data by files: templates, exports, and imports that are looked
// at before they are applied.
package exchangeweb

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"rinnova"
	"rinnova/internal/exchange"
	"rinnova/internal/locale"
	"rinnova/internal/sheet"
	"rinnova/internal/web"
)

// Paths of the pages.
const (
	Path        = "/ufficio/scambio"
	ImportsPath = Path + "/importazioni"
)

// Names of the fields of forms.
const (
	FieldFile   = "file"
	FieldDigest = "visto"
	fieldList   = "listino"
)

// maxUpload is how much of a form is taken, in bytes: somewhat more than a file may have, so that who sends a little too much
// reads so beside the field.
const maxUpload = 64 << 20

// Handlers serves the pages; the mux lets only the office in. Who may import, the service knows.
type Handlers struct {
	Exchange *exchange.Service
	Actor    func(context.Context) rinnova.Actor
	Shell    func(*http.Request) web.Shell
}

// Routes are all pages of the exchange.
func (h *Handlers) Routes(m *web.Mux) {
	m.Handle("GET "+Path, h.home)
	m.Handle("GET "+Path+"/{what}", h.layout)
	m.Limit(maxUpload).Handle("POST "+Path+"/{what}", h.upload)
	m.Handle("GET "+Path+"/{what}/{file}", h.download)
	m.Handle("GET "+ImportsPath+"/{id}", h.show)
	m.Handle("GET "+ImportsPath+"/{id}/{file}", h.rows)
	m.Handle("POST "+ImportsPath+"/{id}/applica", h.apply)
}

// ImportPath is the page of an import.
func ImportPath(id string) string { return ImportsPath + "/" + id }

func layoutPath(w exchange.What) string { return Path + "/" + string(w) }

// importsShown is how far back the list of imports goes.
const importsShown = 20

type homeView struct {
	Imports []exchange.Import
	Manager bool
}

func (h *Handlers) home(w http.ResponseWriter, r *http.Request) error {
	imports, err := h.Exchange.Store.Imports(r.Context(), importsShown)
	if err != nil {
		return err
	}
	v := homeView{imports, h.Actor(r.Context()).IsManager()}
	return web.Render(w, r, http.StatusOK, homePage(h.Shell(r).At(Path), v))
}

// layoutView is the page of a kind of data.
type layoutView struct {
	exchange.Layout
	Lists   []exchange.NamedList // that can be exported
	Manager bool
	State   web.FormState
}

func (h *Handlers) layoutView(r *http.Request) (layoutView, error) {
	l, ok := exchange.LayoutOf(exchange.What(r.PathValue("what")))
	if !ok {
		return layoutView{}, rinnova.Fail(rinnova.NotFound, "Questo tipo di dati non c’è.")
	}
	v := layoutView{Layout: l, Manager: h.Actor(r.Context()).IsManager()}
	var err error
	if l.What == exchange.Prices {
		v.Lists, err = h.Exchange.Store.PriceLists(r.Context())
	}
	return v, err
}

func (h *Handlers) layout(w http.ResponseWriter, r *http.Request) error {
	v, err := h.layoutView(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, layoutPage(h.Shell(r).At(Path), v))
}

func (h *Handlers) upload(w http.ResponseWriter, r *http.Request) error {
	v, err := h.layoutView(r)
	if err != nil {
		return err
	}
	if !v.Manager {
		return rinnova.Fail(rinnova.Forbidden, "Importare dati spetta ai responsabili e agli amministratori.")
	}
	name, data, err := h.readFile(r)
	if err != nil {
		return err
	}
	if name == "" && len(data) == 0 {
		v.State.Problems.Refuse(FieldFile, "Scegliete il file da importare.")
	} else {
		i, err := h.Exchange.Receive(r.Context(), h.Actor(r.Context()), v.What, name, data)
		refused := (*rinnova.Error)(nil)
		switch {
		case err == nil:
			return web.Redirect(w, r, ImportPath(i.ID))
		case !errors.As(err, &refused) || refused.Kind != rinnova.Invalid:
			return err
		}
		v.State.Problems = append(v.State.Problems, rinnova.Problem{Field: FieldFile, Text: refused.Message})
	}
	return web.Render(w, r, http.StatusUnprocessableEntity, layoutPage(h.Shell(r).At(Path), v))
}

// readFile reads the file of a form; of one that is too large no more than shows that. No file has no name.
func (h *Handlers) readFile(r *http.Request) (name string, data []byte, err error) {
	parts, err := r.MultipartReader()
	for err == nil {
		part, next := parts.NextPart()
		if errors.Is(next, io.EOF) {
			return "", nil, nil
		}
		if err = next; err != nil || part.FormName() != FieldFile {
			continue
		}
		if data, err = io.ReadAll(io.LimitReader(part, int64(sheet.DefaultLimits.Bytes)+1)); err == nil {
			_, err = io.Copy(io.Discard, part) // the browser wants to send it all before it reads the answer
		}
		if err == nil {
			return part.FileName(), data, nil
		}
	}
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return "", nil, err
	}
	return "", nil, rinnova.Fail(rinnova.Invalid, "Il file non è arrivato intero. Riprovate.").Because(err)
}

var contentTypes = map[exchange.Format]string{
	exchange.CSV:  "text/csv; charset=utf-8",
	exchange.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

// Names of the files to download, without their endings.
const (
	templateFile = "modello"
	dataFile     = "dati"
)

func filePath(w exchange.What, name string, f exchange.Format) string {
	return layoutPath(w) + "/" + name + "." + string(f)
}

func (h *Handlers) download(w http.ResponseWriter, r *http.Request) error {
	l, ok := exchange.LayoutOf(exchange.What(r.PathValue("what")))
	name, ending, _ := strings.Cut(r.PathValue("file"), ".")
	format := exchange.Format(ending)
	if !ok || !l.Exports() || contentTypes[format] == "" {
		return rinnova.Fail(rinnova.NotFound, "Questo file non c’è.")
	}
	whole := string(l.What) + "-" + name + "." + ending
	switch name {
	case templateFile:
		var b bytes.Buffer
		if err := l.Template(&b, format); err != nil {
			return err
		}
		return web.Attachment(w, whole, contentTypes[format], b.Bytes())
	case dataFile:
		return web.Export(w, r, whole, contentTypes[format], func(ctx context.Context, out io.Writer) error {
			return h.Exchange.Export(ctx, out, l.What, format, r.URL.Query().Get(fieldList))
		})
	}
	return rinnova.Fail(rinnova.NotFound, "Questo file non c’è.")
}

// importView is the page of an import.
type importView struct {
	exchange.Import
	Layout      exchange.Layout
	Manager     bool
	View        exchange.View
	Page        int
	Rows        []exchange.Row
	Done, Total int
	Known       bool // how far it is
}

func (h *Handlers) show(w http.ResponseWriter, r *http.Request) error {
	i, err := h.find(r)
	if err != nil {
		return err
	}
	l, _ := exchange.LayoutOf(i.What)
	v := importView{Import: i, Layout: l, Manager: h.Actor(r.Context()).IsManager()}
	v.Done, v.Total, v.Known = h.Exchange.Progress(i.ID)
	v.choose(r.URL.Query().Get("vista"), r.URL.Query().Get("pagina"))
	if v.View != "" {
		if v.Rows, err = h.Exchange.Store.Page(r.Context(), i.ID, v.View, v.Page); err != nil {
			return err
		}
	}
	if web.IsPartial(r) {
		return web.Render(w, r, http.StatusOK, importMoving(v))
	}
	return web.Render(w, r, http.StatusOK, importPage(h.Shell(r).At(Path), v))
}

func (h *Handlers) find(r *http.Request) (exchange.Import, error) {
	id := r.PathValue("id")
	if !rinnova.IsID(id) {
		return exchange.Import{}, rinnova.Fail(rinnova.NotFound, "Questa importazione non c’è.")
	}
	return h.Exchange.Store.Import(r.Context(), id)
}

// choose picks the view that was asked for, else the first that has something, and a page that it has.
func (v *importView) choose(view, page string) {
	for _, x := range exchange.Views {
		if n := x.Of(v.Detail.Counts); n > 0 && (v.View == "" || string(x) == view) {
			v.View = x
		}
	}
	v.Page, _ = strconv.Atoi(page)
	v.Page = max(1, min(v.Page, v.pages()))
}

func (v *importView) pages() int {
	return (v.View.Of(v.Detail.Counts) + exchange.PageSize - 1) / exchange.PageSize
}

// moving tells whether something happens by itself.
func (v *importView) moving() bool {
	return v.State == exchange.Reading || v.State == exchange.Applying
}

func (h *Handlers) apply(w http.ResponseWriter, r *http.Request) error {
	i, err := h.find(r)
	if err != nil {
		return err
	}
	if err := web.ParseForm(r); err != nil {
		return err
	}
	if err := h.Exchange.Apply(r.Context(), h.Actor(r.Context()), i.ID, r.PostForm.Get(FieldDigest)); err != nil {
		return err
	}
	return web.Redirect(w, r, ImportPath(i.ID))
}

// rows sends all rows of a view: rifiutate.csv, cambiate.csv.
func (h *Handlers) rows(w http.ResponseWriter, r *http.Request) error {
	i, err := h.find(r)
	if err != nil {
		return err
	}
	name, found := strings.CutSuffix(r.PathValue("file"), ".csv")
	view := exchange.View(name)
	if !found || view.Label().IsZero() {
		return rinnova.Fail(rinnova.NotFound, "Questo file non c’è.")
	}
	l := web.LangOf(r.Context())
	return web.ExportCSV(w, r, name+".csv", func(ctx context.Context, table *web.Sheet) error {
		table.Add(l.T("Riga"), l.T("Di che cosa"), l.T("Colonna"), l.T("Prima"), l.T("Dopo"), l.T("Perché"))
		for n := 1; ; n++ {
			rows, err := h.Exchange.Store.Page(ctx, i.ID, view, n)
			if err != nil || len(rows) == 0 {
				return err
			}
			for _, x := range rows {
				addRow(l, table, x)
			}
		}
	})
}

// addRow writes what is said of a row of an import.
func addRow(l locale.Lang, table *web.Sheet, x exchange.Row) {
	line := lineOf(x)
	for _, c := range x.Changes {
		table.Add(line, x.Name, c.Column, c.Old, c.New, "")
	}
	for _, p := range x.Problems {
		table.Add(line, x.Name, p.Column, "", "", l.Text(p.Text))
	}
	if len(x.Changes)+len(x.Problems) == 0 {
		table.Add(line, x.Name, "", "", "", "")
	}
}

// lineOf is the line of a row; an import of the registry knows some rows only by what they are about.
func lineOf(r exchange.Row) string {
	if r.Line == 0 {
		return ""
	}
	return strconv.Itoa(r.Line)
}
