package contractpdf

import (
	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/contract"
	"rinnova/internal/locale"
	"rinnova/internal/renewal"
)

// notApplicable stands for a reduction that cannot be: 0,00 would say that it could.
const notApplicable = "–"

// smallestLarge is the amount from which on a table is set smaller.
const smallestLarge rinnova.Cents = 100_000_00

// Titles of the groups of lines.
const (
	includedTitle = "Prodotti inclusi nel calcolo del tetto massimo"
	excludedTitle = "Prodotti esclusi dal calcolo del tetto massimo"
)

// group is the lines that share a sum.
type group struct {
	title, sum  string
	belongs     func(contract.DocumentLine) bool
	amount, net rinnova.Cents
	reduction   rinnova.Cents
	reducible   bool
}

// groups are the groups of a document: included and excluded lines, or one group of all where there is no cap.
func groups(kind renewal.Kind, t catalog.Totals) []group {
	if !kind.Capped() {
		return []group{{title: "Servizi", sum: "Somma dei servizi",
			belongs: func(contract.DocumentLine) bool { return true }, amount: t.Taxable, net: t.Taxable}}
	}
	return []group{
		{title: includedTitle, sum: "Somma dei prodotti inclusi", reducible: true,
			belongs: func(l contract.DocumentLine) bool { return l.InCap }, amount: t.Included, reduction: t.Reduction, net: t.IncludedNet()},
		{title: excludedTitle, sum: "Somma dei prodotti esclusi",
			belongs: func(l contract.DocumentLine) bool { return !l.InCap }, amount: t.Excluded, net: t.Excluded},
	}
}

// contractTables are the tables of a contract, one for each group that has lines. Numbers run through all of them.
func contractTables(d contract.Document) []table {
	var out []table
	number := 0
	for _, g := range groups(d.Kind, d.Totals) {
		t := table{title: g.title, item: d.Kind.Traits().Item.String(), reduced: d.Kind.Capped()}
		t.add(g, d.Lines, d.Totals, &number)
		if len(t.rows) > 0 {
			out = append(out, t)
		}
	}
	return out
}

// reminderTable is the one table of a reminder.
func reminderTable(r contract.Reminder) table {
	words := r.Kind.Traits()
	t := table{title: words.Chosen, item: words.Item.String(), reduced: r.Kind.Capped(), compact: true}
	number := 0
	for _, g := range groups(r.Kind, r.Totals) {
		one := table{}
		one.add(g, r.Lines, r.Totals, &number)
		if len(one.rows) > 0 && r.Kind.Capped() {
			t.rows = append(t.rows, row{kind: groupRow, name: g.title})
		}
		t.rows = append(t.rows, one.rows...)
		t.large = t.large || one.large
	}
	if len(t.rows) == 0 {
		t.rows = []row{{kind: groupRow, name: "Nessuno dei " + words.Goods.String() + " proposti è scelto"}}
	}
	return t
}

// add appends the ticked lines of a group and their sum.
func (t *table) add(g group, lines []contract.DocumentLine, totals catalog.Totals, number *int) {
	for i, l := range lines {
		if !l.Ticked || !g.belongs(l) {
			continue
		}
		*number++
		m := totals.Lines[i]
		r := row{
			number: locale.Count(*number), name: l.Name, license: string(l.License),
			from: locale.Date(l.Period.From), to: locale.Date(l.Period.To), contacts: notApplicable,
			fee: locale.Amount(l.Fee), amount: locale.Amount(m.Amount), reduction: notApplicable, netFee: locale.Amount(m.Net),
		}
		if !l.Way.IsZero() {
			r.name += ", " + locale.Italian.Text(l.Way)
		}
		if len(l.Parts) > 1 && !sameFee(l.Parts) {
			r.fee = "vario"
		}
		if l.Contacts > 0 {
			r.contacts = locale.Count(l.Contacts)
		}
		if g.reducible {
			r.reduction = locale.Amount(-m.Reduction)
		}
		t.large = t.large || max(l.Fee, m.Amount) >= smallestLarge
		t.rows = append(t.rows, r)
	}
	if len(t.rows) == 0 {
		return
	}
	sum := row{kind: sumRow, name: g.sum, amount: locale.Amount(g.amount), reduction: notApplicable, netFee: locale.Amount(g.net)}
	if g.reducible {
		sum.reduction = locale.Amount(-g.reduction)
	}
	t.rows = append(t.rows, sum)
}

// sameFee tells whether the yearly fee of all parts is one.
func sameFee(parts []contract.DocumentPart) bool {
	for _, x := range parts {
		if x.Fee != parts[0].Fee {
			return false
		}
	}
	return true
}
