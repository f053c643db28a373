// Package surf is a browser without JavaScript: it opens pages, follows links and sends forms as they stand in the page,
// with the values that are in them and those that a person would change. The tour and the tests of the whole program use
// the portal through it, as people do.
package surf

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"
)

// Browser is one person's browser. It is not for use by several goroutines.
type Browser struct {
	Base   *url.URL
	Client *http.Client
	Page   *Page // what is on the screen; nil before the first page
}

// Page is an answer of the server.
type Page struct {
	URL    *url.URL
	Status int
	Header http.Header
	Body   []byte
	Doc    *goquery.Document // nil for what is not HTML
}

// New opens a browser on a portal.
func New(base string) (*Browser, error) {
	u, err := url.Parse(base)
	if err != nil {
		return nil, err
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	return &Browser{Base: u, Client: &http.Client{Jar: jar, Timeout: 30 * time.Second}}, nil
}

// Open goes to an address, which may be relative to the page or the portal.
func (b *Browser) Open(address string) error {
	u, err := b.at(address)
	if err != nil {
		return err
	}
	req, err := http.NewRequest(http.MethodGet, u.String(), nil)
	if err != nil {
		return err
	}
	return b.do(req)
}

// Fetch gets a file without leaving the page.
func (b *Browser) Fetch(address string) (*Page, error) {
	before := b.Page
	err := b.Open(address)
	got := b.Page
	b.Page = before
	return got, err
}

func (b *Browser) at(address string) (*url.URL, error) {
	from := b.Base
	if b.Page != nil {
		from = b.Page.URL
	}
	return from.Parse(address)
}

func (b *Browser) do(req *http.Request) error {
	req.Header.Set("Accept-Language", "it")
	res, err := b.Client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 32<<20))
	if err != nil {
		return err
	}
	p := &Page{URL: res.Request.URL, Status: res.StatusCode, Header: res.Header, Body: body}
	if strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
		if p.Doc, err = goquery.NewDocumentFromReader(bytes.NewReader(body)); err != nil {
			return err
		}
	}
	b.Page = p
	return nil
}

// Follow clicks the first link whose text contains text.
func (b *Browser) Follow(text string) error {
	link := b.find("a", text)
	href, ok := link.Attr("href")
	if !ok {
		return b.missing("no link", text)
	}
	return b.Open(href)
}

// find is the first element with the selector whose text contains text.
func (b *Browser) find(selector, text string) *goquery.Selection {
	if b.Page == nil || b.Page.Doc == nil {
		return &goquery.Selection{}
	}
	return b.Page.Doc.Find(selector).FilterFunction(func(_ int, s *goquery.Selection) bool {
		return strings.Contains(Words(s), text)
	}).First()
}

// Values are the fields that a person changes before sending a form: a nil value unticks or leaves out the field.
type Values map[string][]string

// Press presses the first button whose text contains text: its form is sent with what is in it, changed by values. Fields
// that the form does not have are an error: a person cannot fill them in.
func (b *Browser) Press(text string, values Values) error {
	button := b.find("button", text)
	if button.Length() == 0 {
		return b.missing("no button", text)
	}
	form := button.Closest("form")
	if id, ok := button.Attr("form"); ok {
		form = b.Page.Doc.Find("form#" + id)
	}
	if form.Length() == 0 {
		return b.missing("no form around the button", text)
	}
	data, err := b.fill(form, values)
	if err != nil {
		return err
	}
	if name, ok := button.Attr("name"); ok {
		data.Add(name, button.AttrOr("value", ""))
	}
	return b.send(button.AttrOr("formmethod", form.AttrOr("method", "get")), button.AttrOr("formaction", form.AttrOr("action", "")), data)
}

func (b *Browser) fill(form *goquery.Selection, values Values) (url.Values, error) {
	data := url.Values{}
	names := map[string]bool{}
	fields := form.Find("input, select, textarea")
	if id, ok := form.Attr("id"); ok {
		fields = fields.AddSelection(b.Page.Doc.Find(fmt.Sprintf("[form=%q]", id)).Filter("input, select, textarea"))
	}
	fields.Each(func(_ int, f *goquery.Selection) {
		name, ok := f.Attr("name")
		if !ok || hasAttr(f, "disabled") {
			return
		}
		names[name] = true
		if _, changed := values[name]; !changed {
			for _, v := range current(f) {
				data.Add(name, v)
			}
		}
	})
	for name, v := range values {
		if !names[name] {
			return nil, fmt.Errorf("%s: the form has no field %q", b.Page.URL, name)
		}
		for _, x := range v {
			data.Add(name, x)
		}
	}
	return data, nil
}

// current is what a field would send as it stands.
func current(f *goquery.Selection) []string {
	switch goquery.NodeName(f) {
	case "select":
		chosen := f.Find("option[selected]")
		if chosen.Length() == 0 {
			chosen = f.Find("option").First()
		}
		if chosen.Length() == 0 {
			return nil
		}
		return []string{chosen.AttrOr("value", chosen.Text())}
	case "textarea":
		return []string{f.Text()}
	}
	switch f.AttrOr("type", "text") {
	case "checkbox", "radio":
		if !hasAttr(f, "checked") {
			return nil
		}
		return []string{f.AttrOr("value", "on")}
	case "submit", "button", "file", "image":
		return nil
	}
	return []string{f.AttrOr("value", "")}
}

func hasAttr(s *goquery.Selection, name string) bool {
	_, ok := s.Attr(name)
	return ok
}

func (b *Browser) send(method, action string, data url.Values) error {
	u, err := b.at(action)
	if err != nil {
		return err
	}
	if !strings.EqualFold(method, "post") {
		u.RawQuery = data.Encode()
		req, err := http.NewRequest(http.MethodGet, u.String(), nil)
		if err != nil {
			return err
		}
		return b.do(req)
	}
	req, err := http.NewRequest(http.MethodPost, u.String(), strings.NewReader(data.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", b.Base.Scheme+"://"+b.Base.Host)
	return b.do(req)
}

func (b *Browser) missing(what, text string) error {
	if b.Page == nil {
		return fmt.Errorf("%s %q: no page is open", what, text)
	}
	return fmt.Errorf("%s: %s %q on «%s» (status %d)", b.Page.URL, what, text, b.Page.Title(), b.Page.Status)
}

// Title is the page's heading, else its window title.
func (p *Page) Title() string {
	if p.Doc == nil {
		return p.Header.Get("Content-Type")
	}
	if h := Words(p.Doc.Find("h1").First()); h != "" {
		return h
	}
	return Words(p.Doc.Find("title").First())
}

// Text is what the page says in the elements with the selector, one line for each.
func (p *Page) Text(selector string) string {
	if p.Doc == nil {
		return ""
	}
	lines := p.Doc.Find(selector).Map(func(_ int, s *goquery.Selection) string { return Words(s) })
	return strings.Join(slices.DeleteFunc(lines, func(s string) bool { return s == "" }), "\n")
}

// Values lists the value attributes of the fields with a name.
func (p *Page) Values(name string) []string {
	return p.Doc.Find(fmt.Sprintf("[name=%q]", name)).Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("value", "") })
}

// Words is the text of an element with single spaces.
func Words(s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") }
