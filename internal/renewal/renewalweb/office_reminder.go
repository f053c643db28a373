package renewalweb

import (
	"net/http"

	"rinnova"
	"rinnova/internal/contract"
	"rinnova/internal/web"
)

// reminder is the printable picture of a request, as the school prints it.
func (o *Office) reminder(w http.ResponseWriter, r *http.Request) error {
	p, err := o.request(r)
	if err != nil {
		return err
	}
	missing, err := o.missing(r, p)
	if err != nil {
		return err
	}
	pdf, err := o.Printer.Reminder(contract.ReminderOf(p.View, p.Now, p.Vendor, missing, p.At))
	if err != nil {
		return err
	}
	if err := o.Clerks.Printed(r.Context(), p.Reader, p.Request); err != nil {
		return err
	}
	return web.PDF(w, "promemoria-"+p.Request.Number+".pdf", true, pdf)
}

// missing is what a draft still lacks.
func (o *Office) missing(r *http.Request, p *officeRequest) ([]rinnova.Text, error) {
	if p.Now != nil && !p.Request.Pending {
		return nil, nil
	}
	_, problems, err := o.Clerks.AskOrder(r.Context(), p.View)
	if err != nil {
		return nil, err
	}
	var out []rinnova.Text
	for _, x := range p.Request.Draft.Order.Blocking(problems) {
		out = append(out, x.Text)
	}
	return out, nil
}
