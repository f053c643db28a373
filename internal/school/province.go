package school

// provinceOf is the two-letter code of a province as addresses carry it. The ministry's codes start with the province
// as it was when they were made: it kept the old letters of Forlì and Pesaro, and never gave letters of their own to
// Fermo and Sud Sardegna.
func provinceOf(ministryCode, province string) string {
	switch province {
	case "FERMO":
		return "FM"
	case "SUD SARDEGNA":
		return "SU"
	}
	if len(ministryCode) < 2 {
		return ""
	}
	switch code := ministryCode[:2]; code {
	case "FO":
		return "FC"
	case "PS":
		return "PU"
	default:
		return code
	}
}

// provinceNames are the provinces of today as the registry writes them, by the letters that addresses carry.
var provinceNames = map[string]string{
	"AG": "AGRIGENTO", "AL": "ALESSANDRIA", "AN": "ANCONA", "AO": "AOSTA", "AP": "ASCOLI PICENO", "AQ": "L'AQUILA", "AR": "AREZZO", "AT": "ASTI",
	"AV": "AVELLINO", "BA": "BARI", "BG": "BERGAMO", "BI": "BIELLA", "BL": "BELLUNO", "BN": "BENEVENTO", "BO": "BOLOGNA", "BR": "BRINDISI",
	"BS": "BRESCIA", "BT": "BARLETTA-ANDRIA-TRANI", "BZ": "BOLZANO", "CA": "CAGLIARI", "CB": "CAMPOBASSO", "CE": "CASERTA", "CH": "CHIETI",
	"CL": "CALTANISSETTA", "CN": "CUNEO", "CO": "COMO", "CR": "CREMONA", "CS": "COSENZA", "CT": "CATANIA", "CZ": "CATANZARO", "EN": "ENNA",
	"FC": "FORLI'-CESENA", "FE": "FERRARA", "FG": "FOGGIA", "FI": "FIRENZE", "FM": "FERMO", "FR": "FROSINONE", "GE": "GENOVA", "GO": "GORIZIA",
	"GR": "GROSSETO", "IM": "IMPERIA", "IS": "ISERNIA", "KR": "CROTONE", "LC": "LECCO", "LE": "LECCE", "LI": "LIVORNO", "LO": "LODI", "LT": "LATINA",
	"LU": "LUCCA", "MB": "MONZA E DELLA BRIANZA", "MC": "MACERATA", "ME": "MESSINA", "MI": "MILANO", "MN": "MANTOVA", "MO": "MODENA",
	"MS": "MASSA-CARRARA", "MT": "MATERA", "NA": "NAPOLI", "NO": "NOVARA", "NU": "NUORO", "OR": "ORISTANO", "PA": "PALERMO", "PC": "PIACENZA",
	"PD": "PADOVA", "PE": "PESCARA", "PG": "PERUGIA", "PI": "PISA", "PN": "PORDENONE", "PO": "PRATO", "PR": "PARMA", "PT": "PISTOIA",
	"PU": "PESARO E URBINO", "PV": "PAVIA", "PZ": "POTENZA", "RA": "RAVENNA", "RC": "REGGIO CALABRIA", "RE": "REGGIO EMILIA", "RG": "RAGUSA",
	"RI": "RIETI", "RM": "ROMA", "RN": "RIMINI", "RO": "ROVIGO", "SA": "SALERNO", "SI": "SIENA", "SO": "SONDRIO", "SP": "LA SPEZIA", "SR": "SIRACUSA",
	"SS": "SASSARI", "SU": "SUD SARDEGNA", "SV": "SAVONA", "TA": "TARANTO", "TE": "TERAMO", "TN": "TRENTO", "TO": "TORINO", "TP": "TRAPANI",
	"TR": "TERNI", "TS": "TRIESTE", "TV": "TREVISO", "UD": "UDINE", "VA": "VARESE", "VB": "VERBANO-CUSIO-OSSOLA", "VC": "VERCELLI", "VE": "VENEZIA",
	"VI": "VICENZA", "VR": "VERONA", "VT": "VITERBO", "VV": "VIBO VALENTIA",
}
