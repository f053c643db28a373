package guideweb

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"rinnova/internal/locale"
	"rinnova/internal/supplier"
	"rinnova/internal/web"
)

var guides = map[string]func(web.Shell, supplier.Contact) templ.Component{
	Path: indexPage, ContractsPath: contractsPage, ServicesPath: servicesPage, LetterPath: letterPage, CorrectionsPath: correctionsPage,
	VerifyPath: verifyPage, PasswordPath: passwordPage,
}

func draw(t *testing.T, page func(web.Shell, supplier.Contact) templ.Component) *goquery.Document {
	t.Helper()
	var b bytes.Buffer
	contact := supplier.Contact{Phone: "02 0000000", Email: "contratti@esempio.example", Hours: "lun–ven 9–13"}
	if err := page(web.Shell{}, contact).Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// Each picture that there is stands in a guide with words for who does not see it, and its file is there and small.
func TestPictures(t *testing.T) {
	shown := map[string]bool{}
	for path, page := range guides {
		draw(t, page).Find("img").Each(func(_ int, img *goquery.Selection) {
			name, _, _ := strings.Cut(strings.TrimPrefix(img.AttrOr("src", ""), picturesPath), ".webp?v=")
			shown[name] = true
			if len(img.AttrOr("alt", "")) < 20 {
				t.Errorf("%s: %s has the alternative text %q", path, name, img.AttrOr("alt", ""))
			}
		})
	}
	for name := range pictures() {
		if !shown[name] {
			t.Errorf("no guide shows the picture %s: remove it from %s", name, List)
		}
		b, err := files.ReadFile("pictures/" + name + ".webp")
		if err != nil || len(b) > 80_000 || !bytes.HasPrefix(b, []byte("RIFF")) {
			t.Errorf("%s: %d bytes, %v, want a WebP file of at most 80 kB", name, len(b), err)
		}
	}
	if n := len(shown); n != len(pictures()) || n < 20 {
		t.Errorf("%d pictures are shown, %d are there", n, len(pictures()))
	}
}

// Every step is numbered and can be linked to; the guides say whom to ask.
func TestSteps(t *testing.T) {
	for path, page := range guides {
		doc := draw(t, page)
		if doc.Find("h1").Length() != 1 || doc.Find(`a[href^="tel:"]`).Length() == 0 {
			t.Errorf("%s has no title, or does not say whom to ask", path)
		}
		ids := map[string]bool{}
		doc.Find("main [id]").Each(func(_ int, s *goquery.Selection) {
			id := s.AttrOr("id", "")
			if ids[id] {
				t.Errorf("%s has two parts called %s", path, id)
			}
			ids[id] = true
		})
		if path == Path {
			continue
		}
		steps := 0
		doc.Find("section.rn-card > h2").Each(func(_ int, s *goquery.Selection) {
			if first, _, found := strings.Cut(s.Text(), ". "); found && first != "" {
				steps++
			}
		})
		if steps < 4 {
			t.Errorf("%s has %d numbered steps", path, steps)
		}
	}
}

// The index leads to every guide under the title that it has elsewhere, and each guide says in the same words where it is.
func TestTheIndexHasEveryGuide(t *testing.T) {
	tiles := map[string]string{}
	draw(t, indexPage).Find("main a.rn-tile").Each(func(_ int, a *goquery.Selection) {
		tiles[a.AttrOr("href", "")] = strings.TrimSpace(a.Find("h2").Text())
	})
	listed := Guides(locale.Italian)
	if len(listed) != len(guides)-1 || len(tiles) != len(listed) {
		t.Errorf("%d guides are listed, %d on the index, there are %d", len(listed), len(tiles), len(guides)-1)
	}
	for _, g := range listed {
		if tiles[g.Href] != g.Text {
			t.Errorf("the index calls %s %q, want %q", g.Href, tiles[g.Href], g.Text)
		}
		if crumbs := draw(t, guides[g.Href]).Find(".rn-crumb li").Last().Text(); strings.TrimSpace(crumbs) != g.Text {
			t.Errorf("%s calls itself %q", g.Href, crumbs)
		}
	}
}

// In English a guide says that its pictures are of the Italian pages.
func TestEnglishGuidesSayWhatThePicturesShow(t *testing.T) {
	for path, page := range guides {
		for lang, want := range map[locale.Lang]bool{locale.Italian: false, locale.English: path != Path} {
			var b bytes.Buffer
			if err := page(web.Shell{}, supplier.Contact{Phone: "02 0000000", Hours: "lun–ven 9–13"}).Render(web.WithLang(context.Background(), lang), &b); err != nil {
				t.Fatal(err)
			}
			if got := strings.Contains(b.String(), locale.English.T("Le figure mostrano le pagine in italiano. Anche i messaggi e i contratti sono in italiano.")); got != want {
				t.Errorf("%s in %s: %v", path, lang, got)
			}
			if got := strings.Contains(b.String(), "Mon–Fri"); got != (lang == locale.English) {
				t.Errorf("%s in %s: the hours are in the other language", path, lang)
			}
		}
	}
}
