package e2e_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"rinnova/internal/catalog"
	"rinnova/internal/contract"
	"rinnova/internal/locale"
	"rinnova/internal/renewal"
)

// tool runs a program of Debian's on a file with this content, and gives what it printed. A program that is missing fails
// the test; what it says of the file is for the test to judge.
func tool(t *testing.T, content []byte, name string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("%v: run scripts/tools.sh", err)
	}
	file := filepath.Join(t.TempDir(), "file.pdf")
	check(t, os.WriteFile(file, content, 0o600))
	for i, a := range args {
		if a == "FILE" {
			args[i] = file
		}
	}
	c := exec.Command(path, args...)
	c.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	out, err := c.CombinedOutput()
	if len(out) == 0 {
		t.Fatalf("%s %s printed nothing: %v", name, strings.Join(args, " "), err)
	}
	return string(out)
}

// paperText is what a PDF says, without any space: names that run over two lines are whole again.
func paperText(t *testing.T, pdf []byte) string {
	t.Helper()
	return tight(tool(t, pdf, "pdftotext", "-raw", "-enc", "UTF-8", "FILE", "-"))
}

// tight is a text without spaces of any kind.
func tight(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// says holds that a paper says each of the words.
func says(t *testing.T, paper string, words ...string) {
	t.Helper()
	missing := false
	for _, w := range words {
		if !strings.Contains(paper, tight(w)) {
			t.Errorf("the paper does not say %q", w)
			missing = true
		}
	}
	if missing {
		t.Logf("the paper says: %s", paper)
	}
}

// signature is what an independent checker finds of a PDF's signature.
func signature(t *testing.T, pdf []byte) string {
	t.Helper()
	return tool(t, pdf, "pdfsig", "-nocert", "FILE")
}

// valid tells whether the checker finds one signature that is good and covers the whole file.
func valid(report string) bool {
	return strings.Contains(report, "Signature is Valid.") && strings.Contains(report, "Total document signed") &&
		strings.Count(report, "Signature #") == 1
}

// amountsOf are the sums of a calculation as papers write them.
func amountsOf(x catalog.Totals) []string {
	out := []string{locale.Amount(x.Included), locale.Amount(x.Excluded), locale.Amount(x.Taxable), locale.Amount(x.Total)}
	for _, v := range x.VATByRate {
		out = append(out, locale.Amount(v.VAT))
	}
	if x.Reduction > 0 {
		out = append(out, locale.Amount(-x.Reduction))
	}
	return out
}

// contractRow is how a line of a contract stands on paper: name, type, period, contacts, fee, amount, what the cap takes off
// where the kind knows one, and what is left.
func contractRow(kind renewal.Kind, l contract.DocumentLine, x catalog.LineTotal) string {
	license := "TD"
	if l.License == catalog.Perpetual {
		license = "TI"
	}
	contacts := "–"
	if l.Contacts > 0 {
		contacts = locale.Count(l.Contacts)
	}
	reduction := "–"
	switch {
	case l.InCap:
		reduction = locale.Amount(-x.Reduction)
	case !kind.Capped():
		reduction = ""
	}
	return l.Name + license + locale.Date(l.Period.From) + locale.Date(l.Period.To) + contacts + locale.Amount(l.Fee) + locale.Amount(x.Amount) + reduction + locale.Amount(x.Net)
}

var formatError = regexp.MustCompile(`%!|\{\{|<nil>|&(amp|lt|gt|quot|#\d+);`)

// written holds that no text shows how it was made.
func written(t *testing.T, what, text string) {
	t.Helper()
	if m := formatError.FindString(text); m != "" {
		at := strings.Index(text, m)
		t.Errorf("%s says %q: %q", what, m, text[max(0, at-40):min(len(text), at+40)])
	}
}
