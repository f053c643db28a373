package school

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// recase gives upper-case text the capitals that Italian has.
func recase(s string, m mode) string {
	var b strings.Builder
	c := caser{mode: m, start: true}
	before, w, rest := cutWord(s)
	for w != "" {
		c.separator(before)
		b.WriteString(before)
		between, next, after := cutWord(rest)
		follower := next
		if strings.Trim(between, " ") != "" {
			follower = ""
		}
		b.WriteString(c.token(w, follower))
		before, w, rest = between, next, after
	}
	b.WriteString(before)
	return b.String()
}

// cutWord cuts s at its first run of letters, digits and what belongs to a word: dots, apostrophes. C/O is one, too.
func cutWord(s string) (before, w, after string) {
	start := strings.IndexFunc(s, isWordPart)
	if start < 0 {
		return s, "", ""
	}
	n := strings.IndexFunc(s[start:], func(r rune) bool { return !isWordPart(r) })
	if n < 0 {
		n = len(s) - start
	}
	end := start + n
	if s[start:end] == "C" && (s[end:] == "/O" || strings.HasPrefix(s[end:], "/O ")) {
		end += len("/O")
	}
	return s[:start], s[start:end], s[end:]
}

func isWordPart(r rune) bool {
	return 'A' <= r && r <= 'Z' || isWordRune(r) || r == '\'' || r == '.' || r == '@' || r == '°'
}

// caser walks the words of a text.
type caser struct {
	mode    mode
	start   bool   // the next word begins the text or what stands in quotes, brackets or after a dash
	initial bool   // the word before was an initial: G.
	before  string // the word before, without its dot
}

func (c *caser) separator(s string) {
	if strings.ContainsAny(s, "«(–/+") {
		c.start = true
	}
	if strings.Trim(s, " ") != "" {
		c.initial = false
	}
}

// token recases a run of letters, digits, dots and apostrophes: I.C., G.B.VICO, D'ANNUNZIO. next is the one after it.
func (c *caser) token(s, next string) string {
	if s == "C/O" {
		return "c/o"
	}
	if !strings.Contains(s, ".") {
		return c.piece(s, next)
	}
	pieces := strings.SplitAfter(s, ".")
	if pieces[len(pieces)-1] == "" {
		pieces = pieces[:len(pieces)-1]
	}
	var b strings.Builder
	for i, p := range pieces {
		following := next
		if i+1 < len(pieces) {
			following = pieces[i+1]
		}
		if i > 0 && p == "VI'" { // Mondovì, not the sixth
			b.WriteString("vì")
			continue
		}
		suffix := i > 0 && suffixes[strings.Trim(p, ".")]
		if i > 0 && !suffix && spacedAfterDot(pieces[i-1], strings.Trim(p, ".")) {
			b.WriteByte(' ')
		}
		if suffix {
			b.WriteString(strings.ToLower(p))
			continue
		}
		b.WriteString(c.piece(p, following))
	}
	return b.String()
}

// spacedAfterDot tells whether a space goes between a piece with its dot and the next: not within I.C., G.B. or I.OC., but in
// G.B. Vico, Sen. G. Molinari and n. 5.
func spacedAfterDot(piece, next string) bool {
	if acronyms[next] {
		return false
	}
	return utf8.RuneCountInString(next) > 1 || utf8.RuneCountInString(piece) > 2 || next != "" && unicode.IsDigit(rune(next[0]))
}

// suffixes end an abbreviation that was cut in the middle: F.LLI, P.ZZA, PROF.LE, C.MMARE.
var suffixes = set("LLI ZA ZZA ZZALE TTA LE LI TO TA TI SE TE RE SO GO NI NO MMARE MA LLO SCO SSA NNI DRO NTE RNO")

