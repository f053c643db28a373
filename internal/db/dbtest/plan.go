package dbtest

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"rinnova/internal/db"
)

// Statement is the SQL of a query of the package under test, as sqlc has made it.
func Statement(t testing.TB, name string) string {
	t.Helper()
	source, err := os.ReadFile("query/query.sql.go")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile("(?s)const " + name + " = `(.*?)`").FindSubmatch(source)
	if m == nil {
		t.Fatalf("there is no query %s", name)
	}
	return string(m[1])
}

// Plan is how SQLite would go about a query with so many parameters as it names, line by line (EXPLAIN QUERY PLAN).
func Plan(t testing.TB, d *db.DB, sql string) string {
	t.Helper()
	args := make([]any, strings.Count(sql, "$"))
	for i := range args {
		args[i] = "1"
	}
	rows, err := d.Reader(t.Context()).QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var plan strings.Builder
	for rows.Next() {
		var id, parent, unused int
		var line string
		if err := rows.Scan(&id, &parent, &unused, &line); err != nil {
			t.Fatal(err)
		}
		plan.WriteString(line + "\n")
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return plan.String()
}
