package pdf

import (
	"fmt"
	"strconv"

	"rinnova/internal/pdf/incremental"
)

// tree writes the structure tree (ISO 32000-1, 14.7.2).
type tree struct {
	f       *file
	pages   []incremental.Ref
	parents [][]incremental.Ref // by page and marked sequence: the element that has it
}

// addTree writes the tree of a document and returns its root.
func addTree(f *file, document *element, pages []incremental.Ref) incremental.Ref {
	t := tree{f: f, pages: pages, parents: make([][]incremental.Ref, len(pages))}
	root := f.reserve()
	top := t.add(document, root)
	nums := make(incremental.Array, 0, 2*len(pages))
	for page, elements := range t.parents {
		list := make(incremental.Array, len(elements))
		for i, e := range elements {
			list[i] = e
		}
		nums = append(nums, incremental.Integer(page), list)
	}
	parentTree := f.reserve()
	f.pack(parentTree, incremental.Dict{"Nums": nums})
	f.pack(root, incremental.Dict{
		"Type": incremental.Name("StructTreeRoot"), "K": top,
		"ParentTree": parentTree, "ParentTreeNextKey": incremental.Integer(len(pages)),
	})
	return root
}

// add writes an element and all below it.
func (t *tree) add(e *element, parent incremental.Ref) incremental.Ref {
	self := t.f.reserve()
	b := appendRef(append(append([]byte("<</S/"), e.role.name()...), "/P "...), parent)
	page := -1 // of the first marked sequence
	var kids []byte
	for _, k := range e.kids {
		kids = append(kids, ' ')
		if k.element != nil {
			kids = appendRef(kids, t.add(k.element, self))
			continue
		}
		t.parents[k.page] = append(t.parents[k.page], self) // sequences are numbered in this order
		if page < 0 {
			page = k.page
			b = appendRef(append(b, "/Pg "...), t.pages[page])
		}
		if page == k.page {
			kids = strconv.AppendInt(kids, int64(k.id), 10)
		} else {
			kids = fmt.Appendf(kids, "<</Type/MCR/Pg %s/MCID %d>>", t.pages[k.page], k.id)
		}
	}
	switch {
	case len(e.kids) == 1 && page >= 0:
		b = append(append(b, "/K"...), kids...)
	case len(e.kids) > 0:
		b = append(append(append(b, "/K["...), kids[1:]...), ']')
	}
	t.f.pack(self, incremental.Raw(append(e.attributes(b), ">>"...)))
	return self
}

func appendRef(b []byte, r incremental.Ref) []byte {
	return append(strconv.AppendInt(b, int64(r.Number), 10), " 0 R"...)
}

// attributes writes what is to be said about an element beside its role.
func (e *element) attributes(b []byte) []byte {
	if e.alt != "" {
		b = append(b, "/Alt"...)
		b = incremental.Append(b, incremental.Text(e.alt))
	}
	var table string
	switch e.role {
	case TH:
		table = "/Scope/Column"
	case RowTH:
		table = "/Scope/Row"
	}
	if e.span > 1 {
		table += fmt.Sprintf("/ColSpan %d", e.span)
	}
	if table != "" {
		b = fmt.Appendf(b, "/A<</O/Table%s>>", table)
	}
	return b
}
