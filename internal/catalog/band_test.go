package catalog_test

import (
	"testing"

	"rinnova/internal/catalog"
)

func TestBands(t *testing.T) {
	bands := catalog.Bands{500, 1000, 1500}
	for _, c := range []struct {
		pupils      int
		band        catalog.Band
		name, short string
	}{
		{0, 0, "da indicare", "da indicare"},
		{-3, 0, "da indicare", "da indicare"},
		{1, 1, "fino a 500", "fino a 500"},
		{500, 1, "fino a 500", "fino a 500"},
		{501, 2, "da 501 a 1000", "501–1000"},
		{1000, 2, "da 501 a 1000", "501–1000"},
		{1001, 3, "da 1001 a 1500", "1001–1500"},
		{1501, 4, "oltre 1500", "oltre 1500"},
		{100000, 4, "oltre 1500", "oltre 1500"},
	} {
		b := bands.Of(c.pupils)
		if b != c.band || bands.Name(b).String() != c.name || bands.Short(b).String() != c.short {
			t.Errorf("%d pupils: band %d, %q, %q", c.pupils, b, bands.Name(b), bands.Short(b))
		}
	}
	if none := (catalog.Bands{}); none.Several() || none.Of(300) != 1 || none.Of(0) != 1 || none.Count() != 1 || none.Name(1).String() != "tutte le scuole" {
		t.Error("without bounds there is one band")
	}
	if !bands.Several() || bands.Has(0) || bands.Has(5) || !bands.Has(4) {
		t.Error("bands run from 1 to 4")
	}
}

func TestParseBands(t *testing.T) {
	for in, want := range map[string]string{"500, 1000,1.500": "500, 1000, 1500", "": "", " 500 ": "500", "500;1000": "500, 1000"} {
		got, wrong := catalog.ParseBands(in)
		if got.String() != want || !wrong.IsZero() {
			t.Errorf("%q: %q, %v", in, got, wrong)
		}
	}
	for _, in := range []string{"tanti", "500, x", "-1", "9999999"} {
		if got, wrong := catalog.ParseBands(in); wrong.IsZero() {
			t.Errorf("%q: %v", in, got)
		}
	}
}
