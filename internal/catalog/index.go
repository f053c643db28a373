package catalog

import (
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"rinnova"
	"rinnova/internal/sheet"
)

// SeriesNames are the price indices of ISTAT that can be kept: for families of workers and employees, for the whole
// community, harmonised.
var SeriesNames = []string{"FOI", "NIC", "IPCA"}

// IndexPoint is a price index in a month.
type IndexPoint struct {
	Month  Month
	Milli  int64       // thousandths: 121.4 is 121400
	Base   string      // the year that is 100, as 2015=100
	Source string      // where it comes from, in words
	Link   Coefficient // of a file: from Base to the base of the month before; 0: it does not say
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
	linkColumns  = []string{"raccordo", "coefficiente", "coefficiente di raccordo"}
	flowColumns  = []string{"dataflow", "structure_id"}
)

// indexReader reads the table of one series.
type indexReader struct {
	table                          *sheet.Reader
	month, value, base, freq, link int // columns; −1: none
	flow                           int
	known                          map[Month]IndexPoint
	first                          map[string][]string // what stands left of the month, by base
	points                         []IndexPoint
}

// ReadIndex reads the file of one series, in SDMX-CSV or in our own layout with the columns mese and indice, as CSV or as a sheet
// of Excel. Columns are found by their names. Of a file that also has years only the months are taken. It refuses with
// rinnova.Invalid, naming the line, what is no month or no number, and a file that holds more than one series: what stands left
// of the month (in SDMX-CSV the dimensions) must be the same in all lines, and no month may have two values. Base is that of
// the file, where it says so; the first month of another base may bring the coefficient that links it to the one before.
func ReadIndex(data []byte) (points []IndexPoint, err error) {
	limits := sheet.Limits{Bytes: MaxIndexFile, Unpacked: 16 * MaxIndexFile, Rows: maxIndexLines, Columns: 100, Cell: 4 << 10}
	table, err := sheet.OpenFor(data, "", limits, func(r *sheet.Reader) error { return newIndexReader(r).fits() })
	if err != nil {
		return nil, err
	}
	r := newIndexReader(table)
	if err := r.fits(); err != nil {
		return nil, err
	}
	for {
		row, err := table.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = r.row(row)
		}
		if err != nil {
			return nil, err
		}
	}
	if len(r.points) == 0 {
		return nil, rinnova.Fail(rinnova.Invalid, "Nel file non c’è nessun mese con il suo indice.")
	}
	slices.SortFunc(r.points, func(a, b IndexPoint) int { return strings.Compare(string(a.Month), string(b.Month)) })
	return r.points, nil
}

func newIndexReader(table *sheet.Reader) *indexReader {
	head := table.Header()
	return &indexReader{table: table, month: column(head, monthColumns), value: column(head, valueColumns), base: column(head, baseColumns),
		freq: column(head, freqColumns), link: column(head, linkColumns), flow: column(head, flowColumns), known: map[Month]IndexPoint{}, first: map[string][]string{}}
}

func (r *indexReader) fits() error {
	if r.month < 0 || r.value < 0 {
		return rinnova.Fail(rinnova.Invalid, "Nel file non trovo le colonne. Servono TIME_PERIOD e OBS_VALUE, come nei file CSV dell’ISTAT, oppure mese e indice.")
	}
	return nil
}

// row takes a row of the table.
func (r *indexReader) row(row sheet.Row) error {
	if !row.Fault.IsZero() {
		return rinnova.Fail(rinnova.Invalid, "Riga %d: %s", row.Line, row.Fault)
	}
	line := indexLine{row.Line, make([]string, len(row.Cells))}
	for i, c := range row.Cells {
		if !c.Fault.IsZero() && (i == r.month || i == r.value || i == r.base || i == r.link) {
			return rinnova.Fail(rinnova.Invalid, "Riga %d, colonna «%s»: %s", row.Line, rinnova.Quoted(r.table.Header()[i]), c.Fault)
		}
		if line.cells[i] = rinnova.Clean(c.Text); c.Kind == sheet.Date {
			line.cells[i] = c.Text[:len("2026-09")]
		}
	}
	if r.freq >= 0 && !strings.HasPrefix(strings.ToUpper(line.cells[r.freq]), "M") {
		return nil
	}
	p, isMonth, err := indexPoint(line, r.month, r.value)
	if err != nil || !isMonth {
		return err
	}
	if r.base >= 0 {
		if p.Base = indexBase(line.cells[r.base]); p.Base != "" && !validBase(p.Base) {
			return rinnova.Fail(rinnova.Invalid, "Riga %d: «%s» non è una base: scrivetela come 2025=100.", line.number, short(line.cells[r.base]))
		}
	}
	if r.link >= 0 && line.cells[r.link] != "" {
		if p.Link, err = ParseCoefficient(line.cells[r.link]); err != nil {
			return rinnova.Fail(rinnova.Invalid, "Riga %d: %s", line.number, messageOf(err))
		}
	}
	old, twice := r.known[p.Month]
	if twice && old.Base != p.Base {
		return rinnova.Fail(rinnova.Invalid, "Riga %d: %s c’è già nella base %s. Lasciate una riga sola per ogni mese: quella della base che userete.", line.number, p.Month.Text(), old.Base)
	}
	if err := r.sameSeries(line, p.Base); err != nil {
		return err
	}
	if twice && old.Milli != p.Milli {
		return rinnova.Fail(rinnova.Invalid, "Riga %d: %s ha già un altro valore, %s. Il file contiene più di una serie: scaricatene una sola.", line.number, p.Month.Text(), old.Text())
	} else if !twice {
		r.known[p.Month] = p
		r.points = append(r.points, p)
	}
	return nil
}

// sameSeries refuses a row of another series. ISTAT gives each base a data flow of its own: that alone makes no other series.
func (r *indexReader) sameSeries(line indexLine, base string) error {
	if r.month > r.value { // not an order of SDMX-CSV: nothing says what the other columns are
		return nil
	}
	dimensions := slices.Clone(line.cells[:r.month])
	for of, first := range r.first {
		mine := dimensions
		if of != base && r.flow >= 0 && r.flow < r.month {
			mine = slices.Clone(dimensions)
			mine[r.flow] = first[r.flow]
		}
		if !slices.Equal(first, mine) {
			return rinnova.Fail(rinnova.Invalid, "Riga %d: il file contiene più di una serie. Scaricate dall’ISTAT una sola serie: indice generale, Italia, numeri indice.", line.number)
		}
	}
	if r.first[base] == nil {
		r.first[base] = dimensions
	}
	return nil
}

// indexLine is a line of a file with its cells.
type indexLine struct {
	number int
	cells  []string
}

// messageOf is what an error says to people.
func messageOf(err error) rinnova.Text {
	if e, ok := errors.AsType[*rinnova.Error](err); ok {
		return e.Message
	}
	return rinnova.Text{}
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

// parseMilli reads a number with a comma or a dot before at most three decimals. More decimals may only be what a computation with
// binary fractions leaves: less than a millionth.
func parseMilli(s string) (int64, bool) {
	whole, part, _ := strings.Cut(strings.Replace(s, ",", ".", 1), ".")
	if whole == "" || len(whole) > 6 || strings.Trim(whole+part, "0123456789") != "" {
		return 0, false
	}
	n, exact := sheet.Rounded(whole, part, 3)
	return n, exact && n > 0 && n <= maxMilli
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
