package exchange_test

import (
	"strings"
	"testing"

	"rinnova/internal/exchange"
	"rinnova/internal/school"
	"rinnova/internal/sheet/sheettest"
)

// Files that people really have, one test for each kind of fault that programs are known for: the right value comes in, or
// the row is refused by name; nothing slides, is swallowed or made up.

var priceHead = []string{"listino", "valido dal", "codice prodotto", "fino a 500", "da 501 a 1000", "oltre 1000"}

func oneSheet(rows ...[]string) string {
	return string(sheettest.Workbook([]sheettest.Sheet{{Name: "Foglio1", Rows: sheettest.Rows(rows...)}}))
}

// planned is the plan of a file as the page shows it, which must be what the command does too.
func (w *world) planned(what exchange.What, text string) string {
	w.t.Helper()
	p, err := w.Run(w.t.Context(), manager, what, "prova", []byte(text), true)
	i, sendErr := w.Receive(w.t.Context(), manager, what, "prova", []byte(text))
	if sendErr != nil {
		if err == nil || err.Error() != sendErr.Error() {
			w.t.Errorf("the page says %v, the command %v", sendErr, err)
		}
		return "refused: " + sendErr.Error() + "\n"
	}
	if i = w.done(i.ID); i.State == exchange.Failed {
		if err == nil || err.Error() != i.Detail.Message.String() {
			w.t.Errorf("the page says %v, the command %v", i.Detail.Message, err)
		}
		return "refused: " + i.Detail.Message.String() + "\n"
	}
	if err != nil {
		w.t.Fatalf("the command says %v", err)
	}
	if p.Digest != i.Digest {
		w.t.Errorf("the page and the command differ")
	}
	var out strings.Builder
	for _, n := range i.Detail.Notes {
		out.WriteString("note: " + n.String() + "\n")
	}
	for _, v := range exchange.Views {
		for l := range strings.Lines(w.said(i, v)) {
			out.WriteString(string(v) + ": " + l)
		}
	}
	return out.String()
}

// named are parts by pairs of name and text.
func named(pairs []string) (out []sheettest.Part) {
	for i := 0; i+1 < len(pairs); i += 2 {
		out = append(out, sheettest.Part{Name: pairs[i], Body: pairs[i+1]})
	}
	return out
}

func called(name, state, rows string) sheettest.Sheet {
	return sheettest.Sheet{Name: name, State: state, Rows: rows}
}

func contains(t *testing.T, name, got string, want ...string) {
	t.Helper()
	for _, x := range want {
		if no, ok := strings.CutPrefix(x, "!"); ok && strings.Contains(got, no) {
			t.Errorf("%s: %q stands in\n%s", name, no, got)
		} else if !ok && !strings.Contains(got, x) {
			t.Errorf("%s: no %q in\n%s", name, x, got)
		}
	}
}

func TestCellsWithoutAPlaceKeepTheirColumns(t *testing.T) {
	each(t, func(w *world) {
		head := []string{"listino", "valido dal", "codice prodotto", "fino a 500", "da 501 a 1000", "oltre 1000"}
		got := w.planned(exchange.Prices, oneSheet(head,
			[]string{"L 2028", "01/01/2028", "ALU1", `<c/>`, "<c><v>420</v></c>", "<c><v>510</v></c>"}))
		contains(t, "an empty cell", got, "fino a 500! Manca il canone", "!da 501 a 1000! Manca", "!oltre 1000! Manca")
		got = w.planned(exchange.Prices, oneSheet(head,
			[]string{`<c/>`, "01/01/2028", "ALU1", `<c s="0"/>`, "<c><v>420</v></c>", "<c><v>510</v></c>"},
			[]string{`<c r="A3" t="inlineStr"><is><t>L 2028</t></is></c>`, "01/01/2028", "ALU1", `<c r="E3"><v>1</v></c>`, `<c><v>2</v></c>`, `<c r="D3"><v>3</v></c>`}))
		contains(t, "mixed", got, "rifiutate: 2 ; listino! Manca", "nuove: 3 ALU1 · Alunni Web; fino a 500:  → 3,00; da 501 a 1000:  → 1,00; oltre 1000:  → 2,00")
	})
}

