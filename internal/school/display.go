package school

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// DisplayName makes a name of the registry pleasant to read: L.CLASSICO "GABRIELE D'ANNUNZIO" PE becomes
// L. Classico «Gabriele d’Annunzio» PE. Quotes become « », apostrophes ’, and NICOLO' Nicolò; abbreviations, Roman
// numerals and letters of provinces stay. A name that already has lower-case letters was written by a person: only its
// quotes and apostrophes change. Applied to its own result it changes nothing.
func DisplayName(registry string) string { return display(registry, inName) }

// DisplayPlace does for streets, towns, provinces and regions what DisplayName does for names of schools: PATERNO'
// becomes Paternò, VIA DELLA LIBERTA'8 Via della Libertà 8.
func DisplayPlace(registry string) string { return display(registry, inPlace) }

// mode says what the words are part of: only names of schools carry acronyms and letters of provinces.
type mode int

const (
	inName mode = iota
	inPlace
)

func display(s string, m mode) string {
	s = strings.Join(strings.Fields(s), " ")
	for range maxPasses {
		if strings.IndexFunc(s, unicode.IsLower) >= 0 {
			return tidy(guillemets(strings.ReplaceAll(s, "'", "’")))
		}
		shown := fromUpper(s, m)
		if shown == s {
			break
		}
		s = shown
	}
	return s
}

// maxPasses is enough for the rare text that still has no lower-case letter after a pass, as IC 2.
const maxPasses = 4

func fromUpper(s string, m mode) string {
	s = typewritten.Replace(s)
	if strings.Contains(s, "'") {
		s = looseAccent.ReplaceAllString(s, "$1'$2")
		s = singleQuoted.ReplaceAllString(s, `$1"$2"$3`)
		s = shortYear.ReplaceAllString(s, "$1’$2$3")
		s = strayQuote.ReplaceAllString(s, "$1")
		s = spacedElision.ReplaceAllString(s, "$1")
	}
	if m == inPlace && strings.ContainsAny(s, "0123456789") {
		s = gluedNumber.ReplaceAllString(s, "$1 $2")
	}
	if strings.ContainsAny(s, "^?°'") {
		s = numero.ReplaceAllString(s, "N. $1")
		s = ordinal.ReplaceAllString(s, "$1° ")
		s = romanOrdinal.ReplaceAllString(s, "$1 ")
	}
	return tidy(recase(tidy(spaced(guillemets(s))), m))
}

// typewritten brings what people and programs put for quotes and apostrophes into the two of the registry.
var typewritten = strings.NewReplacer("’", "'", "‘", "'", "`", "'", "´", "'", "ʼ", "'", "′", "'", "“", `"`, "”", `"`, "„", `"`, "‟", `"`, "″", `"`)

var (
	looseAccent   = regexp.MustCompile(`(\pL[AEIOU]) '($|[^\pL\pN])`)     // UNITA ' D'ITALIA
	shortYear     = regexp.MustCompile(`(^|[ (])'(\pN\pN)($|[^\pL\pN'])`) // RAGAZZI DEL '99
	singleQuoted  = regexp.MustCompile(`(^|[^\pL\pN'])'(\pL.*?)'($|[^\pL'])`)
	strayQuote    = regexp.MustCompile(`(^|[^\pL\pN'])'+`)
	spacedElision = regexp.MustCompile(`\b((?:D|L|UN|ALL|DALL|DELL|NELL|SULL|SANT)') +`)
	gluedNumber   = regexp.MustCompile(`(\pL{3}'?)(\pN)`)
	ordinal       = regexp.MustCompile(`((?:^|[^\pL\pN])\pN+)[\^'?]`)
	romanOrdinal  = regexp.MustCompile(`\b([IVX]+)[\^?]`)
	numero        = regexp.MustCompile(`\bN[?°^] *(\pN)`)
)

// guillemets turns typewriter double quotes into « ». Names are cut off at forty characters in the registry: a quote
// that is opened last closes at the end, and one that only closes goes.
func guillemets(s string) string {
	if !strings.Contains(s, `"`) {
		return s
	}
	var b strings.Builder
	open := false
	for i, r := range s {
		if r != '"' {
			b.WriteRune(r)
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(s[:i])
		after := s[i+1:]
		next, _ := utf8.DecodeRuneInString(after)
		switch {
		case open:
			b.WriteRune('»')
			open = false
		case strings.IndexFunc(after, isWordRune) < 0: // nothing left to quote
		case !strings.Contains(after, `"`) && isWordRune(before) && !isWordRune(next): // the closing half of a pair
		default:
			b.WriteRune('«')
			open = true
		}
	}
	if open {
		b.WriteRune('»')
	}
	return b.String()
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// spaced sets spaces as people do around dashes, slashes, plus signs and quotes; tidy then takes off what is too much.
func spaced(s string) string {
	if strings.ContainsAny(s, "«»+_|") {
		s = spacing.Replace(s)
	}
	if strings.ContainsAny(s, "-–") {
		s = looseDash.ReplaceAllString(s, " – ")
	}
	if strings.Contains(s, "/") {
		s = looseSlash.ReplaceAllString(s, " / ")
	}
	return s
}

var (
	looseDash  = regexp.MustCompile(` +[-–] *|[-–] +`)
	looseSlash = regexp.MustCompile(` +/ *|/ +`)
	spacing    = strings.NewReplacer("»-", "» – ", "-«", " – «", "«", " «", "»", "» ", "+", " + ", "_", " ", "|", " ")
)

// tidy takes off doubled spaces, spaces where none belong, empty quotes and dashes at the ends.
func tidy(s string) string {
	if !strings.ContainsAny(s, "«»(),.;") { // most of them; nothing below finds anything
		return strings.Trim(strings.Join(strings.Fields(s), " "), " -–/,;_")
	}
	s = tight.Replace(strings.Join(strings.Fields(s), " "))
	s = tight.Replace(strings.Join(strings.Fields(s), " ")) // what was inside empty quotes
	return strings.Trim(s, " -–/,;_")
}

var tight = strings.NewReplacer("« ", "«", " »", "»", "( ", "(", " )", ")", " ,", ",", " .", ".", " ;", ";", "» .", "».", "«»", "", " –»", "»")
