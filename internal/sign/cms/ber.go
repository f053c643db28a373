package cms

import (
	"bytes"
	"encoding/asn1"
	"errors"
)

// maxDepth bounds elements inside one another. How many there are needs no bound but the file's: two bytes at least make one, each
// is looked at once, and only what was written without lengths is copied. A signature that brings along the revocations of its
// authority has hundreds of thousands.
const maxDepth = 40

var errBER = errors.New("not BER, or cut short")

// derOf writes a BER value (X.690, 8) as encoding/asn1 reads it: lengths that are known, and octet strings in one piece. Many
// programs that make .p7m files write them as they go, without knowing how long they become. What is DER stays where it is; behind
// is what follows the value.
func derOf(ber []byte) (der, behind []byte, err error) {
	var e element
	if e, behind, err = readElement(ber, 0); err != nil {
		return nil, nil, err
	}
	return e.der, behind, nil
}

// element is an element in DER; changed tells whether it had to be written anew.
type element struct {
	der     []byte
	changed bool
}

// readElement reads the first element of b; rest is what follows it.
func readElement(b []byte, depth int) (e element, rest []byte, err error) {
	if depth > maxDepth {
		return e, nil, errors.New("nested deeper than any signature")
	}
	tag, length, inside, err := berHead(b)
	if err != nil {
		return e, nil, err
	}
	constructed := tag[0]&0x20 != 0
	if length < 0 && !constructed {
		return e, nil, errBER
	}
	body, rest := inside, inside
	if length >= 0 {
		body, rest = inside[:length], inside[length:]
	}
	pieces := tag[0] == asn1.TagOctetString|0x20
	changed := length < 0 || pieces || len(b)-len(inside) != len(tag)+lengthOfLength(length)
	if constructed {
		var anew bool
		if body, rest, anew, err = children(body, rest, length < 0, depth, pieces); err != nil {
			return e, nil, err
		}
		changed = changed || anew
	}
	if !changed {
		return element{der: b[:len(b)-len(rest)]}, rest, nil
	}
	if pieces {
		tag = []byte{asn1.TagOctetString}
	}
	return element{append(derHead(tag, len(body)), body...), true}, rest, nil
}

// children reads what is inside a constructed element: all of inside, or up to the mark of the end where open. The pieces of a
// string are put together.
func children(inside, rest []byte, open bool, depth int, pieces bool) (body, behind []byte, changed bool, err error) {
	all := inside
	for {
		switch {
		case !open && len(inside) == 0:
			return whole(body, all, inside, changed), rest, changed, nil
		case open && len(inside) >= 2 && inside[0] == 0 && inside[1] == 0:
			return whole(body, all, inside, changed), inside[2:], changed, nil
		}
		child, next, err := readElement(inside, depth+1)
		if err != nil {
			return nil, nil, false, err
		}
		if (pieces || child.changed) && !changed { // from here on it is written anew
			body, changed = bytes.Clone(all[:len(all)-len(inside)]), true // all may be far longer than the element, of which nobody knows the end
		}
		content := child.der
		if pieces {
			tag, _, octets, err := berHead(child.der)
			if err != nil || len(tag) != 1 || tag[0] != asn1.TagOctetString {
				return nil, nil, false, errBER
			}
			content = octets
		}
		if changed {
			body = append(body, content...)
		}
		inside = next
	}
}

// whole is the body of an element: written anew, or the bytes themselves.
func whole(body, all, left []byte, changed bool) []byte {
	if changed {
		return body
	}
	return all[:len(all)-len(left)]
}

// lengthOfLength is how many bytes DER needs to write a length.
func lengthOfLength(n int) int {
	count := 1
	if n >= 0x80 {
		for ; n > 0; n >>= 8 {
			count++
		}
	}
	return count
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
