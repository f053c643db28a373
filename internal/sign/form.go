package sign

import (
	"errors"
	"fmt"

	"rinnova/internal/pdf/incremental"
)

// form is the interactive form of a document (ISO 32000-1, 12.7.2), empty where it has none. Fields in groups are
// not looked into: package pdf makes none.
type form struct {
	update *incremental.Update
	dict   incremental.Dict
	fields incremental.Array
}

func openForm(u *incremental.Update) (*form, error) {
	catalog, err := u.Dict(u.Root())
	if err != nil {
		return nil, err
	}
	o, err := u.Resolve(catalog["AcroForm"])
	if err != nil {
		return nil, err
	}
	f := &form{update: u}
	switch d := o.(type) {
	case nil, incremental.Null:
		f.dict = incremental.Dict{}
	case incremental.Dict:
		f.dict = d.Clone()
	default:
		return nil, errors.New("the form is not a dictionary")
	}
	if f.fields, err = array(u, f.dict["Fields"]); err != nil {
		return nil, fmt.Errorf("fields of the form: %w", err)
	}
	return f, nil
}

// dicts are the fields' dictionaries, in order.
func (f *form) dicts() ([]incremental.Dict, error) {
	var out []incremental.Dict
	for _, o := range f.fields {
		r, ok := o.(incremental.Ref)
		if !ok {
			return nil, errors.New("a field of the form is not a reference")
		}
		d, err := f.update.Dict(r)
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, nil
}

// freeName returns the wanted field name if no field has it; where none is wanted, the first of Firma1, Firma2, ….
func (f *form) freeName(wanted string) (string, error) {
	fields, err := f.dicts()
	if err != nil {
		return "", err
	}
	used := map[string]bool{}
	for _, d := range fields {
		b, _ := incremental.StringBytes(d["T"])
		used[string(b)] = true
	}
	if wanted != "" {
		if used[string(incremental.Text(wanted))] {
			return "", fmt.Errorf("the document already has a field %q", wanted)
		}
		return wanted, nil
	}
	for n := 1; ; n++ {
		if name := fmt.Sprintf("Firma%d", n); !used[name] {
			return name, nil
		}
	}
}

// add appends a signature field and puts the form into the catalog.
func (f *form) add(field incremental.Ref) error {
	f.dict["Fields"] = append(f.fields, field)
	f.dict["SigFlags"] = incremental.Integer(1 | 2) // SignaturesExist, AppendOnly
	catalog, err := f.update.Dict(f.update.Root())
	if err != nil {
		return err
	}
	if r, ok := catalog["AcroForm"].(incremental.Ref); ok {
		f.update.Set(r, f.dict)
		return nil
	}
	catalog["AcroForm"] = f.dict
	f.update.Set(f.update.Root(), catalog)
	return nil
}
