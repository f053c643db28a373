package contractpdf

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/boombuler/barcode/qr"

	"rinnova/internal/contract"
	"rinnova/internal/pdf"
	"rinnova/internal/pdf/incremental"
	"rinnova/internal/renewal"
	"rinnova/internal/supplier"
)

// rendered draws the pages of a file up to the last wanted one, without the grey edges that make letters smooth.
func rendered(t *testing.T, file []byte, dpi, last int) []image.Image {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "file.pdf")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"-l", fmt.Sprint(last), "-r", fmt.Sprint(dpi), "-aa", "no", "-aaVector", "no", "-png", path, filepath.Join(dir, "page")}
	if out, err := exec.Command("pdftoppm", args...).CombinedOutput(); err != nil {
		t.Fatalf("pdftoppm (Debian package poppler-utils): %v\n%s", err, out)
	}
	names, err := filepath.Glob(filepath.Join(dir, "page-*.png"))
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	var out []image.Image
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		m, err := png.Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, m)
	}
	return out
}

// TestBlackAndWhite: a printer of one colour shows every letter: outside the vendor's mark all is pure black on white.
func TestBlackAndWhite(t *testing.T) {
	const dpi = 100
	p := newPrinter(t)
	for name, file := range map[string][]byte{
		"contract": drawContract(t, p, sampleContract(t)), "reminder": drawReminder(t, p, sampleDraft(t)),
	} {
		for i, m := range rendered(t, file, dpi, 3) {
			black := 0
			for y := range m.Bounds().Dy() {
				for x := range m.Bounds().Dx() {
					r, g, b, _ := m.At(x, y).RGBA()
					switch {
					case r == 0xFFFF && g == 0xFFFF && b == 0xFFFF:
					case r == 0 && g == 0 && b == 0:
						black++
					case i == 0 && float64(x)/dpi*25.4 > left-0.5 && float64(x)/dpi*25.4 < left+markHeight+0.5 && float64(y)/dpi*25.4 < top+12: // the mark
					default:
						t.Fatalf("%s, page %d: a pixel of %v at %d, %d", name, i+1, m.At(x, y), x, y)
					}
				}
			}
			if black < 2000 {
				t.Errorf("%s, page %d: only %d black pixels", name, i+1, black)
			}
		}
	}
}

// TestQRCode: each module of the code stands where the standard wants it, with its quiet zone, upright.
func TestQRCode(t *testing.T) {
	const dpi, size = 300, 26.0
	d := sampleServices(t)
	want, err := qr.Encode(d.VerifyLink, qr.M, qr.Auto)
	if err != nil {
		t.Fatal(err)
	}
	modules := want.Bounds().Dx()
	page := rendered(t, drawContract(t, newPrinter(t), d), dpi, 1)[0]
	var box pdf.Rect
	for _, w := range wordBoxes(t, drawContract(t, newPrinter(t), d))[0] {
		if w.text == "Firma" {
			box.Y = w.top
		}
	}
	x0 := right - 25.4/96 - 1.5 - size
	dark := func(x, y float64) bool {
		g := color.GrayModel.Convert(page.At(int(x/25.4*dpi), int(y/25.4*dpi))).(color.Gray)
		return g.Y < 128
	}
	// The box is as tall as its text; find the first dark row of the code below its top.
	module := size / float64(modules+2*quiet)
	y0 := box.Y
	for !dark(x0+(quiet+0.5)*module, y0) {
		y0 += 0.02
	}
	y0 -= quiet * module
	for row := -quiet; row < modules+quiet; row++ {
		for column := -quiet; column < modules+quiet; column++ {
			inside := row >= 0 && row < modules && column >= 0 && column < modules
			is := dark(x0+(float64(column+quiet)+0.5)*module, y0+(float64(row+quiet)+0.5)*module)
			if should := inside && want.At(column, row) == color.Black; is != should {
				t.Fatalf("module %d, %d is %v, want %v", column, row, is, should)
			}
		}
	}
}

func TestLogos(t *testing.T) {
	p := newPrinter(t)
	for name, c := range map[string]struct {
		data          []byte
		width, height float64 // 0: the mark stands for it
	}{
		"wide":    {samplePNG(t, 800, 100), 40, 5},
		"tall":    {samplePNG(t, 50, 100), 5, 10},
		"square":  {samplePNG(t, 10, 10), 10, 10},
		"none":    {nil, 0, 0},
		"no PNG":  {[]byte("GIF89a"), 0, 0},
		"cut":     {samplePNG(t, 100, 100)[:200], 0, 0},
		"too big": {bytes.Replace(samplePNG(t, 10, 10), []byte{0, 0, 0, 10, 0, 0, 0, 10}, []byte{0, 1, 0, 0, 0, 1, 0, 0}, 1), 0, 0},
	} {
		l := p.logo(c.data)
		switch {
		case c.width == 0:
			if l != nil {
				t.Errorf("%s: made a logo of %.1f × %.1f mm", name, l.width, l.height)
			}
		case l == nil || !near(l.width, c.width) || !near(l.height, c.height):
			t.Errorf("%s: logo %+v, want %.1f × %.1f mm", name, l, c.width, c.height)
		}
		d := sampleContract(t)
		d.Vendor.LogoPNG = c.data
		drawContract(t, p, d)
	}
}

