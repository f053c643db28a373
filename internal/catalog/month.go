package catalog

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"rinnova"
)

// Month is a month of a year, as 2026-09.
type Month string

// NewMonth is a month of a year.
func NewMonth(year int, m time.Month) Month { return Month(fmt.Sprintf("%04d-%02d", year, int(m))) }

// Valid tells whether m is a month.
func (m Month) Valid() bool {
	_, err := time.Parse("2006-01", string(m))
	return err == nil
}

var monthNames = [12]string{"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"}

// Text is the month in words: settembre 2026.
func (m Month) Text() rinnova.Text {
	t, err := time.Parse("2006-01", string(m))
	if err != nil {
		return rinnova.Text{Format: "%s", English: "%s", Args: []any{string(m)}}
	}
	return rinnova.Text{Format: monthNames[t.Month()-1] + " %d", English: t.Month().String() + " %d", Args: []any{t.Year()}}
}

// ParseMonth reads a month as files and people write it: 2026-09, 2026-M09, 09/2026, settembre 2026.
func ParseMonth(s string) (Month, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	year, month, ok := strings.Cut(s, "-")
	if !ok {
		if month, year, ok = strings.Cut(s, "/"); !ok {
			month, year, _ = strings.Cut(s, " ")
			for i, name := range monthNames {
				if month == name {
					month = strconv.Itoa(i + 1)
				}
			}
		}
	}
	y, errYear := strconv.Atoi(strings.TrimSpace(year))
	n, errMonth := strconv.Atoi(strings.TrimPrefix(month, "m"))
	if errYear != nil || errMonth != nil || y < 1900 || y > 2999 || n < 1 || n > 12 {
		return "", false
	}
	return NewMonth(y, time.Month(n)), true
}

// Before is the month so many months earlier; no month of none.
func (m Month) Before(n int) Month {
	t, err := time.Parse("2006-01", string(m))
	if err != nil {
		return ""
	}
	t = t.AddDate(0, -n, 0)
	return NewMonth(t.Year(), t.Month())
}
