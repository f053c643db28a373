package campaignweb

import (
	"slices"

	"rinnova/internal/campaign"
	"rinnova/internal/catalog"
	"rinnova/internal/locale"
	"rinnova/internal/renewal"
	"rinnova/internal/terms/termsweb"
	"rinnova/internal/web"
)

func (p *formPage) required(name, label, help string) web.Input {
	x := p.helped(name, label, help)
	x.Required = true
	return x
}

func (p *formPage) helped(name, label, help string) web.Input {
	x := p.in(name, label)
	x.Help = help
	return x
}

func (p *formPage) choice(name, label string, all []web.Option) web.Input {
	x := p.in(name, label)
	x.Options, x.Required = all, name == campaign.FieldKind
	return x
}

func (p *formPage) selection(name, label string, all []web.Option) web.Input {
	x := p.choice(name, label, all)
	x.Required = true
	return x
}

func (p *formPage) tick(name, label, help string) web.Input {
	x := p.helped(name, label, help)
	x.Checked = p.Form.Get(name) != ""
	return x
}

func (p *formPage) kinds(l locale.Lang) []web.Option {
	var out []web.Option
	for _, k := range renewal.Kinds {
		out = append(out, web.Option{Value: string(k), Text: kindLabel(l, k)})
	}
	return out
}

func (p *formPage) lists(l locale.Lang) []web.Option {
	out := []web.Option{{Text: l.T("Scegliete")}}
	for _, x := range p.Lists {
		name := x.Name
		if x.State != catalog.Approved {
			name = l.T("%s (bozza)", name)
		}
		out = append(out, web.Option{Value: x.ID, Text: name})
	}
	return out
}

func (p *formPage) termsSelection(l locale.Lang) web.Input {
	x := p.selection(campaign.FieldTerms, l.T("Condizioni di contratto"), p.terms(l))
	x.More = web.Link{Text: l.T("Le versioni delle condizioni"), Href: termsweb.Path}
	return x
}

func (p *formPage) terms(l locale.Lang) []web.Option {
	out := []web.Option{{Text: l.T("Scegliete")}}
	for _, x := range p.Terms {
		kind := renewal.Kind(x.Kind)
		if slices.Contains(renewal.Kinds, kind) && (p.Campaign.ID == "" || kind == p.Campaign.Kind) {
			out = append(out, web.Option{Value: x.ID, Text: kindLabel(l, kind) + ": " + x.Title + ", " + x.Version})
		}
	}
	return out
}

func (p *formPage) payments() []web.Option {
	var out []web.Option
	for _, x := range p.Payments {
		if x.Disabled && !slices.Contains(p.Form[fieldPayments], x.Code) {
			continue
		}
		out = append(out, web.Option{Value: x.Code, Text: x.Name})
	}
	return out
}

func (p *formPage) products() []web.Option {
	var out []web.Option
	for _, x := range p.Products {
		out = append(out, web.Option{Value: x.ID, Text: x.Name})
	}
	return out
}

func plainOptions(values []string) []web.Option { return options("", values)[1:] }

// doubts lead to what is only asked about, where nothing is refused.
func (p *formPage) doubts(l locale.Lang) []web.Link {
	if len(p.State.Problems.Refused()) > 0 {
		return nil
	}
	return p.State.Doubts(l, p.labels(l))
}

// labels name the fields in the summary of what is wrong.
func (p *formPage) labels(l locale.Lang) map[string]string {
	return map[string]string{
		campaign.FieldName: l.T("Nome"), campaign.FieldKind: l.T("Tipo"), campaign.FieldFrom: l.T("Primo giorno del periodo"), campaign.FieldTo: l.T("Ultimo giorno del periodo"),
		campaign.FieldPriceList: l.T("Listino"), campaign.FieldTerms: l.T("Condizioni di contratto"), campaign.FieldOpens: l.T("Le scuole rispondono dal"),
		campaign.FieldCloses: l.T("fino al"), campaign.FieldNotice: l.T("Possono disdire fino al"),
		campaign.FieldThreshold: l.T("Un aumento è strano oltre il (%)"), campaign.FieldYears: l.T("Più anni"), campaign.FieldBefore: l.T("Solleciti, giorni prima della chiusura"),
		fieldNoCIG: l.T("Sollecito se manca il CIG, dopo giorni"), campaign.FieldProvinces: l.T("Solo alcune province"), campaign.FieldExcept: l.T("Scuole escluse"),
	}
}
