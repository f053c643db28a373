package rinnova_test

import (
	"errors"
	"fmt"
	"testing"

	"rinnova"
)

func TestKindOf(t *testing.T) {
	cause := errors.New("disk")
	conflict := rinnova.Fail(rinnova.Conflict, "È cambiata: %s.", "n. 2").Because(cause)
	for _, c := range []struct {
		err  error
		want rinnova.Kind
	}{
		{nil, rinnova.Internal},
		{cause, rinnova.Internal},
		{conflict, rinnova.Conflict},
		{fmt.Errorf("confirming: %w", conflict), rinnova.Conflict},
	} {
		if got := rinnova.KindOf(c.err); got != c.want {
			t.Errorf("%v: kind %d, want %d", c.err, got, c.want)
		}
	}
	if !errors.Is(conflict, cause) || conflict.Error() != "È cambiata: n. 2.: disk" {
		t.Errorf("%v", conflict)
	}
}

func TestProblems(t *testing.T) {
	var p rinnova.Problems
	p.Refuse("cig", "Manca il CIG.")
	p.Warn("cig", "cig.check:X", "Forse c’è un errore.")
	p.Warn("data", "date.old", "L’ordine ha più di un anno.")
	if len(p.Of("cig")) != 2 || len(p.Refused()) != 1 || len(p.Warnings()) != 2 || p.Of("x") != nil {
		t.Errorf("%+v", p)
	}
}

func TestActors(t *testing.T) {
	s := rinnova.Actor{Role: rinnova.RoleSchool, SchoolID: "a"}
	if s.IsOffice() || !s.IsSchool("a") || s.IsSchool("b") || s.IsSchool("") {
		t.Error("a school is itself and nothing else")
	}
	if (rinnova.Actor{Role: rinnova.RoleSchool}).IsSchool("") {
		t.Error("no school is not every school")
	}
	for _, r := range []rinnova.Role{rinnova.RoleClerk, rinnova.RoleManager, rinnova.RoleSignatory, rinnova.RoleAdmin} {
		if !(rinnova.Actor{Role: r}).IsOffice() {
			t.Errorf("%s belongs to the office", r)
		}
	}
	if rinnova.System.IsOffice() || (rinnova.Actor{}).IsOffice() {
		t.Error("the program and nobody are not the office")
	}
}
