package renewaldb_test

import (
	"strings"
	"testing"

	"rinnova/internal/db/dbtest"
)

// A row of the work list is read by its key: what there is to look at in one request is not worked out for all of them.
func TestARowIsReadByItsKey(t *testing.T) {
	d := dbtest.SQLite(t)
	for _, name := range []string{"workListRow", "requestLook"} {
		if plan := dbtest.Plan(t, d, dbtest.Statement(t, name)); strings.Contains(plan, "SCAN") || strings.Contains(plan, "MATERIALIZE") || strings.Contains(plan, "(campaign_id=?)") {
			t.Errorf("%s:\n%s", name, plan)
		}
	}
}

// What there is to look at is worked out once for a page of the work list, not once for each of its requests.
func TestLooksAreWorkedOutOnce(t *testing.T) {
	d := dbtest.SQLite(t)
	for _, name := range []string{"stateCounts", "workListIDs", "workListSums"} {
		if plan := dbtest.Plan(t, d, dbtest.Statement(t, name)); !strings.Contains(plan, "LIST SUBQUERY") || strings.Contains(plan, "look LEFT-JOIN") || strings.Contains(plan, "SEARCH look") {
			t.Errorf("%s:\n%s", name, plan)
		}
	}
}

// What is looked for at each start costs nothing where nothing is found.
func TestTheStartGoesThroughNoRequests(t *testing.T) {
	if plan := dbtest.Plan(t, dbtest.SQLite(t), dbtest.Statement(t, "requestsWithoutParty")); !strings.Contains(plan, "INDEX request_without_party") {
		t.Errorf("%s", plan)
	}
}
