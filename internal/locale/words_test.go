package locale

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// toSchools are the sources whose words schools read: their own pages, the public ones, mails, papers and guides, and what renewal
// itself tells them.
var toSchools = regexp.MustCompile(`/(\w+web/school\w*|\w+mail/\w+|guideweb/\w+|supplierweb/\w+|accountweb/\w+|contractpdf/\w+|letterdocx/\w+|renewal/\w+|letter/\w+)\.go$`)

// officeWord is the word of the office that schools are spared: to them a campaign is a renewal.
var officeWord = regexp.MustCompile(`(?i)\bcampagn[ae]\b`)

// campaignElsewhere is the one sentence in which the word is not the office's: a reason of ANAC's list for want of a CIG.
const campaignElsewhere = "servizi per campagne politiche"

// TestSchoolsDoNotReadCampagna finds the word of the office in what schools read.
func TestSchoolsDoNotReadCampagna(t *testing.T) {
	looked := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go") || !toSchools.MatchString(filepath.ToSlash(path)) {
			return err
		}
		looked++
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			if s, err := strconv.Unquote(lit.Value); err == nil && s != campaignElsewhere && officeWord.MatchString(s) {
				t.Errorf("%s: schools read %q", set.Position(lit.Pos()), s)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if looked < 60 {
		t.Errorf("looked at %d files only", looked)
	}
}
