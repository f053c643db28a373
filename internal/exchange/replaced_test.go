package exchange_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"

	"rinnova/internal/exchange"
)

// A file that was put in the place of the one that was shown is not applied: alone it is noticed by its hash; with its hash in the row, it is
// shown anew, even where its rows are the same and what differs (the list's name) stands in none of them.
func TestAFileThatWasReplacedIsNotApplied(t *testing.T) {
	const head = "listino;valido dal;codice prodotto;fino a 300;da 301 a 1.000;oltre 1000\n"
	file, other := head+"L 2028;01/01/2028;ALU1;340;420,50;1.000,00\n", []byte(head+"L 2029;01/01/2029;ALU1;340;420,50;1.000,00\n")
	for name, inRow := range map[string]bool{"the file alone": false, "the file and its hash": true} {
		t.Run(name, func(t *testing.T) {
			each(t, func(w *world) {
				i := w.sent(exchange.Prices, file)
				path := filepath.Join(w.Files.Root, "exchange", i.ID)
				w.must(os.Chmod(path, 0o600))
				w.must(os.WriteFile(path, other, 0o600))
				if sum := sha256.Sum256(other); inRow {
					_, err := w.DB.Writer(t.Context()).ExecContext(t.Context(), "UPDATE exchange_import SET sha256 = $1 WHERE id = $2", hex.EncodeToString(sum[:]), i.ID)
					w.must(err)
				}
				before, err := w.Store.PriceLists(t.Context())
				w.must(err)
				now := w.applied(i)
				after, err := w.Store.PriceLists(t.Context())
				w.must(err)
				if len(after) != len(before) || now.State == exchange.Applied || inRow && (now.State != exchange.Ready || !now.Detail.Stale) {
					t.Errorf("%s; %d lists, before %d", now.State, len(after), len(before))
				}
			})
		})
	}
}
