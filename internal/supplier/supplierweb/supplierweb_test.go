package supplierweb

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"rinnova"
	"rinnova/internal/supplier"
	"rinnova/internal/web"
)

func server(t *testing.T, profile supplier.Profile, open Open, actor rinnova.Actor) http.Handler {
	t.Helper()
	frame := func(r *http.Request) web.Shell { return Frame(profile, web.LangOf(r.Context())) }
	app := &web.App{Log: slog.New(slog.DiscardHandler), Clock: time.Now, Shell: frame}
	m := web.NewMux(app)
	(&Handlers{
		Profile: func(context.Context) (supplier.Profile, error) { return profile, nil },
		Open:    func(context.Context) (Open, error) { return open, nil },
		Actor:   func(context.Context) rinnova.Actor { return actor },
		Shell:   frame,
	}).Routes(m)
	return app.Handler(m)
}

func fetch(t *testing.T, h http.Handler, path string) (*httptest.ResponseRecorder, *goquery.Document) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(w.Body.String()))
	if err != nil {
		t.Fatal(err)
	}
	return w, doc
}

// hrefs are all links of a page, in its order.
func hrefs(d *goquery.Document) []string {
	return d.Find("main a[href], footer a[href]").Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("href", "") })
}

var full = supplier.Profile{
	Name: "Esempio Software S.r.l.", ShortName: "Esempio Software", VATNumber: "01234560884",
	Renewals: supplier.Contact{Phone: "0932 000 200", Email: "contratti@esempio.example", Hours: "lun–ven 9–13"},
	Support:  supplier.Contact{Phone: "+39 0932 000100", Fax: "0932 000 101"},
	Links:    supplier.Links{Manual: "https://esempio.example/guida", Privacy: "https://esempio.example/privacy"},
}

var assistance = &Renewal{
	Title: "Rinnovo 2027", ClosesOn: rinnova.MustDate("2026-12-15"), Path: "/rinnovo",
	Period: rinnova.Period{From: rinnova.MustDate("2027-01-01"), To: rinnova.MustDate("2027-12-31")},
}

// The links of an invented vendor lead to a page of the demonstration that says what would be there; a real vendor has none.
func TestLinksOfAnInventedVendor(t *testing.T) {
	profile := full
	profile.Links, profile.Fictional = InventedLinks(), true
	h := server(t, profile, Open{}, rinnova.Actor{})
	_, doc := fetch(t, h, SupportPath)
	for text, path := range map[string]string{"Area assistenza": profile.Links.SupportArea, "Guida in linea": profile.Links.Manual, "Area clienti": profile.Links.CustomerArea} {
		link := doc.Find("#supporto a[href='" + path + "']")
		if link.Text() != text || !strings.HasPrefix(path, "/") {
			t.Errorf("%q leads to %q, want %s and this very site", link.Text(), path, text)
		}
		w, page := fetch(t, h, path)
		if w.Code != http.StatusOK || page.Find("h1").Text() != text || !strings.Contains(page.Text(), "Esempio Software è inventato") {
			t.Errorf("%s: %d %s", path, w.Code, page.Find("main").Text())
		}
	}
	if w, _ := fetch(t, h, InventedPath+"altro"); w.Code != http.StatusNotFound {
		t.Errorf("another page: %d", w.Code)
	}
	profile.Fictional = false
	if w, _ := fetch(t, server(t, profile, Open{}, rinnova.Actor{}), profile.Links.Manual); w.Code != http.StatusNotFound {
		t.Errorf("of a real vendor: %d", w.Code)
	}
}

func TestLinksFollowTheSettings(t *testing.T) {
	for _, c := range []struct {
		name    string
		path    string
		profile supplier.Profile
		open    Open
		want    []string
	}{
		{"home", "/", full, Open{Assistance: assistance}, []string{
			"/assistenza", "/area", "/assistenza#supporto", "https://esempio.example/guida", "tel:+390932000200", "https://esempio.example/privacy", "/accessibilita"}},
		{"home of a new installation", "/", supplier.Profile{}, Open{}, []string{"/assistenza", "/area", "/privacy", "/accessibilita"}},
		{"support", "/assistenza", full, Open{Assistance: assistance, LetterPath: "/lettera"}, []string{
			"/rinnovo", "/lettera", "tel:+390932000200", "mailto:contratti@esempio.example", "tel:+390932000100", "https://esempio.example/guida",
			"tel:+390932000200", "https://esempio.example/privacy", "/accessibilita"}},
		{"support of a new installation", "/assistenza", supplier.Profile{}, Open{}, []string{"/privacy", "/accessibilita"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, doc := fetch(t, server(t, c.profile, c.open, rinnova.Actor{}), c.path)
			if w.Code != http.StatusOK {
				t.Fatalf("status %d", w.Code)
			}
			if got := hrefs(doc); !slices.Equal(got, c.want) {
				t.Errorf("links\n got %q\nwant %q", got, c.want)
			}
			if n := doc.Find("h1").Length(); n != 1 {
				t.Errorf("%d h1", n)
			}
			if n := doc.Find("main .btn-primary").Length(); n > 1 {
				t.Errorf("%d filled buttons", n)
			}
		})
	}
}

