package demo

import (
	"bytes"
	"encoding/csv"
	"testing"
)

func TestASampleIsFromAllOverTheCountry(t *testing.T) {
	data, err := sample(registry, 40)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	regions, codes := map[string]bool{}, map[string]bool{}
	for _, r := range rows[1:] {
		codes[r[0]], regions[r[3]] = true, true
	}
	if len(codes) != 40 || len(regions) < 10 {
		t.Errorf("%d schools of %d regions, want 40 schools of at least 10", len(codes), len(regions))
	}
	for _, n := range []int{0, 1_000_000} {
		if all, err := sample(registry, n); err != nil || !bytes.Equal(all, registry) {
			t.Errorf("sample of %d: %v, want the whole registry", n, err)
		}
	}
}
