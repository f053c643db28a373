package main

import (
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"rinnova"
	"rinnova/internal/app"
	"rinnova/internal/demo"
	"rinnova/internal/event"
)

func quietRun(t *testing.T, data string) *run {
	return &run{ctx: t.Context(), config: app.Config{Addr: "127.0.0.1:0", Data: data}, clock: time.Now, log: slog.New(slog.DiscardHandler)}
}

// Commands that work on what is there make nothing where nothing is.
func TestCommandsOnAFolderWithoutADatabase(t *testing.T) {
	file := filepath.Join(t.TempDir(), "scuole.csv")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, do := range map[string]func(*run) error{
		"verify events":                  verifyEventsCmd{}.Run,
		"verify letters":                 verifyLettersCmd{}.Run,
		"export schools":                 exportCmd{What: "schools"}.Run,
		"import schools --dry-run":       importSchoolsCmd{File: file, DryRun: true}.Run,
		"import subscriptions --dry-run": importSubscriptionsCmd{importTableCmd{File: file, DryRun: true}}.Run,
	} {
		data := filepath.Join(t.TempDir(), "data")
		if err := do(quietRun(t, data)); rinnova.KindOf(err) != rinnova.NotFound {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := os.Stat(data); !os.IsNotExist(err) {
			t.Errorf("%s has made %s", name, data)
		}
	}
}

// What is served is no demonstration, unless somebody says so; the data of an installation are made no demonstration, and never reset.
func TestADemonstrationIsNoInstallation(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	if err := (demoCmd{Prepare: true, Schools: 1}).Run(quietRun(t, data)); err != nil {
		t.Fatal(err)
	}
	if err := (serveCmd{}).Run(quietRun(t, data)); rinnova.KindOf(err) != rinnova.Conflict {
		t.Errorf("served: %v", err)
	}
	free, err := quietRun(t, data).alone()
	if err != nil {
		t.Fatal(err)
	}
	for name, second := range map[string]func(*run) error{
		"serve": serveCmd{AllowDemonstration: true}.Run, "demo": demoCmd{Prepare: true, Schools: 1}.Run, "demo --reset": demoCmd{Prepare: true, Schools: 1, Reset: true}.Run,
	} {
		if err := second(quietRun(t, data)); rinnova.KindOf(err) != rinnova.Conflict || !strings.Contains(err.Error(), "Un altro processo") {
			t.Errorf("%s beside one that serves: %v", name, err)
		}
	}
	free()
	busy := quietRun(t, data)
	busy.config.Addr = "127.0.0.1:-1" // it gets as far as listening
	if err := (serveCmd{AllowDemonstration: true}).Run(busy); err == nil || rinnova.KindOf(err) == rinnova.Conflict {
		t.Errorf("with the flag: %v", err)
	}
	real := filepath.Join(t.TempDir(), "data")
	a, err := quietRun(t, real).open()
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Vendors.Save(t.Context(), rinnova.System, demo.Profile()); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []demoCmd{{Prepare: true}, {Prepare: true, Reset: true}} {
		if err := c.Run(quietRun(t, real)); rinnova.KindOf(err) != rinnova.Conflict {
			t.Errorf("a demonstration on an installation, reset %v: %v", c.Reset, err)
		}
	}
	if f, err := os.Stat(filepath.Join(real, "rinnova.db")); err != nil || f.Size() == 0 {
		t.Errorf("its database: %v", err)
	}
	if _, err := os.Stat(filepath.Join(real, "demo-key")); !os.IsNotExist(err) {
		t.Error("a demonstration's key lies in an installation's folder")
	}
	if err := (demoCmd{Prepare: true, Reset: true, Schools: 1}).Run(quietRun(t, data)); err != nil {
		t.Errorf("the demonstration itself: %v", err)
	}
}

// Everything that the program makes in its folder is its owner's alone.
func TestTheDataFolderIsTheOwnersAlone(t *testing.T) {
	keepPrivate()
	data := filepath.Join(t.TempDir(), "data")
	if err := (demoCmd{Prepare: true, Schools: 1}).Run(quietRun(t, data)); err != nil {
		t.Fatal(err)
	}
	files := 0
	check := func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		f, err := d.Info()
		if err == nil && f.Mode().Perm()&0o077 != 0 && filepath.Base(path) != "ca-dimostrativa.pem" { // a certificate
			t.Errorf("%s: %v", path, f.Mode())
		}
		files++
		return err
	}
	if err := filepath.WalkDir(data, check); err != nil || files < 5 {
		t.Errorf("%d files, %v", files, err)
	}
}

func TestSettingsThatNobodyReads(t *testing.T) {
	flags := []*kong.Flag{{Value: &kong.Value{}, Envs: []string{"RINNOVA_DATA"}}}
	got := unread([]string{"RINNOVA_DATABSE_URL=postgres://x", "RINNOVA_DATA=/x", "PATH=/bin", "RINNOVA_PORT_8080_TCP=x", "RINNOVA_SERVICE_HOST=x"}, flags)
	if !slices.Equal(got, []string{"RINNOVA_DATABSE_URL"}) {
		t.Error(got)
	}
}

// A demonstration is made whole, with letters in all their states.
func TestADemonstrationIsMadeWhole(t *testing.T) {
	r := quietRun(t, filepath.Join(t.TempDir(), "data"))
	if err := (demoCmd{Prepare: true, Schools: 20}).Run(r); err != nil {
		t.Fatal(err)
	}
	a, err := r.existing()
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	page, err := a.Events.Page(t.Context(), event.Filter{Group: event.Letters, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[event.Kind]bool{}
	for _, l := range page.Links {
		seen[l.Kind] = true
	}
	for _, kind := range []event.Kind{event.LetterPrepared, event.LetterUploaded, event.LetterAccepted, event.LetterToRedo} {
		if !seen[kind] {
			t.Errorf("there is no %s", kind)
		}
	}
}