func TestAFormulaWithoutAResultIsNothingElse(t *testing.T) {
	each(t, func(w *world) {
		for name, cell := range map[string]string{
			"no value": `<c><f>330*1.03</f></c>`, "an empty value": `<c><f>330*1.03</f><v></v></c>`, "a value of nothing": `<c t="n"><f>330*1.03</f><v/></c>`,
			"a shared one": `<c><f t="shared" si="0"/><v> </v></c>`,
		} {
			got := w.planned(exchange.Prices, oneSheet(priceHead, []string{"L 2028", "01/01/2028", "ALU1", cell, "420", "510"}))
			contains(t, name, got, "fino a 500! La cella contiene una formula senza risultato", "!scrivete 0")
			got = w.planned(exchange.Subscriptions, oneSheet([]string{"codice meccanografico", "codice prodotto", "dal", "al", "canone"},
				[]string{w.schools(1)[0].MinistryCode, "ALU1", "01/01/2027", "31/12/2027", cell}))
			contains(t, name, got, "canone annuale! La cella contiene una formula senza risultato")
		}
	})
}

func TestTheAmountIsWhatAPersonSees(t *testing.T) {
	each(t, func(w *world) {
		got := w.planned(exchange.Prices, oneSheet(priceHead,
			[]string{"L 2028", "01/01/2028", "ALU1", "<c><v>363.0000000000001</v></c>", "<c><f>0.1+0.2</f><v>0.30000000000000004</v></c>", "<c><v>492.00000000000006</v></c>"},
			[]string{"L 2028", "01/01/2028", "INV", "<c><v>362.99999999</v></c>", "<c><v>1234.567</v></c>", "<c><v>1e-9</v></c>"}))
		contains(t, "noise", got, "fino a 500:  → 363,00; da 501 a 1000:  → 0,30; oltre 1000:  → 492,00", "da 501 a 1000! «1234,567» ha più di due decimali", "!fino a 500!", "!oltre 1000!")
		got = w.planned(exchange.Prices, "listino;valido dal;codice prodotto;fino a 500;da 501 a 1000;oltre 1000\n"+
			"L;01/01/2028;ALU1;363,0000000000001;\u00a01\u202f234,50 €;1.234,5\nL;01/01/2028;INV;0.500;1'234,50;12,345\n")
		contains(t, "text", got, "nuove: 2 ALU1 · Alunni Web; fino a 500:  → 363,00; da 501 a 1000:  → 1234,50; oltre 1000:  → 1234,50", "fino a 500! «0.500»", "oltre 1000! «12,345» ha più di due decimali")
		got = w.planned(exchange.Prices, "listino;valido dal;codice prodotto;fino a 500;da 501 a 1000;oltre 1000\n"+
			"L;01/01/2028;ALU1;205.750;1.234,50;1.234\nL;01/01/2028;INV;1.234;12;492.00\n")
		contains(t, "points before decimals", got, "fino a 500! «205.750» non è chiaro: qui il punto separa le migliaia o i decimali? Alla riga 3", "oltre 1000! «1.234» non è chiaro", "rifiutate: 2")
		got = w.planned(exchange.Prices, "listino;valido dal;codice prodotto;fino a 500;da 501 a 1000;oltre 1000\nL;01/01/2028;ALU1;1.234;1.234,50;12\n")
		contains(t, "points for thousands", got, "fino a 500:  → 1234,00")
	})
}

// A value below no name is somebody's: it is not passed over.
func TestValuesWithoutANameAreRefused(t *testing.T) {
	each(t, func(w *world) {
		s := w.schools(1)[0]
		head := []string{"codice meccanografico", "", "comune"}
		contains(t, "in the middle", w.planned(exchange.Schools, oneSheet(head, []string{s.MinistryCode, "777", "Ragusa"})), "rifiutate: 2", "La colonna n. 2 non ha un nome, e qui contiene «777»")
		contains(t, "empty", w.planned(exchange.Schools, oneSheet(head, []string{s.MinistryCode, "", "Ragusa"})), "cambiate: 2")
	})
}

