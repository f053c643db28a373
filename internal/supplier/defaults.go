package supplier

// Default sentences of documents, in Italian: a vendor starts from them and changes what it wants. Double braces are
// placeholders that Fill replaces.

// DefaultSentences are the fixed sentences.
func DefaultSentences() Sentences {
	return Sentences{
		Signature:   "Documento informatico firmato digitalmente da {{signatory.name}} per {{vendor.name}} (decreto legislativo 7 marzo 2005, n. 82). L’originale è il file PDF, sul quale si verifica la firma; una stampa è una copia.",
		Verify:      "Con questo codice, all’indirizzo {{verify.url}}, si controlla che numero, data e importi siano quelli registrati e si confronta il proprio file con l’originale.",
		StampDuty:   "Imposta di bollo non dovuta (D.Lgs. 36/2023, allegato I.4: importo inferiore a 40.000 euro).",
		LicenseKeys: "TD: licenza a tempo determinato, vale fino alla data finale. TI: licenza a tempo indeterminato, il periodo riguarda assistenza e aggiornamenti. Contatti: richieste di assistenza comprese nel periodo.",
		Reminder:    "Riporta la richiesta come risulta al momento della stampa. Il contratto è un altro documento, numerato e firmato digitalmente: arriva per e-mail dopo l’elaborazione e resta nell’area riservata.",
		NotSent:     "Richiesta non ancora inviata. Per inviarla occorre accettare le condizioni e premere «Conferma dati».",
	}
}

// SplitSentence is the sentence of split payment under art. 17-ter DPR 633/72.
const SplitSentence = "Scissione dei pagamenti (art. 17-ter del D.P.R. 26 ottobre 1972, n. 633, e successive modificazioni): la scuola paga al fornitore l’imponibile e versa l’IVA allo Stato."
