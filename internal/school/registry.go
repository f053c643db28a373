package school

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"rinnova"
	"rinnova/identifier"
)

// Row is an institute as the registry has it. What the registry does not know is empty.
type Row struct {
	Line     int    // in the file, the header being 1
	Code     string // codice meccanografico
	Name     string
	Type     string
	Address  string
	Postcode string // five digits
	Town     string
	Province string
	Region   string
	Email    string // lower case
	PEC      string // lower case
	Website  string

	Pupils     int    // 0: not known
	PupilsYear string // "2024/25"
}

// Issue is a row that was not taken, or a value of a row that was not.
type Issue struct {
	Line, LastLine int    // the lines of the row in the file
	Code           string // codice meccanografico, where it could be read
	Column         string // the value that was not taken; empty: the whole row
	Reason         rinnova.Text
}

// SkipReason says why a good row is no customer.
type SkipReason string

// The reasons to pass over a row without a fault.
const (
	SiteOfInstitute SkipReason = "site" // a site (plesso, succursale) of an institute that has its own row
)

// Summary counts what was in a registry file.
type Summary struct {
	SchoolYear string // "2025/26"; empty where the file does not say
	Complete   bool   // the layout of state schools: what is not in it is no longer an institute
	Rows       int    // all rows after the header
	Taken      int
	Skipped    map[SkipReason]int
	Issues     []Issue // the first MaxIssues
	IssueCount int     // all
	BadRows    int     // those of IssueCount that are whole rows
}

// MaxIssues bounds the issues that a Summary lists.
const MaxIssues = 1000

// maxInstitutes bounds a registry: Italy has some 20,000 schools with their own code, private ones included.
const maxInstitutes = 200_000

// ReadRegistry reads a registry of schools and hands each institute to each, in the order of the file; an error of each
// ends the reading and is returned. It takes the ministry's files of state schools (of 20 or 19 columns, one row per
// site), those of private schools (paritarie, 14 columns, each row its own institute) and our extract; columns are found
// by the names in the header. The file may be packed with gzip and start with a byte order mark. Every row is taken,
// counted in Skipped, or listed as an Issue; memory does not grow with the file, but for the codes seen.
//
// A file that is no registry at all is a rinnova.Error of kind Invalid.
func ReadRegistry(r io.Reader, each func(Row) error) (Summary, error) {
	src, err := open(r)
	if err != nil {
		return Summary{}, err
	}
	header, _, err := src.next()
	if parse := (*csv.ParseError)(nil); errors.As(err, &parse) {
		return Summary{}, notARegistry()
	} else if err != nil {
		return Summary{}, err
	}
	cols, err := columnsOf(header)
	if err != nil {
		return Summary{}, err
	}
	reader := registryReader{src: src, cols: cols, each: each, seen: map[string]int{}}
	reader.sum.Skipped = map[SkipReason]int{}
	reader.sum.Complete = cols.institute >= 0 || cols.extract
	err = reader.all()
	return reader.sum, err
}

type registryReader struct {
	src  *source
	cols columns
	each func(Row) error
	seen map[string]int // code → line
	sum  Summary
}

func (r *registryReader) all() error {
	for {
		fields, line, err := r.src.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if parse := (*csv.ParseError)(nil); errors.As(err, &parse) {
			r.sum.Rows++
			r.badRow(Issue{Line: line, LastLine: parse.Line, Reason: unreadable(parse.Err, len(fields), len(r.cols.names))})
			continue
		} else if err != nil {
			return err
		}
		r.sum.Rows++
		if r.src.last > line && r.src.swallowed(fields) {
			r.badRow(Issue{Line: line, LastLine: r.src.last, Reason: rinnova.Say("Le virgolette non sono al loro posto.")})
			continue
		}
		if err := r.row(fields, line); err != nil {
			return err
		}
	}
}

func unreadable(err error, got, want int) rinnova.Text {
	if errors.Is(err, csv.ErrFieldCount) {
		return rinnova.Say("Ha %d colonne, l’intestazione ne ha %d.", got, want)
	}
	return rinnova.Say("Le virgolette non sono al loro posto.")
}

