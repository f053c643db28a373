package pdf

import (
	"fmt"

	"rinnova/internal/pdf/incremental"
)

// finish adds what fpdf does not write: the structure tree, the identifier, document information with zones in its
// dates, and a catalog for it all. It also takes the empty list of attachments out of the catalog.
func (d *Document) finish(drawn []byte) ([]byte, error) {
	u, err := incremental.Open(drawn)
	if err != nil {
		return nil, err
	}
	catalog, err := u.Dict(u.Root())
	if err != nil {
		return nil, err
	}
	t := tree{u: u, parents: make([][]incremental.Ref, d.Pages())}
	if t.pages, err = pages(u, catalog); err != nil {
		return nil, err
	}
	delete(catalog, "Names")
	catalog["MarkInfo"] = incremental.Dict{"Marked": incremental.Bool(true)}
	catalog["StructTreeRoot"] = t.add(d.root)
	catalog["ViewerPreferences"] = incremental.Dict{"DisplayDocTitle": incremental.Bool(true)}
	catalog["Version"] = incremental.Name("1.7")
	u.Set(u.Root(), catalog)
	u.SetInfo(u.Add(d.info.dict()))
	if err := t.link(); err != nil {
		return nil, err
	}
	out, _ := u.Bytes()
	return out, nil
}

func (i Info) dict() incremental.Dict {
	d := incremental.Dict{
		"Title":        incremental.Text(i.Title),
		"Producer":     incremental.Text(producer),
		"CreationDate": incremental.Date(i.Created),
		"ModDate":      incremental.Date(i.Created),
	}
	if i.Author != "" {
		d["Author"] = incremental.Text(i.Author)
	}
	if i.Subject != "" {
		d["Subject"] = incremental.Text(i.Subject)
	}
	return d
}

// pages lists the pages of a file whose page tree has one level, as fpdf writes it.
func pages(u *incremental.Update, catalog incremental.Dict) ([]incremental.Ref, error) {
	root, ok := catalog["Pages"].(incremental.Ref)
	if !ok {
		return nil, fmt.Errorf("pdf: no page tree")
	}
	node, err := u.Dict(root)
	if err != nil {
		return nil, err
	}
	kids, _ := node["Kids"].(incremental.Array)
	out := make([]incremental.Ref, len(kids))
	for i, k := range kids {
		out[i], _ = k.(incremental.Ref)
	}
	return out, nil
}

// tree writes structure elements.
type tree struct {
	u       *incremental.Update
	pages   []incremental.Ref
	parents [][]incremental.Ref // by page and marked sequence: its element
}

// add writes the tree below root and returns its root object (14.7.2).
func (t *tree) add(root *element) incremental.Ref {
	top, parents := t.u.Reserve(), t.u.Reserve()
	document := t.element(root, top)
	var nums incremental.Array
	for page, refs := range t.parents {
		list := make(incremental.Array, len(refs))
		for i, r := range refs {
			list[i] = r
		}
		nums = append(nums, incremental.Integer(page), list)
	}
	t.u.Set(parents, incremental.Dict{"Nums": nums})
	t.u.Set(top, incremental.Dict{
		"Type": incremental.Name("StructTreeRoot"), "K": document,
		"ParentTree": parents, "ParentTreeNextKey": incremental.Integer(len(t.pages)),
	})
	return top
}

func (t *tree) element(e *element, parent incremental.Ref) incremental.Ref {
	self := t.u.Reserve()
	d := incremental.Dict{"S": incremental.Name(e.role.name()), "P": parent}
	var kids incremental.Array
	first := 0 // page of the first marked sequence
	for _, k := range e.kids {
		if k.element != nil {
			kids = append(kids, t.element(k.element, self))
			continue
		}
		t.setParent(k.page, k.id, self)
		if first == 0 {
			first = k.page
			d["Pg"] = t.pages[k.page-1]
		}
		if k.page == first {
			kids = append(kids, incremental.Integer(k.id))
		} else {
			kids = append(kids, incremental.Dict{"Type": incremental.Name("MCR"), "Pg": t.pages[k.page-1], "MCID": incremental.Integer(k.id)})
		}
	}
	switch len(kids) {
	case 0:
	case 1:
		d["K"] = kids[0]
	default:
		d["K"] = kids
	}
	e.attributes(d)
	t.u.Set(self, d)
	return self
}

// attributes adds what is to be said about an element beside its role.
func (e *element) attributes(d incremental.Dict) {
	if e.alt != "" {
		d["Alt"] = incremental.Text(e.alt)
	}
	table := incremental.Dict{"O": incremental.Name("Table")}
	switch e.role {
	case TH:
		table["Scope"] = incremental.Name("Column")
	case RowTH:
		table["Scope"] = incremental.Name("Row")
	}
	if e.span > 1 {
		table["ColSpan"] = incremental.Integer(e.span)
	}
	if len(table) > 1 {
		d["A"] = table
	}
}

func (t *tree) setParent(page, id int, r incremental.Ref) {
	for len(t.parents[page-1]) <= id {
		t.parents[page-1] = append(t.parents[page-1], incremental.Ref{})
	}
	t.parents[page-1][id] = r
}

// link gives each page its row of the parent tree.
func (t *tree) link() error {
	for i, r := range t.pages {
		page, err := t.u.Dict(r)
		if err != nil {
			return err
		}
		page["StructParents"] = incremental.Integer(i)
		page["Tabs"] = incremental.Name("S")
		t.u.Set(r, page)
	}
	return nil
}
