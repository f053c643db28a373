package contract

import (
	"context"
	"errors"
	"io/fs"
	"time"

	"rinnova"
	"rinnova/internal/event"
)

// What the event of a signature says, beside the number.
const (
	dataNumber      = "numero"
	dataFile        = "sha256"      // of the signed file
	dataCertificate = "certificato" // SHA-256 of the certificate; events that are older than it lack it
	dataDocument    = "documento"   // SHA-256 of the stored document; likewise
)

// Finding is what became of a contract that was held against the record of its signature.
type Finding struct {
	Contract *Contract
	Data     []byte         // the file, where it is there
	Faults   rinnova.Faults // none: it is what was signed
	Notes    []rinnova.Text // what could not be proven, and is no fault
}

// Refused says why the file of a contract may not be used.
type Refused struct{ rinnova.Faults }

// Prove holds a contract against what was recorded when it was numbered and when it was signed: its row, its document, its file, and
// the signature on it. The events are the truth: they are chained, and the chain is sealed outside the database.
func (s *Service) Prove(ctx context.Context, c *Contract) (*Finding, error) {
	f := &Finding{Contract: c}
	f.document()
	numbered, err := s.Events.Of(ctx, c.Number, event.ContractNumbered)
	if err != nil {
		return nil, err
	}
	f.number(numbered)
	if err := s.proveConfirmation(ctx, f); err != nil {
		return nil, err
	}
	signed, err := s.Events.Of(ctx, c.RequestID, event.ContractSigned)
	if err != nil {
		return nil, err
	}
	if c.State == Numbered {
		if len(signed) > 0 || c.File != (File{}) {
			f.Faults.Unfit("Il registro dice che è firmato, la sua riga dice che non lo è ancora.")
		}
		return f, nil
	}
	said, ok := f.event(signed)
	if f.Data, err = s.Files.Get(ctx, c.File.Key); errors.Is(err, fs.ErrNotExist) {
		f.Faults.Unfit("Manca il file %s.", c.File.Key)
		return f, nil
	} else if err != nil {
		return nil, err
	}
	if ok && (hashOf(f.Data) != said[dataFile]) {
		f.Faults.Unfit("Il file %s non è quello che è stato firmato: l’impronta è un’altra.", c.File.Key)
	}
	f.signature(s.Checker, said[dataCertificate])
	return f, nil
}

// proveConfirmation holds the total of the document against what the school confirmed.
func (s *Service) proveConfirmation(ctx context.Context, f *Finding) error {
	c := f.Contract
	rev, err := s.Renewals.Store.Revision(ctx, c.RequestID, c.Revision)
	if rinnova.KindOf(err) == rinnova.NotFound {
		f.Faults.Unfit("Manca la conferma n. %d, dalla quale è stato fatto.", c.Revision)
		return nil
	}
	if err != nil {
		return err
	}
	said, err := s.Events.Of(ctx, c.RequestID, event.Confirmed)
	if err != nil {
		return err
	}
	f.confirmed(said, rev, c.Document.Totals.Total)
	return nil
}

// document holds the row against the document.
func (f *Finding) document() {
	c := f.Contract
	if c.Row != c.Document.columns(c.Row.DocumentSHA256) || c.Number != c.Document.Number || c.Number != number(c.Year, c.Series, c.Seq) {
		f.Faults.Unfit("Numero, date, CIG o importi della sua riga non sono quelli del documento.")
	}
}

