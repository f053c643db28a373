package contractpdf

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/contract"
	"rinnova/internal/renewal"
	"rinnova/internal/terms"
)

// A name that could be: words, sometimes long ones, with what names are written with.
var anyName = rapid.Custom(func(t *rapid.T) string {
	word := rapid.OneOf(rapid.StringMatching(`[A-Z]?[a-zàèéìòù]{1,14}`), rapid.SampledFrom([]string{"–", "«Verga»", "(sede)", "scuola-famiglia", "l’anno", "n. 3", "&", "50 GB"}),
		rapid.StringMatching(`[A-Z0-9]{30,60}`))
	n := rapid.OneOf(rapid.IntRange(1, 5), rapid.IntRange(1, 5), rapid.IntRange(1, 5), rapid.IntRange(1, 30)).Draw(t, "words")
	name := []rune(strings.Join(rapid.SliceOfN(word, n, n).Draw(t, "name"), " "))
	return string(name[:min(len(name), 300)])
})

var anyLine = rapid.Custom(func(t *rapid.T) contract.DocumentLine {
	fee := rapid.OneOf(rapid.Int64Range(0, 200_000), rapid.Int64Range(0, int64(rinnova.MaxCents))).Draw(t, "fee")
	return contract.DocumentLine{
		Name: anyName.Draw(t, "name"), License: rapid.SampledFrom([]catalog.License{catalog.FixedTerm, catalog.Perpetual}).Draw(t, "license"),
		Period: year, Contacts: rapid.IntRange(0, 9999).Draw(t, "contacts"), Fee: rinnova.Cents(fee),
		InCap: rapid.Bool().Draw(t, "in cap"), Ticked: true,
	}
})

// anyContract is the sample with random lines, names and options.
func anyContract(base contract.Document, most int) *rapid.Generator[contract.Document] {
	return rapid.Custom(func(t *rapid.T) contract.Document {
		d := base
		n := rapid.IntRange(1, most).Draw(t, "lines")
		d.Lines = rapid.SliceOfN(anyLine, n, n).Draw(t, "line")
		if rapid.Bool().Draw(t, "services") {
			d.Kind, d.Cap = renewal.Services, nil
		} else if c := rinnova.Cents(rapid.Int64Range(0, 1_000_000).Draw(t, "cap")); rapid.Bool().Draw(t, "has cap") {
			d.Cap = &c
		}
		d.Totals = quote(d.Cap, d.Lines, rinnova.BasisPoints(2200), rinnova.BasisPoints(rapid.SampledFrom([]int{2200, 400}).Draw(t, "rate")))
		d.School.Name, d.School.ShortName = anyName.Draw(t, "school"), rapid.StringMatching(`[a-z ]{0,44}`).Draw(t, "short")
		d.Vendor.Fictional = rapid.Bool().Draw(t, "fictional")
		if rapid.Bool().Draw(t, "no split") {
			d.Split = ""
		}
		d.PaymentClause = strings.Repeat(d.PaymentClause+" ", rapid.IntRange(0, 12).Draw(t, "clause"))
		return d
	})
}

// TestPages draws random contracts and looks at where each word stands.
func TestPages(t *testing.T) {
	p, base := newPrinter(t), sampleContract(t)
	rapid.Check(t, func(t *rapid.T) {
		d := anyContract(base, 60).Draw(t, "contract")
		checkPages(t, wordBoxes(t, drawContract(t, p, d)), groupSizes(d.Kind, d.Lines))
	})
}

func TestReminderPages(t *testing.T) {
	p, base, reminder := newPrinter(t), sampleContract(t), sampleChange(t)
	rapid.Check(t, func(t *rapid.T) {
		d := anyContract(base, 60).Draw(t, "contract")
		r := reminder
		r.Kind, r.Lines, r.Cap, r.School, r.Vendor = d.Kind, slices.Clone(d.Lines), d.Cap, d.School, d.Vendor
		for i := range r.Lines {
			r.Lines[i].Ticked = rapid.IntRange(0, 9).Draw(t, "ticked") > 0
		}
		r.Totals = quote(r.Cap, r.Lines)
		checkPages(t, wordBoxes(t, drawReminder(t, p, r)), groupSizes(r.Kind, r.Lines))
	})
}

// groupSizes are the numbers of ticked lines that share a sum, in order.
func groupSizes(kind renewal.Kind, lines []contract.DocumentLine) []int {
	var included, excluded int
	for _, l := range lines {
		switch {
		case !l.Ticked:
		case l.InCap && kind != renewal.Services:
			included++
		default:
			excluded++
		}
	}
	return slices.DeleteFunc([]int{included, excluded}, func(n int) bool { return n == 0 })
}

