package incremental

import (
	"errors"
	"fmt"
	"slices"
)

// Pages lists the pages in the order of reading.
func (u *Update) Pages() ([]Ref, error) {
	pages, err := u.pages()
	if (err != nil || len(pages) == 0) && u.repair() {
		pages, err = u.pages()
	}
	return pages, err
}

func (u *Update) pages() ([]Ref, error) {
	catalog, err := u.Dict(u.Root())
	if err != nil {
		return nil, err
	}
	root, ok := catalog["Pages"].(Ref)
	if !ok {
		return nil, errors.New("pdf: the catalog names no page tree")
	}
	var pages []Ref
	seen := map[Ref]bool{}
	todo := []Ref{root} // a stack, the next node last
	for len(todo) > 0 {
		r := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if seen[r] {
			return nil, fmt.Errorf("pdf: object %s stands twice in the page tree", r)
		}
		seen[r] = true
		node, err := u.Dict(r)
		if err != nil {
			return nil, err
		}
		if node["Type"] == Name("Page") || u.lenient && node["Kids"] == nil {
			pages = append(pages, r)
			continue
		}
		kids, err := u.kids(node)
		if err != nil {
			return nil, err
		}
		slices.Reverse(kids)
		todo = append(todo, kids...)
	}
	return pages, nil
}

func (u *Update) kids(node Dict) ([]Ref, error) {
	o, err := u.Resolve(node["Kids"])
	if err != nil {
		return nil, err
	}
	a, ok := o.(Array)
	if !ok {
		return nil, errors.New("pdf: a node of the page tree has no /Kids")
	}
	kids := make([]Ref, len(a))
	for i := range a {
		if kids[i], ok = a[i].(Ref); !ok {
			return nil, errors.New("pdf: a kid of the page tree is not a reference")
		}
	}
	return kids, nil
}
