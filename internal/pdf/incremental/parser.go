package incremental

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

// maxDepth bounds arrays and dictionaries inside one another, so that a hostile file cannot exhaust the stack.
const maxDepth = 64

// maxValues bounds the objects inside one another: far more than any real object has, little enough for the memory.
const maxValues = 250_000

// parser reads objects from src at pos (ISO 32000-1, 7.2 and 7.3).
type parser struct {
	src    []byte
	pos    int
	depth  int
	values int
	work   *work // that all parsers of a file share; nil: what is read is bounded by its length alone

	// lenient reads what other programs read, though the standard does not allow it: a key that stands twice in a dictionary, of
	// which the last one counts as for them, and names with a # that escapes nothing.
	lenient  bool
	shadowed []Object // values of keys that stood twice, which do not count
}

func (p *parser) errorf(format string, args ...any) error {
	return fmt.Errorf("at byte %d: %w", p.pos, fmt.Errorf(format, args...))
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

// isRegular tells whether c is neither white space nor a delimiter.
func isRegular(c byte) bool {
	switch c {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return false
	}
	return !isSpace(c)
}

// skipSpace passes over white space and comments.
func (p *parser) skipSpace() {
	defer p.spent(p.pos)
	for p.pos < len(p.src) {
		switch c := p.src[p.pos]; {
		case isSpace(c):
			p.pos++
		case c == '%':
			for p.pos < len(p.src) && p.src[p.pos] != '\n' && p.src[p.pos] != '\r' {
				p.pos++
			}
		default:
			return
		}
	}
}

// spent counts what was read since start.
func (p *parser) spent(start int) { p.work.spend(p.pos - start) }

// peek returns the next byte, 0 at the end.
func (p *parser) peek() byte {
	if p.pos < len(p.src) {
		return p.src[p.pos]
	}
	return 0
}

// regular reads a run of regular characters: a number or a keyword. It is empty at a delimiter and at the end.
func (p *parser) regular() string {
	p.skipSpace()
	start := p.pos
	for p.pos < len(p.src) && isRegular(p.src[p.pos]) {
		p.pos++
	}
	p.spent(start)
	return string(p.src[start:p.pos])
}

// keyword reads exactly the word want.
func (p *parser) keyword(want string) error {
	start := p.pos
	if got := p.regular(); got != want {
		p.pos = start
		return p.errorf("want %q", want)
	}
	return nil
}

// natural reads an integer that is not negative.
func (p *parser) natural() (int, error) {
	start := p.pos
	n, err := strconv.ParseUint(p.regular(), 10, 62)
	if err != nil {
		p.pos = start
		return 0, p.errorf("want a number")
	}
	return int(n), nil
}

// object reads one direct object or reference; a stream is read by its indirect object.
func (p *parser) object() (Object, error) {
	if p.values++; p.values > maxValues {
		return nil, p.errorf("more than %d values in one object", maxValues)
	}
	p.work.spend(valueWork)
	if p.depth == 0 {
		if err := p.work.over(); err != nil {
			return nil, err
		}
	}
	p.skipSpace()
	switch c := p.peek(); {
	case c == '/':
		return p.name()
	case c == '(':
		return p.literal()
	case c == '<' && p.pos+1 < len(p.src) && p.src[p.pos+1] == '<':
		return p.nested(p.dict)
	case c == '<':
		return p.hex()
	case c == '[':
		return p.nested(p.array)
	case c >= '0' && c <= '9':
		if r, ok := p.ref(); ok {
			return r, nil
		}
		return p.number()
	case c == '+' || c == '-' || c == '.':
		return p.number()
	}
	start := p.pos
	switch p.regular() {
	case "true":
		return Bool(true), nil
	case "false":
		return Bool(false), nil
	case "null":
		return Null{}, nil
	}
	p.pos = start
	return nil, p.errorf("want an object")
}

func (p *parser) nested(read func() (Object, error)) (Object, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, p.errorf("objects nested deeper than %d", maxDepth)
	}
	o, err := read()
	p.depth--
	return o, err
}

// ref reads "12 0 R", or nothing.
func (p *parser) ref() (Ref, bool) {
	start := p.pos
	n, err1 := p.natural()
	g, err2 := p.natural()
	if err1 != nil || err2 != nil || n > maxObject || g > maxGeneration || p.keyword("R") != nil {
		p.pos = start
		return Ref{}, false
	}
	return Ref{n, g}, true
}

func (p *parser) number() (Object, error) {
	start := p.pos
	s := p.regular()
	for i := range len(s) { // ParseFloat takes more than PDF: exponents, hexadecimals, Inf
		if c := s[i]; (c < '0' || c > '9') && c != '.' && (i > 0 || c != '+' && c != '-') {
			p.pos = start
			return nil, p.errorf("bad number %.20q", s)
		}
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return Integer(n), nil
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		p.pos = start
		return nil, p.errorf("bad number %.20q", s)
	}
	return Real(f), nil
}

