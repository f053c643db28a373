package web_test

import (
	"strings"
	"testing"

	"rinnova/internal/web"
)

func TestAddressesBreakBeforeTheAt(t *testing.T) {
	var b strings.Builder
	if err := web.Mailto(`a"b<@scuola.example`).Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	want := `<a href="mailto:a&#34;b&lt;@scuola.example">a&#34;b&lt;<wbr>@scuola.example</a>`
	if b.String() != want {
		t.Errorf("got  %s\nwant %s", &b, want)
	}
}
