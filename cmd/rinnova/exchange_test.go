package main

import (
	"testing"

	"rinnova/internal/exchange"
)

func TestTheNameOfAFileSaysItsFormat(t *testing.T) {
	for _, x := range []struct {
		format, out string
		want        exchange.Format
	}{{"", "", exchange.CSV}, {"", "scuole.csv", exchange.CSV}, {"", "SCUOLE.XLSX", exchange.XLSX}, {"csv", "scuole.xlsx", exchange.CSV}, {"xlsx", "", exchange.XLSX}} {
		if got := (exportCmd{Format: x.format, Out: x.out}).format(); got != x.want {
			t.Errorf("%q, %q: %s, want %s", x.format, x.out, got, x.want)
		}
	}
}
