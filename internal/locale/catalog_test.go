package locale

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// speakers are the functions whose argument at the given place is an Italian sentence for people.
var speakers = map[string]int{
	"T":      0, // locale.Lang.T
	"Say":    0, // rinnova.Say
	"Fail":   1, // rinnova.Fail(kind, …)
	"Refuse": 1, // rinnova.Problems.Refuse(field, …)
	"Unfit":  0, // rinnova.Faults.Unfit
	"Warn":   2, // rinnova.Problems.Warn(field, code, …)
}

// TestEverySentenceHasItsTranslation reads all sources of the program, finds the sentences that people read, and holds
// them against the files in en/: none missing, none left over.
func TestEverySentenceHasItsTranslation(t *testing.T) {
	said := sentences(t, "../..")
	known, err := load(files)
	if err != nil {
		t.Fatal(err)
	}
	if len(said) == 0 {
		t.Fatal("no sentence found in the sources")
	}
	var missing []string
	for s, where := range said {
		if _, ok := known[s]; !ok {
			missing = append(missing, fmt.Sprintf("%s: no English for %q", where, s))
		}
	}
	for s := range known {
		if _, ok := said[s]; !ok {
			missing = append(missing, fmt.Sprintf("nobody says %q any more: take it out of its file in en/", s))
		}
	}
	slices.Sort(missing)
	for _, m := range missing {
		t.Error(m)
	}
}

// TestTranslationsTakeTheSameValues finds a translation whose %s and %d are not those of its sentence, in the same order
// or by number (%[2]s).
func TestTranslationsTakeTheSameValues(t *testing.T) {
	known, err := load(files)
	if err != nil {
		t.Fatal(err)
	}
	for italian, english := range known {
		if a, b := verbs(italian), verbs(english); !slices.Equal(a, b) {
			t.Errorf("%q takes %v, its translation %q takes %v", italian, a, english, b)
		}
		if english == "" {
			t.Errorf("%q has an empty translation", italian)
		}
	}
}

var verb = regexp.MustCompile(`%(?:\[(\d+)\])?([a-z%])`)

// verbs lists the values of a sentence as "place verb", in the order of their places.
func verbs(s string) []string {
	var out []string
	next := 1
	for _, m := range verb.FindAllStringSubmatch(s, -1) {
		if m[2] == "%" {
			continue
		}
		if m[1] != "" {
			next, _ = strconv.Atoi(m[1])
		}
		out = append(out, fmt.Sprintf("%d%s", next, m[2]))
		next++
	}
	slices.Sort(out)
	return out
}

// sentences maps each sentence to the place of one speaker. Tests do not speak to people.
func sentences(t *testing.T, root string) map[string]string {
	t.Helper()
	said := map[string]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name := d.Name(); name == "node_modules" || name == "testdata" || name == "build" || (strings.HasPrefix(name, ".") && name != ".." && path != root) {
				return filepath.SkipDir
			}
			return nil
		}
		if filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		return collect(t, path, said)
	})
	if err != nil {
		t.Fatal(err)
	}
	return said
}

func collect(t *testing.T, path string, said map[string]string) error {
	src, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, src, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		place, ok := speakers[calledName(call)]
		if !ok || len(call.Args) <= place || isLog(call) {
			return true
		}
		where := set.Position(call.Pos()).String()
		sentence, literal, ok := stringOf(call.Args[place])
		switch {
		case ok && strings.ContainsFunc(verb.ReplaceAllString(sentence, ""), unicode.IsLetter):
			said[sentence] = where
		case ok: // only values and signs: the same in every language
		case literal:
			t.Errorf("%s: the sentence is put together from parts; write it as one literal", where)
		}
		return true
	})
	return nil
}

// calledName is the name of the method or function called, without its package.
func calledName(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.Ident:
		return f.Name
	}
	return ""
}

// isLog tells whether the call writes to the log (slog has a Warn too).
func isLog(call *ast.CallExpr) bool {
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	on := &ast.CallExpr{Fun: f.X}
	return strings.HasSuffix(strings.ToLower(calledName(on)), "log")
}

// stringOf reads a literal, also one of several literals joined with +. Where a part of it is no literal, the second result
// tells that there is one beside it.
func stringOf(e ast.Expr) (s string, literal, ok bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind != token.STRING {
			return "", false, false
		}
		s, err := strconv.Unquote(e.Value)
		return s, true, err == nil
	case *ast.BinaryExpr:
		left, l1, ok1 := stringOf(e.X)
		right, l2, ok2 := stringOf(e.Y)
		return left + right, l1 || l2, ok1 && ok2
	case *ast.ParenExpr:
		return stringOf(e.X)
	}
	return "", false, false
}

func TestVerbs(t *testing.T) {
	for s, want := range map[string]string{
		"nulla": "[]", "IVA 22%% di %s": "[1s]", "%d–%d di %s": "[1d 2d 3s]", "%[2]s, %[1]d": "[1d 2s]",
	} {
		if got := fmt.Sprint(verbs(s)); got != want {
			t.Errorf("verbs(%q) = %s, want %s", s, got, want)
		}
	}
}
