package web

import (
	"context"
	"html"
	"io"
	"strings"
	"sync"

	"github.com/a-h/templ"
)

// Markup writes HTML by hand. It is for the few parts that stand on a page dozens of times (icons, options, the lines of
// long tables): as templates they would be most of what the page costs. Everything else is a template.
type Markup struct {
	w   io.Writer
	b   []byte // not yet written
	err error  // the first one; nothing is written after it
}

// Written makes a component of what write writes.
func Written(write func(ctx context.Context, m *Markup)) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		m := markups.Get().(*Markup)
		m.w, m.err = w, nil
		write(ctx, m)
		m.flush()
		err := m.err
		markups.Put(m)
		return err
	})
}

// markups are used again: a page writes a hundred.
var markups = sync.Pool{New: func() any { return &Markup{b: make([]byte, 0, 1024)} }}

// HTML adds markup as it is: literals of the program and values that cannot hold a special character, never what came
// from outside.
func (m *Markup) HTML(parts ...string) {
	for _, s := range parts {
		m.b = append(m.b, s...)
	}
}

func (m *Markup) flush() {
	if m.err == nil && len(m.b) > 0 {
		_, m.err = m.w.Write(m.b)
	}
	m.b = m.b[:0]
}

// Text adds a value, escaped for content and for quoted attributes.
func (m *Markup) Text(s string) { m.HTML(html.EscapeString(s)) }

// Part adds a component.
func (m *Markup) Part(ctx context.Context, c templ.Component) {
	m.flush()
	if m.err == nil {
		m.err = c.Render(ctx, m.w)
	}
}

// Icon is a small picture beside a text that says the same; screen readers pass over it.
func Icon(name string) templ.Component {
	return Written(func(_ context.Context, m *Markup) {
		m.HTML(`<svg class="icon icon-sm" aria-hidden="true" focusable="false"><use href="`, Asset("icons.svg"), "#", name, `"></use></svg>`)
	})
}

// IconFor is a small picture that stands alone for a meaning.
func IconFor(name, meaning string) templ.Component {
	return Written(func(_ context.Context, m *Markup) {
		m.HTML(`<svg class="icon icon-sm" role="img" aria-label="`)
		m.Text(meaning)
		m.HTML(`"><use href="`, Asset("icons.svg"), "#", name, `"></use></svg>`)
	})
}

// options are those of a select.
func options(f Input) templ.Component {
	return Written(func(_ context.Context, m *Markup) {
		group := ""
		for _, o := range f.Options {
			if o.Group != group {
				optionGroup(m, group, o.Group)
				group = o.Group
			}
			m.HTML(`<option value="`)
			m.Text(o.Value)
			if o.Value == f.Value {
				m.HTML(`" selected>`)
			} else {
				m.HTML(`">`)
			}
			m.Text(o.Text)
			m.HTML(`</option>`)
		}
		optionGroup(m, group, "")
	})
}

// optionGroup ends a group of options and begins the next; either may be none.
func optionGroup(m *Markup, ends, begins string) {
	if ends != "" {
		m.HTML(`</optgroup>`)
	}
	if begins != "" {
		m.HTML(`<optgroup label="`)
		m.Text(begins)
		m.HTML(`">`)
	}
}

// Mailto is an address to write to.
func Mailto(address string) templ.Component {
	return Written(func(ctx context.Context, m *Markup) {
		m.HTML(`<a href="`)
		m.Text("mailto:" + address)
		m.HTML(`">`)
		m.Part(ctx, breakable(address))
		m.HTML(`</a>`)
	})
}

// breakable is text in which a narrow column breaks an address before its @, and not within a name.
func breakable(s string) templ.Component {
	return Written(func(_ context.Context, m *Markup) {
		name, domain, isAddress := strings.Cut(s, "@")
		m.Text(name)
		if isAddress {
			m.HTML("<wbr>@")
			m.Text(domain)
		}
	})
}
