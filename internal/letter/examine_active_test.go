package letter_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"rinnova"
	"rinnova/internal/letter"
	"rinnova/internal/locale"
	"rinnova/internal/pdf/incremental"
	"rinnova/internal/sign"
)

// onOpening is a letter with something in its catalog.
func onOpening(t *testing.T, key incremental.Name, value string) []byte {
	t.Helper()
	return revised(t, drawn(t), func(u *incremental.Update, catalog incremental.Dict) { catalog[key] = incremental.Raw(value) })
}

// revised appends a revision to a file.
func revised(t *testing.T, file []byte, change func(u *incremental.Update, catalog incremental.Dict)) []byte {
	t.Helper()
	u, err := incremental.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	catalog, err := u.Dict(u.Root())
	if err != nil {
		t.Fatal(err)
	}
	change(u, catalog)
	u.Set(u.Root(), catalog)
	out, _ := u.Bytes()
	return out
}

// A letter that does more than being read is refused, wherever it hides that, with words that name it and say what to do.
func TestActiveLettersAreRefused(t *testing.T) {
	script := onOpening(t, "OpenAction", "<</S/JavaScript/JS(app.alert\\(1\\))>>")
	cleaned := revised(t, script, func(_ *incremental.Update, catalog incremental.Dict) { delete(catalog, "OpenAction") })
	attached := tool(t, drawn(t), "qpdf", "IN", "--add-attachment", "/etc/hostname", "--", "OUT")
	for name, x := range map[string]struct {
		file []byte
		says string
	}{
		"a script when opened":       {script, "JavaScript"},
		"in an object stream":        {tool(t, script, "qpdf", "--object-streams=generate", "IN", "OUT"), "JavaScript"},
		"in an earlier revision":     {cleaned, "JavaScript"},
		"its name written in digits": {bytes.Replace(script, []byte("/JavaScript"), []byte("/J#61vaScript"), 1), "JavaScript"},
		"signed":                     {pades(t, script), "JavaScript"},
		"added after signing": {revised(t, pades(t, drawn(t)), func(_ *incremental.Update, c incremental.Dict) {
			c["OpenAction"] = incremental.Raw("<</S/Launch/F(a.exe)>>")
		}), "Launch"},
		"in a .p7m":                     {cades(t, script), "JavaScript"},
		"in a .p7m in a .p7m":           {cades(t, cades(t, script)), "JavaScript"},
		"an attachment":                 {attached, "allegati"},
		"an attachment in a .p7m":       {cades(t, attached), "allegati"},
		"a web page when opened":        {onOpening(t, "OpenAction", "<</S/URI/URI(https://a.example)>>"), "OpenAction"},
		"something on closing":          {onOpening(t, "AA", "<</WC<</S/GoTo/D[0/Fit]>>>>"), "AA"},
		"a dynamic form":                {onOpening(t, "AcroForm", "<</Fields[]/XFA(x)>>"), "XFA"},
		"a link to a program":           {onOpening(t, "Names", "<</X<</S/URI/URI(file:///c:/a.exe)>>>>"), "URI"},
		"script after something before": {append([]byte("X: y\r\n\r\n"), script...), "JavaScript"},
		"two things":                    {onOpening(t, "AA", "<</WC<</S/Launch/F(a)>>>>"), "(Launch), azioni che partono da sole"},
	} {
		_, _, err := letter.Examine(t.Context(), x.file)
		if rinnova.KindOf(err) != rinnova.Invalid || !strings.Contains(fmt.Sprint(err), x.says) || !strings.Contains(fmt.Sprint(err), "stampatela") {
			t.Errorf("%s: %v, want %q", name, err, x.says)
			continue
		}
		if e, ok := err.(*rinnova.Error); !ok || strings.ContainsAny(locale.English.Text(e.Message), "àèìòù%{") {
			t.Errorf("%s: in English %s", name, locale.English.Text(e.Message))
		}
	}
	for name, file := range map[string][]byte{
		"opens at its first page":  onOpening(t, "OpenAction", "[3 0 R/Fit]"),
		"by an action":             onOpening(t, "OpenAction", "<</S/GoTo/D[3 0 R/XYZ null null 0]>>"),
		"has links":                onOpening(t, "Dests", "<</A<</S/URI/URI(https://www.scuola.example/)>>/B<</S/URI/URI(mailto:a@b.example)>>>>"),
		"of a program for writing": tool(t, drawn(t), "qpdf", "--object-streams=generate", "--linearize", "IN", "OUT"),
	} {
		if _, _, err := letter.Examine(t.Context(), file); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What somebody has signed is never to be saved again.
func TestNoAdviceDestroysASignature(t *testing.T) {
	plain, signed := drawn(t), pades(t, drawn(t))
	protected := func(b []byte) []byte {
		return tool(t, b, "qpdf", "--encrypt", "", "b", "256", "--", "IN", "OUT")
	}
	broken := func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("/Type/Catalog"), []byte("/Type\x80(atalog")) }
	for name, x := range map[string]struct {
		file   []byte
		signed bool
	}{
		"cut": {plain[:len(plain)-30], false}, "signed, cut": {signed[:len(signed)-30], true},
		"broken": {broken(plain), false}, "signed, broken": {broken(signed), true},
		"protected":             {protected(plain), false},
		"signed, and protected": {append(bytes.Clone(protected(plain)), "\n% /ByteRange[0 1 2 3]\n%%EOF\n"...), true},
	} {
		_, _, err := letter.Examine(t.Context(), x.file)
		if rinnova.KindOf(err) != rinnova.Invalid {
			t.Errorf("%s: %v", name, err)
			continue
		}
		text := err.(*rinnova.Error).Message.String()
		save := strings.Contains(text, "Salvatelo di nuovo") || strings.Contains(text, "Salvatelo senza")
		if save == x.signed {
			t.Errorf("%s: %s", name, text)
		}
	}
}

