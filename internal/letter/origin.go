package letter

import (
	"context"
	"slices"
	"strings"

	"rinnova"
	"rinnova/internal/pdf"
	"rinnova/internal/pdf/incremental"
)

// origin is what a PDF says of how it was made. Programs for signing and most others leave that as it was. It helps with
// mistakes; who wants to can write what he likes there.
type origin struct {
	portal        bool // by a portal like this one
	title, author string
}

func originOf(ctx context.Context, file []byte) origin {
	u, err := incremental.Read(ctx, file)
	if err != nil || u.Info().IsZero() {
		return origin{}
	}
	info, err := u.Dict(u.Info())
	if err != nil {
		return origin{}
	}
	text := func(key incremental.Name) string {
		o, err := u.Resolve(info[key])
		if err != nil {
			return ""
		}
		return oneLine(incremental.ParseText(o), 200)
	}
	return origin{strings.HasPrefix(text("Producer"), pdf.Producer), text("Title"), text("Author")}
}

// numberOf is the number of the prepared letter that a PDF says it is; 0 where it says none.
func (o origin) numberOf(letters []Letter) int {
	for _, l := range letters {
		if l.Document.Number > 0 && o.portal && o.author == oneLine(l.Document.School.Name, 200) && o.title == oneLine(l.Document.Title(), 200) {
			return l.Number
		}
	}
	return 0
}

// another says what a PDF is that a portal has made as something else than a letter of the school that prepared these letters;
// the zero Text where it is nothing like that.
func (o origin) another(letters []Letter) rinnova.Text {
	by := func(name func(Document) string) bool {
		return slices.ContainsFunc(letters, func(l Letter) bool { return o.author == oneLine(name(l.Document), 200) })
	}
	last := letters[0].Number
	switch {
	case !o.portal, by(func(d Document) string { return d.School.Name }):
		return rinnova.Text{}
	case o.title == "" || o.author == "":
		return rinnova.Say("È un altro documento fatto dal portale, non la lettera di nomina. Cercate il file firmato della lettera n. %d e caricate quello.", last)
	case by(func(d Document) string { return d.Vendor.Name }):
		return rinnova.Say("È «%s», non la lettera di nomina. Cercate il file firmato della lettera n. %d e caricate quello.", o.title, last)
	}
	return rinnova.Say("È «%s» di «%s», non della vostra scuola. Cercate il file firmato della vostra lettera n. %d e caricate quello.", o.title, o.author, last)
}
