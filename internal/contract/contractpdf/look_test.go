package contractpdf

import (
	"os"
	"path/filepath"
	"testing"
)

// TestLook writes the sample documents into the folder that LOOK names, for people to look at. It checks only that they can be drawn.
func TestLook(t *testing.T) {
	dir := os.Getenv("LOOK")
	if dir == "" {
		dir = t.TempDir()
	}
	p := newPrinter(t)
	save := func(name string, b []byte, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := os.WriteFile(filepath.Join(dir, name+".pdf"), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b, err := p.Contract(sampleContract(t))
	save("contratto", b, err)
	b, err = p.Contract(longContract(t))
	save("contratto-lungo-60gg", b, err)
	b, err = p.Contract(sampleServices(t))
	save("contratto-servizi", b, err)
	b, err = p.Reminder(sampleReminder(t))
	save("promemoria", b, err)
	b, err = p.Reminder(sampleDraft(t))
	save("promemoria-bozza", b, err)
	b, err = p.Terms(sampleContract(t).Terms, sampleVendor())
	save("condizioni", b, err)
}

func newPrinter(t testing.TB) *Printer {
	t.Helper()
	p, err := NewPrinter()
	if err != nil {
		t.Fatal(err)
	}
	return p
}
