package mail

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rinnova"
)

func openFolder(t *testing.T) (*Folder, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "posta")
	f, err := OpenFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f, dir
}

// letter is the n-th of some messages, a minute apart.
func letter(n int, town string) Message {
	m := sample()
	m.ID = MessageID(fmt.Sprintf("row-%d", n), "esempiosoftware.example")
	m.To = fmt.Sprintf("scuola%d@istruzione.example", n)
	m.Date = m.Date.Add(time.Duration(n) * time.Minute)
	m.Subject = fmt.Sprintf("Contratto n. 2027/%06d", n)
	m.Text = "Gentile segreteria,\n\nScuola: Istituto «Verga»,\n" + town + "\n"
	return m
}

func subjects(t *testing.T, f *Folder, q Query) (found []string, next string) {
	t.Helper()
	page, err := f.List(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range page.Messages {
		found = append(found, strings.TrimPrefix(m.Subject, "Contratto n. 2027/"))
	}
	return found, page.Next
}

func TestFolderKeepsWhatIsSent(t *testing.T) {
	f, _ := openFolder(t)
	want := letter(1, "Ragusa")
	if err := f.Send(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	page, err := f.List(t.Context(), Query{})
	if err != nil || len(page.Messages) != 1 || page.Next != "" {
		t.Fatalf("List: %+v, %v", page, err)
	}
	got, err := f.Message(t.Context(), page.Messages[0].Key)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got.Message); d != "" {
		t.Errorf("(-sent +read):\n%s", d)
	}
	if got.Size < 1000 || got.Size != page.Messages[0].Size {
		t.Errorf("sizes %d, %d", got.Size, page.Messages[0].Size)
	}
}

func TestFolderSearchesAndPages(t *testing.T) {
	f, _ := openFolder(t)
	for n, town := range []string{"Ragusa", "Forlì", "Sant’Angelo", "Reggio di Calabria", "Ragusa"} {
		if err := f.Send(t.Context(), letter(n, town)); err != nil {
			t.Fatal(err)
		}
	}
	for words, want := range map[string][]string{
		"":                           {"000004", "000003", "000002", "000001", "000000"},
		"ragusa":                     {"000004", "000000"},
		"RAGUSA verga":               {"000004", "000000"},
		"forli":                      {"000001"},
		"Forlì":                      {"000001"},
		"sant'angelo":                {"000002"},
		"verga» reggio":              {"000003"},
		"scuola3@istruzione.example": {"000003"},
		"2027/000002":                {"000002"},
		"palermo":                    nil,
		"ragusa forli":               nil,
	} {
		if got, next := subjects(t, f, Query{Words: words}); !slices.Equal(got, want) || next != "" {
			t.Errorf("%q: %v, next %q; want %v", words, got, next, want)
		}
	}
	var all []string
	before := ""
	for range 10 {
		got, next := subjects(t, f, Query{Limit: 2, Before: before})
		all = append(all, got...)
		if before = next; next == "" {
			break
		}
	}
	if want := []string{"000004", "000003", "000002", "000001", "000000"}; !slices.Equal(all, want) {
		t.Errorf("by twos: %v", all)
	}
	if got, next := subjects(t, f, Query{Words: "ragusa", Limit: 1}); len(got) != 1 || next == "" {
		t.Errorf("the first of two: %v, next %q", got, next)
	}
	if got, next := subjects(t, f, Query{Words: "ragusa", Limit: 2}); len(got) != 2 || next != "" {
		t.Errorf("both: %v, next %q", got, next)
	}
}

func TestFolderTakesTheSameMessageOnce(t *testing.T) {
	f, dir := openFolder(t)
	var running sync.WaitGroup
	for range 8 {
		running.Go(func() {
			if err := f.Send(t.Context(), letter(1, "Ragusa")); err != nil {
				t.Error(err)
			}
		})
	}
	running.Wait()
	if got, _ := subjects(t, f, Query{}); len(got) != 1 {
		t.Errorf("%d messages", len(got))
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("%d files are left, %v", len(entries), err)
	}
}

func TestFolderPassesOverWhatIsNotOurs(t *testing.T) {
	f, dir := openFolder(t)
	if err := f.Send(t.Context(), letter(1, "Ragusa")); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"leggimi.txt": "ciao",
		"20270118T093005.000Z-0123456789abcdef.eml":                                          "no message",
		"20270118T093005.000Z-0123456789abcdef.eml.0190a5c2-7d1e-7c3b-9f00-0123456789ab.tmp": "half a mess",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got, _ := subjects(t, f, Query{}); !slices.Equal(got, []string{"000001"}) {
		t.Errorf("found %v", got)
	}
	if got, _ := subjects(t, f, Query{Words: "ragusa"}); !slices.Equal(got, []string{"000001"}) {
		t.Errorf("found %v", got)
	}
}

func TestFolderLeadsNowhereElse(t *testing.T) {
	f, dir := openFolder(t)
	outside := filepath.Join(filepath.Dir(dir), "segreto.eml")
	if err := os.WriteFile(outside, []byte("Subject: s\r\n\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	link := "20270118T093005.000Z-0123456789abcdef.eml"
	if err := os.Symlink(outside, filepath.Join(dir, link)); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"", ".", "..", "../segreto.eml", outside, "leggimi.txt", "20270118T093005.000Z-0123456789abcdee.eml", "20270118T093005.000Z-0123456789abcdef.eml/../x"} {
		if _, err := f.Message(t.Context(), key); rinnova.KindOf(err) != rinnova.NotFound {
			t.Errorf("Message(%q): %v", key, err)
		}
	}
	if m, err := f.Message(t.Context(), link); err == nil {
		t.Errorf("a link out of the folder was followed: %+v", m)
	}
}

func TestFolderRefusesABadMessage(t *testing.T) {
	f, dir := openFolder(t)
	m := letter(1, "Ragusa")
	m.To = "a@esempio.example\r\nBcc: b@esempio.example"
	if e, ok := AsError(f.Send(t.Context(), m)); !ok || !e.Permanent || e.Verb != Compose {
		t.Errorf("Send: %v", e)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if err := f.Send(cancelled, letter(1, "Ragusa")); err == nil {
		t.Error("it sent after its time")
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 0 {
		t.Errorf("%d files", len(entries))
	}
}

func TestFolderWithoutRoomLeavesNothingHalf(t *testing.T) {
	f, dir := openFolder(t)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := f.Send(t.Context(), letter(1, "Ragusa")); err == nil {
		t.Error("it was kept in a folder that is gone")
	} else if _, ok := AsError(err); ok {
		t.Errorf("%v is not for the mail server to mend", err)
	}
}
