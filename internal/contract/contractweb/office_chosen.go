package contractweb

import (
	"strconv"
	"strings"

	"rinnova"
	"rinnova/internal/contract"
)

// FieldChosen is the field of forms that names requests to process, each at the confirmation that the clerk saw. It may
// come several times, once for each ticked row, and hold several requests each time.
const FieldChosen = "scelta"

// FieldCampaign names, in addresses and forms of the work list, the campaign whose requests they speak of.
const FieldCampaign = "campagna"

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
	}
	return b.String()
}

// ParseChosen reads the values of FieldChosen. A request that comes twice counts once, as it came first.
func ParseChosen(fields []string) ([]contract.Chosen, error) {
	var out []contract.Chosen
	seen := map[string]bool{}
	for _, f := range fields {
		for word := range strings.FieldsSeq(f) {
			id, number, ok := strings.Cut(word, ":")
			revision, err := strconv.Atoi(number)
			if !ok || err != nil || revision < 1 || !rinnova.IsID(id) {
				return nil, rinnova.Fail(rinnova.Invalid, "Le richieste scelte non sono arrivate intere. Tornate all’elenco e sceglietele di nuovo.")
			}
			if !seen[id] {
				seen[id] = true
				out = append(out, contract.Chosen{RequestID: id, Revision: revision})
			}
		}
	}
	return out, nil
}