// mark is a line number or a sum on a page.
type mark struct {
	y      float64
	number int // 0: a sum
}

func checkPages(t fataler, pages [][]word, groups []int) {
	next, group, inGroup := 1, 0, 0
	for i, page := range pages {
		checkEdges(t, page, i+1, len(pages))
		checkOverprint(t, page)
		marks := pageMarks(page)
		for j, m := range marks {
			if m.number != 0 {
				if m.number != next {
					t.Fatalf("page %d: line %d, want %d", i+1, m.number, next)
				}
				next++
				inGroup++
				continue
			}
			if group == len(groups) || inGroup != groups[group] {
				t.Fatalf("page %d: a sum after %d lines, groups are %v", i+1, inGroup, groups)
			}
			if before := linesBefore(marks[:j]); before < min(2, groups[group]) {
				t.Fatalf("page %d: a sum with %d lines of %d above it", i+1, before, groups[group])
			}
			group, inGroup = group+1, 0
		}
		if n := linesBefore(marks); n == 1 { // the page ends inside a group
			t.Fatalf("page %d: one line of a group alone at the end", i+1)
		}
	}
	sum := 0
	for _, g := range groups {
		sum += g
	}
	if next != sum+1 || group != len(groups) {
		t.Fatalf("%d lines and %d sums, want groups %v", next-1, group, groups)
	}
}

// linesBefore counts the lines behind the last sum.
func linesBefore(marks []mark) int {
	n := 0
	for i := len(marks) - 1; i >= 0 && marks[i].number != 0; i-- {
		n++
	}
	return n
}

// pageMarks finds line numbers by their right edge, and sums by their words at the left edge.
func pageMarks(page []word) []mark {
	const numberRight = left + 6.5 - 1.6
	var marks []mark
	for i, w := range page {
		if n, err := strconv.Atoi(w.text); err == nil && near(w.right, numberRight) {
			marks = append(marks, mark{w.top, n})
		}
		if w.text == "Somma" && near(w.left, left) && i+1 < len(page) && (page[i+1].text == "dei" || page[i+1].text == "degli") {
			marks = append(marks, mark{w.top, 0})
		}
	}
	slices.SortFunc(marks, func(a, b mark) int {
		if a.y < b.y {
			return -1
		}
		return 1
	})
	return marks
}

// checkEdges: the text stays in its box, the footer in its place and with the right count.
func checkEdges(t fataler, page []word, number, of int) {
	var foot []string
	for _, w := range page {
		if w.top > footRule {
			foot = append(foot, w.text)
		} else if w.bottom > footRule+0.5 {
			t.Fatalf("page %d: %q reaches into the footer, to %.1f mm", number, w.text, w.bottom)
		}
		if w.bottom > 289 {
			t.Fatalf("page %d: %q stands lower than 289 mm", number, w.text)
		}
		if w.left < left-0.1 || w.right > right+0.1 {
			t.Fatalf("page %d: %q from %.1f to %.1f mm", number, w.text, w.left, w.right)
		}
		if w.top < 10 {
			t.Fatalf("page %d: %q at %.1f mm from the top", number, w.text, w.top)
		}
	}
	// The reader of boxes may name the lines of the footer in either order.
	if want := fmt.Sprintf(" Pagina %d di %d ", number, of); !strings.Contains(" "+strings.Join(foot, " ")+" ", want) {
		t.Fatalf("page %d: footer %q, want %q", number, foot, want)
	}
}

// checkOverprint: no word is printed over another. The boxes of words are as high as the tallest letters of the font, so
// only the middle of each counts.
func checkOverprint(t fataler, page []word) {
	core := make([]word, len(page))
	for i, w := range page {
		h := w.bottom - w.top
		core[i] = word{w.left + 0.15, w.top + 0.38*h, w.right - 0.15, w.bottom - 0.32*h, w.text}
	}
	slices.SortFunc(core, func(a, b word) int {
		if a.top < b.top {
			return -1
		}
		return 1
	})
	for i, a := range core {
		for _, b := range core[i+1:] {
			if b.top > a.bottom {
				break
			}
			if a.left < b.right && b.left < a.right {
				t.Fatalf("%q is printed over %q at %.1f, %.1f mm", a.text, b.text, b.left, b.top)
			}
		}
	}
}