// Something before or behind the document is passed over as readers do, and told; what is something else by itself is refused.
func TestSomethingAround(t *testing.T) {
	plain, archive := drawn(t), zipped(t, "a.txt")
	signed, wrapped := pades(t, plain), cades(t, plain)
	around := func(before string, b []byte, behind string) []byte { return []byte(before + string(b) + behind) }
	for name, x := range map[string]struct {
		file  []byte
		extra int
		good  []sign.Integrity
	}{
		"a mark of the byte order":          {around("\xEF\xBB\xBF", plain, ""), 3, nil},
		"a head before":                     {around("X-From: y\r\n\r\n", plain, ""), 13, nil},
		"a head before a signed one":        {around("X-From: y\r\n\r\n", signed, ""), 13, []sign.Integrity{sign.Intact}},
		"a line behind":                     {around("", signed, "\r\n"), 0, []sign.Integrity{sign.Intact}},
		"zeros behind":                      {around("", signed, strings.Repeat("\x00", 5000)), 0, []sign.Integrity{sign.Intact}},
		"a boundary behind":                 {around("", signed, "\r\n--abc--"), 9 + 1, []sign.Integrity{sign.Intact}},
		"a .p7m with a line behind":         {around("", wrapped, "\r\n"), 0, []sign.Integrity{sign.Intact}},
		"a .p7m with zeros behind":          {around("", wrapped, strings.Repeat("\x00", 5000)), 0, []sign.Integrity{sign.Intact}},
		"a .p7m with something behind":      {around("", wrapped, "--abc--"), 7, []sign.Integrity{sign.Intact}},
		"a .p7m in a part of a mail":        {around("MIME-Version: 1.0\nContent-Type: application/pkcs7-mime\n\n", inLines(wrapped), ""), 0, []sign.Integrity{sign.Intact}},
		"a .p7m in base64 without its ends": {bytes.TrimRight(bytes.TrimSpace(inLines(wrapped)), "="), 0, []sign.Integrity{sign.Intact}},
	} {
		f, inner, err := letter.Examine(t.Context(), x.file)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []sign.Integrity
		for _, s := range f.Signatures {
			got = append(got, s.Integrity)
		}
		if f.Extra != x.extra || !equal(got, x.good) || !bytes.HasPrefix(inner, []byte("%PDF-")) || f.Pages != 3 {
			t.Errorf("%s: %+v", name, f)
		}
	}
	for name, x := range map[string]struct {
		file []byte
		says string
	}{
		"much before":                {around(strings.Repeat("x", 2000), plain, ""), "prima dell’inizio del PDF, c’è altro (2.000 byte)"},
		"much behind":                {around("", plain, strings.Repeat("x", 2000)), "dopo la fine del PDF, c’è altro (2.000 byte)"},
		"much behind a .p7m":         {around("", wrapped, strings.Repeat("x", 2000)), "dopo la firma, c’è altro (2.000 byte)"},
		"an archive behind":          {around("", plain, string(archive)), "insieme un archivio"},
		"an archive in the middle":   {around(string(plain[:9])+"%", archive, "\n"+string(plain[9:])), "insieme un archivio"},
		"a page behind":              {around("", plain, "<html><script>"), "dopo la fine"},
		"a program before":           {around("MZ", plain, ""), "programma"},
		"a page before":              {around("<html>", plain, ""), "pagina web"},
		"an archive behind a .p7m":   {around("", wrapped, string(archive)), "dopo la firma"},
		"a .p7m that is encrypted":   {tool(t, plain, "openssl", "cms", "-encrypt", "-binary", "-outform", "DER", "-aes256", "-in", "IN", "-out", "OUT", certificate(t)), "cifrato"},
		"two PDF, one after another": {around("", plain, string(drawnAs(t, "Altra scuola"))), "non si legge"},
	} {
		_, _, err := letter.Examine(t.Context(), x.file)
		if rinnova.KindOf(err) != rinnova.Invalid || !strings.Contains(fmt.Sprint(err), x.says) {
			t.Errorf("%s: %v, want %q", name, err, x.says)
		}
	}
}
