package exchange

import (
	"rinnova"
	"rinnova/internal/sheet"
)

var (
	ministryCode = Column{Key: "mecc", Name: "codice meccanografico", Other: []string{"meccanografico", "codice scuola", "codice mim", "codice miur", "codice istituto"},
		Meaning: rinnova.Say("Dieci lettere e cifre. Serve questo o il codice portale."), Example: "RGIC82700L"}
	portalCode = Column{Key: "portale", Name: "codice portale", Other: []string{"portale", "codice utente"},
		Meaning: rinnova.Say("Due lettere e cinque cifre. A una scuola nuova, se manca, lo dà il portale; poi non cambia più."), Example: "SG00001"}
	schoolName = Column{Key: "scuola", Name: "scuola", Info: true, Meaning: rinnova.Say("Per chi legge: l’importazione non lo guarda."), Example: "I.C. «Esempio», Ragusa"}
	taxCode    = Column{Key: "tax_code", Name: "codice fiscale", Other: []string{"cf", "c.f."}, Digits: 11, Meaning: rinnova.Say("Undici cifre."), Example: "80006890646"}
	vatNumber  = Column{Key: "vat_number", Name: "partita IVA", Other: []string{"piva", "p.iva"}, Digits: 11, Meaning: rinnova.Say("Undici cifre; quasi nessuna scuola la ha. Un trattino la toglie."), Example: ""}
	officeCode = Column{Key: "office_code", Name: "codice univoco", Other: []string{"codice univoco ufficio", "cuu", "codice destinatario"},
		Meaning: rinnova.Say("Sei lettere e cifre, dell’ufficio Uff_eFatturaPA nell’Indice PA."), Example: "UFAB12"}
)

