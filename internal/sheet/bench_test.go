package sheet_test

import (
	"errors"
	"io"
	"strings"
	"syscall"
	"testing"
	"time"

	"rinnova/internal/sheet"
	"rinnova/internal/sheet/sheettest"
)

// processor is the time of the processor that this process has taken.
func processor() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkRead reads whole files: an ordinary one of a season, and those that are packed to keep the processor busy. The time of
// the processor counts, for other work may run beside.
func BenchmarkRead(b *testing.B) {
	head := []string{"codice meccanografico", "codice prodotto", "dal", "al", "canone"}
	season := make([][]string, 20_001)
	season[0] = head
	for i := range season[1:] {
		season[i+1] = []string{"RGIC82700L", "ALU1", "01/01/2027", "31/12/2027", "<c><v>420.5</v></c>"}
	}
	one := func(rows string) []byte { return sheettest.Workbook([]sheettest.Sheet{{Name: "Dati", Rows: rows}}) }
	for name, data := range map[string][]byte{
		"a season of 20,000 rows": one(sheettest.Rows(season...)),
		"40 million empty rows":   one(strings.Repeat("<row/>", 40_000_000)),
		"40 million empty cells":  one(strings.Repeat("<row>"+strings.Repeat("<c/>", 1000)+"</row>", 40_000)),
		"30 million comments":     one(strings.Repeat("<!---->", 30_000_000)),
	} {
		b.Run(name, func(b *testing.B) {
			before := processor()
			for b.Loop() {
				r, err := sheet.Open(data, "", sheet.DefaultLimits)
				for err == nil {
					_, err = r.Next()
				}
				if name[0] == 'a' && !errors.Is(err, io.EOF) {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64((processor()-before).Milliseconds())/float64(b.N), "cpu-ms/op")
			b.ReportMetric(float64(len(data)>>10), "kB")
		})
	}
}
