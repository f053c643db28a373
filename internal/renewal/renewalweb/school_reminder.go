package renewalweb

import (
	"net/http"

	"rinnova"
	"rinnova/internal/contract"
	"rinnova/internal/web"
)

// reminder is the printable picture of the request as it stands.
func (h *School) reminder(w http.ResponseWriter, r *http.Request) error {
	v, err := h.view(r)
	if err != nil {
		return err
	}
	profile, err := h.profile(r.Context())
	if err != nil {
		return err
	}
	last, err := h.last(r.Context(), v.Request)
	if err != nil {
		return err
	}
	_, found, err := h.Renewals.AskOrder(r.Context(), v)
	if err != nil {
		return err
	}
	var missing []rinnova.Text
	for _, p := range v.Request.Draft.Order.Blocking(found) {
		missing = append(missing, p.Text)
	}
	pdf, err := h.Printer.Reminder(contract.ReminderOf(v, last, profile, missing, h.Renewals.Clock()))
	if err != nil {
		return err
	}
	if err := h.Renewals.Printed(r.Context(), h.Actor(r.Context()), v.Request); err != nil {
		return err
	}
	return web.PDF(w, "promemoria-"+v.Request.Number+".pdf", true, pdf)
}
