package dbtest

import (
	"strings"
	"testing"

	"rinnova/internal/db"
)

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
