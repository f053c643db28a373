package exchange_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"testing"
)

// head is the header and the first rows of a packed CSV file whose rows are lines.
func head(t *testing.T, packed []byte, rows int) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	lines := bufio.NewScanner(z)
	for n := 0; n <= rows && lines.Scan(); n++ {
		out.Write(lines.Bytes())
		out.WriteByte('\n')
	}
	return out.Bytes()
}
