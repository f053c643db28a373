package incremental

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// ErrMore says that more follows a revision than signatures.
var ErrMore = errors.New("more follows than signatures")

// SignaturesAfter holds a file against its revision of the first n bytes: nil where what follows are signatures and what belongs to
// them, so that every page says what it said. Allowed are new signature fields with their widgets and values, fields that waited for a
// signature and have it now, and what programs keep beside: certificates and revocations (/DSS), permissions, metadata. Anything else is
// ErrMore, and so is what cannot be told, for each reader might see something else. It ends with the error of ctx or with ErrTooMuch. shown are the pages, from 1, on which a new
// signature paints a box.
func SignaturesAfter(ctx context.Context, file []byte, n int) (shown []int, err error) {
	w := newWork(ctx)
	c, err := compare(file, n, w)
	if err == nil {
		err = errors.Join(c.objects(), c.form(), c.boxes())
	}
	if err == nil && (c.old.repaired || c.new.repaired) {
		err = errOutOfOrder
	}
	if over := w.over(); over != nil {
		return nil, fmt.Errorf("pdf: %w", over)
	}
	if err != nil {
		return nil, fmt.Errorf("pdf: after byte %d: %w: %w", n, ErrMore, err)
	}
	return c.shown, nil
}

var errOutOfOrder = errors.New("the cross-reference is out of order")

// comparison is a file beside an older revision of it.
type comparison struct {
	old, new *Update
	pages    []Ref
	isPage   map[int]bool
	changed  map[int][]Object // each appended value of an object; nil for one that cannot be read
	kept     map[int]bool     // the objects that pages, or what else is shown or read, are made of
	lists    map[int]bool     // the form, its list of fields, and those of annotations: they are compared by their members
	waiting  map[int]bool     // fields without a signature, and their widgets
	plain    bool             // there are no fields but those of signatures
	looked   int              // members of lists so far
	shown    []int
}

func compare(file []byte, n int, w *work) (*comparison, error) {
	if n < 0 || n > len(file) || !bytes.HasSuffix(bytes.TrimRight(file[:n], "\x00\t\n\f\r "), []byte("%%EOF")) {
		return nil, errors.New("no revision ends there")
	}
	c := &comparison{isPage: map[int]bool{}, changed: map[int][]Object{}, kept: map[int]bool{}, lists: map[int]bool{}, waiting: map[int]bool{}, plain: true}
	var err1, err2, err3 error
	if c.old, err1 = read(file[:n], w); err1 != nil {
		return nil, err1
	}
	c.new, err1 = read(file, w)
	if err1 != nil || c.old.repaired || c.new.repaired || c.old.before != 0 || c.old.Root() != c.new.Root() {
		return nil, errors.Join(errOutOfOrder, err1)
	}
	c.pages, err1 = c.old.Pages()
	for _, r := range c.pages {
		c.isPage[r.Number] = true
	}
	err2 = c.appended(file[n:], w)
	c.moved()
	err3 = c.keep()
	return c, errors.Join(err1, err2, err3)
}

// has tells whether the older revision has an object.
func (c *comparison) has(number int) bool {
	e, ok := c.old.table.entries[number]
	return ok && !e.free
}

// appended collects what stands in the bytes behind the older revision, whether or not something refers to it: of two values of an
// object, readers may take either.
func (c *comparison) appended(behind []byte, w *work) error {
	var first error
	fault := func(what string) { first = cmp.Or(first, errors.New(what)) }
	err := everything(behind, w, func(p Piece) {
		d, ok := p.Object.(Dict)
		if s, isStream := p.Object.(*Stream); isStream {
			d = s.Dict
		}
		switch {
		case p.Number == 0 && (!ok || d["Root"] != Object(c.old.Root())), d["Type"] == Name("XRef") && d["Root"] != Object(c.old.Root()):
			fault("a trailer that is not this document’s, or a key twice in a dictionary")
		case p.Number == 0:
		case !c.has(p.Number) && (d["Type"] == Name("Catalog") || d["Type"] == Name("Pages") || d["Type"] == Name("Page")):
			fault(fmt.Sprintf("a new page or catalog, object %d", p.Number))
		default:
			c.changed[p.Number] = append(c.changed[p.Number], p.Object)
		}
	})
	return errors.Join(first, err)
}

// moved adds the objects that the cross-reference puts somewhere else, calls free, or lets be found where there were none.
func (c *comparison) moved() {
	all := maps.Clone(c.old.table.entries)
	maps.Copy(all, c.new.table.entries)
	for number := range all {
		before := c.old.table.entries[number]
		now, there := c.new.table.entries[number]
		if gone := !there || now.free; there && before == now || gone && !c.has(number) {
			continue
		}
		o, err := c.new.Get(Ref{number, now.generation})
		if err != nil {
			o = nil
		}
		c.changed[number] = append(c.changed[number], o)
	}
}

// Keys of the catalog and of pages under which a signature leaves something, and of a field that gets its signature.
var (
	catalogKeys = []Name{"AcroForm", "DSS", "Extensions", "Metadata", "Perms", "Version"}
	pageKeys    = []Name{"Annots"}
	fieldKeys   = []Name{"AP", "DA", "F", "M", "MK", "V"}
)

// objects holds each value of each object that was changed against the older one.
func (c *comparison) objects() error {
	for _, e := range c.old.table.entries {
		if _, replaced := c.changed[e.container]; e.container != 0 && replaced {
			return fmt.Errorf("the objects in stream %d are replaced", e.container)
		}
	}
	for _, number := range slices.Sorted(maps.Keys(c.changed)) {
		if err := c.object(number); err != nil {
			return err
		}
	}
	return nil
}

func (c *comparison) object(number int) error {
	var may []Name
	switch {
	case number == c.old.Root().Number:
		may = catalogKeys
	case c.isPage[number]:
		may = pageKeys
	case c.waiting[number]:
		may = fieldKeys
	case c.lists[number]:
		return nil
	case c.kept[number]:
		return fmt.Errorf("object %d is replaced", number)
	default:
		return nil // nothing shows it, or it lies under a key that may change
	}
	before, err := c.old.Dict(Ref{number, c.old.table.entries[number].generation})
	if err != nil {
		return err
	}
	for _, o := range c.changed[number] {
		if now, ok := o.(Dict); !ok || !same(apart(before, may), apart(now, may)) {
			return fmt.Errorf("object %d is changed", number)
		}
	}
	return nil
}

func apart(d Dict, keys []Name) Dict {
	d = d.Clone()
	for _, k := range keys {
		delete(d, k)
	}
	return d
}

// same tells whether two objects say the same, however they are written.
func same(a, b Object) bool {
	switch a := a.(type) {
	case Dict:
		b, ok := b.(Dict)
		return ok && maps.EqualFunc(a, b, same)
	case Array:
		b, ok := b.(Array)
		return ok && slices.EqualFunc(a, b, same)
	case *Stream:
		return false // never inside another object
	}
	if x, ok := StringBytes(a); ok {
		y, ok := StringBytes(b)
		return ok && bytes.Equal(x, y)
	}
	if x, ok := float(a); ok {
		y, ok := float(b)
		return ok && x == y
	}
	switch b.(type) {
	case Dict, Array, *Stream:
		return false
	}
	return a == b
}

func float(o Object) (float64, bool) {
	switch o := o.(type) {
	case Integer:
		return float64(o), true
	case Real:
		return float64(o), true
	}
	return 0, false
}