// piece recases a single word, with its dot where it is an abbreviation.
func (c *caser) piece(p, next string) string {
	p = strings.TrimLeft(p, "'") // a stray quote
	w := strings.TrimRight(p, ".")
	dots := p[len(w):]
	if w == "" {
		return dots
	}
	start, afterInitial, before := c.start, c.initial, c.before
	ofNumber := c.mode == inPlace && len(w) == 1 && before != "" && unicode.IsDigit(rune(before[0])) // via Roma 6 A
	article := articles[w] && (before == "PER" || before == "CON")
	c.before = w
	c.start, c.initial = false, dots != "" && utf8.RuneCountInString(w) == 1
	if dots != "" && w == "N" && next != "" && unicode.IsDigit(rune(next[0])) {
		c.initial = false
		return "n."
	}
	if head, tail, found := strings.Cut(w, "'"); found {
		if head == "L" && (before == "PER" || before == "CON" || before == "E") {
			return "l’" + title(tail) + dots
		}
		if w := belonging(head, tail, next, dots != ""); w != "" {
			return w + dots
		}
		return c.apostrophe(head, tail, start || afterInitial && (head == "DELL" || head == "DALL"), next) + dots
	}
	switch {
	case article && !start:
		return strings.ToLower(w) + dots
	case ofNumber || c.keeps(w, dots != ""):
		return w + dots
	case w == "MMARE": // Castellammare: C/MMARE
		return "mmare" + dots
	case particles[w] && !start && dots == "" && !isSurname(w, next, afterInitial):
		return strings.ToLower(w)
	}
	return title(w) + dots
}

// keeps tells whether a word stays in capitals.
func (c *caser) keeps(w string, abbreviated bool) bool {
	if roman.MatchString(w) || unicode.IsDigit(rune(w[0])) {
		return true
	}
	if c.mode == inPlace {
		return false
	}
	if acronyms[w] {
		return true
	}
	return !abbreviated && (provinceLetters[w] || len(w) > 1 && !strings.ContainsAny(w, "AEIOUYÀÈÉÌÒÙ"))
}

// roman numerals up to 39; the other letters would take MI, DI or CIVICI for numbers.
var roman = regexp.MustCompile(`^(X{1,3}|X{0,3}(IX|IV|VI{0,3}|I{1,3}))$`)

// belonging recases a word whose apostrophe is neither an elision nor an accent: King’s, Saint George’s, Don’t, O’Neill, the
// Sardinian Pitz’e Serra, Rock’n’Roll; "" where it is one of the two. An S with a dot, or after a town that wants its saint, is the
// abbreviation of a word of its own: CITTA'S.ANGELO.
func belonging(head, tail, next string, abbreviated bool) string {
	elides := len(head) < 2 || lowElisions[head] || head == "SANT"
	afterVowel := strings.ContainsAny(head[max(0, len(head)-1):], "AEIOU")
	switch {
	case head == "O" && len(tail) > 2 && !strings.Contains(tail, "'"):
		return "O’" + title(tail)
	case elides || abbreviated:
		return ""
	case tail == "S" && !(strings.HasSuffix(head, "TA") && next != ""),
		tail == "T" && !afterVowel,
		tail == "E" && !afterVowel && next != "":
		return title(head) + "’" + strings.ToLower(tail)
	}
	if rest, found := strings.CutPrefix(tail, "N'"); found && !afterVowel && rest != "" {
		return title(head) + "’n’" + title(rest)
	}
	return ""
}

// apostrophe recases a word with an apostrophe: an elision (D'ANNUNZIO, SANT'ANGELO) after a consonant, an accent
// (NICOLO') after a vowel, where a missing space may follow (CITTA'DEI).
func (c *caser) apostrophe(head, tail string, start bool, next string) string {
	if roman.MatchString(head) && len(head) > 1 {
		return strings.TrimSpace(head + " " + c.piece(tail, next))
	}
	if last := head[len(head)-1]; strings.IndexByte("AEIOU", last) < 0 || strings.HasSuffix(head, "QU") {
		if tail == "" && len(head) > 4 {
			return title(head) // a stray quote at the end of a word
		}
		return c.elision(head, tail, start)
	}
	first := accented(head, start)
	if strings.Trim(tail, "'") == "" {
		return first
	}
	return first + " " + c.piece(strings.TrimLeft(tail, "'"), next)
}

// elision writes d’Annunzio and dell’Umbria, but D’Acquisto, L’Aquila and Sant’Angelo.
func (c *caser) elision(head, tail string, start bool) string {
	rest := ""
	if tail != "" {
		inner := caser{mode: inPlace, start: true}
		rest = inner.piece(tail, "")
	}
	if start || !lowElisions[head] || head == "D" && upperD[strings.TrimRight(tail, "'")] {
		return title(head) + "’" + rest
	}
	return strings.ToLower(head) + "’" + rest
}

