package contractpdf

import (
	"strings"
	"testing"
	"time"

	"rinnova/internal/contract"
	"rinnova/internal/sign"
)

// TestSigned: a signed contract is a whole file that others take as signed, small enough to keep a million of.
func TestSigned(t *testing.T) {
	now := time.Date(2027, 9, 20, 10, 0, 0, 0, time.UTC)
	key, err := sign.DemoKey(func() time.Time { return now }, t.TempDir(), "Esempio Software S.r.l.")
	if err != nil {
		t.Fatal(err)
	}
	p, signer := newPrinter(t), sign.NewSigner(key, nil)
	for name, c := range map[string]struct {
		document contract.Document
		most     int // bytes
	}{
		"two pages":   {sampleServices(t), 35_000},
		"three pages": {sampleContract(t), 40_000},
		"38 lines":    {longContract(t), 50_000},
	} {
		signed, err := signer.SignPDF(t.Context(), drawContract(t, p, c.document), sign.Options{Name: "Lucia Ferrante", At: now, Certify: true})
		if err != nil {
			t.Fatal(err)
		}
		if len(signed) > c.most {
			t.Errorf("%s: %d bytes, more than %d", name, len(signed), c.most)
		}
		if out := tool(t, signed, "qpdf", "--check", "FILE"); !strings.Contains(out, "No syntax or stream encoding errors") {
			t.Errorf("%s: %s", name, out)
		}
		out := tool(t, signed, "pdfsig", "-nocert", "FILE")
		for _, want := range []string{"Signature is Valid", "Total document signed", "ETSI.CAdES.detached"} {
			if !strings.Contains(out, want) {
				t.Errorf("%s: pdfsig does not say %q:\n%s", name, want, out)
			}
		}
		if text := structure(t, signed).whole(); !strings.Contains(text, "Firma e verifica") {
			t.Errorf("%s: the structure is lost", name)
		}
	}
}

// TestCertified: a contract says that only signatures may follow. The signature of the school's head beside ours leaves both valid, for
// others and for us; a second certification is refused.
func TestCertified(t *testing.T) {
	now := time.Date(2027, 9, 20, 10, 0, 0, 0, time.UTC)
	var pens []*sign.Signer
	for range 2 {
		key, err := sign.DemoKey(func() time.Time { return now }, t.TempDir(), "Esempio Software S.r.l.")
		if err != nil {
			t.Fatal(err)
		}
		pens = append(pens, sign.NewSigner(key, nil))
	}
	certified, err := pens[0].SignPDF(t.Context(), drawContract(t, newPrinter(t), sampleContract(t)), sign.Options{Name: "Fornitore", At: now, Certify: true})
	if err != nil {
		t.Fatal(err)
	}
	if text := tool(t, certified, "qpdf", "--qdf", "--object-streams=disable", "FILE", "-"); !strings.Contains(text, "/TransformMethod /DocMDP") || !strings.Contains(text, "/Perms") || !strings.Contains(text, "/P 2") {
		t.Error("it is not certified")
	}
	both, err := pens[1].SignPDF(t.Context(), certified, sign.Options{Name: "Dirigente", At: now.Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	if out := tool(t, both, "pdfsig", "-nocert", "FILE"); strings.Count(out, "Signature is Valid") != 2 {
		t.Errorf("pdfsig says\n%s", out)
	}
	if out := tool(t, both, "qpdf", "--check", "FILE"); !strings.Contains(out, "No syntax or stream encoding errors") {
		t.Error(out)
	}
	if r, err := sign.Verify(both); err != nil || len(r.Signatures) != 2 {
		t.Errorf("%+v, %v", r, err)
	}
	if _, err := pens[1].SignPDF(t.Context(), certified, sign.Options{Name: "Dirigente", At: now, Certify: true}); err == nil {
		t.Error("a second certification is taken")
	}
}