// TestManyAtOnce: one printer draws for several workers.
func TestManyAtOnce(t *testing.T) {
	p, d, r := newPrinter(t), demoContract(t), sampleReminder(t)
	want, wantReminder := drawContract(t, newPrinter(t), d), drawReminder(t, newPrinter(t), r)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 3 {
				if b, err := p.Contract(d); err != nil || !bytes.Equal(b, want) {
					t.Errorf("another contract: %v", err)
				}
				if b, err := p.Reminder(r); err != nil || !bytes.Equal(b, wantReminder) {
					t.Errorf("another reminder: %v", err)
				}
			}
		})
	}
	wg.Wait()
}

// hostile are texts that mean something to PDF, to XML or to a terminal, or nothing to anybody.
var hostile = []string{
	"(", ")", `\`, `\)`, "((((", "))))", "()<>[]{}/%&`", ") Tj ET Q endstream endobj", "endstream\nendobj\n1 0 obj<<>>", "%%EOF\nstartxref\n0",
	"<</Type/Catalog>>", "\r\n\r\n", "\x00\x01\x1b[31m", "\xff\xfe\x80", "\ufeff", "&amp;<b>]]>", "{{vendor.name}}", "%s %d %!", "=1+1", "## 9. Clausola",
	"😀", "\u202eabc\u202c", "e\u0301", strings.Repeat("A", 150), strings.Repeat("à ", 100), "中文", "\u00a0", "\u200b@\u200b", "",
}

// hostileContract is the sample with a text in each of its fields.
func hostileContract(d contract.Document, s string) contract.Document {
	d.Number, d.VerifyCode, d.VerifyURL, d.Split, d.StampDuty, d.Request, d.ConfirmedBy = s, s, s, s, s, s, s
	d.PaymentClause = "Termine espresso" + s + ". " + s
	d.School = contract.Party{Name: s, ShortName: s, Address: s, MinistryCode: s, TaxCode: s, VATNumber: s, OfficeCode: s, Email: s, PEC: s, Customer: s, PortalCode: s}
	d.Order = contract.Order{Order: renewal.Order{CIG: s, Exclusion: s, Reason: s, CUP: s, Number: s, Payment: supplier.PaymentTerm{Name: s}}}
	d.Vendor.Name, d.Vendor.Address, d.Vendor.IBAN, d.Vendor.Signatory, d.Vendor.LogoPNG = s, s, s, s, []byte(s)
	d.Vendor.Sentences.Signature, d.Vendor.Sentences.Verify, d.Vendor.Sentences.LicenseKeys = s, s, s
	d.Terms.Title, d.Terms.Version, d.Terms.Body = s, s, "# "+s+"\n\n## "+s+"\n\n"+s+"\n"
	d.Lines = slices.Clone(d.Lines[:5])
	for i := range d.Lines {
		d.Lines[i].Name = s
	}
	d.Totals = quote(d.Cap, d.Lines)
	return d
}

func TestHostileTexts(t *testing.T) {
	p, base := newPrinter(t), sampleContract(t)
	for _, s := range hostile {
		file := drawContract(t, p, hostileContract(base, s))
		if out := tool(t, file, "qpdf", "--check", "FILE"); !strings.Contains(out, "No syntax or stream encoding errors") {
			t.Errorf("%.40q: %s", s, out)
		}
		if out := flatText(t, file); !strings.Contains(out, "Conferma della scuola e condizioni accettate") || !strings.Contains(out, "Firma e verifica") {
			t.Errorf("%.40q hides parts of the contract", s)
		}
		checkWhole(t, file)
	}
}

// checkWhole reads every object and the structure with all its texts.
func checkWhole(t fataler, file []byte) {
	u, err := incremental.Open(file)
	if err != nil {
		t.Fatalf("%v", err)
	}
	for _, r := range u.Refs() {
		if _, err := u.Get(r); err != nil {
			t.Fatalf("%v", err)
		}
	}
	text := structure(t, file).whole()
	for _, want := range []string{"Dati dell’ordine", "Somma dei prodotti inclusi", "Conferma della scuola e condizioni accettate", "Firma e verifica"} {
		if !strings.Contains(text, want) {
			t.Fatalf("the structure lacks %q", want)
		}
	}
}

// FuzzContract puts a text into every field: the file is whole, or there is an error that says what is too tall.
func FuzzContract(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	p, base := newPrinter(f), sampleContract(f)
	f.Fuzz(func(t *testing.T, s string) {
		file, err := p.Contract(hostileContract(base, s))
		if err != nil {
			if !strings.Contains(err.Error(), "taller than a page") {
				t.Fatal(err)
			}
			return
		}
		checkWhole(t, file)
	})
}
