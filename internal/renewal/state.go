package renewal

import "rinnova"

// State is where a request stands. The labels that people read are in Label.
type State string

// The states of a request.
const (
	Offered   State = "offered"   // Proposta: nobody has touched it
	Drafted   State = "draft"     // In compilazione: the school works on it
	Submitted State = "submitted" // Inviata: confirmed, waiting for the office
	InReview  State = "in_review" // Presa in carico: a clerk looks at it
	Processed State = "processed" // Elaborata: frozen, has a contract; final
	Returned  State = "returned"  // Da correggere: sent back with a reason
	Declined  State = "declined"  // Non rinnovata: the school says so; only the office opens it again
	Expired   State = "expired"   // Scaduta: the campaign closed; final
	Withdrawn State = "withdrawn" // Ritirata: by the office; final
)

// States are all of them, in the order of the flow.
var States = []State{Offered, Drafted, Submitted, InReview, Processed, Returned, Declined, Expired, Withdrawn}

// Action is what somebody does to a request.
type Action string

// The actions.
const (
	Edit     Action = "edit"
	Confirm  Action = "confirm"
	Take     Action = "take"
	SendBack Action = "return"
	Process  Action = "process"
	Decline  Action = "decline"
	Reopen   Action = "reopen" // a declined request that was never confirmed
	Resume   Action = "resume" // a declined request that was: it must be confirmed again
	Expire   Action = "expire"
	Withdraw Action = "withdraw"
)

// transitions says, for each state, which actions it allows and where they lead. A draft over a confirmation does not
// change the state: what counts is still the confirmation. A new confirmation while in review goes back to submitted.
// Processing a submitted request takes it in charge in the same step.
var transitions = map[State]map[Action]State{
	Offered:   {Edit: Drafted, Confirm: Submitted, Decline: Declined, Expire: Expired, Withdraw: Withdrawn},
	Drafted:   {Edit: Drafted, Confirm: Submitted, Decline: Declined, Expire: Expired, Withdraw: Withdrawn},
	Submitted: {Edit: Submitted, Confirm: Submitted, Take: InReview, SendBack: Returned, Process: Processed, Decline: Declined, Withdraw: Withdrawn},
	InReview:  {Edit: InReview, Confirm: Submitted, Take: InReview, SendBack: Returned, Process: Processed, Decline: Declined, Withdraw: Withdrawn},
	Returned:  {Edit: Returned, Confirm: Submitted, Decline: Declined, Expire: Expired, Withdraw: Withdrawn},
	Declined:  {Reopen: Drafted, Resume: Returned},
}

// Next is the state after an action, or a Conflict that says why it cannot be done.
func (s State) Next(a Action) (State, error) {
	if next, ok := transitions[s][a]; ok {
		return next, nil
	}
	switch {
	case s == Processed:
		return s, rinnova.Fail(rinnova.Conflict, "La richiesta è già elaborata e non si può più cambiare. Per una correzione telefonate all’ufficio.")
	case s.Closed():
		return s, rinnova.Fail(rinnova.Conflict, "La richiesta è chiusa (%s) e non si può più cambiare.", s.Label())
	}
	return s, rinnova.Fail(rinnova.Conflict, "Con la richiesta nello stato «%s» questa azione non è possibile.", s.Label())
}

// Final tells whether nothing can happen any more.
func (s State) Final() bool { return len(transitions[s]) == 0 }

// Closed tells whether there is nothing left for the school to do.
func (s State) Closed() bool { return s.Final() || s == Declined }

// Allows tells whether an action is possible.
func (s State) Allows(a Action) bool {
	_, ok := transitions[s][a]
	return ok
}

// Confirmed tells whether the request waits for the office or has been processed: a confirmation counts.
func (s State) Confirmed() bool { return s == Submitted || s == InReview || s == Processed }

// Waits tells whether it is the school's turn: nothing of it counts until the school confirms.
func (s State) Waits() bool { return s == Offered || s == Drafted || s == Returned }

// Label is the state as people read it.
func (s State) Label() rinnova.Text {
	switch s {
	case Offered:
		return rinnova.Say("Proposta")
	case Drafted:
		return rinnova.Say("In compilazione")
	case Submitted:
		return rinnova.Say("Inviata")
	case InReview:
		return rinnova.Say("Presa in carico")
	case Processed:
		return rinnova.Say("Elaborata")
	case Returned:
		return rinnova.Say("Da correggere")
	case Declined:
		return rinnova.Say("Non rinnovata")
	case Expired:
		return rinnova.Say("Scaduta")
	case Withdrawn:
		return rinnova.Say("Ritirata")
	}
	return rinnova.Text{}
}
