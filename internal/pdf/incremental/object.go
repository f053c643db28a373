package incremental

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
)

// Object is one PDF object (ISO 32000-1, 7.3): Null, Bool, Integer, Real, Name, String, HexString, Array, Dict,
// Ref, *Stream, or Raw for one that the caller has written itself. A nil Object is written as null.
type Object interface {
	// appendTo writes the object in PDF syntax. The same value always gives the same bytes.
	appendTo(b []byte) []byte
}

// Null is the null object, which is also what a reference to a missing object means.
type Null struct{}

// Bool is true or false.
type Bool bool

// Integer is a whole number.
type Integer int64

// Real is a number with a fraction; it must be finite.
type Real float64

// Name is a name without its slash and with its #xx escapes already decoded.
type Name string

// String is a byte string written between parentheses. Text makes one from a sentence for people.
type String string

// HexString is a byte string written as hexadecimal digits; it holds the decoded bytes.
type HexString string

// Array is a sequence of objects.
type Array []Object

// Dict is a dictionary; it is written with its keys in alphabetical order.
type Dict map[Name]Object

// Ref names an indirect object. Number 0 is no object.
type Ref struct {
	Number     int
	Generation int
}

// Stream is a dictionary with bytes as they stand in the file: compressing them, and naming the filter in Dict, is
// the caller's business. Length is written from Data. Data of a stream that was read belongs to the base file and
// must not be changed.
type Stream struct {
	Dict Dict
	Data []byte
}

// Raw is an object already in PDF syntax, written as it stands.
type Raw string

// Text makes a text string (7.9.2.2): ASCII as it is, anything else in UTF-16BE with its mark.
func Text(s string) String {
	if isASCII(s) {
		return String(s)
	}
	b := []byte{0xFE, 0xFF}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u>>8), byte(u))
	}
	return String(b)
}

// ParseText reads a text string as Text and other programs write it: UTF-16BE or UTF-8 with their marks, or bytes, of which those
// that are not ASCII are left out: they mean something else in each program.
func ParseText(o Object) string {
	b, _ := StringBytes(o)
	switch {
	case bytes.HasPrefix(b, []byte{0xFE, 0xFF}):
		var units []uint16
		for i := 2; i+1 < len(b); i += 2 {
			units = append(units, uint16(b[i])<<8|uint16(b[i+1]))
		}
		return string(utf16.Decode(units))
	case bytes.HasPrefix(b, []byte{0xEF, 0xBB, 0xBF}):
		return strings.ToValidUTF8(string(b[3:]), "\uFFFD")
	}
	return strings.Map(func(c rune) rune {
		if c < 0x20 || c > 0x7E {
			return -1
		}
		return c
	}, string(b))
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7E {
			return false
		}
	}
	return true
}

// Date makes a date string (7.9.4) in UTC, with the zone, as PDF/A asks.
func Date(t time.Time) String {
	return String(t.UTC().Format("D:20060102150405") + "+00'00'")
}

// LocalDate makes a date string as Date does, in the zone that t is in.
func LocalDate(t time.Time) String {
	zone := t.Format("-07:00")
	return String(t.Format("D:20060102150405") + zone[:3] + "'" + zone[4:] + "'")
}

// ParseDate reads a date string with day, time and zone, such as Date writes.
func ParseDate(o Object) (time.Time, error) {
	b, ok := StringBytes(o)
	if !ok {
		return time.Time{}, errors.New("pdf: a date is not a string")
	}
	// Zones are written Z, +01'00' or, since PDF 2.0, +01'00.
	s := strings.TrimSuffix(strings.Replace(string(b), "'", ":", 1), "'")
	t, err := time.Parse("D:20060102150405Z07:00", s)
	if err != nil {
		return time.Time{}, fmt.Errorf("pdf: date %.40q: want day, time and zone", b)
	}
	return t.UTC(), nil
}

// IsZero tells whether r names no object.
func (r Ref) IsZero() bool { return r.Number == 0 }

// String writes the reference as in a file, 12 0 R.
func (r Ref) String() string { return fmt.Sprintf("%d %d R", r.Number, r.Generation) }

// Clone returns a copy of the dictionary; its values are shared.
func (d Dict) Clone() Dict { return maps.Clone(d) }

func (Null) appendTo(b []byte) []byte      { return append(b, "null"...) }
func (v Bool) appendTo(b []byte) []byte    { return strconv.AppendBool(b, bool(v)) }
func (v Integer) appendTo(b []byte) []byte { return strconv.AppendInt(b, int64(v), 10) }
func (v Real) appendTo(b []byte) []byte    { return strconv.AppendFloat(b, float64(v), 'f', -1, 64) }
func (v Raw) appendTo(b []byte) []byte     { return append(b, v...) }

func (v Ref) appendTo(b []byte) []byte {
	b = strconv.AppendInt(b, int64(v.Number), 10)
	b = append(b, ' ')
	b = strconv.AppendInt(b, int64(v.Generation), 10)
	return append(b, " R"...)
}

const hexDigits = "0123456789ABCDEF"

func (v Name) appendTo(b []byte) []byte {
	b = append(b, '/')
	for i := range len(v) {
		if c := v[i]; isRegular(c) && c > ' ' && c < 0x7F && c != '#' {
			b = append(b, c)
		} else {
			b = append(b, '#', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return b
}

func (v String) appendTo(b []byte) []byte {
	b = append(b, '(')
	for i := range len(v) {
		switch c := v[i]; c {
		case '(', ')', '\\':
			b = append(b, '\\', c)
		case '\r': // a bare CR in a string reads as LF
			b = append(b, '\\', 'r')
		case '\n':
			b = append(b, '\\', 'n')
		default:
			b = append(b, c)
		}
	}
	return append(b, ')')
}

func (v HexString) appendTo(b []byte) []byte {
	b = append(b, '<')
	for i := range len(v) {
		b = append(b, hexDigits[v[i]>>4], hexDigits[v[i]&15])
	}
	return append(b, '>')
}

func (v Array) appendTo(b []byte) []byte {
	b = append(b, '[')
	for i, o := range v {
		if i > 0 {
			b = append(b, ' ')
		}
		b = Append(b, o)
	}
	return append(b, ']')
}

func (v Dict) appendTo(b []byte) []byte {
	b = append(b, "<<"...)
	keys := make([]Name, 0, 16) // on the stack: a structure tree has hundreds of small dictionaries
	for k := range v {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		b = k.appendTo(b)
		if !delimited(v[k]) {
			b = append(b, ' ')
		}
		b = Append(b, v[k])
	}
	return append(b, ">>"...)
}

// delimited tells whether o starts with a delimiter, so that it may follow a key without a space.
func delimited(o Object) bool {
	switch o := o.(type) {
	case Name, String, HexString, Array, Dict:
		return true
	case Raw:
		return o != "" && !isRegular(o[0])
	}
	return false
}

func (v *Stream) appendTo(b []byte) []byte {
	d := v.Dict.Clone()
	if d == nil {
		d = Dict{}
	}
	d["Length"] = Integer(len(v.Data))
	b = d.appendTo(b)
	b = append(b, "\nstream\n"...)
	b = append(b, v.Data...)
	return append(b, "\nendstream"...)
}

// Append writes an object in PDF syntax behind b; nil is null.
func Append(b []byte, o Object) []byte {
	if o == nil {
		o = Null{}
	}
	return o.appendTo(b)
}