// Layouts are the files that can be exchanged, in the order of the page.
var Layouts = []Layout{
	{What: Schools, Title: rinnova.Say("Scuole"), About: rinnova.Say("Le scuole con i loro codici, indirizzi e alunni. Una cella vuota lascia il dato com’è."), Columns: []Column{
		portalCode,
		{Key: "cliente", Name: "codice cliente", Other: []string{"numero cliente"}, Digits: 6, Meaning: rinnova.Say("Sei cifre. A una scuola nuova, se manca, lo dà il portale; poi non cambia più."), Example: "100001"},
		ministryCode,
		{Key: "display_name", Name: "denominazione", Other: []string{"nome", "nome dell’istituto", "denominazione scuola"}, Meaning: rinnova.Say("Il nome dell’istituto, al massimo 80 caratteri. Obbligatorio per una scuola nuova."), Example: "Istituto Comprensivo «Esempio»"},
		{Key: "type", Name: "tipo di istituto", Other: []string{"tipologia"}, Meaning: rinnova.Say("Come lo scrive il Ministero."), Example: "ISTITUTO COMPRENSIVO"},
		{Key: "address", Name: "indirizzo", Other: []string{"via"}, Meaning: rinnova.Say("Via e numero, al massimo 60 caratteri."), Example: "Via Roma 1"},
		{Key: "postcode", Name: "CAP", Digits: 5, Meaning: rinnova.Say("Cinque cifre."), Example: "97100"},
		{Key: "town", Name: "comune", Other: []string{"città"}, Meaning: rinnova.Say("Obbligatorio per una scuola nuova."), Example: "Ragusa"},
		{Key: "province_code", Name: "provincia", Other: []string{"sigla provincia", "prov"}, Meaning: rinnova.Say("La sigla di due lettere."), Example: "RG"},
		{Key: "region", Name: "regione", Meaning: rinnova.Say("Come la scrive il Ministero."), Example: "SICILIA"},
		taxCode, vatNumber, officeCode,
		{Key: "email", Name: "e-mail", Other: []string{"mail", "posta elettronica"}, Meaning: rinnova.Say("L’indirizzo istituzionale, uno solo: vi arrivano i contratti."), Example: "rgic82700l@istruzione.example"},
		{Key: "pec", Name: "PEC", Other: []string{"posta certificata"}, Meaning: rinnova.Say("La posta certificata. Un trattino la toglie."), Example: "rgic82700l@pec.istruzione.example"},
		{Key: "website", Name: "sito web", Other: []string{"sito"}, Meaning: rinnova.Say("Un trattino lo toglie."), Example: "www.esempio.edu.example"},
		{Key: "pupils", Name: "alunni", Other: []string{"numero alunni"}, Kind: sheet.Number, Meaning: rinnova.Say("Quanti sono: suggerisce la fascia."), Example: "887"},
		{Key: "pupils_year", Name: "anno degli alunni", Other: []string{"anno scolastico"}, Meaning: rinnova.Say("L’anno scolastico del numero, come 2026/27; se manca è quello in corso."), Example: "2026/27"},
	}},
	{What: Subscriptions, Title: rinnova.Say("Prodotti delle scuole"), About: rinnova.Say("Che cosa ha ogni scuola e per quale periodo: da qui nascono le proposte. Scuola, prodotto e primo giorno dicono di quale riga si parla."), Columns: []Column{
		ministryCode, portalCode, schoolName,
		{Key: "product", Name: "codice prodotto", Other: []string{"prodotto"}, Required: true, Meaning: rinnova.Say("Il codice del catalogo."), Example: "ALU1"},
		{Key: "product_name", Name: "nome del prodotto", Info: true, Meaning: rinnova.Say("Per chi legge: l’importazione non lo guarda."), Example: "Alunni Web"},
		{Key: "license", Name: "tipo", Other: []string{"tipo licenza", "licenza"}, Meaning: rinnova.Say("TD o TI; se manca è quello del prodotto."), Example: "TD"},
		{Key: "from", Name: "dal", Other: []string{"inizio", "data inizio", "decorrenza"}, Required: true, Kind: sheet.Date, Meaning: rinnova.Say("Il primo giorno: 01/01/2027."), Example: "2027-01-01"},
		{Key: "to", Name: "al", Other: []string{"fine", "data fine", "scadenza"}, Required: true, Kind: sheet.Date, Meaning: rinnova.Say("L’ultimo giorno, compreso: 31/12/2027."), Example: "2027-12-31"},
		{Key: "band", Name: "fascia", Other: []string{"fascia alunni"}, Kind: sheet.Number, Meaning: rinnova.Say("Il numero della fascia di alunni: 1 è la più bassa."), Example: "2"},
		{Key: "fee", Name: "canone annuale", Other: []string{"canone annuo", "canone", "importo", "prezzo"}, Kind: sheet.Number, Euro: true, Meaning: rinnova.Say("In euro senza IVA, per un anno intero: 420,00. Un trattino lo toglie."), Example: "420.00"},
		{Key: "used", Name: "contatti usati", Other: []string{"contatti"}, Kind: sheet.Number, Meaning: rinnova.Say("Quanti contatti di assistenza la scuola ha usato. Un trattino lo toglie."), Example: "3"},
		{Key: "ended", Name: "motivo del non rinnovo", Other: []string{"non rinnovare", "disdetta"}, Meaning: rinnova.Say("Perché non va proposto di nuovo; vuoto: va proposto. Un trattino lo toglie."), Example: ""},
		{Key: "contract", Name: "contratto", Other: []string{"numero contratto"}, Meaning: rinnova.Say("Il numero del contratto con cui è stato venduto, se c’è."), Example: ""},
	}},
	{What: Prices, Whole: true, Title: rinnova.Say("Listini"), About: rinnova.Say("Un listino: una riga per prodotto, una colonna per fascia di alunni. Entra sempre come bozza nuova; un listino che c’è già non cambia."), Columns: []Column{
		{Key: "list", Name: "listino", Other: []string{"nome listino"}, Required: true, Meaning: rinnova.Say("Il nome, uguale in tutte le righe."), Example: "Listino di prova 2028"},
		{Key: "valid", Name: "valido dal", Other: []string{"decorrenza"}, Required: true, Kind: sheet.Date, Meaning: rinnova.Say("Il primo giorno in cui vale, uguale in tutte le righe."), Example: "2028-01-01"},
		{Key: "product", Name: "codice prodotto", Other: []string{"prodotto"}, Required: true, Meaning: rinnova.Say("Il codice del catalogo. TETTO è la riga dei tetti di spesa, che può mancare."), Example: "ALU1"},
		{Key: "product_name", Name: "nome del prodotto", Info: true, Meaning: rinnova.Say("Per chi legge: l’importazione non lo guarda."), Example: "Alunni Web"},
		{Key: "band1", Euro: true, Name: "fino a 500", Kind: sheet.Number, Meaning: rinnova.Say("Il canone annuale della prima fascia. Le colonne delle fasce si chiamano come le fasce: scrivete le vostre. Senza fasce basta una colonna «canone»."), Example: "340.00"},
		{Key: "band2", Euro: true, Name: "da 501 a 1000", Kind: sheet.Number, Meaning: rinnova.Say("Il canone annuale della seconda fascia, e così via."), Example: "420.00"},
		{Key: "band3", Euro: true, Name: "oltre 1000", Kind: sheet.Number, Meaning: rinnova.Say("Il canone annuale dell’ultima fascia."), Example: "510.00"},
	}},
	{What: Codes, Title: rinnova.Say("Codici fiscali e codici univoci"), About: rinnova.Say("I codici delle scuole che ci sono già, nel nostro tracciato o in quelli dell’Indice PA (amministrazioni, servizi di fatturazione elettronica; i TSV di una volta e i CSV di oggi). Delle altre amministrazioni non si prende nulla."), Columns: []Column{
		ministryCode, portalCode, schoolName, taxCode, vatNumber, officeCode,
	}},
	{What: Registry, Title: rinnova.Say("Anagrafe del Ministero"), About: rinnova.Say("Il file SCUANAGRAFESTAT così come lo pubblica il Ministero, anche compresso con gzip. I dati che avete corretto voi restano.")},
}
