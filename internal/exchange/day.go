package exchange

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"rinnova"
)

var (
	dayFirst   = regexp.MustCompile(`^([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{2}|[0-9]{4})$`)
	yearFirst  = regexp.MustCompile(`^([0-9]{4})[/.-]([0-9]{1,2})[/.-]([0-9]{1,2})$`)
	inOne      = regexp.MustCompile(`^((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})$`)
	monthNamed = regexp.MustCompile(`^(?:[a-zì]{3,9}\.?,? )?([0-9]{1,2})°?[ /.-]([a-z]{3,9})\.?[ /.-]([0-9]{2}|[0-9]{4})$`)
	timeBehind = regexp.MustCompile(`^(.*?[0-9])(?:T| )([0-9]{1,2})[:.]([0-9]{2})(?:[:.]([0-9]{2})(?:[.,][0-9]{1,9})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?$`)
)

// parseDay reads a day as people and programs write one: 31/12/2027, 31-12-27, 2027-12-31, 20271231, 31 dicembre 2027, 31-dic-27;
// also with a time behind it, which most programs add to a day of which they know no time. A time with a zone that is not
// midnight is refused: 31 December at 23 of Greenwich is 1 January here, and nobody knows which of the two was meant.
func parseDay(s string) (rinnova.Date, bool) {
	s = rinnova.Clean(s)
	if m := timeBehind.FindStringSubmatch(s); m != nil {
		hour, minute, second := numberOf(m[2]), numberOf(m[3]), numberOf(m[4])
		if hour > 23 || minute > 59 || second > 59 || m[5] != "" && hour+minute+second > 0 {
			return rinnova.Date{}, false
		}
		s = m[1]
	}
	if m := dayFirst.FindStringSubmatch(s); m != nil {
		return dayOf(m[3], m[2], m[1])
	}
	if m := yearFirst.FindStringSubmatch(s); m != nil {
		return dayOf(m[1], m[2], m[3])
	}
	if m := inOne.FindStringSubmatch(s); m != nil {
		return dayOf(m[1], m[2], m[3])
	}
	if m := monthNamed.FindStringSubmatch(strings.ToLower(s)); m != nil {
		return dayOf(m[3], monthOf(m[2]), m[1])
	}
	return rinnova.Date{}, false
}

// numberOf is a number of digits; 0 where there are none.
func numberOf(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

var months = []string{"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"}

// monthOf is the number of a month that is written out or shortened; 0 where it is none.
func monthOf(name string) string {
	for i, m := range months {
		if strings.HasPrefix(m, name) {
			return strconv.Itoa(i + 1)
		}
	}
	return "0"
}

// dayOf puts a day together; ok is false where the calendar has none. Of a year with two digits those from 90 are the last
// century's.
func dayOf(year, month, day string) (rinnova.Date, bool) {
	y := numberOf(year)
	switch {
	case len(year) == 2 && y >= 90:
		y += 1900
	case len(year) == 2:
		y += 2000
	}
	d, err := rinnova.ParseDate(fmt.Sprintf("%04d-%02d-%02d", y, numberOf(month), numberOf(day)))
	return d, err == nil
}
