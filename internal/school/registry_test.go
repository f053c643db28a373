package school

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"rinnova"
)

func read(t testing.TB, r io.Reader) ([]Row, Summary) {
	t.Helper()
	var rows []Row
	sum, err := ReadRegistry(r, func(row Row) error {
		rows = append(rows, row)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows, sum
}

func sample(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func packed(t testing.TB, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestReadStateSchools(t *testing.T) {
	want := []Row{
		{Line: 3, Code: "RGIC99100R", Name: `I.C. "FIUME D'ESEMPIO"`, Type: "ISTITUTO COMPRENSIVO", Address: "VIA DI PROVA 1", Postcode: "97100", Town: "RAGUSA",
			Province: "RAGUSA", Region: "SICILIA", Email: "rgic99100r@istruzione.example", PEC: "rgic99100r@pec.istruzione.example", Website: "www.esempio.example"},
		{Line: 5, Code: "RGIS99200Q", Name: "PROVA MAGGIORE", Type: "ISTITUTO SUPERIORE", Address: "CORSO DELLA LIBERTA'8", Town: "VITTORIA", Province: "RAGUSA", Region: "SICILIA"},
		{Line: 6, Code: "FOPC993007", Name: `LICEO "ESEMPIO DI FORLI'"`, Type: "LICEO CLASSICO", Address: "VIALE DELL'ESEMPIO 3", Postcode: "47121", Town: "FORLI'",
			Province: "FORLI'-CESENA", Region: "EMILIA ROMAGNA", Email: "fopc993007@istruzione.example", PEC: "fopc993007@pec.istruzione.example"},
	}
	for file, year := range map[string]string{"statali_20_colonne.csv": "2025/26", "statali_19_colonne.csv": "2018/19"} {
		for name, b := range map[string][]byte{file: sample(t, file), file + " packed": packed(t, sample(t, file))} {
			rows, sum := read(t, iotest.OneByteReader(bytes.NewReader(b)))
			if len(rows) != 5 {
				t.Fatalf("%s: %d institutes", name, len(rows))
			}
			if diff := cmp.Diff(want, rows[:3]); diff != "" {
				t.Errorf("%s:\n%s", name, diff)
			}
			wantSum := Summary{SchoolYear: year, Complete: true, Rows: 7, Taken: 5, Skipped: map[SkipReason]int{SiteOfInstitute: 2}}
			if diff := cmp.Diff(wantSum, sum); diff != "" {
				t.Errorf("%s:\n%s", name, diff)
			}
		}
	}
}

func TestReadPrivateSchools(t *testing.T) {
	rows, sum := read(t, bytes.NewReader(sample(t, "paritarie_14_colonne.csv")))
	if len(rows) != 2 || rows[0].Code != "RG1A99600A" || rows[1].Code != "RGPS99700B" || rows[0].Email != "prova@scuola.example" || rows[0].PEC != "" {
		t.Errorf("rows: %+v", rows)
	}
	if sum.Complete || sum.Taken != 2 || sum.Rows != 2 {
		t.Errorf("summary: %+v", sum)
	}
}

func TestReadExtract(t *testing.T) {
	f, err := os.Open("../demo/istituti_principali_202526.csv.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, sum := read(t, f)
	if sum.Rows != 7860 || sum.Taken != 7860 || sum.IssueCount != 0 || !sum.Complete {
		t.Errorf("summary: %+v", sum)
	}
	want := Row{Line: 2, Code: "AGIC805003", Name: "IC - G. GALILEI", Type: "ISTITUTO COMPRENSIVO", Address: "VIA VENEZUELA", Postcode: "92015", Town: "RAFFADALI",
		Province: "AGRIGENTO", Region: "SICILIA", Email: "agic805003@istruzione.it", PEC: "agic805003@pec.istruzione.it", Website: "www.icgalileiraffadali.it", Pupils: 1305, PupilsYear: "2024/25"}
	if diff := cmp.Diff(want, rows[0]); diff != "" {
		t.Error(diff)
	}
	unknown := 0
	for _, r := range rows {
		if r.Pupils == 0 {
			unknown++
			if r.PupilsYear != "" {
				t.Errorf("%s: no pupils, but of %s", r.Code, r.PupilsYear)
			}
		}
	}
	if unknown != 345 {
		t.Errorf("%d institutes without pupils", unknown)
	}
}

const header = "CODICE,DENOMINAZIONE,COMUNE,CAP,EMAIL,PEC,ALUNNI_2425\n"

func TestEveryRowIsTakenOrReported(t *testing.T) {
	in := header +
		"RGIC82700L,A,RAGUSA,97100,a@b.it,Non Disponibile,100\n" +
		"RGIC82700,B,RAGUSA,97100,,,\n" + // 3: too short
		"RGIS017006,,RAGUSA,97100,,,\n" + // 4: no name
		"rgic 82700l,C,RAGUSA,97100,,,\n" + // 5: again
		"PEPC010009,D,PESCARA,6512,non una mail,a@@b.it,molti\n" + // 6: taken, four values not
		"MIIC8F0003,E,MILANO\n" + // 7: columns
		"ROIS00200A,F\xff,ROVIGO,,,,\n" + // 8: not UTF-8
		"AVIC864005,G \"H\",AVELLINO,,,,\n" + // 9: quotes
		"CBIC84600L,\"I\nJ\",CAMPOBASSO,,,,\n" + // 10 and 11: a line break in a name is no fault
		"MOIC846002,L,MODENA,,,,99999\n" + // 12: too many pupils
		"FOTF010008,\"M,FORLI',,,,\nLOIC81600L,N,LODI,,,,\n" // 13 and 14: never closed
	rows, sum := read(t, strings.NewReader(in))
	var codes []string
	for _, r := range rows {
		codes = append(codes, r.Code)
	}
	if diff := cmp.Diff([]string{"RGIC82700L", "PEPC010009", "CBIC84600L", "MOIC846002"}, codes); diff != "" {
		t.Error(diff)
	}
	if rows[1].Postcode+rows[1].Email+rows[1].PEC != "" || rows[1].Pupils != 0 {
		t.Errorf("values that are not good were taken: %+v", rows[1])
	}
	var got []string
	for _, i := range sum.Issues {
		got = append(got, fmt.Sprintf("%d-%d %s %s: %s", i.Line, i.LastLine, i.Code, i.Column, i.Reason))
	}
	want := []string{
		"3-3 RGIC82700 : Il codice meccanografico ha 10 caratteri",
		"4-4 RGIS017006 : Manca la denominazione.",
		"5-5 RGIC82700L : Il codice è già alla riga 2: vale quella.",
		"6-6 PEPC010009 CAP: Un CAP ha cinque cifre.",
		"6-6 PEPC010009 EMAIL: Non è un indirizzo di posta.",
		"6-6 PEPC010009 PEC: Non è un indirizzo di posta.",
		"6-6 PEPC010009 ALUNNI_2425: Non è un numero di alunni.",
		"7-7  : Ha 3 colonne, l’intestazione ne ha 7.",
		"8-8  : Non è un testo UTF-8.",
		"9-9  : Le virgolette non sono al loro posto.",
		"12-12 MOIC846002 ALUNNI_2425: Non è un numero di alunni.",
		"13-14  : Le virgolette non sono al loro posto.",
	}
	if len(got) != len(want) {
		t.Fatalf("issues:\n%s", strings.Join(got, "\n"))
	}
	for i := range want {
		if !strings.HasPrefix(got[i], want[i]) {
			t.Errorf("issue %q, want %q", got[i], want[i])
		}
	}
	if sum.Rows != 11 || sum.Taken != 4 || sum.BadRows != 7 || sum.Taken+sum.BadRows != sum.Rows {
		t.Errorf("summary: %+v", sum)
	}
}

func TestSiteWithoutInstituteIsReported(t *testing.T) {
	_, sum := read(t, strings.NewReader("CODICESCUOLA,CODICEISTITUTORIFERIMENTO,DENOMINAZIONESCUOLA,DESCRIZIONECOMUNE\nRGIC82700L,Non Disponibile,A,RAGUSA\n"))
	if sum.BadRows != 1 || !strings.HasPrefix(sum.Issues[0].Reason.String(), "Manca il codice dell’istituto") {
		t.Errorf("summary: %+v", sum)
	}
}

func TestSemicolonsAndHeaderInAnyCase(t *testing.T) {
	rows, _ := read(t, strings.NewReader("comune; Denominazione;codice\r\nRAGUSA;IC RAGUSA, CENTRO;RGIC82700L\r\n"))
	if len(rows) != 1 || rows[0].Code != "RGIC82700L" || rows[0].Name != "IC RAGUSA, CENTRO" {
		t.Errorf("rows: %+v", rows)
	}
}

// What programs make of a CSV file on its way: ends of lines of old Macs, Excel's mark, signs that nobody sees.
func TestTheRegistryAfterOtherPrograms(t *testing.T) {
	plain := header + "RGIC82700L,I.C. PROVA,RAGUSA,,,,\nRGIS017006,LICEO,MODICA,,,,\n"
	want, _ := read(t, strings.NewReader(plain))
	for name, file := range map[string]string{
		"old Mac":       strings.ReplaceAll(strings.TrimSuffix(plain, "\n"), "\n", "\r") + "\n",
		"old Mac, CRLF": strings.ReplaceAll(plain, "\n", "\r") + "\r\n",
		"marked":        "sep=,\r\n" + plain,
		"quoted mark":   "\"sep=,\"\n" + plain,
		"invisible":     strings.NewReplacer("RGIC", "\u200bRG\u00adIC", "PROVA", "PROVA\u00a0", "MODICA", "\u202fMODICA\u200f").Replace(plain),
	} {
		got, sum := read(t, strings.NewReader(file))
		for i := range got {
			got[i].Line = want[min(i, len(want)-1)].Line
		}
		if d := cmp.Diff(want, got); d != "" || sum.IssueCount > 0 {
			t.Errorf("%s: %v (-want +got)\n%s", name, sum.Issues, d)
		}
	}
	got, sum := read(t, strings.NewReader(header+"RGIC82700L,\"I.C.,RAGUSA,,,,\nRGIS017006,LICEO,MODICA,,,,\nPEPC010009,B\",PESCARA,,,,\nRGIS01800T,LICEO,MODICA,,,,\n"))
	if len(got) != 1 || got[0].Code != "RGIS01800T" || sum.BadRows != 1 || sum.Issues[0].LastLine != 4 {
		t.Errorf("a row that swallows others: %+v, %+v", got, sum)
	}
}

func TestManyIssuesAreCountedButNotAllListed(t *testing.T) {
	_, sum := read(t, strings.NewReader(header+strings.Repeat("X,,,,,,\n", 3*MaxIssues)))
	if sum.IssueCount != 3*MaxIssues || sum.BadRows != 3*MaxIssues || len(sum.Issues) != MaxIssues {
		t.Errorf("%d issues, %d listed", sum.IssueCount, len(sum.Issues))
	}
}

func TestFilesThatAreNoRegistry(t *testing.T) {
	cut := packed(t, []byte(header+strings.Repeat("RGIC82700L,A,RAGUSA,97100,,,\n", 9000)))
	for name, c := range map[string]struct {
		in   io.Reader
		want string
	}{
		"empty":               {strings.NewReader(""), "Il file è vuoto."},
		"blank":               {strings.NewReader("\n \r\n"), "Il file è vuoto."},
		"zip":                 {strings.NewReader("PK\x03\x04....."), "archivio ZIP o un foglio Excel"},
		"utf-16":              {strings.NewReader("\xff\xfeC\x00O\x00"), "non è un testo UTF-8"},
		"binary":              {strings.NewReader("\x89PNG\x00\x00"), "non è un testo UTF-8"},
		"html":                {strings.NewReader("<!DOCTYPE html>\n<html lang=\"it\">"), "non è l’anagrafe delle scuole"},
		"another table":       {strings.NewReader("NOME,COGNOME\nA,B\n"), "non è l’anagrafe delle scuole"},
		"two columns of one":  {strings.NewReader("CODICE,DENOMINAZIONE,COMUNE,comune\n"), "due volte la colonna COMUNE"},
		"a million columns":   {strings.NewReader(strings.Repeat("A,", 1_000_000) + "\n"), "una riga è troppo lunga"},
		"many columns":        {strings.NewReader(strings.Repeat("A,", 2000) + "\n"), "non è l’anagrafe delle scuole"},
		"ten megabytes":       {strings.NewReader(header + "RGIC82700L,\"" + strings.Repeat("x", 10<<20) + "\",RAGUSA,,,,\n"), "Dalla riga 2"},
		"open quote":          {strings.NewReader(header + "RGIC82700L,A,RAGUSA,,,,\nRGIS017006,\"A,RAGUSA,,,,\n" + strings.Repeat("PEPC010009,A,PESCARA,,,,\n", 9000)), "Dalla riga 3"},
		"cut gzip":            {bytes.NewReader(cut[:len(cut)/2]), "danneggiato o incompleto"},
		"gzip of nothing":     {bytes.NewReader(packed(t, nil)), "Il file è vuoto."},
		"broken gzip":         {strings.NewReader("\x1f\x8b\x08rest"), "danneggiato o incompleto"},
		"disk fault":          {io.MultiReader(strings.NewReader(header), iotest.ErrReader(errors.New("disk"))), "danneggiato o incompleto"},
		"disk fault at start": {iotest.ErrReader(errors.New("disk")), "danneggiato o incompleto"},
	} {
		_, err := ReadRegistry(c.in, func(Row) error { return nil })
		if err == nil || rinnova.KindOf(err) != rinnova.Invalid || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// endless is a row without an end; reading it must stop by itself.
type endless struct{ n int64 }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	if e.n == 0 {
		copy(p, header)
	}
	e.n += int64(len(p))
	return len(p), nil
}

func TestMemoryIsBounded(t *testing.T) {
	e := &endless{}
	if _, err := ReadRegistry(e, func(Row) error { return nil }); err == nil || e.n > 1<<20 {
		t.Errorf("read %d bytes: %v", e.n, err)
	}
}

func TestTheCallersErrorComesBack(t *testing.T) {
	stop := errors.New("stop")
	n := 0
	_, err := ReadRegistry(strings.NewReader(header+"RGIC82700L,A,RAGUSA,,,,\nRGIS017006,A,RAGUSA,,,,\n"), func(Row) error {
		n++
		return stop
	})
	if !errors.Is(err, stop) || n != 1 {
		t.Errorf("%v after %d rows", err, n)
	}
}

// FuzzReadRegistry: no input panics or hangs, and every row is accounted for.
func FuzzReadRegistry(f *testing.F) {
	f.Add([]byte(header + "RGIC82700L,A,RAGUSA,97100,a@b.it,,100\n"))
	f.Add(packed(f, []byte(header)))
	f.Add(sample(f, "statali_20_colonne.csv"))
	f.Add(sample(f, "statali_19_colonne.csv"))
	f.Add([]byte("CODICE;DENOMINAZIONE;COMUNE\n\"\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		taken := 0
		sum, err := ReadRegistry(bytes.NewReader(b), func(r Row) error {
			taken++
			if len(r.Code) != 10 || r.Name == "" || r.Line < 2 {
				t.Errorf("took %+v", r)
			}
			return nil
		})
		if err != nil && rinnova.KindOf(err) != rinnova.Invalid {
			t.Errorf("error of another kind: %v", err)
		}
		if taken != sum.Taken || sum.Taken+sum.BadRows+sum.Skipped[SiteOfInstitute] != sum.Rows {
			t.Errorf("%d rows taken, summary %+v", taken, sum)
		}
	})
}

func BenchmarkReadRegistry(b *testing.B) {
	in, err := os.ReadFile("../demo/istituti_principali_202526.csv.gz")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		read(b, bytes.NewReader(in))
	}
}
