package exchange_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/event"
	"rinnova/internal/event/eventdb"
	"rinnova/internal/exchange"
	"rinnova/internal/school"
	"rinnova/internal/subscription"
)

const periods = "codice meccanografico;codice prodotto;dal;al;canone annuo;fascia\n"

func TestPeriodsAreAddedChangedAndRefused(t *testing.T) {
	each(t, func(w *world) {
		s := w.schools(3)
		a, b := s[0].MinistryCode, s[1].MinistryCode
		w.give(s[:1])
		i := w.sent(exchange.Subscriptions, periods+
			a+";ALU1;01/01/2027;31/12/2027;1.234,50;2\n"+ // makes room below for what comes first
			a+";alu1;2026-01-01;31/12/2026;1240,00;2\n"+ // changed
			a+";INV;01/09/2026;31/08/2027;;\n"+ // overlaps one that is there
			b+";ALU1;1.1.2027;31-12-2027;420,5;1\n"+
			b+";ALU1;01/12/2027;30/11/2028;;\n"+ // overlaps line 5
			b+";ALU1;01/01/2027;31/12/2027;;\n"+ // twice
			b+";XXX;01/01/2027;31/12/2027;;\n"+
			b+";INV;31/02/2027;31/12/27;abc;99\n"+
			b+";INV;31/12/2027;01/01/2027;;\n")
		w.holds(i, exchange.Counts{Added: 2, Changed: 1, Refused: 6})
		refused := w.said(i, exchange.ViewRefused)
		for _, want := range []string{
			"4 " + s[0].PortalCode, "si sovrappone a uno che la scuola ha già: 2025-10-01 – 2026-09-30", "si sovrappone a quello della riga 5: 2027-01-01 – 2027-12-31",
			"già alla riga 5", "XXX non è nel catalogo", "dal! «31/02/2027» non è una data", "finisce (2027-01-01) prima di cominciare (2027-12-31)",
		} {
			if !strings.Contains(refused, want) {
				t.Errorf("no %q in\n%s", want, refused)
			}
		}
		if got := w.said(i, exchange.ViewChanged); !strings.Contains(got, "canone annuale: 1234,05 → 1240,00\n") {
			t.Errorf("changed: %s", got)
		}
		if has, _ := w.Periods.OfSchool(t.Context(), s[1].ID); len(has) != 0 {
			t.Error("a dry run has written")
		}
		if i = w.applied(i); i.State != exchange.Applied {
			t.Fatalf("%+v", i)
		}
		has, err := w.Periods.OfSchool(t.Context(), s[1].ID)
		w.must(err)
		if len(has) != 1 || *has[0].Fee != 42050 || has[0].Band != 1 || has[0].Period != period("2027-01-01", "2027-12-31") || has[0].License != catalog.FixedTerm {
			t.Errorf("%+v", has)
		}
		has, err = w.Periods.OfSchool(t.Context(), s[0].ID)
		w.must(err)
		if len(has) != 3 || *has[0].Fee != 124000 || *has[0].Used != 3 {
			t.Errorf("%+v", has)
		}
	})
}

// A file may shorten a period to make room for another that stands above it.
func TestTheOrderOfRowsDoesNotMatter(t *testing.T) {
	each(t, func(w *world) {
		s := w.schools(1)
		w.give(s)
		code := s[0].MinistryCode
		w.holds(w.sent(exchange.Subscriptions, periods+code+";ALU1;01/07/2026;30/06/2027;;\n"+code+";ALU1;01/01/2026;30/06/2026;;\n"), exchange.Counts{Added: 1, Changed: 1})
	})
}

func TestWhatChangedMeanwhileIsShownAgain(t *testing.T) {
	each(t, func(w *world) {
		s := w.schools(2)
		i := w.sent(exchange.Subscriptions, periods+s[0].MinistryCode+";ALU1;01/01/2027;31/12/2027;;\n")
		w.must((&subscription.Service{Store: w.Periods, Clock: w.Clock}).Add(t.Context(), subscription.Subscription{SchoolID: s[0].ID, ProductID: "p1", License: catalog.FixedTerm, Period: period("2027-06-01", "2028-05-31")}))
		shown := i.Digest
		i = w.applied(i)
		if i.State != exchange.Ready || !i.Detail.Stale || i.Detail.Counts.Refused != 1 || i.Digest == shown {
			t.Errorf("%+v", i)
		}
		if err := w.Apply(t.Context(), manager, i.ID, shown); rinnova.KindOf(err) != rinnova.Conflict {
			t.Errorf("the old plan: %v", err)
		}
		if has, _ := w.Periods.OfSchool(t.Context(), s[0].ID); len(has) != 1 {
			t.Errorf("%+v", has)
		}
	})
}

