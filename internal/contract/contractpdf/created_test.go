package contractpdf

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/letter"
	"rinnova/internal/pdf/incremental"
)

// A paper says the instant at which it came about, as people in Italy count, the same in both places where a PDF says it; one of
// before that was kept says what it always said, byte by byte: its day at noon.
func TestCreated(t *testing.T) {
	p := newPrinter(t)
	winter, summer := time.Date(2027, 1, 18, 16, 42, 3, 500, time.UTC), time.Date(2027, 7, 18, 16, 42, 3, 0, time.UTC)
	contract := sampleContract(t)
	old := drawContract(t, p, contract)
	contract.At = winter
	numbered := drawContract(t, p, contract)
	contract.At = summer
	inSummer := drawContract(t, p, contract)
	l := sampleLetter(t)
	oldLetter := drawLetter(t, p, l)
	oldSheet := drawAcceptance(t, p, sampleAcceptance(t))
	l.At = winter
	a := sampleAcceptance(t)
	a.Letter.Document.At, a.Received.Decided = winter, summer
	r := sampleReminder(t)
	r.PrintedAt = winter
	terms, err := p.Terms(sampleContract(t).Terms, sampleVendor())
	if err != nil {
		t.Fatal(err)
	}
	for name, x := range map[string]struct {
		file      []byte
		info, xmp string
	}{
		"contract":             {numbered, "D:20270118174203+01'00'", "2027-01-18T17:42:03+01:00"},
		"in summer":            {inSummer, "D:20270718184203+02'00'", "2027-07-18T18:42:03+02:00"},
		"contract of before":   {old, "D:20270118110000+00'00'", "2027-01-18T11:00:00+00:00"},
		"letter":               {drawLetter(t, p, l), "D:20270118174203+01'00'", "2027-01-18T17:42:03+01:00"},
		"letter of before":     {oldLetter, noonOf(sampleLetter(t)), ""},
		"acceptance":           {drawAcceptance(t, p, a), "D:20270718184203+02'00'", "2027-07-18T18:42:03+02:00"},
		"acceptance of before": {oldSheet, sampleAcceptance(t).Received.Decided.UTC().Format("D:20060102150405+00'00'"), ""},
		"reminder":             {drawReminder(t, p, r), "D:20270118174203+01'00'", "2027-01-18T17:42:03+01:00"},
		"terms":                {terms, "", sampleContract(t).Terms.EffectiveFrom.String() + "T00:00:00+0"},
	} {
		u, err := incremental.Open(x.file)
		if err != nil {
			t.Fatal(err)
		}
		info, err := u.Dict(u.Info())
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range []incremental.Name{"CreationDate", "ModDate"} {
			if got, _ := incremental.StringBytes(info[key]); x.info != "" && string(got) != x.info {
				t.Errorf("%s: %s is %s, want %s", name, key, got, x.info)
			}
		}
		created, err := incremental.ParseDate(info["CreationDate"])
		if err != nil {
			t.Error(name, err)
		}
		for _, tag := range []string{"xmp:CreateDate", "xmp:ModifyDate"} {
			_, rest, _ := bytes.Cut(x.file, []byte("<"+tag+">"))
			got, _, _ := strings.Cut(string(rest), "<")
			if at, err := time.Parse(time.RFC3339, got); err != nil || !at.Equal(created) || !strings.HasPrefix(got, x.xmp) {
				t.Errorf("%s: %s is %s, the other %s, want %s", name, tag, got, created, x.xmp)
			}
		}
	}
}

func noonOf(d letter.Document) string {
	return time.Date(d.Date.Year, d.Date.Month, d.Date.Day, 12, 0, 0, 0, rinnova.Rome).UTC().Format("D:20060102150405+00'00'")
}
