package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rinnova/internal/app"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/mail"
)

// Where the database does not answer, or only looks are wanted, no folder and no key is made.
func TestNoFolderIsMadeInVain(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	nobody := app.Config{Data: data, DatabaseURL: "postgres://u:x@127.0.0.1:1/x?connect_timeout=2"}
	if err := tryOpen(t, nobody); err == nil {
		t.Error("opened")
	}
	if _, err := os.Stat(data); !os.IsNotExist(err) {
		t.Error("a folder was made for a database that does not answer")
	}
	if testing.Short() {
		return
	}
	url := dbtest.PostgreSQLURL(t)
	must(t, tryOpen(t, app.Config{Data: filepath.Join(t.TempDir(), "data"), DatabaseURL: url}))
	empty := t.TempDir()
	for _, folder := range []string{data, empty} { // mistyped
		if err := tryOpen(t, app.Config{Data: folder, DatabaseURL: url, Existing: true}); err == nil || !strings.Contains(err.Error(), folder) {
			t.Errorf("%s: %v", folder, err)
		}
	}
	if _, err := os.Stat(data); !os.IsNotExist(err) {
		t.Error("a look has made a folder")
	}
	if made, err := os.ReadDir(empty); err != nil || len(made) > 0 {
		t.Errorf("a look has made %v, %v", made, err)
	}
}

// Where the database was lost beside the files of contracts nobody is told to make a new one, and none is made.
func TestADatabaseThatWasLost(t *testing.T) {
	for name, content := range map[string]*string{"empty": new(string), "missing": nil} {
		data := t.TempDir()
		must(t, os.MkdirAll(filepath.Join(data, "files", "contracts", "2026"), 0o700))
		file := filepath.Join(data, "rinnova.db")
		if content != nil {
			must(t, os.WriteFile(file, []byte(*content), 0o600))
		}
		for _, existing := range []bool{true, false} {
			err := tryOpen(t, app.Config{Data: data, Existing: existing})
			if err == nil || !strings.Contains(err.Error(), "Rimettetene una copia") || strings.Contains(err.Error(), "migrate") {
				t.Errorf("%s, existing %v: %v", name, existing, err)
			}
		}
		if f, err := os.Stat(file); err == nil && f.Size() > 0 {
			t.Errorf("%s: a database was made", name)
		}
	}
}

// A database that cannot be read as one says what to do.
func TestADamagedDatabase(t *testing.T) {
	data := t.TempDir()
	must(t, tryOpen(t, app.Config{Data: data}))
	file := filepath.Join(data, "rinnova.db")
	b, err := os.ReadFile(file)
	must(t, err)
	for name, change := range map[string]func() []byte{
		"no database": func() []byte { return []byte(strings.Repeat("x", 9000)) },
		"pages":       func() []byte { return append(b[:4096:4096], make([]byte, len(b)-4096)...) },
	} {
		must(t, os.WriteFile(file, change(), 0o600))
		for _, existing := range []bool{true, false} {
			if err := tryOpen(t, app.Config{Data: data, Existing: existing}); err == nil || !strings.Contains(err.Error(), "rimettete una copia") || !strings.Contains(err.Error(), file) {
				t.Errorf("%s, existing %v: %v", name, existing, err)
			}
		}
	}
}

// Settings that cannot work are refused at the start, with what to write, and never with a password.
func TestSettingsThatCannotWork(t *testing.T) {
	for name, c := range map[string]app.Config{
		"RINNOVA_BASE_URL":      {Addr: ":8417"},
		"RINNOVA_BASE_URL ":     {Addr: "0.0.0.0:8417"},
		"RINNOVA_BASE_URL  ":    {Addr: "[::]:8417"},
		"not under a path":      {BaseURL: "https://x.example/rinnovi"},
		"want http://host":      {BaseURL: "http://0.0.0.0:8080"},
		"%40":                   {DatabaseURL: "postgres://u:pa@geheim@localhost:1/x"},
		"%2F":                   {DatabaseURL: "postgres://u:geheim/x@localhost:1/x"},
		"smtp.esempio.it":       {Mail: app.MailConfig{Host: "smtp://h"}},
		"smtp.esempio.it; ":     {Mail: app.MailConfig{Host: "h:25"}},
		"soltanto a questa":     {Mail: app.MailConfig{Host: "smtp.esempio.it", Security: mail.NoTLS}},
		"nome utente e pass":    {Mail: app.MailConfig{Host: "smtp.esempio.it", User: "u"}},
		"RINNOVA_OTHER_HOST":    {OtherHost: []string{"http://a.example"}},
		"RINNOVA_OTHER_HOST \"": {OtherHost: []string{"a.example", "a b"}},
	} {
		c.Data = filepath.Join(t.TempDir(), "data")
		if c.Addr == "" {
			c.Addr = "127.0.0.1:8080"
		}
		err := tryOpenAt(t, c)
		if err == nil || !strings.Contains(err.Error(), strings.TrimRight(name, " ;")) || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, c := range []app.Config{
		{Addr: ":8417", BaseURL: "https://rinnovi.esempio.it/"}, {Addr: "192.0.2.1:80"}, {Addr: "[::1]:80", OtherHost: []string{"rinnovi", "a.example:8443", "192.0.2.1"}},
		{Addr: "127.0.0.1:0", Mail: app.MailConfig{Host: "smtp.esempio.it", Port: 25, Security: mail.OfferedSTARTTLS}},
	} {
		c.Data = filepath.Join(t.TempDir(), "data")
		if err := tryOpenAt(t, c); err != nil {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
