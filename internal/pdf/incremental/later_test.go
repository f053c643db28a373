package incremental

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// signing adds what a signature leaves: a field with its widget on the first page, its value, and the form.
func signing(rect string) func(*Update) {
	return func(u *Update) {
		pages, _ := u.Pages()
		page, _ := u.Dict(pages[0])
		catalog, _ := u.Dict(u.Root())
		value := u.Add(Dict{"Type": Name("Sig"), "Filter": Name("Adobe.PPKLite")})
		field := u.Add(Dict{"Type": Name("Annot"), "Subtype": Name("Widget"), "FT": Name("Sig"), "T": String("Firma"), "V": value, "P": pages[0], "Rect": Raw(rect)})
		fields, _ := u.members(catalog["AcroForm"])
		if form, ok := catalog["AcroForm"].(Dict); ok {
			fields, _ = u.members(form["Fields"])
		}
		catalog["AcroForm"] = Dict{"Fields": append(Array(fields), field), "SigFlags": Integer(3)}
		annotations, _ := u.annotations(pages[0])
		page["Annots"] = append(Array(annotations), field)
		u.Set(pages[0], page)
		u.Set(u.Root(), catalog)
	}
}

const unseen, visible = "[0 0 0 0]", "[300 100 500 200]"

// changing sets a key of the first page, or of the catalog.
func onPage(key Name, o func(*Update) Object) func(*Update) {
	return func(u *Update) {
		pages, _ := u.Pages()
		page, _ := u.Dict(pages[0])
		page[key] = o(u)
		u.Set(pages[0], page)
	}
}

func onCatalog(key Name, o func(*Update) Object) func(*Update) {
	return func(u *Update) {
		catalog, _ := u.Dict(u.Root())
		catalog[key] = o(u)
		u.Set(u.Root(), catalog)
	}
}

func is(o Object) func(*Update) Object { return func(*Update) Object { return o } }

func added(o Object) func(*Update) Object { return func(u *Update) Object { return u.Add(o) } }

// then appends what each of some changes makes, one update after the other.
func then(t testing.TB, file []byte, changes ...func(*Update)) []byte {
	t.Helper()
	for _, change := range changes {
		u := open(t, file)
		change(u)
		file, _ = u.Bytes()
	}
	return file
}

var newText = &Stream{Dict: Dict{}, Data: []byte("BT /F 12 Tf 50 700 Td (Un altro testo) Tj ET")}

func set(n int, o Object) func(*Update) { return func(u *Update) { u.Set(Ref{Number: n}, o) } }

// What programs leave when they sign, one after the other, does not change what the pages say.
func TestSignaturesAfter(t *testing.T) {
	base := drawn(2, false)
	waiting := then(t, base, signing(unseen), func(u *Update) {
		for _, r := range u.Refs() {
			if d, err := u.Dict(r); err == nil && d["FT"] == Name("Sig") {
				delete(d, "V")
				u.Set(r, d)
			}
		}
	})
	fill := func(u *Update) {
		for _, r := range u.Refs() {
			if d, err := u.Dict(r); err == nil && d["FT"] == Name("Sig") {
				d["V"] = u.Add(Dict{"Type": Name("Sig")})
				u.Set(r, d)
			}
		}
	}
	inList := then(t, base, onPage("Annots", added(Array{})))
	for name, x := range map[string]struct {
		base, file []byte
		shown      int
	}{
		"nothing":                 {base, base, 0},
		"blanks":                  {base, append(bytes.Clone(base), "\r\n\n"...), 0},
		"a signature":             {base, then(t, base, signing(unseen)), 0},
		"two":                     {base, then(t, base, signing(unseen), signing(unseen)), 0},
		"one that is seen":        {base, then(t, base, signing(visible)), 1},
		"certificates beside":     {base, then(t, base, signing(unseen), onCatalog("DSS", added(Dict{"Certs": Array{}}))), 0},
		"permissions":             {base, then(t, base, signing(unseen), onCatalog("Perms", is(Dict{"DocMDP": Ref{Number: 8}}))), 0},
		"metadata":                {base, then(t, base, onCatalog("Metadata", added(&Stream{Dict: Dict{"Type": Name("Metadata"), "Subtype": Name("XML")}})), signing(unseen)), 0},
		"information":             {base, then(t, base, set(7, Dict{"ModDate": String("D:20261130")}), signing(unseen)), 0},
		"a field that waited":     {waiting, then(t, waiting, fill), 0},
		"annotations in an array": {inList, then(t, inList, signing(unseen)), 0},
	} {
		shown, err := SignaturesAfter(t.Context(), x.file, len(x.base))
		if err != nil || len(shown) != x.shown {
			t.Errorf("%s: shown on pages %v: %v", name, shown, err)
		}
	}
}

