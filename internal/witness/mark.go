// Package witness keeps beside the files how far the database had come, sealed with a key that is not in the database. So a database
// that is older than its files, files that are older than their database, and a record whose end was cut off or that was written
// anew are noticed, and nothing is processed until a person has decided.
//
// There are two sorts of marks. The latest one follows the database closely: it is written before a signed contract can leave, so
// that no number that anybody may have seen is given again unnoticed. One a day is kept for ever, signed with the contract key too
// where there is one: a seal.
package witness

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"rinnova"
	"rinnova/internal/event"
)

// Mark is what was known of the database at a moment.
type Mark struct {
	Sort        Sort
	At          time.Time
	Seq         int64            // of the last event
	Hash        string           // of the last event
	Numbers     map[string]int64 // the last contract number of each series and year: 2026, S-2026
	Certificate string           // SHA-256 of the certificate that signs contracts; "" where there is none
	Aside       []string         `json:",omitempty"` // seals that a person has set aside, because the database was put back
	MAC         string           // HMAC-SHA256 over all the rest
}

// Sort tells the marks apart, so that an old seal does not pass as the latest mark. It is the name of their folder.
type Sort string

// The sorts.
const (
	Latest Sort = "witness"
	Seal   Sort = "seals"
)

// Head is the place in the chain of events.
func (m Mark) Head() event.Head { return event.Head{Seq: m.Seq, Hash: m.Hash} }

const extension = ".json"

// key is where a mark is kept.
func (m Mark) key() string {
	return fmt.Sprintf("%s/%012d-%.16s-%s%s", m.Sort, m.Seq, m.Hash, m.At.UTC().Format("20060102T150405"), extension)
}

// mac is the code that whoever has the key makes of a mark.
func (m Mark) mac(key []byte) (string, error) {
	m.MAC = ""
	b, err := json.Marshal(m)
	if err != nil {
		return "", err
	}
	h := hmac.New(sha256.New, key)
	h.Write([]byte("rinnova mark 1\n"))
	h.Write(b)
	return hex.EncodeToString(h.Sum(nil)), nil
}

// sealed is the mark as it is kept.
func (m Mark) sealed(key []byte) ([]byte, error) {
	var err error
	if m.MAC, err = m.mac(key); err != nil {
		return nil, err
	}
	return json.Marshal(m)
}

// read reads a kept mark; ok is false where it is not one that this key has sealed.
func read(data, key []byte, s Sort) (m Mark, ok bool) {
	if json.Unmarshal(data, &m) != nil || m.Sort != s {
		return m, false
	}
	want, err := m.mac(key)
	return m, err == nil && hmac.Equal([]byte(want), []byte(m.MAC))
}

// covers tells whether a mark knows all that another knows.
func (m Mark) covers(x Mark) bool {
	for series, n := range x.Numbers {
		if m.Numbers[series] < n {
			return false
		}
	}
	return m.Seq >= x.Seq
}

// Series names a series of numbers in a year as contracts do.
func Series(series string, year int64) string {
	if series != "" {
		series += "-"
	}
	return fmt.Sprintf("%s%d", series, year)
}

// Held is the refusal to process while the database and its files do not belong together.
type Held struct{ rinnova.Faults }

// behind compares the counters of contract numbers with those of a mark.
func behind(now map[string]int64, m Mark) (out rinnova.Faults) {
	for _, series := range slices.Sorted(maps.Keys(m.Numbers)) {
		if now[series] < m.Numbers[series] {
			out.Unfit("Il database è più vecchio dei file: per %s conosce i contratti fino al n. %d, accanto ai file è annotato il n. %d.", series, now[series], m.Numbers[series])
		}
	}
	return out
}
