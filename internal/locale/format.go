package locale

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"rinnova"
)

// Typography that keeps together what must not be broken.
const (
	NBSP  = "\u00a0" // no-break space
	Minus = "\u2212" // the true minus
)

// Amount writes 1.234,56, with the true minus in front where it is negative: −498,75.
func Amount(c rinnova.Cents) string {
	sign := ""
	if c < 0 {
		sign, c = Minus, -c
	}
	cents := [3]byte{',', byte('0' + c%100/10), byte('0' + c%10)}
	return sign + thousands(int64(c/100)) + string(cents[:])
}

// Euro writes € 1.234,56, with no-break spaces; − € 498,75 where it is negative.
func Euro(c rinnova.Cents) string {
	if c < 0 {
		return Minus + NBSP + Euro(-c)
	}
	return "€" + NBSP + Amount(c)
}

// Delta writes a difference: +120,00, −180,00, and = for none.
func Delta(c rinnova.Cents) string {
	switch {
	case c == 0:
		return "="
	case c > 0:
		return "+" + Amount(c)
	}
	return Amount(c)
}

// Count writes a whole number with dots for thousands: 7.860.
func Count(n int) string {
	if n < 0 {
		return Minus + thousands(int64(-n))
	}
	return thousands(int64(n))
}

func thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return s
}

// Percent writes a rate: 22%, 3,8%.
func Percent(r rinnova.BasisPoints) string {
	if r < 0 {
		return Minus + Percent(-r)
	}
	if r%100 == 0 {
		return strconv.FormatInt(int64(r/100), 10) + "%"
	}
	s := fmt.Sprintf("%d,%02d", r/100, r%100)
	return strings.TrimSuffix(s, "0") + "%"
}

var months = [...]string{"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno",
	"luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"}

// monthName is a month at the beginning of a sentence.
func monthName(m time.Month) rinnova.Text {
	name := months[m-1]
	return rinnova.Text{Format: strings.ToUpper(name[:1]) + name[1:], English: m.String()}
}

// Date writes 22/11/2026; the zero date is "".
func Date(d rinnova.Date) string {
	if d.IsZero() {
		return ""
	}
	b := [10]byte{2: '/', 5: '/'}
	digits(b[0:2], d.Day)
	digits(b[3:5], int(d.Month))
	digits(b[6:10], d.Year)
	return string(b[:])
}

// digits writes n with leading zeros.
func digits(b []byte, n int) {
	for i := len(b) - 1; i >= 0; i-- {
		b[i] = byte('0' + n%10)
		n /= 10
	}
}

// LongDate writes 18 gennaio 2027; the first of a month is 1°.
func LongDate(d rinnova.Date) string {
	return dayMonth(d) + NBSP + strconv.Itoa(d.Year)
}

func dayMonth(d rinnova.Date) string {
	day := strconv.Itoa(d.Day)
	if d.Day == 1 {
		day = "1°"
	}
	return day + NBSP + months[d.Month-1]
}

// LongPeriod writes "dal 1° gennaio al 31 dicembre 2027", with both years where they differ and the article that the
// day wants: dall’8 marzo, dall’11 aprile.
func LongPeriod(p rinnova.Period) string {
	from := dayMonth(p.From)
	if p.From.Year != p.To.Year {
		from = LongDate(p.From)
	}
	return elide("dal", p.From.Day) + from + " " + elide("al", p.To.Day) + LongDate(p.To)
}

// Del writes "del 18/01/2027" or "dell’11/01/2027": before 8 and 11 the article loses its vowel.
func Del(d rinnova.Date) string { return elide("del", d.Day) + Date(d) }

// Dal writes "dal 01/01/2027" or "dall’8/…" in the same way.
func Dal(d rinnova.Date) string { return elide("dal", d.Day) + Date(d) }

// Al writes "al 31/12/2027" or "all’11/04/2027" in the same way.
func Al(d rinnova.Date) string { return elide("al", d.Day) + Date(d) }

