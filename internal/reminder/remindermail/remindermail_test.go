package remindermail_test

import (
	"strings"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/mail"
	"rinnova/internal/reminder"
	"rinnova/internal/reminder/remindermail"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
)

// Each state of a request has its own words; all say until when, how to answer and how to stop, in text and in HTML.
func TestRemind(t *testing.T) {
	w := renewaltest.New(t)
	v, err := w.Renewals.View(t.Context(), w.A.Actor, w.A.Request)
	if err != nil {
		t.Fatal(err)
	}
	v.Request.Draft.Band = 2
	for name, c := range map[string]struct {
		rule    reminder.Rule
		state   renewal.State
		reason  string
		subject string
		words   []string
	}{
		"not opened": {reminder.BeforeClose(14), renewal.Offered, "", "Rinnovo 2027: si chiude martedì 15 dicembre 2026",
			[]string{"non l’avete ancora aperta", "Vedere la proposta", "Importo da fatturare"}},
		"begun": {reminder.BeforeClose(3), renewal.Drafted, "", "Rinnovo 2027: si chiude martedì 15 dicembre 2026",
			[]string{"non è ancora stata inviata", "Completare la richiesta", "CIG, numero dell’ordine"}},
		"without CIG": {reminder.NoCIG, renewal.Drafted, "", "Rinnovo 2027: manca il CIG", []string{"motivo di esclusione"}},
		"returned":    {reminder.BeforeClose(3), renewal.Returned, "Il CIG è di un’altra gara.", "Rinnovo 2027: si chiude martedì 15 dicembre 2026", []string{"Il CIG è di un’altra gara.", "Correggere la richiesta"}},
	} {
		t.Run(name, func(t *testing.T) {
			v.Request.State, v.Request.Reason, v.Request.DraftAt = c.state, c.reason, time.Time{}
			r := reminder.Reminder{Rule: c.rule, Token: "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
			m := mail.Message{}.Fill(remindermail.Remind(r, v, []rinnova.Text{rinnova.Say("CIG"), rinnova.Say("numero dell’ordine")}, renewaltest.Vendor(), "https://rinnovi.esempio.example"))
			if m.Subject != c.subject {
				t.Errorf("subject %q, want %q", m.Subject, c.subject)
			}
			all := append([]string{"Gentile segreteria", "23:59 di martedì 15 dicembre 2026", "https://rinnovi.esempio.example/richieste/" + v.Request.Number,
				"https://rinnovi.esempio.example/solleciti/ABCDEFGHIJKLMNOPQRSTUVWXYZ", "Nulla si rinnova da solo", "RGIC82700L"}, c.words...)
			for _, body := range []string{m.Text, m.HTML} {
				body = strings.Join(strings.Fields(strings.ReplaceAll(body, "\u00a0", " ")), " ")
				for _, want := range all {
					if !strings.Contains(body, want) {
						t.Errorf("%q is not in\n%s", want, body)
					}
				}
			}
		})
	}
}