// Whatever else follows may change what a page says to one reader or another.
func TestNotOnlySignaturesAfter(t *testing.T) {
	base := drawn(2, false)
	widget := func(d Dict) func(*Update) { return onPage("Annots", func(u *Update) Object { return Array{u.Add(d)} }) }
	signed := then(t, base, signing(unseen))
	dangling := then(t, base, onPage("Contents", is(Array{Ref{Number: 4}, Ref{Number: 90}})))
	twofold := then(t, base, onPage("Resources", is(Dict{"XObject": Ref{Number: 1}})))
	packed := packedOddly(t)["packed"]
	files := map[string][2][]byte{
		"another content":               {base, then(t, base, onPage("Contents", added(newText)))},
		"another content, and signed":   {base, then(t, base, onPage("Contents", added(newText)), signing(unseen))},
		"and back again":                {base, then(t, base, onPage("Contents", added(newText)), onPage("Contents", is(Ref{Number: 4})), signing(unseen))},
		"the same content rewritten":    {base, then(t, base, set(4, newText))},
		"other resources":               {base, then(t, base, onPage("Resources", is(Dict{})))},
		"another size":                  {base, then(t, base, onPage("MediaBox", is(Array{Integer(0), Integer(0), Integer(9), Integer(9)})))},
		"turned":                        {base, then(t, base, onPage("Rotate", is(Integer(90))))},
		"fewer pages":                   {base, then(t, base, set(2, Dict{"Type": Name("Pages"), "Count": Integer(1), "Kids": Array{Ref{Number: 3}}}))},
		"another tree of pages":         {base, then(t, base, onCatalog("Pages", added(Dict{"Type": Name("Pages"), "Count": Integer(0), "Kids": Array{}})))},
		"layers":                        {base, then(t, base, onCatalog("OCProperties", is(Dict{})))},
		"an object gone":                {base, then(t, base, set(4, nil))},
		"a new page that nobody names":  {base, then(t, base, set(50, Dict{"Type": Name("Page")}))},
		"a note":                        {base, then(t, base, widget(Dict{"Subtype": Name("FreeText"), "Rect": Raw(visible)}))},
		"a field with text":             {base, then(t, base, widget(Dict{"Subtype": Name("Widget"), "FT": Name("Tx"), "Rect": Raw(visible)}))},
		"a stamp called a signature":    {base, then(t, base, widget(Dict{"Subtype": Name("Stamp"), "FT": Name("Sig"), "Rect": Raw(visible)}))},
		"a box over the page":           {base, then(t, base, signing("[0 0 595 842]"))},
		"boxes over the page":           {base, then(t, base, signing("[0 0 300 200]"), signing("[0 200 300 400]"))},
		"a box without place":           {base, then(t, base, signing("[0 0 (a) 1]"))},
		"a signature taken out":         {signed, then(t, signed, onPage("Annots", is(Array{})))},
		"a signature with other words":  {signed, then(t, signed, set(9, Dict{"Type": Name("Sig"), "Name": String("Altri")}))},
		"a content that was missing":    {dangling, then(t, dangling, set(90, newText))},
		"a catalog that is painted":     {twofold, then(t, twofold, onCatalog("Metadata", added(newText)))},
		"an object stream replaced":     {packed, then(t, packed, set(2, newText))},
		"another trailer":               {base, append(then(t, base, signing(unseen)), "trailer\n<</Root 9 0 R>>\n%%EOF\n"...)},
		"in the middle":                 {base[:len(base)-60], base},
		"a value that nobody refers to": {base, append(bytes.Clone(base), fmt.Sprintf("4 0 obj\n<</Length 0>>\nstream\n\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n", bytes.LastIndex(base, []byte("xref\n0")))...)},
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if shown, err := SignaturesAfter(t.Context(), files[name][1], len(files[name][0])); err == nil {
			t.Errorf("%s: passes, shown on %v", name, shown)
		} else {
			t.Logf("%s: %v", name, err)
		}
	}
}

// Whatever is appended, there is an answer; where it is that nothing but signatures follows, the pages are painted from the same bytes.
func TestSignaturesAfterAnswers(t *testing.T) {
	base := drawn(2, false)
	signed := then(t, base, signing(visible), onCatalog("DSS", added(Dict{"Certs": Array{}})))
	painted := func(u *Update) (all []string) {
		for _, n := range []int{2, 4, 5, 6} {
			o, _ := u.Get(Ref{Number: n})
			all = append(all, string(Append(nil, o)))
		}
		return all
	}
	want := painted(open(t, base))
	rapid.Check(t, func(r *rapid.T) {
		b := bytes.Clone(signed)
		for range rapid.IntRange(1, 6).Draw(r, "changes") {
			b[rapid.IntRange(len(base), len(b)-1).Draw(r, "at")] = rapid.SampledFrom([]byte("0123456789 /<>[]R\n")).Draw(r, "byte")
		}
		if _, err := SignaturesAfter(t.Context(), b, len(base)); err != nil {
			return
		}
		u, err := Read(t.Context(), b)
		if err != nil || !slices.Equal(painted(u), want) {
			r.Fatalf("something else is painted: %v", err)
		}
	})
}
