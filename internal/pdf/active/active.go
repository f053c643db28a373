// Package active finds what a PDF file can do besides being read and printed: run scripts, start programs, send forms, open other
// files, carry others along, show what lies elsewhere. It goes by every object that stands anywhere in the file, in all revisions
// and object streams, whether or not something refers to it, so that no reader finds what this does not.
package active

import (
	"context"
	"errors"
	"slices"

	"rinnova/internal/pdf/incremental"
)

// Kind is something that a document which is only to be read does not have.
type Kind string

// The kinds.
const (
	Script     Kind = "script"     // JavaScript
	Launch     Kind = "launch"     // starts a program or opens a file
	Opening    Kind = "opening"    // does something when it is opened; going to a page of itself does not count
	Automatic  Kind = "automatic"  // does something when a page is turned, a field is touched, a file is printed
	Sending    Kind = "sending"    // sends or imports what is typed
	Elsewhere  Kind = "elsewhere"  // goes to another document
	Link       Kind = "link"       // a link to something else than a page, an address or a number
	Form       Kind = "form"       // a dynamic form (XFA)
	Attachment Kind = "attachment" // carries other files along
	External   Kind = "external"   // shows what lies in another file
	Layers     Kind = "layers"     // shows or hides parts of what is read
	Media      Kind = "media"      // films, sounds, three-dimensional models
	Opaque     Kind = "opaque"     // cannot be looked into
)

// Find lists what is active in a file, each kind once. It ends with the error of ctx or with incremental.ErrTooMuch.
func Find(ctx context.Context, file []byte) ([]Kind, error) {
	s := search{found: map[Kind]bool{}, actions: map[int][]incremental.Dict{}, triggers: map[int]bool{}, links: map[int]bool{}, unread: map[int]bool{}}
	if err := incremental.Everything(ctx, file, s.see); errors.Is(err, incremental.ErrOpaque) {
		s.found[Opaque] = true
	} else if err != nil {
		return nil, err
	}
	s.settle()
	var out []Kind
	for _, k := range []Kind{Script, Launch, Opening, Automatic, Sending, Elsewhere, Link, Form, Attachment, External, Layers, Media, Opaque} {
		if s.found[k] {
			out = append(out, k)
		}
	}
	return out, nil
}

// search is what has been seen so far. What an object refers to may stand anywhere, more than once: it is looked at in the end.
type search struct {
	found    map[Kind]bool
	actions  map[int][]incremental.Dict // objects that are actions
	triggers map[int]bool               // objects that say what happens when
	links    map[int]bool               // objects that are addresses of a bad kind
	unread   map[int]bool               // objects that cannot be read, and might be any of them

	opens   []incremental.Object // what happens when it is opened
	happens []int                // objects that might say what happens when
	follows []int                // objects that might be an address
	steps   int                  // of what follows what
	kept    int                  // actions
}

func (s *search) see(p incremental.Piece) {
	for _, n := range p.Names {
		if k, ok := telling[n]; ok {
			s.found[k] = true
		}
	}
	switch o := p.Object.(type) {
	case nil:
		s.unread[p.Number] = true
	case incremental.Ref: // no program writes an object that is another; who follows it finds more than is found here
		s.found[Opaque] = true
	case incremental.Name: // that others refer to
		if k, ok := actionKinds[o]; ok {
			s.found[k] = true
		}
		if k, ok := typeKinds[o]; ok {
			s.found[k] = true
		}
	case incremental.String, incremental.HexString:
		if !harmlessLink(o) {
			s.links[p.Number] = true
		}
	case incremental.Dict:
		s.keep(p.Number, o)
	}
	s.walk(p.Object)
}

// maxActions is how many actions are remembered: more than any document has, little enough for the memory.
const maxActions = 50_000

// keep remembers what an object is, for those that refer to it. One whose number is not known might be any.
func (s *search) keep(number int, d incremental.Dict) {
	if isAction(d) {
		if s.kept++; s.kept > maxActions {
			s.found[Opaque] = true
			return
		}
		s.actions[number] = append(s.actions[number], d)
	}
	if areTriggers(d) {
		s.triggers[number] = true
	}
}

// walk looks at an object and those inside it.
func (s *search) walk(o incremental.Object) {
	switch o := o.(type) {
	case incremental.Array:
		for _, v := range o {
			s.walk(v)
		}
	case incremental.Dict:
		s.look(o)
		for _, v := range o {
			s.walk(v)
		}
	case *incremental.Stream:
		s.lookAtStream(o.Dict)
		s.walk(o.Dict)
	}
}

// settle looks at what others refer to.
func (s *search) settle() {
	for _, n := range s.happens {
		s.found[Automatic] = s.found[Automatic] || s.triggers[n] || s.triggers[0] || s.unread[n]
	}
	for _, n := range s.follows {
		s.found[Link] = s.found[Link] || s.links[n] || s.links[0] || s.unread[n]
	}
	for _, o := range s.opens { // with what stands in it under a key that it has twice
		s.found[Opening] = s.found[Opening] || !s.onlyMoves(o, 0) || !s.onlyMoves(incremental.Ref{}, 0)
	}
}

// onlyMoves tells whether what happens is no more than going to another place of the same document.
func (s *search) onlyMoves(o incremental.Object, depth int) bool {
	if s.steps++; depth > 16 || s.steps > 10_000 {
		return false
	}
	switch o := o.(type) {
	case incremental.Ref: // what is no action is a place, or nothing
		does := func(d incremental.Dict) bool { return !s.onlyMoves(d, depth+1) }
		return !s.unread[o.Number] && !slices.ContainsFunc(s.actions[o.Number], does) && !slices.ContainsFunc(s.actions[0], does)
	case incremental.Dict:
		return !isAction(o) || o["S"] == incremental.Name("GoTo") && s.nextOnlyMoves(o["Next"], depth)
	}
	return true
}

func (s *search) nextOnlyMoves(o incremental.Object, depth int) bool {
	all, ok := o.(incremental.Array)
	if !ok {
		return s.onlyMoves(o, depth+1)
	}
	return len(all) <= 16 && !slices.ContainsFunc(all, func(o incremental.Object) bool { return !s.onlyMoves(o, depth+1) })
}
