package db_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// SQLite takes $2 for a name and counts parameters by their first use; PostgreSQL takes it for a number. They agree only
// where each statement uses $1, $2, $3… for the first time in that order.
func TestParametersAreNumberedInTheOrderOfTheirFirstUse(t *testing.T) {
	files, err := filepath.Glob("../*/*db/query/query.sql.go")
	if err != nil || len(files) < 5 {
		t.Fatalf("found %d files of generated queries, error %v", len(files), err)
	}
	statement := regexp.MustCompile("(?s)const (\\w+) = `(.*?)`")
	parameter := regexp.MustCompile(`\$(\d+)`)
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range statement.FindAllStringSubmatch(string(b), -1) {
			next := 1
			for _, p := range parameter.FindAllStringSubmatch(m[2], -1) {
				n, err := strconv.Atoi(p[1])
				if err != nil {
					t.Fatal(err)
				}
				if n > next {
					t.Errorf("%s: %s uses $%d before $%d", filepath.Base(filepath.Dir(filepath.Dir(file))), m[1], n, next)
					break
				}
				if n == next {
					next++
				}
			}
			if strings.Contains(m[2], "sqlc.") {
				t.Errorf("%s: unexpanded macro", m[1])
			}
		}
	}
}
