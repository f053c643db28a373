package letter_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"rinnova"
	"rinnova/internal/letter"
	"rinnova/internal/pdf/incremental"
)

// tangled is a letter in which a hundred nodes of the page tree share one list of kids, which is long to read.
func tangled(t *testing.T) []byte {
	return revised(t, drawn(t), func(u *incremental.Update, catalog incremental.Dict) {
		kids := u.Add(incremental.Raw("[" + strings.Repeat(" ", 4<<20) + "]"))
		var nodes incremental.Array
		for range 100 {
			nodes = append(nodes, u.Add(incremental.Dict{"Type": incremental.Name("Pages"), "Kids": kids}))
		}
		catalog["Pages"] = u.Add(incremental.Dict{"Type": incremental.Name("Pages"), "Kids": nodes})
	})
}

// crowded is a letter with an object stream in which all objects begin in one place.
func crowded(t *testing.T) []byte {
	const n = 100_000
	head := strings.Repeat("9 0 ", n)
	return revised(t, drawn(t), func(u *incremental.Update, catalog incremental.Dict) {
		u.Add(&incremental.Stream{Dict: incremental.Dict{"Type": incremental.Name("ObjStm"), "N": incremental.Integer(n), "First": incremental.Integer(len(head))},
			Data: []byte(head + "[" + strings.Repeat("1 ", 200_000) + "]")})
	})
}

// A letter that would keep a processor busy is refused with words that say what to do, and a signature is not to be lost by it.
func TestLettersThatMakeTooMuchWork(t *testing.T) {
	signed := func(b []byte) []byte { return append(bytes.Clone(b), "% /ByteRange[0 1 2 3]\n%%EOF\n"...) }
	for name, x := range map[string]struct {
		file       []byte
		says, does string
	}{
		"crowded":          {crowded(t), "parti che il portale non riesce ad aprire", "stampatela come PDF"},
		"tangled":          {tangled(t), "troppo complicato", "Stampatelo di nuovo come PDF"},
		"tangled, in p7m":  {cades(t, tangled(t)), "troppo complicato", "Stampatelo di nuovo come PDF"},
		"tangled, signed ": {signed(tangled(t)), "è firmato ma è troppo complicato", "Non salvatelo di nuovo"},
	} {
		_, _, err := letter.Examine(t.Context(), x.file)
		if s := fmt.Sprint(err); rinnova.KindOf(err) != rinnova.Invalid || !strings.Contains(s, x.says) || !strings.Contains(s, x.does) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Nothing more is done for whoever has gone, and the file is not said to be bad.
func TestNobodyWaitsForALetter(t *testing.T) {
	gone, leave := context.WithCancel(t.Context())
	leave()
	for name, file := range map[string][]byte{"a letter": drawn(t), "in p7m": cades(t, drawn(t))} {
		if _, _, err := letter.Examine(gone, file); !errors.Is(err, context.Canceled) || rinnova.KindOf(err) == rinnova.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}
