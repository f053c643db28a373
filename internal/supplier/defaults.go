package supplier

// Default sentences of documents, in Italian: a vendor starts from them and changes what it wants. Double braces are
// placeholders that Fill replaces.

// DefaultSentences are the fixed sentences.
func DefaultSentences() Sentences {
	return Sentences{
		Signature:   "Documento informatico firmato digitalmente da {{signatory.name}} per {{vendor.name}} (decreto legislativo 7 marzo 2005, n. 82). L’originale è il file PDF, sul quale si verifica la firma; una stampa è una copia.",
		Verify:      "Con questo codice, all’indirizzo {{verify.url}}, si controlla che numero, data e importi siano quelli registrati e si confronta il proprio file con l’originale.",
		StampDuty:   "Imposta di bollo non dovuta (D.Lgs. 36/2023, allegato I.4: importo inferiore a 40.000 euro).",
		LicenseKeys: "TD: licenza a tempo determinato, il programma si usa fino alla data finale. TI: licenza a tempo indeterminato, il periodo riguarda assistenza e aggiornamenti. Contatti: richieste di assistenza comprese nel periodo.",
		Reminder:    "Riporta la richiesta come risulta al momento della stampa. Il contratto è un altro documento, numerato e firmato digitalmente: arriva per e-mail dopo l’elaborazione e resta nell’area riservata.",
		NotSent:     "Richiesta non ancora inviata. Per inviarla occorre accettare le condizioni e premere «Conferma dati».",
	}
}

// SplitSentence is the sentence of split payment under art. 17-ter DPR 633/72.
const SplitSentence = "Scissione dei pagamenti (art. 17-ter del D.P.R. 26 ottobre 1972, n. 633, e successive modificazioni): la scuola paga al fornitore l’imponibile e versa l’IVA allo Stato."

// DefaultPaymentTerms are the usual ways to pay of schools. Law: 30 days from the receipt of the invoice; 60 only by an
// express written term with its reason (D.Lgs. 231/2002, art. 4).
func DefaultPaymentTerms() []PaymentTerm {
	const account = "sul conto corrente dedicato {{vendor.iban}} intestato a {{vendor.name}}, indicando il CIG."
	return []PaymentTerm{
		{Code: "30", Name: "Unica soluzione, 30 giorni data fattura",
			Clause: "La scuola paga in unica soluzione, con bonifico, entro 30 giorni dal ricevimento della fattura elettronica (art. 4 del decreto legislativo 9 ottobre 2002, n. 231), " + account},
		{Code: "30fm", Name: "Unica soluzione, 30 giorni fine mese",
			Clause: "La scuola paga in unica soluzione, con bonifico, entro la fine del mese in cui scadono 30 giorni dal ricevimento della fattura elettronica, e comunque entro 60 giorni, " + account + " Il termine oltre i 30 giorni è pattuito espressamente (art. 4, comma 4, del decreto legislativo 9 ottobre 2002, n. 231) ed è giustificato dalla natura del contratto: {{payment.reason}}.",
			Reason: advanceReason},
		{Code: "60", Name: "Unica soluzione, 60 giorni data fattura",
			Clause: "Termine espresso di 60 giorni. Le parti pattuiscono espressamente, ai sensi dell’art. 4, comma 4, del decreto legislativo 9 ottobre 2002, n. 231, che la scuola paghi in unica soluzione, con bonifico, entro 60 giorni dal ricevimento della fattura elettronica, " + account + " Il termine è giustificato dalla natura del contratto: {{payment.reason}}.",
			Reason: advanceReason},
	}
}

const advanceReason = "il canone di tutto il periodo è fatturato in anticipo, in un’unica soluzione, per servizi resi nell’intero anno"
