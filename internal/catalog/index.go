package catalog

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"rinnova"
)

// SeriesNames are the price indices of ISTAT that can be kept: for families of workers and employees, for the whole
// community, harmonised.
var SeriesNames = []string{"FOI", "NIC", "IPCA"}

// IndexPoint is a price index in a month.
type IndexPoint struct {
	Month  Month
	Milli  int64  // thousandths: 121.4 is 121400
	Base   string // the year that is 100, as 2015=100
	Source string // where it comes from, in words
}

// Text is the number as people write it: 121,4.
func (p IndexPoint) Text() string { return milli(p.Milli) }

// MaxIndexFile is the largest file of an index, in bytes; a century of months has far less.
const MaxIndexFile = 1 << 20

// The bounds of what is taken for an index, in thousandths, and of the lines of a file.
const (
	maxMilli      = 10_000_000
	maxIndexLines = 20_000
)

// The names of the columns that hold month, value and base. The first are those of SDMX-CSV, in which ISTAT's data service
// (esploradati.istat.it) exports; then those of its older export; the last are of our own layout, mese;indice.
var (
	monthColumns = []string{"time_period", "time", "mese"}
	valueColumns = []string{"obs_value", "value", "indice"}
	baseColumns  = []string{"base_per", "base"}
	freqColumns  = []string{"freq", "frequency"}
)

// ReadIndex reads the file of one series, in SDMX-CSV or in our own layout with the columns mese and indice: UTF-8, with
// commas, semicolons or tabs between the cells. Columns are found by their names. Of a file that also has years only the months
// are taken. It refuses with rinnova.Invalid, naming the line, what is no month or no number, and a file that holds more than
// one series: what stands left of the month (in SDMX-CSV the dimensions) must be the same in all lines, and no month may have
// two values. Base is that of the file, where it says so.
func ReadIndex(data []byte) (points []IndexPoint, err error) {
	lines, err := indexLines(data)
	if err != nil {
		return nil, err
	}
	head := lines[0].cells
	month, value, base, freq := column(head, monthColumns), column(head, valueColumns), column(head, baseColumns), column(head, freqColumns)
	if month < 0 || value < 0 {
		return nil, rinnova.Fail(rinnova.Invalid, "Nel file non trovo le colonne. Servono TIME_PERIOD e OBS_VALUE, come nei file CSV dell’ISTAT, oppure mese e indice.")
	}
	known := map[Month]int64{}
	var first []string
	for _, line := range lines[1:] {
		if len(line.cells) <= max(month, value) {
			return nil, rinnova.Fail(rinnova.Invalid, "Riga %d: mancano delle colonne.", line.number)
		}
		if freq >= 0 && freq < len(line.cells) && !strings.HasPrefix(strings.ToUpper(line.cells[freq]), "M") {
			continue
		}
		p, isMonth, err := indexPoint(line, month, value)
		if err != nil {
			return nil, err
		}
		if !isMonth {
			continue
		}
		dimensions := line.cells[:month]
		if month > value { // not an order of SDMX-CSV: nothing says what the other columns are
			dimensions = nil
		}
		if first == nil {
			first = dimensions
		}
		if !slices.Equal(first, dimensions) {
			return nil, rinnova.Fail(rinnova.Invalid, "Riga %d: il file contiene più di una serie. Scaricate dall’ISTAT una sola serie: indice generale, Italia, numeri indice.", line.number)
		}
		if old, twice := known[p.Month]; twice && old != p.Milli {
			return nil, rinnova.Fail(rinnova.Invalid, "Riga %d: %s ha già un altro valore, %s. Il file contiene più di una serie: scaricatene una sola.", line.number, p.Month.Text(), milli(old))
		} else if twice {
			continue
		}
		if base >= 0 && base < len(line.cells) {
			p.Base = indexBase(line.cells[base])
		}
		known[p.Month] = p.Milli
		points = append(points, p)
	}
	if len(points) == 0 {
		return nil, rinnova.Fail(rinnova.Invalid, "Nel file non c’è nessun mese con il suo indice.")
	}
	slices.SortFunc(points, func(a, b IndexPoint) int { return strings.Compare(string(a.Month), string(b.Month)) })
	return points, nil
}

