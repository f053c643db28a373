package renewalweb

import (
	"slices"
	"sync"

	"rinnova/internal/locale"
	"rinnova/internal/renewal"
	"rinnova/internal/supplier"
	"rinnova/internal/web"
)

// whys are the reasons for not renewing something; none comes first.
func whys(l locale.Lang) []web.Option {
	out := []web.Option{{Text: l.T("Non lo diciamo")}}
	for _, w := range renewal.Whys {
		out = append(out, web.Option{Value: string(w), Text: l.Text(w.Label())})
	}
	return out
}

// payments are the terms that can be chosen; with only one there is nothing to choose.
func payments(l locale.Lang, offered []supplier.PaymentTerm) []web.Option {
	var out []web.Option
	if len(offered) != 1 {
		out = append(out, web.Option{Text: l.T("Scegliete…")})
	}
	for _, t := range offered {
		out = append(out, web.Option{Value: t.Code, Text: t.Name})
	}
	return out
}

// exclusions are the reasons for which there is no CIG: those that an order like this can have come first.
func exclusions(l locale.Lang) []web.Option {
	if known, ok := exclusionOptions.Load(l); ok {
		return known.([]web.Option)
	}
	out := []web.Option{{Text: l.T("Il CIG c’è")}}
	for _, x := range renewal.LikelyExclusions {
		out = append(out, exclusionOption(l, x, l.T("Per un ordine di software")))
	}
	for _, x := range renewal.Exclusions {
		if !slices.Contains(renewal.LikelyExclusions, x) {
			out = append(out, exclusionOption(l, x, l.T("Per altri contratti")))
		}
	}
	exclusionOptions.Store(l, out)
	return out
}

func exclusionOption(l locale.Lang, code, group string) web.Option {
	name := l.Text(renewal.ExclusionName(code))
	if hint := renewal.ExclusionHint(code); !hint.IsZero() {
		name = l.T("%s: %s", name, hint)
	}
	return web.Option{Value: code, Text: name, Group: group}
}

// exclusionOptions are put together once for each language: locale.Lang → []web.Option.
var exclusionOptions sync.Map