func TestTheOpenRenewalIsTheNextStep(t *testing.T) {
	services := &Renewal{Title: "Servizi 2027", Path: "/servizi"}
	for _, c := range []struct {
		open Open
		next string
	}{
		{Open{Assistance: assistance, Services: services}, "Rinnovo contratti di assistenza"}, {Open{Services: services}, "Rinnovo servizi"}, {Open{}, ""},
	} {
		_, doc := fetch(t, server(t, full, c.open, rinnova.Actor{}), "/assistenza")
		if got := doc.Find(".rn-next h2").Text(); got != c.next {
			t.Errorf("next step %q, want %q", got, c.next)
		}
	}
	_, doc := fetch(t, server(t, full, Open{Assistance: assistance}, rinnova.Actor{}), "/")
	if got := strings.Join(strings.Fields(doc.Find(".rn-eyebrow").Text()), " "); got != "Rinnovo 2027 · aperto fino al 15/12/2026" {
		t.Errorf("deadline: %q", got)
	}
}

// A renewal that cannot be answered now says when it could or will be, and leads nowhere.
func TestDoorsSayWhenTheyAreOpen(t *testing.T) {
	day := rinnova.MustDate("2026-12-15")
	coming := &Renewal{Title: "Servizi 2027", Path: "/servizi", Phase: Coming, OpensOn: day}
	past := &Renewal{Title: "Rinnovo 2027", Path: "/rinnovo", Phase: Past, ClosesOn: day}
	for _, c := range []struct {
		open                 Open
		assistance, services string
		home                 string
	}{
		{Open{}, "Ora non è aperto.", "Ora non è aperto.", "Ora non ci sono rinnovi aperti"},
		{Open{Assistance: past, Services: coming}, "Ora non è aperto: si è chiuso il 15/12/2026.", "Ora non è aperto: si apre il 15/12/2026.", "Ora non ci sono rinnovi aperti"},
		{Open{Assistance: assistance, Services: coming}, "", "Ora non è aperto: si apre il 15/12/2026.", "È il momento di rinnovare i contratti"},
		{Open{Assistance: past, Services: &Renewal{Title: "Servizi 2027", Path: "/servizi"}}, "Ora non è aperto: si è chiuso il 15/12/2026.", "", "È il momento di rinnovare i servizi"},
	} {
		h := server(t, full, c.open, rinnova.Actor{})
		_, doc := fetch(t, h, "/assistenza")
		for door, want := range map[string]string{"contratti": c.assistance, "servizi": c.services} {
			card := doc.Find("section[aria-labelledby=" + door + "]")
			if got := strings.TrimSpace(card.Find(".rn-muted").Text()); got != want || card.Find("a.btn").Length() == 0 != (want != "") {
				t.Errorf("%s: %q with %d buttons, want %q", door, got, card.Find("a.btn").Length(), want)
			}
		}
		_, doc = fetch(t, h, "/")
		if got := doc.Find(".rn-next h2").Text(); got != c.home {
			t.Errorf("the home says %q, want %q", got, c.home)
		}
	}
}

func TestOnlyTheOfficeReadsWhatIsMissing(t *testing.T) {
	for role, want := range map[rinnova.Role]bool{"": false, rinnova.RoleSchool: false, rinnova.RoleClerk: true, rinnova.RoleAdmin: true} {
		for _, path := range []string{"/", "/assistenza"} {
			_, doc := fetch(t, server(t, supplier.Profile{}, Open{}, rinnova.Actor{Role: role, SchoolID: "s"}), path)
			if got := strings.Contains(doc.Find("main").Text(), "Manca l’IBAN"); got != want {
				t.Errorf("%q on %s: missing shown is %v, want %v", role, path, got, want)
			}
		}
	}
}

func TestLogo(t *testing.T) {
	if w, _ := fetch(t, server(t, full, Open{}, rinnova.Actor{}), LogoPath); w.Code != http.StatusNotFound {
		t.Errorf("no logo: %d", w.Code)
	}
	with := full
	with.LogoPNG = []byte("\x89PNG\r\n\x1a\nx")
	h := server(t, with, Open{}, rinnova.Actor{})
	_, doc := fetch(t, h, "/")
	src := doc.Find(".rn-brand img").AttrOr("src", "")
	w, _ := fetch(t, h, src)
	if w.Code != http.StatusOK || w.Body.String() != string(with.LogoPNG) || w.Header().Get("Content-Type") != "image/png" {
		t.Errorf("%s: %d %v", src, w.Code, w.Header())
	}
}

func TestOwnPagesOfTheVendor(t *testing.T) {
	h := server(t, full, Open{}, rinnova.Actor{})
	if w, _ := fetch(t, h, PrivacyPath); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "https://esempio.example/privacy" {
		t.Errorf("privacy: %d %q", w.Code, w.Header().Get("Location"))
	}
	if w, doc := fetch(t, h, AccessibilityPath); w.Code != http.StatusOK || doc.Find("h1").Text() != "Accessibilità" {
		t.Errorf("accessibility: %d", w.Code)
	}
}

func TestSettingsThatCannotBeRead(t *testing.T) {
	frame := func(r *http.Request) web.Shell { return Frame(supplier.Profile{}, web.LangOf(r.Context())) }
	app := &web.App{Log: slog.New(slog.DiscardHandler), Clock: time.Now, Shell: frame}
	m := web.NewMux(app)
	(&Handlers{
		Profile: func(context.Context) (supplier.Profile, error) { return supplier.Profile{}, errors.New("segreto") },
		Shell:   frame,
	}).Routes(m)
	for _, path := range []string{"/", "/assistenza", "/privacy", "/logo.png"} {
		if w, _ := fetch(t, app.Handler(m), path); w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "segreto") {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}
