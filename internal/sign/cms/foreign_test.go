package cms

import (
	"bytes"
	"encoding/asn1"
	"testing"

	"pgregory.net/rapid"
)

// anyDER is a value in DER: octet strings, and sequences of values.
func anyDER(depth int) *rapid.Generator[[]byte] {
	return rapid.Custom(func(t *rapid.T) []byte {
		if depth == 0 || rapid.Bool().Draw(t, "leaf") {
			return value(asn1.TagOctetString, rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "octets"))
		}
		var body []byte
		for range rapid.IntRange(0, 4).Draw(t, "members") {
			body = append(body, anyDER(depth-1).Draw(t, "member")...)
		}
		return value(asn1.TagSequence|0x20, body)
	})
}

func value(tag byte, body []byte) []byte { return append(derHead([]byte{tag}, len(body)), body...) }

// written is a DER value as programs write it that do not know how long it becomes: without lengths, strings in pieces.
func written(t *rapid.T, der []byte) []byte {
	tag, _, body, err := berHead(der)
	if err != nil {
		t.Fatal(err)
	}
	if tag[0] == asn1.TagOctetString {
		if rapid.Bool().Draw(t, "whole") {
			return der
		}
		at := rapid.IntRange(0, len(body)).Draw(t, "piece")
		pieces := append(value(asn1.TagOctetString, body[:at]), value(asn1.TagOctetString, body[at:])...)
		return append(append([]byte{asn1.TagOctetString | 0x20, 0x80}, pieces...), 0, 0)
	}
	var inside []byte
	for len(body) > 0 {
		_, length, rest, err := berHead(body)
		if err != nil {
			t.Fatal(err)
		}
		n := len(body) - len(rest) + length
		inside = append(inside, written(t, body[:n])...)
		body = body[n:]
	}
	if rapid.Bool().Draw(t, "known") {
		return value(tag[0], inside)
	}
	return append(append([]byte{tag[0], 0x80}, inside...), 0, 0)
}

// However a value was written, derOf gives the one way that DER knows; and what is DER stays as it is.
func TestDEROf(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		der := anyDER(4).Draw(t, "value")
		padding := make([]byte, rapid.IntRange(0, 3).Draw(t, "padding"))
		for _, ber := range [][]byte{der, written(t, der)} {
			got, behind, err := derOf(append(bytes.Clone(ber), padding...))
			if err != nil || !bytes.Equal(got, der) || !bytes.Equal(behind, padding) {
				t.Fatalf("%x became %x, want %x: %v", ber, got, der, err)
			}
		}
	})
}

func TestDEROfRefuses(t *testing.T) {
	deep := bytes.Repeat([]byte{0x30, 0x80}, 5000)
	for name, b := range map[string][]byte{
		"nothing": nil, "one byte": {0x30}, "longer than it is": {0x30, 5, 1}, "a primitive without length": {0x04, 0x80, 0, 0}, "without end": {0x30, 0x80, 0x05, 0},
		"a length of many bytes": {0x30, 0x89, 1, 1, 1, 1, 1, 1, 1, 1, 1}, "a huge length": {0x30, 0x84, 0xff, 0xff, 0xff, 0xff},
		"deep": deep, "a piece that is no string": {0x24, 0x80, 0x02, 1, 1, 0, 0}, "a tag without end": {0x3f, 0xff, 0xff},
	} {
		if got, _, err := derOf(b); err == nil {
			t.Errorf("%s became %x", name, got)
		}
	}
}

// Very many elements are no reason to refuse, and what is DER already is not copied.
func TestDEROfMany(t *testing.T) {
	const n = 1_000_000
	nulls := bytes.Repeat([]byte{0x05, 0x00}, n)
	whole := value(asn1.TagSequence|0x20, nulls)
	if got, _, err := derOf(whole); err != nil || &got[0] != &whole[0] || len(got) != len(whole) {
		t.Errorf("%d bytes of DER became %d: %v", len(whole), len(got), err)
	}
	open := append(append([]byte{0x30, 0x80}, nulls...), 0, 0)
	if got, _, err := derOf(open); err != nil || !bytes.Equal(got, whole) {
		t.Errorf("%d bytes of BER became %d: %v", len(open), len(got), err)
	}
}
