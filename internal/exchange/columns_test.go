package exchange_test

import (
	"strings"
	"testing"

	"rinnova"
	"rinnova/internal/exchange"
)

// A column that nobody would read is not passed over: the message names it, the name that was meant, or the page where the file
// belongs. Columns for people are let through.
func TestColumnsThatNobodyReads(t *testing.T) {
	const row = "\nRGIC82700L;ALU1;01/01/2027;31/12/2027;420\n"
	tests := map[string]struct {
		what exchange.What
		file string
		says string // empty: taken
	}{
		"misspelled":             {exchange.Subscriptions, "codice meccanografico;codice prodotto;dal;al;canone anuo" + row, "«canone anuo» non è di questo tracciato: forse è «canone annuale»"},
		"unknown":                {exchange.Subscriptions, "codice meccanografico;codice prodotto;dal;al;referente" + row, "«referente» non è di questo tracciato"},
		"a note":                 {exchange.Subscriptions, "codice meccanografico;codice prodotto;dal;al;Note" + row, ""},
		"for people":             {exchange.Subscriptions, "codice meccanografico;codice prodotto;dal;al;scuola" + row, ""},
		"another name":           {exchange.Subscriptions, "meccanografico;prodotto;inizio;fine;canone" + row, ""},
		"another layout":         {exchange.Schools, "codice meccanografico;codice prodotto;dal;al;canone annuale" + row, "Prodotti delle scuole"},
		"schools among products": {exchange.Subscriptions, "codice portale;denominazione;comune;alunni\nSG00001;IC Prova;Ragusa;900\n", "Scuole"},
		"schools among codes":    {exchange.Codes, "codice portale;denominazione;comune;alunni;codice fiscale\nSG00001;IC Prova;Ragusa;900;80006890646\n", "Scuole"},
		"an empty name":          {exchange.Schools, "codice portale;alunni;\nSG00001;900;\n", ""},
	}
	each(t, func(w *world) {
		for name, x := range tests {
			_, err := w.Receive(t.Context(), manager, x.what, "prova.csv", []byte(x.file))
			if x.says == "" {
				if err != nil {
					t.Errorf("%s: %v", name, err)
				}
			} else if rinnova.KindOf(err) != rinnova.Invalid || !strings.Contains(err.Error(), x.says) {
				t.Errorf("%s: %v, want %q", name, err, x.says)
			}
		}
	})
}
