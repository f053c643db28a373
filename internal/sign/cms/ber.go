package cms

import (
	"encoding/asn1"
	"errors"
)

// Bounds of what derOf reads: more than any signature has, little enough that a hostile file costs nothing.
const (
	maxDepth    = 40
	maxElements = 200_000
)

var errBER = errors.New("not BER, or cut short")

// derOf writes a BER value (X.690, 8) as encoding/asn1 reads it: lengths that are known, and octet strings in one piece. Many
// programs that make .p7m files write them as they go, without knowing how long they become. Zero bytes may follow the value,
// as the padding in a PDF.
func derOf(ber []byte) ([]byte, error) {
	r := berReader{left: maxElements}
	out, rest, err := r.element(ber, 0)
	if err != nil {
		return nil, err
	}
	for _, b := range rest {
		if b != 0 {
			return nil, errors.New("data behind the signature")
		}
	}
	return out, nil
}

type berReader struct{ left int }

// element reads the first element of b and writes it anew; rest is what follows it.
func (r *berReader) element(b []byte, depth int) (out, rest []byte, err error) {
	if r.left--; r.left < 0 || depth > maxDepth {
		return nil, nil, errors.New("more than any signature has")
	}
	tag, length, rest, err := berHead(b)
	if err != nil {
		return nil, nil, err
	}
	constructed := tag[0]&0x20 != 0
	if length < 0 && !constructed {
		return nil, nil, errBER
	}
	if !constructed {
		return append(derHead(tag, length), rest[:length]...), rest[length:], nil
	}
	body, rest, err := r.children(rest, length, depth, tag[0] == asn1.TagOctetString|0x20)
	if err != nil {
		return nil, nil, err
	}
	if tag[0] == asn1.TagOctetString|0x20 {
		tag = []byte{asn1.TagOctetString}
	}
	return append(derHead(tag, len(body)), body...), rest, nil
}

// children reads what is inside a constructed element: length bytes, or up to the mark of the end where length is negative.
// The pieces of a string are put together.
func (r *berReader) children(b []byte, length, depth int, pieces bool) (body, rest []byte, err error) {
	inside := b
	if length >= 0 {
		inside, rest = b[:length], b[length:]
	}
	for {
		switch {
		case length >= 0 && len(inside) == 0:
			return body, rest, nil
		case length < 0 && len(inside) >= 2 && inside[0] == 0 && inside[1] == 0:
			return body, inside[2:], nil
		}
		var child []byte
		if child, inside, err = r.element(inside, depth+1); err != nil {
			return nil, nil, err
		}
		if pieces {
			tag, _, content, err := berHead(child)
			if err != nil || len(tag) != 1 || tag[0] != asn1.TagOctetString {
				return nil, nil, errBER
			}
			child = content
		}
		body = append(body, child...)
	}
}

// berHead reads a tag and a length; the length is -1 where it is not told.
func berHead(b []byte) (tag []byte, length int, rest []byte, err error) {
	n := 1
	if len(b) > 0 && b[0]&0x1f == 0x1f { // a tag of several bytes
		for n < len(b) && n < 5 && b[n]&0x80 != 0 {
			n++
		}
		n++
	}
	if len(b) <= n {
		return nil, 0, nil, errBER
	}
	tag, length, b = b[:n], int(b[n]), b[n+1:]
	switch {
	case length == 0x80:
		return tag, -1, b, nil
	case length > 0x80:
		count := length & 0x7f
		if count > 4 || len(b) < count {
			return nil, 0, nil, errBER
		}
		length = 0
		for _, c := range b[:count] {
			length = length<<8 | int(c)
		}
		b = b[count:]
	}
	if length > len(b) {
		return nil, 0, nil, errBER
	}
	return tag, length, b, nil
}

// derHead writes a tag and a length.
func derHead(tag []byte, length int) []byte {
	out := append(make([]byte, 0, len(tag)+5+length), tag...)
	if length < 0x80 {
		return append(out, byte(length))
	}
	var digits []byte
	for n := length; n > 0; n >>= 8 {
		digits = append([]byte{byte(n)}, digits...)
	}
	return append(append(out, 0x80|byte(len(digits))), digits...)
}