// TestPagesOfTheDesign: the pages break where they break on the design's pictures.
func TestPagesOfTheDesign(t *testing.T) {
	p := newPrinter(t)
	for name, c := range map[string]struct {
		file []byte
		want []string // a text that the page has
	}{
		"contract": {drawContract(t, p, sampleContract(t)), []string{"Contatti: richieste di assistenza", "Firma e verifica", "10. Correzioni"}},
		"long":     {drawContract(t, p, longContract(t)), []string{"continua a pagina 2", "Somma dei prodotti inclusi", "Firma e verifica", "10. Correzioni"}},
		"services": {drawContract(t, p, sampleServices(t)), []string{"Firma e verifica", "6. Inadempimento"}},
		"reminder": {drawReminder(t, p, sampleReminder(t)), []string{"€ 2.906,31"}},
		"draft":    {drawReminder(t, p, sampleDraft(t)), []string{"€ 2.906,31"}},
	} {
		pages := wordBoxes(t, c.file)
		if len(pages) != len(c.want) {
			t.Errorf("%s: %d pages, want %d", name, len(pages), len(c.want))
			continue
		}
		for i, page := range pages {
			var texts []string
			for _, w := range page {
				texts = append(texts, w.text)
			}
			if !strings.Contains(strings.Join(texts, " "), c.want[i]) {
				t.Errorf("%s: page %d lacks %q", name, i+1, c.want[i])
			}
		}
	}
}

// TestLongTerms: clauses up to eight lines stay in one piece, longer ones go on with two lines at least on either page.
func TestLongTerms(t *testing.T) {
	p := newPrinter(t)
	rapid.Check(t, func(t *rapid.T) {
		var body strings.Builder
		counts := rapid.SliceOfN(rapid.IntRange(1, 400), 1, 30).Draw(t, "words in clauses")
		for i, n := range counts {
			fmt.Fprintf(&body, "## %d. Clausola\n\n%s\n\n", i+1, strings.TrimSpace(strings.Repeat(fmt.Sprintf("c%dx ", i+1), n)))
		}
		file, err := p.Terms(terms.Terms{Title: "Condizioni generali di prova", Version: "1", Body: body.String(), EffectiveFrom: year.From}, sampleVendor())
		if err != nil {
			t.Fatalf("%v", err)
		}
		pages := wordBoxes(t, file)
		lines := map[string][]int{} // of each clause, by page
		for i, page := range pages {
			checkEdges(t, page, i+1, len(pages))
			checkOverprint(t, page)
			seen := map[string]map[float64]bool{}
			for _, w := range page {
				if !strings.HasPrefix(w.text, "c") || !strings.HasSuffix(w.text, "x") {
					continue
				}
				if seen[w.text] == nil {
					seen[w.text] = map[float64]bool{}
				}
				seen[w.text][w.top] = true
			}
			for clause, tops := range seen {
				lines[clause] = append(lines[clause], len(tops))
			}
		}
		if len(lines) != len(counts) {
			t.Fatalf("%d clauses, want %d", len(lines), len(counts))
		}
		for clause, byPage := range lines {
			total := 0
			for _, n := range byPage {
				total += n
				if n < 2 && len(byPage) > 1 {
					t.Fatalf("clause %s has a single line on a page: %v", clause, byPage)
				}
			}
			if total <= unbroken && len(byPage) > 1 {
				t.Fatalf("clause %s of %d lines is broken: %v", clause, total, byPage)
			}
		}
	})
}

// TestTallLines: names of a thousand letters, of which a page cannot keep two, are still all there, and no sum is alone
// unless its line fills a page.
func TestTallLines(t *testing.T) {
	p, d := newPrinter(t), sampleContract(t)
	for i := range d.Lines {
		d.Lines[i].Name = strings.Repeat("parola ", 100+10*i)
	}
	next := 1
	for i, page := range wordBoxes(t, drawContract(t, p, d)) {
		marks := pageMarks(page)
		for j, m := range marks {
			switch {
			case m.number == next:
				next++
			case m.number != 0:
				t.Errorf("page %d: line %d, want %d", i+1, m.number, next)
			case linesBefore(marks[:j]) == 0:
				t.Errorf("page %d: a sum alone", i+1)
			}
		}
	}
	if next != len(d.Lines)+1 {
		t.Errorf("%d lines, want %d", next-1, len(d.Lines))
	}
}

// TestTooTall: what cannot be drawn whole is an error, not a page without its end.
func TestTooTall(t *testing.T) {
	p := newPrinter(t)
	long := strings.Repeat("parola ", 2000)
	for name, change := range map[string]func(*contract.Document){
		"school":  func(d *contract.Document) { d.School.Name = long },
		"product": func(d *contract.Document) { d.Lines[3].Name = long },
		"clause":  func(d *contract.Document) { d.PaymentClause = long },
		"link":    func(d *contract.Document) { d.VerifyLink = long },
	} {
		d := sampleContract(t)
		change(&d)
		if _, err := p.Contract(d); err == nil || !strings.Contains(err.Error(), "2027/000123") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}
