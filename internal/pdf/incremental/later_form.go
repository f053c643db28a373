package incremental

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// maxLooked and maxFieldDepth bound the fields and annotations that are looked at, and how deep they lie in one another.
const (
	maxLooked     = 100_000
	maxFieldDepth = 16
)

var errTooMany = errors.New("more fields or annotations than any letter has")

// keep notes what must stay as it is: all that is reached from the catalog and from the pages, apart from the keys that may change,
// and the annotations and fields that are there.
func (c *comparison) keep() error {
	roots := []Object{c.old.Root()}
	for _, r := range c.pages {
		d, err := c.old.Dict(r)
		if err != nil {
			return err
		}
		c.list(d["Annots"])
		roots = append(roots, d["Annots"])
	}
	catalog, err1 := c.old.Dict(c.old.Root())
	form, fields, err2 := c.old.form()
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	c.list(catalog["AcroForm"])
	c.list(form["Fields"])
	if err := c.wait(fields, nil, 0); err != nil {
		return err
	}
	return c.reach(append(roots, fields...))
}

func (c *comparison) list(o Object) {
	if r, ok := o.(Ref); ok {
		c.lists[r.Number] = true
	}
}

// wait notes the fields that wait for a signature; kind is the type that they inherit.
func (c *comparison) wait(fields []Object, kind Object, depth int) error {
	if c.looked += len(fields); depth > maxFieldDepth || c.looked > maxLooked {
		return errTooMany
	}
	for _, o := range fields {
		r, ok := o.(Ref)
		if !ok {
			return errors.New("a field is not a reference")
		}
		d, err := c.old.Dict(r)
		if err != nil {
			return err
		}
		kind := kind
		if d["FT"] != nil {
			kind = d["FT"]
		}
		kids, err := c.old.members(d["Kids"])
		if err != nil {
			return err
		}
		switch {
		case kind == Name("Sig") && d["V"] == nil:
			c.waiting[r.Number] = true
		case kind == Name("Sig"):
			continue // and what is below it has its signature
		case len(kids) == 0:
			c.plain = false
		}
		if err := c.wait(kids, kind, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// shelves are the keys of dictionaries that give names to what pages are painted with. Where the catalog, a page or a field were one
// of them too, what may change of it would be painted.
var shelves = []Name{"CharProcs", "ColorSpace", "D", "ExtGState", "Font", "N", "Pattern", "Properties", "R", "Resources", "Shading", "XObject"}

// reach notes all objects that are reached from those.
func (c *comparison) reach(todo []Object) error {
	special := map[int][]Name{c.old.Root().Number: catalogKeys}
	for _, r := range c.pages {
		special[r.Number] = pageKeys
	}
	for n := range c.waiting {
		special[n] = fieldKeys
	}
	for len(todo) > 0 {
		o := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		var pass []Name
		if r, ok := o.(Ref); ok {
			if c.kept[r.Number] {
				continue
			}
			c.kept[r.Number], pass = true, special[r.Number]
			var err error
			if o, err = c.old.Get(r); err != nil {
				return err
			}
		}
		switch o := o.(type) {
		case *Stream:
			todo = append(todo, o.Dict)
		case Array:
			todo = append(todo, o...)
		case Dict:
			for k, v := range o {
				if r, ok := v.(Ref); ok && special[r.Number] != nil && slices.Contains(shelves, k) {
					return fmt.Errorf("object %d is two things at once", r.Number)
				}
				if !slices.Contains(pass, k) {
					todo = append(todo, v)
				}
			}
		}
	}
	return nil
}

// form holds the form against the older one: all its fields are there, and what is new are fields of signatures.
func (c *comparison) form() error {
	before, old, err1 := c.old.form()
	now, fields, err2 := c.new.form()
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	may := []Name{"Fields", "SigFlags"}
	if c.plain { // no field whose text could be drawn anew
		may = append(may, "DA", "DR", "NeedAppearances", "Q")
	}
	if !same(apart(before, may), apart(now, may)) {
		return errors.New("the form is changed")
	}
	return c.grown(old, fields, c.signature)
}

// grown holds a list against the older one: all that was in it is there, and what is new is allowed.
func (c *comparison) grown(before, now []Object, allowed func(Ref) error) error {
	if c.looked += len(before) + len(now); c.looked > maxLooked {
		return errTooMany
	}
	there, known := map[string]bool{}, map[string]bool{}
	for _, o := range now {
		there[string(Append(nil, o))] = true
	}
	for _, o := range before {
		written := string(Append(nil, o))
		if known[written] = true; !there[written] {
			return errors.New("a field or an annotation is gone")
		}
	}
	for _, o := range now {
		if known[string(Append(nil, o))] {
			continue
		}
		r, ok := o.(Ref)
		if !ok || c.has(r.Number) {
			return errors.New("a field or an annotation that is no new object")
		}
		if err := allowed(r); err != nil {
			return err
		}
	}
	return nil
}

// signature holds that a new object is the field of a signature, or a part of one.
func (c *comparison) signature(r Ref) error {
	for range maxFieldDepth {
		d, err := c.new.Dict(r)
		if err != nil {
			return err
		}
		if d["FT"] == Name("Sig") {
			return nil
		}
		parent, ok := d["Parent"].(Ref)
		if d["FT"] != nil || !ok || c.has(parent.Number) {
			break
		}
		r = parent
	}
	return fmt.Errorf("object %d is no signature", r.Number)
}

// boxes holds the annotations of each page against the older ones: what is new are widgets of signatures, which leave the page to be
// read.
func (c *comparison) boxes() error {
	for i, page := range c.pages {
		before, err1 := c.old.annotations(page)
		now, err2 := c.new.annotations(page)
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
		covered := 0.0
		err := c.grown(before, now, func(r Ref) error {
			area, err := c.box(r)
			covered += area
			return err
		})
		if err != nil {
			return fmt.Errorf("page %d: %w", i+1, err)
		}
		if covered > c.old.pageArea(page)/maxShare {
			return fmt.Errorf("page %d: signatures cover it", i+1)
		}
		if covered > 0 {
			c.shown = append(c.shown, i+1)
		}
	}
	return nil
}

// maxShare of a page, as a divisor, is what the boxes of signatures may cover of it.
const maxShare = 5

// box is the area of a signature's widget.
func (c *comparison) box(r Ref) (float64, error) {
	d, err := c.new.Dict(r)
	if err != nil {
		return 0, err
	}
	if d["Subtype"] != Name("Widget") {
		return 0, fmt.Errorf("object %d is an annotation of another kind", r.Number)
	}
	if err := c.signature(r); err != nil {
		return 0, err
	}
	area, ok := c.new.area(d["Rect"])
	if !ok {
		return 0, fmt.Errorf("object %d has no place on the page", r.Number)
	}
	return area, nil
}

// form is the form of a document with its fields; empty where it has none.
func (u *Update) form() (Dict, []Object, error) {
	catalog, err := u.Dict(u.Root())
	if err != nil {
		return nil, nil, err
	}
	o, err := u.Resolve(catalog["AcroForm"])
	if err != nil {
		return nil, nil, err
	}
	form, _ := o.(Dict)
	fields, err := u.members(form["Fields"])
	return form, fields, err
}

// annotations are those of a page.
func (u *Update) annotations(page Ref) ([]Object, error) {
	d, err := u.Dict(page)
	if err != nil {
		return nil, err
	}
	return u.members(d["Annots"])
}

// members are those of an array, or of one that is referred to; none where there is nothing.
func (u *Update) members(o Object) ([]Object, error) {
	o, err := u.Resolve(o)
	if err != nil {
		return nil, err
	}
	switch o := o.(type) {
	case nil, Null:
		return nil, nil
	case Array:
		return o, nil
	}
	return nil, errors.New("not an array")
}

// pageArea is the area that is shown of a page, or that of the usual sheet where it does not say.
func (u *Update) pageArea(page Ref) float64 {
	for range maxFieldDepth {
		d, err := u.Dict(page)
		if err != nil {
			break
		}
		for _, k := range []Name{"CropBox", "MediaBox"} {
			if area, ok := u.area(d[k]); ok && area > 0 {
				return area
			}
		}
		parent, ok := d["Parent"].(Ref)
		if !ok {
			break
		}
		page = parent
	}
	const width, height = 595, 842
	return width * height
}

// area is that of a rectangle.
func (u *Update) area(o Object) (float64, bool) {
	corners, err := u.members(o)
	if err != nil || len(corners) != 4 {
		return 0, false
	}
	var n [4]float64
	for i, o := range corners {
		o, err := u.Resolve(o)
		if err != nil {
			return 0, false
		}
		var ok bool
		if n[i], ok = float(o); !ok {
			return 0, false
		}
	}
	return math.Abs((n[2] - n[0]) * (n[3] - n[1])), true
}
