package tour

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"rinnova/internal/surf"
)

var address = regexp.MustCompile(`[a-z]{4}[a-z0-9]{6}@[a-z.]+\.example`) // a school’s, after its ministry code

// mails keeps what the school found in its mailbox, as text and as it looks.
func (t *Tour) mails(code string, b *surf.Browser) error {
	if err := b.Open("/dati"); err != nil {
		return err
	}
	to := address.FindString(b.Page.Text("main"))
	if to == "" {
		return fmt.Errorf("no address for mail on the page of the school's data")
	}
	if err := t.step(code, b, "apre la posta", func() error { return b.Open("/posta?cerca=" + url.QueryEscape(to)) }); err != nil {
		return err
	}
	list := b.Page
	links := list.Doc.Find("tbody th a")
	for i := range links.Length() {
		link := links.Eq(i)
		href, subject := link.AttrOr("href", ""), surf.Words(link)
		t.say(code, "   messaggio: %s", subject)
		if err := t.mail(fmt.Sprintf("mail-%s-%d", code, links.Length()-i), b, href); err != nil {
			return err
		}
	}
	return nil
}

func (t *Tour) mail(name string, b *surf.Browser, href string) error {
	text, err := b.Fetch(href + "?vista=testo")
	if err != nil {
		return err
	}
	if err := t.keep(name+".txt", []byte(strings.TrimSpace(text.Doc.Find("pre").Text())+"\n")); err != nil {
		return err
	}
	look, err := b.Fetch(href + "/html")
	if err != nil {
		return err
	}
	return t.keep(name+".html", look.Body)
}