// indexLine is a line of a file with its cells.
type indexLine struct {
	number int
	cells  []string
}

// indexLines reads the cells of all lines that are not empty; there is at least the first.
func indexLines(data []byte) ([]indexLine, error) {
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		return nil, rinnova.Fail(rinnova.Invalid, "Il file è vuoto.")
	case len(data) > MaxIndexFile:
		return nil, rinnova.Fail(rinnova.Invalid, "Il file è troppo grande: al massimo 1 MB. Scaricate una sola serie.")
	case !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0:
		return nil, rinnova.Fail(rinnova.Invalid, "Questo non è un file CSV in UTF-8. Scaricatelo di nuovo dall’ISTAT come CSV, oppure salvatelo come «CSV UTF-8».")
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = separator(data), -1, false
	var out []indexLine
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if e, ok := errors.AsType[*csv.ParseError](err); ok {
			return nil, rinnova.Fail(rinnova.Invalid, "Riga %d: le virgolette non si chiudono.", e.StartLine).Because(err)
		}
		if err != nil {
			return nil, fmt.Errorf("price index: %w", err)
		}
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		number, _ := r.FieldPos(0)
		if out = append(out, indexLine{number, cells}); len(out) > maxIndexLines {
			return nil, rinnova.Fail(rinnova.Invalid, "Il file ha più di %d righe. Scaricate una sola serie.", maxIndexLines)
		}
	}
}

// separator is what stands between the cells of the first line.
func separator(data []byte) rune {
	line, _, _ := bytes.Cut(data, []byte("\n"))
	best, most := ',', 0
	for _, c := range ",;\t" {
		if n := bytes.Count(line, []byte(string(c))); n > most {
			best, most = c, n
		}
	}
	return best
}

// column finds a column by one of its names. With labels SDMX-CSV writes «TIME_PERIOD: Tempo».
func column(head []string, names []string) int {
	for _, name := range names {
		for i, cell := range head {
			id, _, _ := strings.Cut(cell, ":")
			if strings.ToLower(strings.TrimSpace(id)) == name {
				return i
			}
		}
	}
	return -1
}

// indexPoint reads month and value of a line; a year, and a month without a value, are passed over.
func indexPoint(line indexLine, month, value int) (p IndexPoint, isMonth bool, err error) {
	when, number := line.cells[month], line.cells[value]
	if _, err := strconv.Atoi(when); err == nil && len(when) == 4 || number == "" && when == "" {
		return p, false, nil
	}
	m, ok := ParseMonth(when)
	if !ok {
		return p, false, rinnova.Fail(rinnova.Invalid, "Riga %d: «%s» non è un mese. Scrivetelo come 2026-09.", line.number, short(when))
	}
	if number == "" {
		return p, false, nil
	}
	n, ok := parseMilli(number)
	if !ok {
		return p, false, rinnova.Fail(rinnova.Invalid, "Riga %d: «%s» non è un indice. Serve un numero maggiore di zero con al massimo tre decimali, per esempio 121,4.", line.number, short(number))
	}
	return IndexPoint{Month: m, Milli: n}, true, nil
}

// parseMilli reads a number with a comma or a dot before at most three decimals; more decimals may only be zeros.
func parseMilli(s string) (int64, bool) {
	whole, part, _ := strings.Cut(strings.Replace(s, ",", ".", 1), ".")
	if len(part) > 3 {
		part = part[:3] + strings.TrimRight(part[3:], "0")
	}
	if whole == "" || len(whole) > 6 || len(part) > 3 || strings.Trim(whole+part, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(whole+part+strings.Repeat("0", 3-len(part)), 10, 64)
	return n, err == nil && n > 0 && n <= maxMilli
}

// indexBase is a base as it is kept: 2015=100.
func indexBase(s string) string {
	s = strings.ReplaceAll(short(s), " ", "")
	if _, err := strconv.Atoi(s); err == nil && len(s) == 4 {
		return s + "=100"
	}
	return s
}

// short is the beginning of what a file says, for a message.
func short(s string) string {
	r := []rune(s)
	return string(r[:min(len(r), 40)])
}