func TestEscapesAreCharacters(t *testing.T) {
	each(t, func(w *world) {
		s := w.schools(1)[0]
		got := w.planned(exchange.Schools, oneSheet([]string{"codice meccanografico", "indirizzo", "comune"},
			[]string{s.MinistryCode, "Via Roma 1_x000D_\nRagusa", "Santa_x0020_Croce_x005F_x000D_"}))
		contains(t, "escapes", got, "indirizzo: "+s.Shown(school.FieldAddress)+" → Via Roma 1 Ragusa", "→ Santa Croce_x000D")
	})
}

func TestPartsAreFoundWhereTheyAre(t *testing.T) {
	each(t, func(w *world) {
		s := w.schools(1)[0]
		rows := sheettest.Rows([]string{"codice meccanografico", "codice fiscale"}, []string{s.MinistryCode, `<c t="s"><v>0</v></c>`})
		sheet := `<worksheet><sheetData>` + rows + `</sheetData></worksheet>`
		book := `<workbook xmlns:r="x"><sheets><sheet name="Dati" sheetId="1" r:id="rId1"/></sheets></workbook>`
		texts := `<sst><si><t>80006890646</t></si></sst>`
		for name, parts := range map[string][]string{
			"backslashes": {`_rels\.rels`, sheettest.Relations("officeDocument", "xl/workbook.xml"), `xl\workbook.xml`, book, `xl\_rels\workbook.xml.rels`, sheettest.Relations("worksheet", "worksheets/sheet1.xml", "sharedStrings", "SharedStrings.xml"),
				`xl\worksheets\sheet1.xml`, sheet, `xl\SharedStrings.xml`, texts},
			"elsewhere": {`_rels/.rels`, sheettest.Relations("officeDocument", "/Dati/Libro.xml"), `Dati/Libro.xml`, book, `Dati/_rels/Libro.xml.rels`, sheettest.Relations("worksheet", "../F/uno%201.xml", "sharedStrings", `/testi.xml`),
				`F/uno 1.xml`, sheet, `testi.xml`, texts},
			"capitals": {`_Rels/.RELS`, sheettest.Relations("officeDocument", "XL/Workbook.xml"), `xl/workbook.xml`, book, `xl/_rels/workbook.xml.rels`, sheettest.Relations("worksheet", "Worksheets/Sheet1.xml", "sharedStrings", "sharedstrings.xml"),
				`xl/worksheets/sheet1.xml`, sheet, `xl/sharedStrings.xml`, texts},
		} {
			got := w.planned(exchange.Codes, string(sheettest.Archive(named(parts)...)))
			contains(t, name, got, "codice fiscale: ", "80006890646")
		}
	})
}

func TestAQuoteInATabFileSwallowsNoLines(t *testing.T) {
	each(t, func(w *world) {
		s := w.schools(5)
		text := "cod_amm\tcod_ou\tcod_uni_ou\tdes_ou\tindirizzo\tcf\n"
		for i, x := range s {
			address := []string{`"G. Galilei" - Via Roma, 1`, `Via Roma, 1`, `"Via Roma`, `Via Roma "palazzo"`, `Via "X" "Y"`}[i]
			text += "istsc_" + strings.ToLower(x.MinistryCode) + "\tx\tUFAAA" + string(rune('1'+i)) + "\tUff_eFatturaPA\t" + address + "\t" + []string{"80006890646", "null", "null", "null", "null"}[i] + "\n"
		}
		w.applied(w.sent(exchange.Codes, text))
		all, err := w.Schools.All(t.Context())
		w.must(err)
		for i, x := range all {
			if want := "UFAAA" + string(rune('1'+i)); x.OfficeCode != want {
				t.Errorf("school %d has %q, want %q", i+1, x.OfficeCode, want)
			}
			if i > 0 && x.TaxCode == "80006890646" {
				t.Errorf("school %d has another's tax code", i+1)
			}
		}
	})
}

