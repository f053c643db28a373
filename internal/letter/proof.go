package letter

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"

	"rinnova"
	"rinnova/internal/event"
)

// What the events of letters say.
const (
	dataFile     = "sha256"    // of the file
	dataDocument = "documento" // SHA-256 of the stored document; events that are older than it lack it
	dataLetter   = "lettera"
	dataText     = "testo"
	dataCopy     = "invio"
	dataFormat   = "formato"
	dataStamps   = "firme"
	dataReason   = "motivo"
)

// paper is a file that is kept, with what the event must say that tells how it came here.
type paper struct {
	kind       event.Kind
	id, school string
	by         string // the user name
	file       File
	said       map[string]string
}

func (l *Letter) paper() paper {
	return paper{event.LetterPrepared, l.ID, l.SchoolID, l.By, l.File, map[string]string{
		dataLetter: strconv.Itoa(l.Number), dataText: l.Document.Text.Version, dataFile: l.File.SHA256, dataDocument: l.DocumentSHA256}}
}

func (c *Signed) paper() paper {
	return paper{event.LetterUploaded, c.ID, c.SchoolID, c.By, c.File, map[string]string{
		dataCopy: strconv.Itoa(c.Number), dataFormat: string(c.Facts.Format), dataStamps: strconv.Itoa(len(c.Facts.Signatures)), dataFile: c.File.SHA256}}
}

// answer is the paper of the vendor's acceptance.
func (c *Signed) answer() paper {
	return paper{event.LetterCountersigned, c.ID, c.SchoolID, rinnova.System.Username, c.Acceptance.File, map[string]string{
		dataCopy: strconv.Itoa(c.Number), dataFile: c.Acceptance.File.SHA256}}
}

// event is the one that puts a paper on the record.
func (p paper) event() event.Event {
	return event.Event{Kind: p.kind, SchoolID: p.school, AboutID: p.id, Data: p.said}
}

// prove reads the file of a paper, and holds file and row against the one event that put it on the record.
func (s *Service) prove(ctx context.Context, p paper) (data []byte, f rinnova.Faults, err error) {
	told, err := s.Events.Of(ctx, p.id, p.kind)
	if err != nil {
		return nil, nil, err
	}
	p.told(&f, told)
	data, err = s.Files.Get(ctx, p.file.Key)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		f.Unfit("Manca il file %s.", p.file.Key)
		return nil, f, nil
	case err != nil:
		return nil, nil, fmt.Errorf("letter: %w", err)
	case hashOf(data) != p.file.SHA256 || int64(len(data)) != p.file.Size:
		f.Unfit("Il file %s non è quello che è stato conservato.", p.file.Key)
	}
	return data, f, nil
}

// told holds a paper against the events that speak of it: there is one, it is genuine, and it says what the row says.
func (p paper) told(f *rinnova.Faults, told []event.Link) {
	if len(told) != 1 {
		f.Unfit("Nel registro questo file c’è %d volte, non una.", len(told))
		return
	}
	l := told[0]
	switch {
	case !l.Genuine():
		f.Unfit("L’evento n. %d, che registra questo file, è stato cambiato.", l.Seq)
	case l.SchoolID != p.school || l.Actor.Username != p.by:
		f.Unfit("L’evento n. %d, che registra questo file, è di un’altra scuola o di un altro utente.", l.Seq)
	default:
		for _, k := range slices.Sorted(maps.Keys(p.said)) {
			if l.Data[k] != p.said[k] && (k != dataDocument || l.Data[k] != "") {
				f.Unfit("La sua riga non dice quello che è registrato nell’evento n. %d (%s).", l.Seq, k)
			}
		}
	}
}

// proven is the file of a paper that has been proven; else Unavailable.
func (s *Service) proven(ctx context.Context, p paper) ([]byte, error) {
	data, f, err := s.prove(ctx, p)
	if err != nil {
		return nil, err
	}
	return data, refusalOf(f)
}

func refusalOf(f rinnova.Faults) error {
	if len(f) == 0 {
		return nil
	}
	return rinnova.Fail(rinnova.Unavailable, "Il file non supera i controlli: quello che è conservato non è quello che è stato registrato. Per prudenza non esce: avvisate l’ufficio contratti, e l’ufficio chi gestisce il programma.").Because(f)
}

// proveAnswer does as prove for the vendor's acceptance, and holds it against the file that it accepts.
func (s *Service) proveAnswer(ctx context.Context, c *Signed) ([]byte, rinnova.Faults, error) {
	data, f, err := s.prove(ctx, c.answer())
	if err != nil {
		return nil, nil, err
	}
	received, _, err := s.prove(ctx, c.paper())
	if err != nil {
		return nil, nil, err
	}
	if begins := len(received) > 0 && bytes.HasPrefix(data, received); begins != (c.Acceptance.Kind == Countersigned) {
		f.Unfit("L’accettazione non è del file che la scuola ha inviato.")
	}
	return data, f, nil
}

func (s *Service) provenAnswer(ctx context.Context, c *Signed) ([]byte, error) {
	data, f, err := s.proveAnswer(ctx, c)
	if err != nil {
		return nil, err
	}
	return data, refusalOf(f)
}

// decided is what the record says of the office's decision on a signed file: the last one counts.
func (s *Service) decided(ctx context.Context, c *Signed) (outcome State, reason string, err error) {
	outcome, last := Sent, int64(0)
	for kind, o := range map[event.Kind]State{event.LetterAccepted: Accepted, event.LetterToRedo: ToRedo} {
		told, err := s.Events.Of(ctx, c.ID, kind)
		if err != nil {
			return "", "", err
		}
		for _, l := range told {
			if l.Genuine() && l.SchoolID == c.SchoolID && l.Seq > last {
				outcome, reason, last = o, l.Data[dataReason], l.Seq
			}
		}
	}
	return outcome, reason, nil
}
