package mail

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestContentGolden(t *testing.T) {
	golden(t, "contenuto.txt", sampleContent().Text())
	golden(t, "contenuto.html", sampleContent().HTML())
}

// textWords are the words of the plain text, without the marks of lists and the colons after titles.
func textWords(text string) []string {
	var words []string
	for line := range strings.SplitSeq(text, "\n") {
		if line == "-- " {
			continue
		}
		words = append(words, strings.FieldsFunc(line, func(r rune) bool { return r == ' ' })...)
	}
	return words
}

// htmlWords are the words that a person sees in the HTML below its title, with the address of each button.
func htmlWords(t interface{ Fatal(...any) }, html string) []string {
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(html))
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	add := func(s string) {
		words = append(words, strings.FieldsFunc(s, func(r rune) bool { return r == ' ' })...)
	}
	doc.Find("h1, body > div").Remove()
	doc.Find("br").ReplaceWithHtml(" ")
	cells := doc.Find("table table").First().ChildrenFiltered("tbody").ChildrenFiltered("tr").ChildrenFiltered("td")
	cells.Eq(1).Children().Each(func(_ int, s *goquery.Selection) {
		switch goquery.NodeName(s) {
		case "table":
			s.Find("tr").Each(func(_ int, tr *goquery.Selection) {
				if a := tr.Find("a"); a.Length() > 0 {
					add(a.Text() + ": " + a.AttrOr("href", ""))
					return
				}
				add(tr.Find("th").Text() + ": " + tr.Find("td").Text())
			})
		case "h2":
			add(s.Text() + ":")
		case "ol", "ul":
			s.Find("li").Each(func(i int, li *goquery.Selection) {
				mark := "-"
				if goquery.NodeName(s) == "ol" {
					mark = []string{"1.", "2.", "3.", "4.", "5."}[i]
				}
				add(mark + " " + li.Text())
			})
		default:
			add(s.Text())
			if a := s.Find("a"); a.Length() > 0 {
				words[len(words)-1] += ":"
				add(a.AttrOr("href", ""))
			}
		}
	})
	add(cells.Eq(2).Text())
	return words
}

func TestTextAndHTMLSayTheSame(t *testing.T) {
	c := sampleContent()
	if d := cmp.Diff(textWords(c.Text()), htmlWords(t, c.HTML())); d != "" {
		t.Errorf("(-text +HTML):\n%s", d)
	}
}

// anyText has everything that people and programs may put into a text.
var anyText = rapid.Custom(func(t *rapid.T) string {
	words := rapid.SliceOfN(rapid.OneOf(
		rapid.StringMatching(`[a-zA-Z0-9.,:;!?<>&"'’«»/=#@_-]{1,12}`),
		rapid.SampledFrom([]string{"<script>", "&amp;", "</td>", "\"><b>", "{{x}}", "<!--", "]]>", "è", "n.\u00a02", "\u202e", "\ufeff", "\x00", "\x1b", "a\nb", "a\r\nb", "\xff", "日本", strings.Repeat("x", 90)}),
	), 1, 20).Draw(t, "words")
	return "w" + strings.Join(words, rapid.SampledFrom([]string{" ", "  "}).Draw(t, "space"))
})

var anyBlock = rapid.Custom(func(t *rapid.T) Block {
	text := func(name string) string { return anyText.Draw(t, name) }
	switch rapid.IntRange(0, 6).Draw(t, "block") {
	case 0:
		return Paragraph(text("paragraph"))
	case 1:
		return Heading(text("heading"))
	case 2:
		return Rows{{text("label"), text("value")}, {"CIG", text("value")}}
	case 3:
		return List{rapid.Bool().Draw(t, "numbered"), []string{text("item"), text("item")}}
	case 4:
		return Notice{text("label"), text("notice")}
	case 5:
		return Button{text("label"), "https://esempio.example/" + rapid.StringMatching(`[a-z0-9/?&=%-]{0,80}`).Draw(t, "path")}
	default:
		if rapid.Bool().Draw(t, "link") {
			return Link{text("sentence"), text("words"), "https://esempio.example/" + rapid.StringMatching(`[a-z0-9]{1,60}`).Draw(t, "path")}
		}
		return Literal{text("label"), rapid.StringMatching(`[a-z0-9:/.<&-]{1,100}`).Draw(t, "value")}
	}
})

// Whatever is in it: text and HTML say the same, no line of the text is too long but for a word that is, and nothing in
// a text becomes markup.
func TestAnyContent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Content{Subject: anyText.Draw(t, "subject"), Preview: anyText.Draw(t, "preview"), Sender: "S", Title: "T",
			Blocks: rapid.SliceOfN(anyBlock, 1, 8).Draw(t, "blocks"), Foot: rapid.SliceOfN(anyText, 1, 4).Draw(t, "foot")}
		text, html := c.Text(), c.HTML()
		if d := cmp.Diff(textWords(text), htmlWords(t, html)); d != "" {
			t.Fatalf("(-text +HTML):\n%s", d)
		}
		for line := range strings.SplitSeq(text, "\n") {
			if utf8.RuneCountInString(line) > Columns && longest(textWords(line)) < Columns-maxLabel-len(":  ") {
				t.Fatalf("a line of %d: %q", utf8.RuneCountInString(line), line)
			}
			if hasControl(line) || strings.ContainsFunc(line, isBidi) {
				t.Fatalf("control characters: %q", line)
			}
		}
		if strings.Count(text, "\n-- \n") != 1 {
			t.Fatalf("not one signature:\n%s", text)
		}
		checkElements(t, html)
		m := sample().Fill(c)
		if _, err := m.Bytes(); err != nil && len(m.Subject) <= 500 {
			t.Fatalf("the message is refused: %v", err)
		}
	})
}

