package renewaldb_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"rinnova/internal/db/dbtest"
)

// A row of the work list is read by its key: what there is to look at in one request is not worked out for all of them.
func TestARowIsReadByItsKey(t *testing.T) {
	source, err := os.ReadFile("query/query.sql.go")
	if err != nil {
		t.Fatal(err)
	}
	d := dbtest.SQLite(t)
	n := 0
	for _, m := range regexp.MustCompile("(?s)const (workListRow|requestLook) = `(.*?)`").FindAllStringSubmatch(string(source), -1) {
		n++
		if plan := dbtest.Plan(t, d, m[2]); strings.Contains(plan, "SCAN") || strings.Contains(plan, "MATERIALIZE") || strings.Contains(plan, "(campaign_id=?)") {
			t.Errorf("%s:\n%s", m[1], plan)
		}
	}
	if n != 2 {
		t.Errorf("looked at %d queries", n)
	}
}

// What there is to look at is worked out once for a page of the work list, not once for each of its requests.
func TestLooksAreWorkedOutOnce(t *testing.T) {
	source, err := os.ReadFile("query/query.sql.go")
	if err != nil {
		t.Fatal(err)
	}
	d := dbtest.SQLite(t)
	n := 0
	for _, m := range regexp.MustCompile("(?s)const (stateCounts|workListIDs|workListSums) = `(.*?)`").FindAllStringSubmatch(string(source), -1) {
		n++
		if plan := dbtest.Plan(t, d, m[2]); !strings.Contains(plan, "LIST SUBQUERY") || strings.Contains(plan, "look LEFT-JOIN") || strings.Contains(plan, "SEARCH look") {
			t.Errorf("%s:\n%s", m[1], plan)
		}
	}
	if n != 3 {
		t.Errorf("looked at %d queries", n)
	}
}