// row takes one readable row, or says why not.
func (r *registryReader) row(fields []string, line int) error {
	bad := func(code string, reason rinnova.Text) error {
		r.badRow(Issue{Line: line, LastLine: r.src.last, Code: code, Reason: reason})
		return nil
	}
	for _, f := range fields {
		if !utf8.ValidString(f) {
			return bad("", rinnova.Say("Non è un testo UTF-8."))
		}
	}
	get := func(column int) string { return value(fields, column) }
	checked := identifier.Meccanografico(get(r.cols.code))
	code := checked.Normalised
	switch {
	case checked.Verdict == identifier.Refused:
		return bad(code, rinnova.Text{Format: checked.Why.Italian, English: checked.Why.English})
	case r.cols.institute >= 0 && get(r.cols.institute) == "":
		return bad(code, rinnova.Say("Manca il codice dell’istituto di riferimento."))
	case r.cols.institute >= 0 && get(r.cols.institute) != get(r.cols.code):
		r.sum.Skipped[SiteOfInstitute]++
		return nil
	case get(r.cols.name) == "":
		return bad(code, rinnova.Say("Manca la denominazione."))
	}
	if first, twice := r.seen[code]; twice {
		return bad(code, rinnova.Say("Il codice è già alla riga %d: vale quella.", first))
	}
	if len(r.seen) >= maxInstitutes {
		return rinnova.Fail(rinnova.Invalid, "Il file ha più di %d istituti: non è l’anagrafe delle scuole italiane.", maxInstitutes)
	}
	r.seen[code] = line
	if year := schoolYear(get(r.cols.year)); r.sum.SchoolYear == "" {
		r.sum.SchoolYear = year
	}
	r.sum.Taken++
	return r.each(r.institute(get, code, line))
}

func (r *registryReader) institute(get func(int) string, code string, line int) Row {
	row := Row{
		Line: line, Code: code,
		Name: get(r.cols.name), Type: get(r.cols.kind), Address: get(r.cols.address), Town: get(r.cols.town),
		Province: get(r.cols.province), Region: get(r.cols.region), Website: get(r.cols.website),
	}
	note := func(column int, reason rinnova.Text) {
		r.issue(Issue{Line: line, LastLine: r.src.last, Code: code, Column: r.cols.names[column], Reason: reason})
	}
	if p := get(r.cols.postcode); postcodeShape.MatchString(p) {
		row.Postcode = p
	} else if p != "" {
		note(r.cols.postcode, rinnova.Say("Un CAP ha cinque cifre."))
	}
	for _, a := range []struct {
		column int
		to     *string
	}{{r.cols.email, &row.Email}, {r.cols.pec, &row.PEC}} {
		if v := strings.ToLower(get(a.column)); rinnova.IsMailAddress(v) {
			*a.to = v
		} else if v != "" {
			note(a.column, rinnova.Say("Non è un indirizzo di posta."))
		}
	}
	if v := get(r.cols.pupils); v != "" {
		if n, err := strconv.Atoi(v); err != nil || n < 0 || n > maxPupils {
			note(r.cols.pupils, rinnova.Say("Non è un numero di alunni."))
		} else if n > 0 {
			row.Pupils, row.PupilsYear = n, r.cols.pupilsYear
		}
	}
	return row
}

// maxPupils is more than any institute has.
const maxPupils = 20_000

var (
	postcodeShape = regexp.MustCompile(`^[0-9]{5}$`)
)

func (r *registryReader) badRow(i Issue) {
	r.sum.BadRows++
	r.issue(i)
}

func (r *registryReader) issue(i Issue) {
	r.sum.IssueCount++
	if len(r.sum.Issues) < MaxIssues {
		r.sum.Issues = append(r.sum.Issues, i)
	}
}

// value is a field without the spaces around it; «Non Disponibile» is how the ministry leaves one empty.
func value(fields []string, column int) string {
	if column < 0 || column >= len(fields) {
		return ""
	}
	v := rinnova.Clean(fields[column])
	if strings.EqualFold(v, "Non Disponibile") {
		return ""
	}
	return v
}

// schoolYear writes 202526 as 2025/26.
func schoolYear(s string) string {
	if len(s) != 6 {
		return ""
	}
	if _, err := strconv.Atoi(s); err != nil {
		return ""
	}
	return fmt.Sprintf("%s/%s", s[:4], s[4:])
}
