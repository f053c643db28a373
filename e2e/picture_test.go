package e2e_test

import (
	"flag"
	"os"
	"testing"

	"rinnova/internal/demo"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewalweb"
)

var update = flag.Bool("update", false, "draw the pictures of the documentation anew")

// picture is the renewal form in README.md.
const picture = "docs/images/rinnovo.png"

// TestPicture draws the picture of README.md when it is asked to (go test ./e2e -run Picture -update), and holds that it is
// there and small.
func TestPicture(t *testing.T) {
	if *update {
		drawPicture(t)
	}
	const most = 250_000
	f, err := os.Stat("../" + picture)
	if err != nil || f.Size() > most {
		t.Errorf("%s: %v, want a picture of at most %d bytes", picture, err, most)
	}
}

func drawPicture(t *testing.T) {
	p := onSQLite(t)
	b := p.tab(t)
	b.Go(renewalweb.CurrentPath)
	b.enter(supervisor("SG00012"))
	b.Click("#fascia-1")
	b.follow("main form .btn-primary")
	b.Type("#"+renewal.FieldCIG, demo.CIG(1))
	b.Type("#"+renewal.FieldNumber, "214/2026")
	b.Type("#"+renewal.FieldDate, "16/11/2026")
	b.Choose("#"+renewal.FieldPayment, "30")
	b.WaitText("#da-fare", "Dati dell’ordine")
	b.Go(renewalweb.CurrentPath) // without the focus in a field
	b.Picture(picture, 1200)
}