func (p *parser) name() (Object, error) {
	p.pos++ // the slash
	start := p.pos
	defer p.spent(start)
	var b []byte
	for p.pos < len(p.src) && isRegular(p.src[p.pos]) {
		c := p.src[p.pos]
		if c == '#' {
			escaped, ok := p.nameEscape()
			if ok {
				c = escaped
				p.pos += 2
			} else if !p.lenient {
				return nil, p.errorf("bad escape in a name")
			}
		}
		b = append(b, c)
		p.pos++
		if p.pos-start > maxToken {
			return nil, p.errorf("name too long")
		}
	}
	return Name(b), nil
}

// nameEscape is what the two digits behind the # at pos mean.
func (p *parser) nameEscape() (c byte, ok bool) {
	if p.pos+2 >= len(p.src) {
		return 0, false
	}
	hi, ok1 := hexValue(p.src[p.pos+1])
	lo, ok2 := hexValue(p.src[p.pos+2])
	return hi<<4 | lo, ok1 && ok2 && hi|lo != 0
}

// maxToken bounds a name; Annex C of ISO 32000-1 asks for 127.
const maxToken = 1024

// literal reads (text (with pairs) and \) escapes).
func (p *parser) literal() (Object, error) {
	defer p.spent(p.pos)
	p.pos++
	var b []byte
	for open := 1; p.pos < len(p.src); {
		c := p.src[p.pos]
		p.pos++
		switch c {
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				return String(b), nil
			}
		case '\\':
			b = p.escape(b)
			continue
		case '\r': // any end of line reads as LF
			if p.peek() == '\n' {
				p.pos++
			}
			c = '\n'
		}
		b = append(b, c)
	}
	return nil, p.errorf("string without end")
}

// escape reads what follows a backslash and appends what it means.
func (p *parser) escape(b []byte) []byte {
	c := p.peek()
	p.pos++
	switch c {
	case 'n':
		return append(b, '\n')
	case 'r':
		return append(b, '\r')
	case 't':
		return append(b, '\t')
	case 'b':
		return append(b, '\b')
	case 'f':
		return append(b, '\f')
	case '\n': // the line goes on
		return b
	case '\r':
		if p.peek() == '\n' {
			p.pos++
		}
		return b
	}
	if c < '0' || c > '7' { // any other character stands for itself; past the end, literal reports it
		return append(b, c)
	}
	v := int(c - '0')
	for range 2 {
		if d := p.peek(); d >= '0' && d <= '7' {
			v = v<<3 | int(d-'0')
			p.pos++
		}
	}
	return append(b, byte(v))
}

func (p *parser) hex() (Object, error) {
	defer p.spent(p.pos)
	p.pos++
	var b []byte
	digits := 0
	for ; p.pos < len(p.src); p.pos++ {
		c := p.src[p.pos]
		if c == '>' {
			p.pos++
			return HexString(b), nil
		}
		v, ok := hexValue(c)
		switch {
		case ok && digits%2 == 0:
			b = append(b, v<<4)
			digits++
		case ok:
			b[len(b)-1] |= v
			digits++
		case !isSpace(c):
			return nil, p.errorf("bad digit in a hexadecimal string")
		}
	}
	return nil, p.errorf("hexadecimal string without end")
}

func hexValue(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, true
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}

func (p *parser) array() (Object, error) {
	p.pos++
	a := Array{}
	for {
		p.skipSpace()
		if p.peek() == ']' {
			p.pos++
			return a, nil
		}
		o, err := p.object()
		if err != nil {
			return nil, err
		}
		a = append(a, o)
	}
}

var errDuplicateKey = errors.New("key twice in a dictionary")

// dict reads << … >>. A key that stands twice is refused, but for a lenient parser: not all readers agree which one counts.
func (p *parser) dict() (Object, error) {
	p.pos += 2
	d := Dict{}
	for {
		p.skipSpace()
		if bytes.HasPrefix(p.src[p.pos:], []byte(">>")) {
			p.pos += 2
			return d, nil
		}
		if p.peek() != '/' {
			return nil, p.errorf("want a key")
		}
		k, err := p.name()
		if err != nil {
			return nil, err
		}
		v, err := p.object()
		if err != nil {
			return nil, err
		}
		if before, ok := d[k.(Name)]; ok && !p.lenient {
			return nil, p.errorf("%w: %.40q", errDuplicateKey, string(k.(Name)))
		} else if ok {
			p.shadowed = append(p.shadowed, Dict{k.(Name): before})
		}
		d[k.(Name)] = v
	}
}