// elide joins an article to a day: otto and undici begin with a vowel. The no-break space keeps the two together.
func elide(article string, day int) string {
	if day == 8 || day == 11 {
		return article + "l’"
	}
	return article + NBSP
}

// When says 20/11/2026, ore 10:51 in Rome.
func When(t time.Time) rinnova.Text {
	return rinnova.Say("%s, ore\u00a0%s", rinnova.DateOf(t), Clock(t))
}

// DateAtSeconds writes 13/01/2027 alle 10:42:07 in Rome, for contracts and receipts.
func DateAtSeconds(t time.Time) string {
	return t.In(rinnova.Rome).Format("02/01/2006") + " alle " + t.In(rinnova.Rome).Format("15:04:05")
}

// ClockSeconds writes 10:42:07 in Rome.
func ClockSeconds(t time.Time) string { return t.In(rinnova.Rome).Format("15:04:05") }

// Clock writes 10:51 in Rome.
func Clock(t time.Time) string { return t.In(rinnova.Rome).Format("15:04") }

// Ago says an instant for a work list: "oggi, 10:51", "ieri, 17:42", else 18/11/2026.
func Ago(t time.Time, today rinnova.Date) rinnova.Text {
	switch d := rinnova.DateOf(t); {
	case d == today:
		return rinnova.Say("oggi, %s", Clock(t))
	case d == today.AddDays(-1):
		return rinnova.Say("ieri, %s", Clock(t))
	default:
		return rinnova.Say("%s", d)
	}
}

// Bytes writes a file's size: 48 kB, 1,2 MB (decimal units).
func Bytes(n int64) string {
	if n < 1_000_000 {
		return thousands(max(1, (n+500)/1000)) + NBSP + "kB"
	}
	return strings.Replace(strconv.FormatFloat(float64(n)/1e6, 'f', 1, 64), ".", ",", 1) + NBSP + "MB"
}

// ParseDate reads a date as people type it or copy it from elsewhere: gg/mm/aaaa, also with dots or dashes, without leading zeros
// and with the last two digits of a year of this century; aaaa-mm-gg (ISO 8601). The second result says what is wrong, and what
// is expected.
func ParseDate(s string) (rinnova.Date, rinnova.Text) {
	parts := strings.FieldsFunc(strings.TrimSpace(s), func(r rune) bool { return strings.ContainsRune("/.- \u00a0", r) })
	if len(parts) != 3 {
		return rinnova.Date{}, rinnova.Say("Scrivete la data come giorno/mese/anno, per esempio 16/11/2026.")
	}
	if len(parts[0]) == 4 {
		parts[0], parts[2] = parts[2], parts[0]
	}
	var n [3]int
	for i, p := range parts {
		v, err := strconv.Atoi(p)
		if err != nil || v < 1 && (i < 2 || len(p) != 2) || len(p) > 4 {
			return rinnova.Date{}, rinnova.Say("Scrivete la data con i numeri, come giorno/mese/anno, per esempio 16/11/2026.")
		}
		n[i] = v
	}
	switch len(parts[2]) {
	case 4:
	case 2:
		n[2] += 2000
	default:
		return rinnova.Date{}, rinnova.Say("Scrivete l’anno con quattro cifre: giorno/mese/anno, per esempio 16/11/2026.")
	}
	if n[1] > 12 {
		return rinnova.Date{}, rinnova.Say("I mesi sono 12 e qui il mese è %d: scrivete prima il giorno, poi il mese.", n[1])
	}
	d := rinnova.Date{Year: n[2], Month: time.Month(n[1]), Day: n[0]}
	last := rinnova.Date{Year: n[2], Month: d.Month, Day: 1}.AddMonths(1).AddDays(-1)
	if d.Day > last.Day {
		return rinnova.Date{}, rinnova.Say("%s %d ha %d giorni: l’ultimo è il %s.", monthName(d.Month), n[2], last.Day, last)
	}
	return d, rinnova.Text{}
}
