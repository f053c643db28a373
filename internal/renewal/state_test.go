package renewal_test

import (
	"testing"

	"pgregory.net/rapid"

	"rinnova"
	"rinnova/internal/renewal"
)

var actions = []renewal.Action{renewal.Edit, renewal.Confirm, renewal.Take, renewal.SendBack, renewal.Process, renewal.Decline, renewal.Expire, renewal.Withdraw, renewal.Reopen, renewal.Resume}

func TestTransitions(t *testing.T) {
	type step struct {
		from renewal.State
		do   renewal.Action
	}
	allowed := map[step]renewal.State{
		{renewal.Offered, renewal.Edit}:       renewal.Drafted,
		{renewal.Offered, renewal.Confirm}:    renewal.Submitted,
		{renewal.Offered, renewal.Decline}:    renewal.Declined,
		{renewal.Offered, renewal.Expire}:     renewal.Expired,
		{renewal.Offered, renewal.Withdraw}:   renewal.Withdrawn,
		{renewal.Drafted, renewal.Edit}:       renewal.Drafted,
		{renewal.Drafted, renewal.Confirm}:    renewal.Submitted,
		{renewal.Drafted, renewal.Decline}:    renewal.Declined,
		{renewal.Drafted, renewal.Expire}:     renewal.Expired,
		{renewal.Drafted, renewal.Withdraw}:   renewal.Withdrawn,
		{renewal.Submitted, renewal.Edit}:     renewal.Submitted,
		{renewal.Submitted, renewal.Confirm}:  renewal.Submitted,
		{renewal.Submitted, renewal.Take}:     renewal.InReview,
		{renewal.Submitted, renewal.SendBack}: renewal.Returned,
		{renewal.Submitted, renewal.Process}:  renewal.Processed,
		{renewal.Submitted, renewal.Decline}:  renewal.Declined,
		{renewal.Submitted, renewal.Withdraw}: renewal.Withdrawn,
		{renewal.InReview, renewal.Edit}:      renewal.InReview,
		{renewal.InReview, renewal.Confirm}:   renewal.Submitted,
		{renewal.InReview, renewal.Take}:      renewal.InReview,
		{renewal.InReview, renewal.SendBack}:  renewal.Returned,
		{renewal.InReview, renewal.Process}:   renewal.Processed,
		{renewal.InReview, renewal.Decline}:   renewal.Declined,
		{renewal.InReview, renewal.Withdraw}:  renewal.Withdrawn,
		{renewal.Declined, renewal.Reopen}:    renewal.Drafted,
		{renewal.Declined, renewal.Resume}:    renewal.Returned,
		{renewal.Returned, renewal.Edit}:      renewal.Returned,
		{renewal.Returned, renewal.Confirm}:   renewal.Submitted,
		{renewal.Returned, renewal.Decline}:   renewal.Declined,
		{renewal.Returned, renewal.Expire}:    renewal.Expired,
		{renewal.Returned, renewal.Withdraw}:  renewal.Withdrawn,
	}
	for _, from := range renewal.States {
		for _, do := range actions {
			next, err := from.Next(do)
			want, ok := allowed[step{from, do}]
			switch {
			case ok && (err != nil || next != want):
				t.Errorf("%s, %s: %s, %v; want %s", from, do, next, err, want)
			case !ok && (err == nil || next != from || rinnova.KindOf(err) != rinnova.Conflict):
				t.Errorf("%s, %s: %s, %v; want a conflict", from, do, next, err)
			case from.Allows(do) != ok:
				t.Errorf("%s allows %s: %v", from, do, !ok)
			}
		}
	}
}

// Whatever people do, a processed request stays processed, and nothing is processed that was not confirmed.
func TestWalks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		state, confirmed := renewal.Offered, false
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			action := rapid.SampledFrom(actions).Draw(t, "action")
			next, err := state.Next(action)
			if err != nil {
				if next != state {
					t.Fatalf("a refused %s moved %s to %s", action, state, next)
				}
				continue
			}
			if state.Final() {
				t.Fatalf("%s is final and went to %s", state, next)
			}
			if action == renewal.Confirm {
				confirmed = true
			}
			if next == renewal.Processed && !confirmed {
				t.Fatal("processed without a confirmation")
			}
			if next.Confirmed() && !confirmed {
				t.Fatalf("%s without a confirmation", next)
			}
			state = next
		}
	})
}

func TestStatesHaveLabels(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range renewal.States {
		label := s.Label().String()
		if label == "" || seen[label] {
			t.Errorf("%s: label %q", s, label)
		}
		seen[label] = true
	}
}