var lowElisions = set("D DELL DALL ALL NELL SULL COLL UN")

// upperD are surnames that write D’ large. Gabriele d’Annunzio and Massimo d’Azeglio do not, nor do places.
var upperD = set("ACQUISTO AGOSTINO AGUIRRE AIETTI AJETTI AGNILLO ALCONTRES ALEO ALESSANDRO AMATO AMICO ANDREA ANTONA APOLITO ARRIGO ARONCO ASCANIO AURIA AVARNA AVINO AZZO ORSI ONOFRIO OVIDIO ORIA")

// accented turns the vowel before an apostrophe into the accented one, but for words that were cut short: de’ Medici,
// Ca’ Foscari.
func accented(head string, start bool) string {
	switch head {
	case "DE", "NE":
		if !start {
			return strings.ToLower(head) + "’"
		}
		return title(head) + "’"
	case "CA", "CO", "FRA", "VO", "PO":
		return title(head) + "’"
	}
	marks := map[byte]string{'A': "À", 'E': "È", 'I': "Ì", 'O': "Ò", 'U': "Ù"}
	last := len(head) - 1
	mark := marks[head[last]]
	if acuteE[head] || strings.HasSuffix(head, "CHE") {
		mark = "É"
	}
	return title(head[:last] + mark)
}

// acuteE are words whose last e is closed, besides perché and its kind.
var acuteE = set("ANDRE VOLONTE ALCIDE PRE SE TRINITE VICERE VENTITRE TRENTATRE")

// isSurname tells whether a particle begins a surname and so keeps its capital: Carlo Alberto Dalla Chiesa, G. Di Vittorio.
func isSurname(w, next string, afterInitial bool) bool {
	switch w {
	case "DALLA":
		return next == "CHIESA"
	case "DI":
		return afterInitial && diSurnames[strings.Trim(next, `."'`)]
	}
	return false
}

var diSurnames = set("BETTO BONA GIROLAMO GUARDO MARIA MEO ROCCO STEFANO VINCENZO VITTORIO VONA")

// particles are small inside a name.
var particles = set("A AD AI AL ALLA ALLE ALLO AGLI CON COL DA DAI DAL DALLA DALLE DALLO DAGLI DEGLI DEI DEL DELLA DELLE DELLO DI E ED EX IN " +
	"NE NEI NEL NELLA NELLE NELLO NEGLI O PER PRESSO SU SUI SUL SULLA SULLE SULLO TRA FRA SN SNC BIS")

var articles = set("IL LO LA I GLI LE")

// acronyms are types of schools; those without vowels need not be listed.
var acronyms = set("IC ICCZ IIS IISS IISSS IS ISIS ISISS ISS ISSS ITI ITIS ITC ITCG ITCS ITCT ITG ITT ITE ITET ITEE ITAS ITA ITAA ITN ITS ITSE ITSOS ITIA ITEL ITTS ITST ITSCT ITAER ISI " +
	"IPSIA IPSEOA IPSSEOA IPSSAR IPSAR IPSIAM IPSASR IPSSS IPSS IPS IPA IPIA IPAA IPAS IPC IPCT IPSC IPSCT IPSSCT IPSSA IPSSI IPE IPSCEOA IPSEO IPEOA IPSAS IPSAM IPIAM IPALB " +
	"ISA ISC ICS ICT IO IOC IOS IAC IM IMS IAM OC OMC CPIA LAS LSA LSU LSSA DDS AFM USB")

// provinceLetters are the two-letter codes of provinces that are no words.
var provinceLetters = set("AG AN AO AP AQ AR AT AV BA BG BI BL BN BO BR BS BT BZ CA CB CE CH CL CN CR CS CT CZ EN FC FE FG FI FM FR GE GO GR IM IS " +
	"KR LC LI LT LU MB MC ME MI MN MO MS MT NA NO NU OR PA PC PD PE PG PI PN PR PT PU PV PZ RA RC RG RI RM RN RO SA SI SP SR SS SV TA TE TN TO TP TR TS TV " +
	"UD VA VB VC VE VI VR VT VV")

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

// title writes a word with a capital first letter.
func title(w string) string {
	_, n := utf8.DecodeRuneInString(w)
	return w[:n] + strings.ToLower(w[n:])
}
