package rinnova_test

import (
	"encoding/json"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The rules of the house (ARCHITECTURE.md) as tests.

// pkg is what go list says of a package of ours.
type pkg struct {
	ImportPath string
	Dir        string
	GoFiles    []string
	Imports    []string
}

const module = "rinnova"

func packages(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Dir,GoFiles,Imports", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []pkg
	d := json.NewDecoder(strings.NewReader(string(out)))
	for d.More() {
		var p pkg
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(p.ImportPath, module+"/build/") { // what people try out is not the project
			all = append(all, p)
		}
	}
	if len(all) < 20 {
		t.Fatalf("go list found only %d packages", len(all))
	}
	return all
}

// kits know no word of the trade.
var kits = []string{"db", "job", "mail", "blob", "pdf", "sheet", "sign", "web", "locale", "latin", "surf"}

// features are the trade, each with the features that it may import. The list has no cycle: read it from the bottom.
var features = map[string][]string{
	"contract":     {"renewal", "school", "catalog", "letter", "terms", "supplier", "event"},
	"campaign":     {"renewal", "school", "catalog", "terms", "subscription", "event"},
	"reminder":     {"campaign", "renewal", "school", "supplier", "event"},
	"exchange":     {"school", "catalog", "subscription", "event"},
	"merger":       {"renewal", "school", "catalog", "subscription", "event"},
	"renewal":      {"school", "catalog", "terms", "supplier", "event"},
	"account":      {"event"},
	"supplier":     {"event"},
	"school":       {"event"},
	"catalog":      {"event"},
	"subscription": {"school", "catalog", "event"},
	"letter":       {"school", "terms", "supplier", "event"},
	"terms":        {"event"},
	"event":        {},
	"guide":        {}, // only pages
	"outbox":       {},
	"witness":      {"event"},
}

// assembly is where the parts are put together; it may import everything.
var assembly = []string{"app", "demo", "tour"}

// place is the first folder below internal/ and what follows: renewal, renewaldb.
func place(path string) (top, rest string) {
	s := strings.TrimPrefix(path, module+"/internal/")
	if s == path {
		return "", ""
	}
	top, rest, _ = strings.Cut(s, "/")
	return top, rest
}

func TestArrowsPointDown(t *testing.T) {
	for _, p := range packages(t) {
		top, rest := place(p.ImportPath)
		for _, imported := range p.Imports {
			if !strings.HasPrefix(imported, module+"/internal/") {
				continue
			}
			to, toRest := place(imported)
			switch {
			case top == "", slices.Contains(assembly, top):
			case to == top:
			case slices.Contains(assembly, to):
				t.Errorf("%s imports %s: nothing below knows how the program is put together", p.ImportPath, imported)
			case slices.Contains(kits, top) && !slices.Contains(kits, to):
				t.Errorf("%s imports %s: a kit knows no word of the trade", p.ImportPath, imported)
			case slices.Contains(kits, to), slices.Contains(kits, top):
			case rest == "" && toRest != "":
				t.Errorf("%s imports %s: a feature knows no database and no page", p.ImportPath, imported)
			case rest == "" && !slices.Contains(features[top], to):
				t.Errorf("%s imports %s: not on the list of features that may", p.ImportPath, imported)
			case strings.HasSuffix(rest, "db") && toRest != "" && !strings.HasPrefix(toRest, to+"db"):
				t.Errorf("%s imports %s: a store knows no pages", p.ImportPath, imported)
			}
		}
		if _, isFeature := features[top]; !isFeature && top != "" && !slices.Contains(kits, top) && !slices.Contains(assembly, top) {
			t.Errorf("%s is neither kit nor feature: put it on a list, with a reason in ARCHITECTURE.md", p.ImportPath)
		}
	}
}

func TestTheListOfFeaturesHasNoCycle(t *testing.T) {
	var walk func(f string, path []string)
	walk = func(f string, path []string) {
		if slices.Contains(path, f) {
			t.Fatalf("cycle: %v → %s", path, f)
		}
		for _, to := range features[f] {
			walk(to, append(slices.Clone(path), f))
		}
	}
	for f := range features {
		walk(f, nil)
	}
}

// A feature's root package knows no HTTP, no SQL, no template; the vocabulary and the identifiers know only the standard
// library.
func TestFeaturesKnowNoTechnique(t *testing.T) {
	forbidden := []string{"net/http", "database/sql", "html/template", "text/template", "github.com/a-h/templ"}
	for _, p := range packages(t) {
		top, rest := place(p.ImportPath)
		if _, isFeature := features[top]; isFeature && rest == "" {
			for _, f := range forbidden {
				if slices.Contains(p.Imports, f) {
					t.Errorf("%s imports %s", p.ImportPath, f)
				}
			}
		}
		if p.ImportPath == module || p.ImportPath == module+"/identifier" {
			for _, i := range p.Imports {
				if strings.Contains(i, ".") || strings.HasPrefix(i, module) {
					t.Errorf("%s imports %s: only the standard library", p.ImportPath, i)
				}
			}
		}
	}
}

// Only main asks the machine for the time.
func TestOnlyMainKnowsTheTime(t *testing.T) {
	eachFile(t, func(p pkg, name string, f *ast.File) {
		if p.ImportPath == module+"/cmd/rinnova" || strings.HasSuffix(p.ImportPath, "test") || strings.HasPrefix(p.ImportPath, module+"/e2e") || p.ImportPath == module+"/internal/tour" {
			return
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := s.X.(*ast.Ident); ok && x.Name == "time" && s.Sel.Name == "Now" && !networkDeadline(p) {
					t.Errorf("%s calls time.Now: take a rinnova.Clock", name)
				}
			}
			return true
		})
	})
}