func TestAnOpenQuoteIsRefusedWithItsBlock(t *testing.T) {
	each(t, func(w *world) {
		code := w.schools(1)[0].MinistryCode
		head := "codice meccanografico;scuola;codice prodotto;dal;al\n"
		got := w.planned(exchange.Subscriptions, head+code+";\"MEGA SERVICE;ALU1;01/01/2026;31/12/2026\n"+code+";IC;INV;01/01/2026;31/12/2026\n")
		contains(t, "to the end", got, "rifiutate: 2 ", "virgolette", "!nuove")
		got = w.planned(exchange.Subscriptions, head+code+";\"MEGA SERVICE;ALU1;01/01/2026;31/12/2026\n"+code+";IC;INV;01/01/2026;31/12/2026\n"+
			code+";ALTRA\";ALU1;01/01/2028;31/12/2028\n"+code+";IC;INV;01/01/2029;31/12/2029\n")
		contains(t, "closed by another's", got, "rifiutate: 2 ", "alla riga 4", "nuove: 5 ")
	})
}

func TestTextDatesWithATimeAreDays(t *testing.T) {
	each(t, func(w *world) {
		code := w.schools(1)[0].MinistryCode
		for typed, want := range map[string]string{
			"01/01/2026 00:00:00": "01/01/2026", "01/01/2026 0:00": "01/01/2026", "2026-01-01T00:00:00": "01/01/2026", "2026-01-01 00:00:00.000": "01/01/2026",
			"2026-01-01T00:00:00Z": "01/01/2026", "1/1/26": "01/01/2026", "01-gen-26": "01/01/2026", "1 gennaio 2026": "01/01/2026", "\u200e01/01/2026": "01/01/2026",
			"01/01/2026 12.30": "01/01/2026", "2026/01/01": "01/01/2026", "20260101": "01/01/2026",
		} {
			got := w.planned(exchange.Subscriptions, periods+code+";ALU1;"+typed+";31/12/2026;;\n")
			contains(t, typed, got, "nuove: 2 ", "ALU1 · "+want)
		}
		for _, typed := range []string{"2025-12-31T23:00:00Z", "2025-12-31T22:00:00.000+00:00", "31/02/2026 00:00:00", "12/31/2026", "01/01/2026 25:00", "46023"} {
			got := w.planned(exchange.Subscriptions, periods+code+";ALU1;"+typed+";31/12/2027;;\n")
			contains(t, typed, got, "rifiutate: 2 ; dal! ")
		}
	})
}

func TestTheSheetWithTheRightColumnsIsTaken(t *testing.T) {
	each(t, func(w *world) {
		code := w.schools(1)[0].MinistryCode
		right := sheettest.Rows([]string{"codice meccanografico", "codice fiscale"}, []string{code, "80006890646"})
		empty := sheettest.Rows([]string{"codice meccanografico", "codice fiscale"})
		summary := sheettest.Rows([]string{"Riepilogo"}, []string{"Scuole", "1"})
		for name, x := range map[string]struct {
			sheets []sheettest.Sheet
			want   []string
		}{
			"a summary before it":    {[]sheettest.Sheet{called("Riepilogo", "", summary), called("Scuole 2026", "", right)}, []string{"note: Il file ha 2 fogli: è stato letto «Scuole 2026»", "cambiate: 2 "}},
			"a hidden one before it": {[]sheettest.Sheet{called("Vecchio", "hidden", right), called("Nuovo", "", right)}, []string{"è stato letto «Nuovo»", "cambiate: 2 "}},
			"only a hidden one fits": {[]sheettest.Sheet{called("Riepilogo", "", summary), called("Dentro", "veryHidden", right)}, []string{"è stato letto «Dentro», che è nascosto", "cambiate: 2 "}},
			"an empty one beside it": {[]sheettest.Sheet{called("Modello", "", empty), called("Nuovo", "visible", right)}, []string{"è stato letto «Nuovo»", "cambiate: 2 "}},
			"two fit":                {[]sheettest.Sheet{called("Uno", "", right), called("Due", "", right)}, []string{"refused: ", "«Uno» e «Due»"}},
			"none fits":              {[]sheettest.Sheet{called("Uno", "", summary), called("Due", "", summary)}, []string{"refused: ", "Foglio «Uno»"}},
		} {
			contains(t, name, w.planned(exchange.Codes, string(sheettest.Workbook(x.sheets))), x.want...)
		}
	})
}