func longest(words []string) int {
	n := 0
	for _, w := range words {
		n = max(n, utf8.RuneCountInString(w))
	}
	return n
}

// checkElements finds elements and attributes that the builder does not write.
func checkElements(t *rapid.T, html string) {
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(html))
	if err != nil {
		t.Fatal(err)
	}
	elements := strings.Fields("html head meta title body div table tbody tr td th h1 h2 p b br span a ol ul li")
	doc.Find("*").Each(func(_ int, s *goquery.Selection) {
		if !slices.Contains(elements, goquery.NodeName(s)) {
			t.Fatalf("an element %s:\n%s", goquery.NodeName(s), html)
		}
		for _, a := range s.Nodes[0].Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "href" && !strings.HasPrefix(a.Val, "https://esempio.example/") || a.Key == "src" {
				t.Fatalf("an attribute %s=%q:\n%s", a.Key, a.Val, html)
			}
		}
	})
}

func TestButtonLeadsOnlyToTheWeb(t *testing.T) {
	for url, want := range map[string]string{
		"https://esempio.example/a?b=1&c=2": "https://esempio.example/a?b=1&c=2",
		"http://127.0.0.1:8080/a":           "http://127.0.0.1:8080/a",
		"javascript:alert(1)":               "about:invalid#TemplFailedSanitizationURL",
		"JaVaScRiPt:alert(1)":               "about:invalid#TemplFailedSanitizationURL",
		"data:text/html,x":                  "about:invalid#TemplFailedSanitizationURL",
		"//evil.example":                    "about:invalid#TemplFailedSanitizationURL",
		"/relative":                         "about:invalid#TemplFailedSanitizationURL",
	} {
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(Content{Blocks: []Block{Button{"Vai", url}}}.HTML()))
		if err != nil {
			t.Fatal(err)
		}
		if got := doc.Find("a").AttrOr("href", ""); got != want {
			t.Errorf("%s leads to %s", url, got)
		}
	}
}

func TestTextLayout(t *testing.T) {
	for name, c := range map[string]struct {
		block Block
		want  string
	}{
		"a word too long":   {Paragraph("a " + strings.Repeat("b", 80) + " c"), "a\n" + strings.Repeat("b", 80) + "\nc\n"},
		"exactly the width": {Paragraph(strings.Repeat("a", 35) + " " + strings.Repeat("b", 36)), strings.Repeat("a", 35) + " " + strings.Repeat("b", 36) + "\n"},
		"one too much":      {Paragraph(strings.Repeat("a", 36) + " " + strings.Repeat("b", 36)), strings.Repeat("a", 36) + "\n" + strings.Repeat("b", 36) + "\n"},
		"accents are one":   {Paragraph(strings.Repeat("è", 35) + " " + strings.Repeat("è", 36)), strings.Repeat("è", 35) + " " + strings.Repeat("è", 36) + "\n"},
		"no-break spaces":   {Paragraph(strings.Repeat("a", 66) + " n.\u00a02027/1"), strings.Repeat("a", 66) + "\nn.\u00a02027/1\n"},
		"a label too long":  {Rows{{strings.Repeat("l", 60), "v"}, {"CIG", "w"}}, strings.Repeat("l", 60) + ":\n      v\nCIG:  w\n"},
		"only long labels":  {Rows{{strings.Repeat("l", 60), "v"}}, strings.Repeat("l", 60) + ":\n   v\n"},
		"short values":      {Rows{{strings.Repeat("l", 40), "v"}, {"CIG", "w"}}, strings.Repeat("l", 40) + ":  v\nCIG:" + strings.Repeat(" ", 39) + "w\n"},
		"one value is long": {Rows{{strings.Repeat("l", 40), "v"}, {"CIG", strings.Repeat("w", 30)}}, strings.Repeat("l", 40) + ":\n      v\nCIG:  " + strings.Repeat("w", 30) + "\n"},
		"an empty value":    {Rows{{"CIG", ""}}, "CIG:\n"},
		"a typed notice":    {Notice{"Motivo", "uno\r\n\r\n  due  "}, "  Motivo: uno\n  due\n"},
		"an empty notice":   {Notice{"Motivo", " \n"}, "  Motivo:\n"},
	} {
		if d := cmp.Diff(c.want, Content{Blocks: []Block{c.block}}.Text()); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

func TestSubjectHasOrdinarySpaces(t *testing.T) {
	if got := sample().Subject; got != "Contratto n. 2027/000123 firmato – CIG B9A17C451B" {
		t.Errorf("subject %q", got)
	}
}