// breaking is a store that fails after some rows.
type breaking struct {
	subscription.Store
	left int
}

func (b *breaking) Add(ctx context.Context, x subscription.Subscription) error {
	if b.left--; b.left < 0 {
		return errors.New("the disk is full")
	}
	return b.Store.Add(ctx, x)
}

func TestNothingIsHalfWritten(t *testing.T) {
	each(t, func(w *world) {
		s := w.schools(3)
		text := periods
		for _, x := range s {
			text += x.MinistryCode + ";ALU1;01/01/2027;31/12/2027;;\n"
		}
		i := w.sent(exchange.Subscriptions, text)
		w.Service.Subscriptions = &breaking{w.Periods, 2}
		if i = w.applied(i); i.State != exchange.Applying {
			t.Errorf("%+v", i)
		}
		all, err := w.Periods.Between(t.Context(), "", "~")
		w.must(err)
		if len(all) != 0 {
			t.Errorf("%d are written", len(all))
		}
		w.Service.Subscriptions, w.now = w.Periods, w.now.Add(time.Hour) // the disk has room again
		if i = w.done(i.ID); i.State != exchange.Applied {
			t.Errorf("%+v", i)
		}
		if all, _ = w.Periods.Between(t.Context(), "", "~"); len(all) != 3 {
			t.Errorf("%d are written", len(all))
		}
	})
}

func TestSchoolsComeInAndChange(t *testing.T) {
	each(t, func(w *world) {
		old := w.schools(2)[0]
		head := "codice meccanografico;codice portale;denominazione;comune;e-mail;codice fiscale;sito web;alunni\n"
		i := w.sent(exchange.Schools, head+
			old.MinistryCode+";;;;nuova@scuola.example;80006890646;-;900\n"+
			"RGIC82700L;;Istituto Comprensivo «Prova»;Ragusa;;;;\n"+
			"RGIS00100A;ZZ00007;Liceo «Prova»;Ragusa;;;;\n"+
			"RGIS00200B;"+old.PortalCode+";Altro;Ragusa;;;;\n"+
			"RGIS00300C;;;;;;;\n"+
			"RGIS00400D;;Ok;Ragusa;due@a.example due@b.example;;;\n"+
			"RG;;Corto;Ragusa;;;;\n")
		w.holds(i, exchange.Counts{Added: 2, Changed: 1, Refused: 4, Warned: i.Detail.Counts.Warned})
		if i = w.applied(i); i.State != exchange.Applied {
			t.Fatalf("%+v", i)
		}
		all, err := w.Schools.All(t.Context())
		w.must(err)
		known := map[string]school.School{}
		for _, s := range all {
			known[s.MinistryCode] = s
		}
		if s := known["RGIC82700L"]; s.PortalCode != "SG00003" || s.CustomerNumber != "100003" || s.DisplayName != "Istituto Comprensivo «Prova»" || s.ShortName != "Istituto Comprensivo «Prova», Ragusa" {
			t.Errorf("%+v", s)
		}
		if s := known["RGIS00100A"]; s.PortalCode != "ZZ00007" {
			t.Errorf("%+v", s)
		}
		if s := known[old.MinistryCode]; s.Email != "nuova@scuola.example" || s.Website != "" || s.Pupils != 900 || s.PupilsYear != "2026/27" {
			t.Errorf("%+v", s)
		}
		if len(w.told) != 1 || w.told[0] != old.ID {
			t.Errorf("told of %v", w.told)
		}
		if want := []string{old.Email + " → nuova@scuola.example"}; !slices.Equal(w.mailed, want) {
			t.Errorf("mailed %q, want %q", w.mailed, want)
		}
		page, err := eventdb.Store{DB: w.DB}.Page(t.Context(), event.Filter{SchoolID: old.ID, Limit: 20})
		w.must(err)
		changes := map[string]string{}
		for _, e := range page.Links {
			if e.Kind == event.SchoolChanged && e.Actor.AccountID == manager.AccountID {
				changes[e.Data["campo"]] = e.Data["prima"] + " → " + e.Data["dopo"]
			}
		}
		if got := changes[school.FieldEmail.Label().String()]; got != old.Email+" → nuova@scuola.example" {
			t.Errorf("on the school's record: %v", changes)
		}
		kept, err := w.Schools.KeptValues(t.Context())
		w.must(err)
		if kept[old.ID][school.FieldEmail] != old.Email {
			t.Errorf("kept %v: the registry would take the e-mail back", kept)
		}
		w.holds(w.sent(exchange.Schools, head+"RGIC82700L;;Istituto Comprensivo «Prova»;Ragusa;;;;\n"), exchange.Counts{Unchanged: 1})
	})
}

