package contractweb

import (
	"strconv"
	"strings"

	"rinnova"
	"rinnova/internal/contract"
)

// FieldChosen is the field of forms that names requests to process, each at the confirmation that the clerk saw and with the codes of
// what there was to look at: id:1:cig.none,school.changed. It may come several times, once for each ticked row, and hold several requests
// each time.
const FieldChosen = "scelta"

// FieldCampaign names, in addresses and forms of the work list, the campaign whose requests they speak of.
const FieldCampaign = "campagna"

// codeLetters are what codes are written with, and what stands between them.
const codeLetters = "abcdefghijklmnopqrstuvwxyz0123456789._,"

// JoinChosen writes requests for FieldChosen.
func JoinChosen(list []contract.Chosen) string {
	var b strings.Builder
	for i, c := range list {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(c.RequestID)
		b.WriteByte(':')
		b.WriteString(strconv.Itoa(c.Revision))
		if len(c.Looks) > 0 {
			b.WriteByte(':')
			b.WriteString(strings.Join(c.Looks, ","))
		}
	}
	return b.String()
}

// ParseChosen reads the values of FieldChosen. A request that comes twice counts once, as it came first.
func ParseChosen(fields []string) ([]contract.Chosen, error) {
	var out []contract.Chosen
	seen := map[string]bool{}
	for _, f := range fields {
		for word := range strings.FieldsSeq(f) {
			id, rest, ok := strings.Cut(word, ":")
			number, codes, _ := strings.Cut(rest, ":")
			revision, err := strconv.Atoi(number)
			if !ok || err != nil || revision < 1 || !rinnova.IsID(id) || strings.Trim(codes, codeLetters) != "" {
				return nil, rinnova.Fail(rinnova.Invalid, "Le richieste scelte non sono arrivate intere. Tornate all’elenco e sceglietele di nuovo.")
			}
			if !seen[id] {
				seen[id] = true
				out = append(out, contract.Chosen{RequestID: id, Revision: revision, Looks: strings.FieldsFunc(codes, func(r rune) bool { return r == ',' })})
			}
		}
	}
	return out, nil
}
