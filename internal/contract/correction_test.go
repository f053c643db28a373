package contract_test

import (
	"testing"
	"time"

	"rinnova/internal/contract"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
	"rinnova/internal/school"
)

// A contract says of the school what held when its request was processed: a correction that was accepted between the
// confirmation and the processing is in it, one that was accepted afterwards changes nothing. The confirmation keeps what
// held when it was made.
func TestAContractHasTheDataOfItsProcessing(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		correct := func(f school.Field, value string) {
			t.Helper()
			w.Now = w.Now.Add(time.Minute)
			out, problems, err := w.Corrections.Propose(t.Context(), w.A.Actor, school.Asked{Values: map[school.Field]string{f: value}})
			must(err)
			if out.Asked != 1 {
				t.Fatalf("%s was not asked for: %v", f, problems)
			}
			waiting, err := w.Schools.WaitingOfSchool(t.Context(), w.A.School.ID)
			must(err)
			_, s, err := w.Corrections.Show(t.Context(), w.Clerk, waiting[0])
			must(err)
			_, err = w.Corrections.Decide(t.Context(), w.Clerk, waiting[0], []school.Decision{{Field: f, Accept: true, Seen: s.Shown(f)}})
			must(err)
		}
		rev := w.Confirm(t, w.A, renewaltest.Order(), renewaltest.StartTicks()...)
		correct(school.FieldEmail, "nuova@scuola.example")
		correct(school.FieldAddress, "Via Archimede 12")
		correct(school.FieldDisplayName, "I.C. «Ada d’Esempio»")
		if len(w.Decided) != 3 {
			t.Errorf("the school heard %d times", len(w.Decided))
		}
		read := func() (*renewal.Revision, contract.Document) {
			t.Helper()
			v, err := w.Requests.Revision(t.Context(), w.A.Request, 1)
			must(err)
			c, err := w.Lists.ByRequest(t.Context(), w.A.Request)
			must(err)
			return v, c.Document
		}
		w.Process(t, w.A)
		kept, d := read()
		if d.School.Email != "nuova@scuola.example" || d.School.Name != "I.C. «Ada d’Esempio»" || d.School.Address[:16] != "Via Archimede 12" {
			t.Errorf("the contract is not with the school as it was processed: %+v", d.School)
		}
		if len(w.Sent) != 1 || w.Sent[0].Document.School.Email != "nuova@scuola.example" {
			t.Errorf("the contract went to %+v", w.Sent)
		}
		if kept.School.Email != rev.School.Email || kept.School.DisplayName != w.A.School.DisplayName {
			t.Errorf("the confirmation has changed: %+v", kept.School)
		}
		correct(school.FieldEmail, "altra@scuola.example")
		correct(school.FieldTown, "Comiso")
		if _, after := read(); after.School != d.School {
			t.Errorf("a later correction has changed the contract: %+v", after.School)
		}
	})
}