// networkDeadline tells which packages may ask for the time because a deadline on a connection is a real instant.
func networkDeadline(p pkg) bool { return p.ImportPath == module+"/internal/mail" }

// Refused: registration in init, panics in place of errors, packages named for nothing.
func TestHouseRefuses(t *testing.T) {
	for _, p := range packages(t) {
		switch filepath.Base(p.Dir) {
		case "util", "utils", "common", "helper", "helpers", "models", "types", "misc", "base", "shared":
			t.Errorf("%s: a package is named for what it is about", p.ImportPath)
		}
	}
	eachFile(t, func(p pkg, name string, f *ast.File) {
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				t.Errorf("%s: init runs behind everybody's back", name)
			}
		}
	})
}

// Every package and every exported name says what it is.
func TestEverythingExportedIsExplained(t *testing.T) {
	for _, p := range packages(t) {
		fset := token.NewFileSet()
		var files []*ast.File
		for _, name := range p.GoFiles {
			f, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			if !ast.IsGenerated(f) {
				files = append(files, f)
			}
		}
		if len(files) == 0 {
			continue
		}
		d, err := doc.NewFromFiles(fset, files, p.ImportPath)
		if err != nil {
			t.Fatal(err)
		}
		if d.Doc == "" {
			t.Errorf("package %s has no comment", p.ImportPath)
		}
		undocumented(t, p, d)
	}
}

func undocumented(t *testing.T, p pkg, d *doc.Package) {
	t.Helper()
	say := func(name, text string) {
		if text == "" && ast.IsExported(name) {
			t.Errorf("%s.%s has no comment", p.ImportPath, name)
		}
	}
	funcs := func(list []*doc.Func, of string) {
		for _, f := range list {
			if of == "" || ast.IsExported(of) {
				say(f.Name, f.Doc)
			}
		}
	}
	funcs(d.Funcs, "")
	for _, typ := range d.Types {
		say(typ.Name, typ.Doc)
		funcs(typ.Funcs, "")
		funcs(typ.Methods, typ.Name)
	}
}

// maxLines bounds files and functions: what is longer is two things.
const (
	maxFileLines = 500
	maxFuncLines = 100
	mostLines    = 45 // nine functions of ten are within this
)

func TestFilesAndFunctionsAreShort(t *testing.T) {
	var all, long int
	fset := token.NewFileSet()
	for _, p := range packages(t) {
		for _, name := range p.GoFiles {
			path := filepath.Join(p.Dir, name)
			src, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			f, err := parser.ParseFile(fset, path, src, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			if ast.IsGenerated(f) {
				continue
			}
			if n := strings.Count(string(src), "\n"); n > maxFileLines {
				t.Errorf("%s has %d lines, more than %d", path, n, maxFileLines)
			}
			for _, d := range f.Decls {
				fn, ok := d.(*ast.FuncDecl)
				if !ok {
					continue
				}
				n := fset.Position(fn.End()).Line - fset.Position(fn.Pos()).Line + 1
				all++
				if n > mostLines {
					long++
				}
				if n > maxFuncLines {
					t.Errorf("%s: %s has %d lines, more than %d", path, fn.Name.Name, n, maxFuncLines)
				}
			}
		}
	}
	if long*10 > all {
		t.Errorf("%d of %d functions have more than %d lines", long, all, mostLines)
	}
}

// Every direct dependency has its line with a reason in docs/dependencies.md, and no line is of one that is gone.
func TestDependenciesHaveReasons(t *testing.T) {
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	table, err := os.ReadFile("docs/dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	direct := map[string]bool{}
	for line := range strings.Lines(string(mod)) {
		f := strings.Fields(line)
		if len(f) >= 2 && strings.Contains(f[0], ".") && !strings.Contains(line, "// indirect") && strings.HasPrefix(f[1], "v") {
			direct[f[0]] = true
			if !strings.Contains(string(table), "`"+f[0]+"`") {
				t.Errorf("%s has no line in docs/dependencies.md", f[0])
			}
		}
	}
	for line := range strings.Lines(string(table)) {
		if f := strings.Split(line, "`"); strings.HasPrefix(line, "| `") && strings.Contains(f[1], "/") && strings.Contains(strings.SplitN(f[1], "/", 2)[0], ".") && !direct[f[1]] {
			t.Errorf("docs/dependencies.md speaks of %s, which go.mod does not require", f[1])
		}
	}
}

func eachFile(t *testing.T, do func(p pkg, name string, f *ast.File)) {
	t.Helper()
	fset := token.NewFileSet()
	for _, p := range packages(t) {
		for _, name := range p.GoFiles {
			path := filepath.Join(p.Dir, name)
			f, err := parser.ParseFile(fset, path, nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			if !ast.IsGenerated(f) {
				do(p, path, f)
			}
		}
	}
}