// event holds the row against the event of the signature, and returns what that says.
func (f *Finding) event(signed []event.Link) (said map[string]string, ok bool) {
	c := f.Contract
	if len(signed) != 1 {
		f.Faults.Unfit("Nel registro la firma di questo contratto c’è %d volte, non una.", len(signed))
		return nil, false
	}
	l := signed[0]
	if !l.Genuine() {
		f.Faults.Unfit("L’evento n. %d, che registra la firma, è stato cambiato.", l.Seq)
		return nil, false
	}
	said = l.Data
	if said[dataNumber] != c.Number || l.SchoolID != c.SchoolID {
		f.Faults.Unfit("L’evento n. %d, che registra la firma, è di un altro contratto.", l.Seq)
	}
	if said[dataFile] != c.File.SHA256 || f.Contract.File.Size <= 0 {
		f.Faults.Unfit("L’impronta del file nella sua riga non è quella registrata alla firma.")
	}
	switch said[dataDocument] {
	case c.Row.DocumentSHA256:
	case "":
		f.Notes = append(f.Notes, rinnova.Say("È di prima che si registrasse l’impronta del documento: dei dati nel database risponde solo il file firmato."))
	default:
		f.Faults.Unfit("Il documento nel database non è quello registrato alla firma.")
	}
	return said, true
}

// signature holds the file against its signature; certificate is the one that was recorded, "" where none was.
func (f *Finding) signature(check Checker, certificate string) {
	if int64(len(f.Data)) != f.Contract.File.Size {
		f.Faults.Unfit("La dimensione del file nella sua riga non è quella del file.")
	}
	by, err := check.Check(f.Data)
	switch {
	case err != nil:
		f.Faults.Unfit("La firma del file non è valida: %s", sentence(err))
	case certificate == "" && !by.Ours:
		f.Notes = append(f.Notes, rinnova.Say("È firmato con il certificato «%s», di prima che si annotassero: se era una vostra chiave, indicatelo in RINNOVA_SIGN_EARLIER.", by.Name))
	case certificate != "" && certificate != by.Certificate:
		f.Faults.Unfit("È firmato con il certificato «%s», non con quello registrato alla firma.", by.Name)
	}
}

// sentence is an error as people may read it.
func sentence(err error) rinnova.Text {
	if e, ok := errors.AsType[*rinnova.Error](err); ok {
		return e.Message
	}
	return rinnova.Say("%s", err.Error())
}

// proven is the file of a signed contract, once it has been proven; else the refusal is on the record.
func (s *Service) proven(ctx context.Context, actor rinnova.Actor, c *Contract) ([]byte, error) {
	f, err := s.Prove(ctx, c)
	if err != nil {
		return nil, err
	}
	if len(f.Faults) == 0 {
		return f.Data, nil
	}
	refused := rinnova.Fail(rinnova.Unavailable, "Il contratto n. %s non supera i controlli: quello che è conservato non è quello che è stato firmato. Per prudenza non esce: avvisate l’ufficio contratti, e l’ufficio chi gestisce il programma.", c.Number).Because(&Refused{f.Faults})
	if err := s.refuse(ctx, actor, c, f.Faults); err != nil {
		return nil, err
	}
	return nil, refused
}

// Original is the signed PDF to be mailed.
func (s *Service) Original(ctx context.Context, id string) ([]byte, error) {
	c, err := s.Store.Contract(ctx, id)
	if err != nil {
		return nil, err
	}
	return s.proven(ctx, rinnova.System, c)
}

// ByCode is what is public of a contract, held against what was signed; nil for a code that none has.
func (s *Service) ByCode(ctx context.Context, code string) (*Public, error) {
	p, err := s.Store.ByCode(ctx, code)
	if err != nil || p == nil {
		return nil, err
	}
	c, err := s.Store.Contract(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	_, err = s.proven(ctx, rinnova.System, c)
	if _, refused := errors.AsType[*Refused](err); refused {
		return &Public{ID: p.ID, Number: p.Number, Doubtful: true}, nil
	}
	return p, err
}

// refuse puts on the record that a contract may not go out, and why: once a day, however often it is asked for.
func (s *Service) refuse(ctx context.Context, actor rinnova.Actor, c *Contract, faults rinnova.Faults) error {
	why := faults.Error()
	told, err := s.Events.Of(ctx, c.RequestID, event.ContractRefused)
	if err != nil {
		return err
	}
	if n := len(told); n > 0 && told[n-1].Data["motivo"] == why && s.Clock().Sub(told[n-1].At) < 24*time.Hour {
		return nil
	}
	return s.record(ctx, actor, c, event.ContractRefused, "motivo", why)
}
