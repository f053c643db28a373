package mail

import (
	"bufio"
	"bytes"
	"strings"
	"testing"
)

// reading is a conversation whose server says raw and hangs up.
func reading(raw []byte) *conversation {
	return &conversation{in: bufio.NewReaderSize(bytes.NewReader(raw), maxLine)}
}

func TestAnswer(t *testing.T) {
	for raw, want := range map[string]struct {
		code int
		text string
	}{
		"250 ok\r\n":                             {250, "ok"},
		"250\r\n":                                {250, ""},
		"250 \r\n":                               {250, ""},
		"250 ok\n":                               {250, "ok"},
		"250-first\r\n250-second\r\n250 end\r\n": {250, "first\nsecond\nend"},
		"250-\r\n250 \r\n":                       {250, "\n"},
		"550 5.1.1 no\r\nmore":                   {550, "5.1.1 no"},
	} {
		code, text, err := reading([]byte(raw)).answer()
		if err != nil || code != want.code || text != want.text {
			t.Errorf("%q: %d %q, %v", raw, code, text, err)
		}
	}
	for _, raw := range []string{"", "2", "250", "250 ok", "250 ok\r", "250-a\r\n", "250-a\r\n2", "25 ok\r\n", "2500 ok\r\n", "+50 ok\r\n", "199 a\r\n", "600 a\r\n",
		"250_ok\r\n", " 250 ok\r\n", "250-a\r\n251 b\r\n", strings.Repeat("250-a\r\n", 101) + "250 b\r\n", "250 " + strings.Repeat("a", maxLine) + "\r\n"} {
		if code, text, err := reading([]byte(raw)).answer(); err == nil || code != 0 || text != "" {
			t.Errorf("%.20q: %d %.20q", raw, code, text)
		}
	}
}

func FuzzAnswer(f *testing.F) {
	f.Add([]byte("250-a\r\n250 b\r\n"))
	f.Add([]byte("550 5.1.1 \x00\xff\r\n"))
	f.Add([]byte("25"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		code, text, err := reading(raw).answer()
		if err != nil {
			if code != 0 || text != "" || hasControl(err.Error()) {
				t.Errorf("%q: %d %q beside %v", raw, code, text, err)
			}
			return
		}
		if code < 200 || code > 599 || !bytes.Contains(raw, []byte{'\n'}) || len(text) > maxLine*maxLines {
			t.Errorf("%q: %d %q", raw, code, text)
		}
		if record := oneLine(text); hasControl(record) || len([]rune(record)) > 501 {
			t.Errorf("%q goes into the record", record)
		}
	})
}
