package demo

import (
	"context"

	"rinnova"
	"rinnova/internal/account"
	"rinnova/internal/school"
)

// inventedNote stands on every correction of the demonstration.
const inventedNote = "Correzione inventata per la dimostrazione: la scuola vera non ha chiesto nulla."

// wishes are what a few schools ask to have corrected, by portal code: all of it is invented.
var wishes = []struct {
	portalCode string
	values     map[school.Field]string
}{
	{"SG00003", map[school.Field]string{school.FieldAddress: "Via degli Esempi 12", school.FieldPostcode: "00100", school.FieldWebsite: "www.scuola.example"}},
	{"SG00006", map[school.Field]string{school.FieldOfficeCode: "UFESE1", school.FieldPEC: "segreteria@pec.scuola.example"}},
	{"SG00008", map[school.Field]string{school.FieldVATNumber: "12345678904"}}, // its check digit is wrong
	{"SG00010", map[school.Field]string{school.FieldEmail: "segreteria@scuola.example"}},
}

// corrections lets a few schools ask, so that the office has something to decide on.
func (s *seeder) corrections(ctx context.Context) error {
	for _, w := range wishes {
		a, known, err := s.app.Accounts.Store.ByUsername(ctx, account.Supervisor(w.portalCode))
		if err != nil {
			return err
		}
		if !known {
			continue // a demonstration of a few schools
		}
		asked := school.Asked{Values: w.values, Note: inventedNote}
		for f, v := range w.values {
			_, doubts := school.Check(f, v)
			for _, p := range doubts {
				asked.Acknowledged = append(asked.Acknowledged, p.Code)
			}
		}
		_, problems, err := s.app.Corrections.Propose(ctx, a.Actor(), asked)
		if err != nil {
			return err
		}
		if len(problems) > 0 {
			return rinnova.Fail(rinnova.Internal, "%s", problems[0].Text.String())
		}
	}
	return nil
}
