package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/event"
	"rinnova/internal/locale"
	"rinnova/internal/witness"
)

var someHash = strings.Repeat("3f5a", 16)

func TestVerifyPrintsWhatItFound(t *testing.T) {
	at := time.Date(2026, 11, 20, 9, 51, 7, 123456000, time.UTC)
	e := &event.Event{ID: "0199a3b2-c4d5-7000-8000-000000000001", At: at, Kind: event.Confirmed}
	for want, r := range map[string]event.Report{
		"1.234 eventi, catena intera. Annotate la sua testa: con --expect il prossimo controllo la ritrova.\n1234:" + someHash + "\n": {Head: event.Head{Seq: 1234, Hash: someHash}},
		"Manca l’evento n. 7.\n": {Damage: &event.Damage{Fault: event.Missing, Seq: 7, Last: 7}},
		"L’evento n. 7 è stato cambiato.\n7\t0199a3b2-c4d5-7000-8000-000000000001\t2026-11-20T09:51:07.123456Z\trequest.confirmed\n": {Damage: &event.Damage{Fault: event.Altered, Seq: 7, Event: e}},
	} {
		var b bytes.Buffer
		printChain(&b, locale.Italian, r, false)
		if b.String() != want {
			t.Errorf("printed\n%swant\n%s", b.String(), want)
		}
	}
}

func TestExpectTakesWhatACheckPrinted(t *testing.T) {
	if h, err := parseHead("42:" + someHash); err != nil || *h != (event.Head{Seq: 42, Hash: someHash}) {
		t.Errorf("%v, %v", h, err)
	}
	if h, err := parseHead(""); err != nil || h != nil {
		t.Errorf("%v, %v", h, err)
	}
	for _, s := range []string{"42", "0:" + someHash, "x:" + someHash, "42:" + someHash[1:], "42:" + strings.ToUpper(someHash), ":"} {
		if _, err := parseHead(s); err == nil {
			t.Errorf("%q is taken", s)
		}
	}
}

// Where the seals contradict the chain, or are gone, nothing is called whole.
func TestADoubtfulChainIsNotCalledWhole(t *testing.T) {
	var b strings.Builder
	report := event.Report{Head: event.Head{Seq: 42, Hash: strings.Repeat("a", 64)}}
	printChain(&b, locale.Italian, report, true)
	printSeals(&b, locale.Italian, &witness.Seals{Faults: rinnova.Faults{rinnova.Say("Mancano tutti i sigilli.")}}, report)
	if got := b.String(); strings.Contains(got, "catena intera") || strings.Contains(got, "non ci sono ancora") || !strings.Contains(got, "i sigilli non concordano") || !strings.Contains(got, "Mancano tutti") {
		t.Errorf("%s", got)
	}
}
