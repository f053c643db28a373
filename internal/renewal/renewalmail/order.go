package renewalmail

import (
	"strings"
	"unicode"

	"rinnova/internal/locale"
	"rinnova/internal/mail"
	"rinnova/internal/renewal"
	"rinnova/internal/supplier/suppliermail"
)

// OrderRows are an order as all mails write it: the CIG or why there is none, the order with its day, and what else it has. How it is
// paid stands in receipts only.
func OrderRows(o renewal.Order) mail.Rows {
	var rows mail.Rows
	for _, d := range o.Data() {
		row := mail.Row{Label: locale.Italian.Text(d.Label), Value: locale.Italian.Text(d.Text)}
		switch d.Name {
		case renewal.FieldExclusion, renewal.FieldReason, renewal.FieldDate, renewal.FieldPayment:
			continue // said with the CIG, and with the number
		case renewal.FieldCIG:
			row.Value = cig(o)
		case renewal.FieldNumber:
			row = mail.Row{Label: "Ordine", Value: numbered(o.Number) + " " + locale.Del(o.Date)}
		}
		if row.Value != "" {
			rows = append(rows, row)
		}
	}
	return rows
}

// numbered is the number of an order as a mail says it; one that begins with a word of its own needs none before it.
func numbered(number string) string {
	if strings.IndexFunc(number, unicode.IsLetter) == 0 {
		return number
	}
	return suppliermail.Number(number)
}

// cig is the CIG, or that there is none and why.
func cig(o renewal.Order) string {
	why := o.Exclusion
	switch {
	case o.CIG != "":
		return o.CIG
	case why == "" && o.Reason == "":
		return "non previsto"
	case why != "" && o.Reason != "":
		why += ": "
	}
	return "non previsto (" + why + o.Reason + ")"
}