// Both layouts of the Indice PA, the old and today's, of administrations and of offices; the rows are invented.
func TestTheIndexOfAdministrations(t *testing.T) {
	each(t, func(w *world) {
		s := w.schools(3)
		code := strings.ToLower(s[0].MinistryCode)
		i := w.sent(exchange.Codes, "cod_amm\tdes_amm\tcf_validato\tCf\nistsc_"+code+"\tIstituto \"Prova\"\tS\t80006890646\nc_h163\tComune\tS\t00180270886\n")
		w.holds(i, exchange.Counts{Changed: 1, Ignored: 1})
		w.applied(i)
		i = w.sent(exchange.Codes, "cod_amm\tcod_ou\tcod_uni_ou\tdes_ou\tcf\nistsc_"+code+"\tUff_eFatturaPA\tUFAB12\tUff_eFatturaPA\t80006890646\n"+
			"istsc_"+code+"\tx\tAAAAAA\tSegreteria\t80006890646\n")
		w.holds(i, exchange.Counts{Changed: 1, Ignored: 1})
		w.applied(i)
		i = w.sent(exchange.Codes, "Codice_IPA,Denominazione_ente,Codice_fiscale_ente,Codice_MIUR\nqualsiasi,Prova,80006890646,"+s[1].MinistryCode+"\n")
		w.holds(i, exchange.Counts{Changed: 1, Warned: 1})
		i = w.sent(exchange.Codes, "Codice_IPA,Codice_fiscale_ente,Codice_uni_uo,Descrizione_uo,Codice_fiscale_sfe\nigic_x,80006890646,UFCD34,Uff_eFatturaPA,80006890646\n")
		w.holds(i, exchange.Counts{Changed: 1})
		if got := w.said(i, exchange.ViewChanged); !strings.Contains(got, "UFAB12 → UFCD34") {
			t.Error(got)
		}
		w.applied(i)
		all, err := w.Schools.All(t.Context())
		w.must(err)
		if all[0].TaxCode != "80006890646" || all[0].OfficeCode != "UFCD34" {
			t.Errorf("%+v", all[0])
		}
	})
}

