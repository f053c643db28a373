package rinnova_test

import (
	"regexp"
	"slices"
	"testing"
	"time"

	"rinnova"
)

func TestIDsAreUUIDv7InOrderOfTime(t *testing.T) {
	shape := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	at := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	seen := map[string]bool{}
	var ids []string
	for range 1000 {
		at = at.Add(time.Millisecond)
		id := rinnova.NewID(at)
		if !shape.MatchString(id) || seen[id] {
			t.Fatalf("bad or repeated id %s", id)
		}
		seen[id] = true
		ids = append(ids, id)
	}
	if !slices.IsSorted(ids) {
		t.Error("later ids do not sort after earlier ones")
	}
}