func TestRowsHiddenByAFilterAreTold(t *testing.T) {
	each(t, func(w *world) {
		s := w.schools(2)
		rows := sheettest.Rows([]string{"codice meccanografico", "codice fiscale"}, []string{s[0].MinistryCode, "80006890646"}) +
			`<row r="3" hidden="1">` + strings.TrimSuffix(strings.TrimPrefix(sheettest.Rows([]string{s[1].MinistryCode, "80006890646"}), "<row>"), "</row>") + `</row>`
		got := w.planned(exchange.Codes, string(sheettest.Workbook([]sheettest.Sheet{{Name: "Dati", Rows: rows}})))
		contains(t, "hidden", got, "note: Righe nascoste nel foglio, forse da un filtro: 1.", "avvisi: 3 ", "La riga è nascosta nel foglio", "cambiate: 3 ")
	})
}

func TestWhatCannotBeSeenIsCleanedEverywhere(t *testing.T) {
	each(t, func(w *world) {
		s := w.schools(1)[0]
		dirty := func(v string) string {
			return "\u200b\u00a0" + v[:2] + "\u00ad\u200d" + v[2:] + "\ufeff\u202f\u200f"
		}
		head := []string{"codice meccanografico", "codice portale", "e-mail", "codice fiscale", "CAP", "comune", "alunni"}
		row := []string{dirty(s.MinistryCode), dirty(s.PortalCode), dirty("nuova@scuola.example"), dirty("80006890646"), dirty("97100"), dirty("Ragusa"), dirty("900")}
		for name, text := range map[string]string{"csv": strings.Join(head, ";") + "\n" + strings.Join(row, ";") + "\n", "xlsx": oneSheet(head, row)} {
			got := w.planned(exchange.Schools, text)
			contains(t, name, got, "→ nuova@scuola.example;", "codice fiscale:  → 80006890646", "CAP: "+s.Postcode+" → 97100", "→ Ragusa", "→ 900 (2026/27)", "!rifiutate")
		}
		periods := []string{"codice meccanografico", "codice prodotto", "dal", "al", "canone", "tipo"}
		got := w.planned(exchange.Subscriptions, oneSheet(periods, []string{dirty(s.MinistryCode), dirty("ALU1"), dirty("01/01/2027"), dirty("2027-12-31"), dirty("420,50"), dirty("TD")}))
		contains(t, "periods", got, "nuove: 2 ", "→ 420,50")
		got = w.planned(exchange.Prices, oneSheet([]string{dirty("listino"), dirty("valido dal"), "codice\u00a0prodotto", dirty("canone")}, []string{dirty("L 2028"), dirty("01/01/2028"), dirty("ALU1"), dirty("420")}))
		contains(t, "prices", got, "nuove: 2 ", "→ 420,00")
	})
}

func TestWhatExcelMadeOfACodeIsRefused(t *testing.T) {
	each(t, func(w *world) {
		s := w.schools(1)[0]
		head := "codice meccanografico;codice fiscale;codice univoco\n"
		contains(t, "scientific", w.planned(exchange.Codes, head+s.MinistryCode+";8,00069E+10;\n"), "codice fiscale! Excel ha trasformato il codice in un numero")
		contains(t, "of a short code", w.planned(exchange.Codes, head+s.MinistryCode+";;1,00E+05\n"), "codice univoco! Excel ha trasformato il codice in un numero")
		contains(t, "text formulas", w.planned(exchange.Codes, head+s.MinistryCode+`;="80006890646";"=""UFAB12"""`+"\n"), "codice fiscale:  → 80006890646", "codice univoco:  → UFAB12")
		contains(t, "a number", w.planned(exchange.Codes, oneSheet([]string{"codice meccanografico", "codice fiscale"}, []string{s.MinistryCode, "<c><v>8.0006890646E10</v></c>"})), "codice fiscale:  → 80006890646")
	})
}