func TestAPriceListIsADraftOrNothing(t *testing.T) {
	each(t, func(w *world) {
		head := "listino;valido dal;codice prodotto;fino a 300;da 301 a 1.000;oltre 1000\n"
		i := w.sent(exchange.Prices, head+"L 2028;01/01/2028;ALU1;340;420,50;1.000,00\nL 2028;01/01/2028;XX;1;2;3\n")
		w.holds(i, exchange.Counts{Added: 1, Refused: 1})
		if err := w.Apply(t.Context(), manager, i.ID, i.Digest); rinnova.KindOf(err) != rinnova.Conflict {
			t.Errorf("a list with a refused row: %v", err)
		}
		i = w.applied(w.sent(exchange.Prices, head+"L 2028;01/01/2028;ALU1;340;420,50;1.000,00\nL 2028;01/01/2028;TETTO;;3000;4000\n"))
		lists, err := w.Store.PriceLists(t.Context())
		w.must(err)
		l, err := w.Catalog.PriceList(t.Context(), lists[0].ID)
		w.must(err)
		if l.Name != "L 2028" || l.State != catalog.Draft || l.Edited.By != manager.AccountID || len(l.Bands) != 2 || l.Bands[0] != 300 || l.Caps[0] != nil || *l.Caps[2] != 400000 || l.Fees["p1"][1] != 42050 {
			t.Errorf("%+v", l)
		}
		if !slices.Equal(l.Authors, []string{manager.AccountID}) {
			t.Errorf("authors %v", l.Authors)
		}
		other := manager // applies what the manager has sent: neither of them approves it
		other.AccountID, other.Name = "altro", "Altro"
		i = w.sent(exchange.Prices, head+"L 2029;01/01/2029;ALU1;340;420,50;1.000,00\n")
		w.must(w.Apply(t.Context(), other, i.ID, i.Digest))
		w.done(i.ID)
		lists, err = w.Store.PriceLists(t.Context())
		w.must(err)
		at := slices.IndexFunc(lists, func(x exchange.NamedList) bool { return x.Name == "L 2029" })
		l, err = w.Catalog.PriceList(t.Context(), lists[at].ID)
		w.must(err)
		if !l.WrittenBy(manager.AccountID) || !l.WrittenBy(other.AccountID) || len(l.Authors) != 2 {
			t.Errorf("authors %v, want who sent and who applied", l.Authors)
		}
		i = w.sent(exchange.Prices, "listino;valido dal;codice prodotto;fino a 500;da 501 a 1000;oltre 1000\nListino 2027;2027-01-01;ALU1;340;420,50;511\n")
		if got := w.said(i, exchange.ViewRefused); !strings.Contains(got, "oltre 1000! C’è già un listino «Listino 2027» dal 2027-01-01, e lì il valore è «510,00»") {
			t.Error(got)
		}
		for name, head := range map[string]string{"a gap": "fino a 500;da 600 a 1000;oltre 1000", "no last": "fino a 500;da 501 a 1000", "none": "x"} {
			if _, err := w.Receive(t.Context(), manager, exchange.Prices, "x", []byte("listino;valido dal;codice prodotto;"+head+"\n")); rinnova.KindOf(err) != rinnova.Invalid {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestWhoMayImport(t *testing.T) {
	each(t, func(w *world) {
		for _, a := range []rinnova.Actor{clerk, {}, {Role: rinnova.RoleSchool}} {
			if _, err := w.Receive(t.Context(), a, exchange.Schools, "x", []byte("a")); rinnova.KindOf(err) != rinnova.Forbidden {
				t.Errorf("%s: %v", a.Role, err)
			}
			if err := w.Apply(t.Context(), a, "x", ""); rinnova.KindOf(err) != rinnova.Forbidden {
				t.Errorf("%s: %v", a.Role, err)
			}
		}
	})
}

// The registry of the ministry goes the same way.
func TestTheRegistryIsLookedAtFirst(t *testing.T) {
	each(t, func(w *world) {
		all := w.schools(2)
		s := all[0]
		s.Address = "VIA VECCHIA 1"
		w.must(w.Schools.Update(t.Context(), s))
		i := w.sent(exchange.Registry, "CODICESCUOLA,CODICEISTITUTORIFERIMENTO,DENOMINAZIONESCUOLA,DESCRIZIONECOMUNE,INDIRIZZOSCUOLA,REGIONE\n"+
			s.MinistryCode+","+s.MinistryCode+","+strings.ReplaceAll(s.Name, `"`, "")+","+s.Town+",VIA NUOVA 2,"+s.Region+"\nRGIC82700L,RGIC82700L,I.C. PROVA,RAGUSA,VIA X 1,SICILIA\n")
		if i.Detail.Counts.Added != 1 || i.Detail.Counts.Changed != 1 {
			t.Fatalf("%+v", i.Detail)
		}
		if i = w.applied(i); i.State != exchange.Applied {
			t.Fatalf("%+v", i)
		}
		if now, _ := w.Schools.School(t.Context(), s.ID); now.Address != "VIA NUOVA 2" {
			t.Errorf("%+v", now)
		}
	})
}
