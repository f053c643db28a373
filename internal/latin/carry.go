package latin

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"rinnova"
)

// Latin1 writes a text with the characters of Basic Latin and Latin-1 alone, on one line: “ ” become ", – becomes -, Č becomes
// C, € becomes EUR; signs without any likeness go. lost are the letters and digits that cannot be written so, as those of other
// scripts: a text that has some must not be carried.
func Latin1(s string) (carried, lost string) {
	return carry(s, func(r rune) bool { return r >= ' ' && r <= '~' || r > '\u00a0' && r <= '\u00ff' && r != '\u00ad' })
}

// Basic writes a text with the characters of Basic Latin (ASCII) alone, as Latin1 does with some more: n° becomes n., é becomes e.
func Basic(s string) (carried, lost string) {
	return carry(s, func(r rune) bool { return r >= ' ' && r <= '~' })
}

func carry(s string, takes func(rune) bool) (carried, lost string) {
	var b, gone strings.Builder
	for _, r := range norm.NFC.String(rinnova.Clean(s)) {
		if takes(r) {
			b.WriteRune(r)
			continue
		}
		w := likeness(r, takes)
		if w == "°" {
			w = degree(b.String())
		}
		if w == "" && (unicode.IsLetter(r) || unicode.IsNumber(r)) && !strings.ContainsRune(gone.String(), r) {
			gone.WriteRune(r)
		}
		b.WriteString(w)
	}
	return strings.Join(strings.Fields(b.String()), " "), gone.String()
}

// degree is what ° means behind a text: a full stop in n°, the o of an ordinal elsewhere.
func degree(before string) string {
	if strings.HasSuffix(before, "n") || strings.HasSuffix(before, "N") {
		return "."
	}
	return "o"
}

// likeness is how a character is written with others that may be used; "" where there is no way.
func likeness(r rune, takes func(rune) bool) string {
	switch {
	case signs[r] != "":
		return signs[r]
	case r == '°', r == 'º':
		return "°"
	case unicode.IsSpace(r), unicode.IsControl(r):
		return " "
	case unicode.Is(unicode.Pd, r), r == '−':
		return "-"
	}
	var b strings.Builder
	for _, d := range norm.NFKD.String(string(r)) { // ½ is 1⁄2, Ǽ is Æ and an accent
		switch w := letter(d); {
		case unicode.IsMark(d), unicode.IsSpace(d), d == r && w == string(r): // an accent, also one that stands alone; no likeness
		case takes(d):
			b.WriteRune(d)
		case signs[d] != "":
			b.WriteString(signs[d])
		case w != string(d):
			b.WriteString(w)
		}
	}
	return b.String()
}

// letter is a Latin letter that is no other with an accent, in the letters that are read or written in its place; others are
// themselves.
func letter(r rune) string {
	small := unicode.ToLower(r)
	w, known := letters[small]
	switch {
	case !known:
		return string(r)
	case small == r:
		return w
	}
	return strings.ToUpper(w[:1]) + w[1:]
}

// letters are the Latin letters that are no others with an accent, in small, as they are read or written otherwise.
var letters = spelled(`
	a ⱥ ɑ ᶏ
	ae æ
	b ƀ ɓ ƃ ƅ
	c ƈ ȼ
	d ð đ ɖ ɗ ƌ ȡ ẟ ƍ
	db ȸ
	e ǝ ə ɛ ɇ
	f ƒ
	g ɠ ɣ ǥ ɡ
	gh ȝ
	h ħ
	hv ƕ
	i ı ɩ ɨ
	j ȷ ɉ
	k ĸ ƙ
	l ł ƚ ƛ ȴ ɫ ɬ
	ll ỻ
	m ɯ
	n ŋ ɲ ƞ ȵ
	o ø ɔ ɵ
	oe œ
	oi ƣ
	ou ȣ
	p ƥ
	q ɋ
	qp ȹ
	r ʀ ɍ
	s ƨ ʃ ƪ ȿ ẜ ẝ
	ss ß
	t ŧ ƫ ƭ ʈ ȶ ⱦ
	th þ
	u ʊ ʉ
	v ʋ ʌ ỽ
	w ƿ
	y ƴ ɏ ỿ
	z ƶ ʒ ƹ ƺ ȥ ɀ
	2 ƻ
	5 ƽ`)

// signs are punctuation, currencies and others, as a typewriter writes them.
var signs = spelled(`
	' ’ ‘ ‛ ′ ‵ ʼ ʹ ʻ ʽ ʾ ʿ ˈ ‹ › ´ ＇ ǃ Ɂ ɂ ƾ
	" “ ” „ ‟ ″ ‶ « » ＂
	- • · ‣ ‧ ⁃ ∙
	/ ⁄ ∕ ÷ ǀ ǁ ǂ
	|| ‖
	_ ‗
	* ∗ × ✕ ✖
	, ‚
	... …
	N. №
	+/- ±
	! ¡
	? ¿
	(c) ©
	(R) ®
	u µ μ
	par. §
	~ ∼ ≈
	<= ≤
	>= ≥
	-> →
	<- ←
	0/00 ‰
	0/000 ‱
	^ ‸
	EUR €
	GBP £
	JPY ¥
	c. ¢
	XEU ₠
	CRC ₡
	BRC ₢
	FRF ₣
	ITL ₤
	mill ₥
	NGN ₦
	ESP ₧
	INR ₨ ₹
	KRW ₩
	ILS ₪
	VND ₫
	LAK ₭
	MNT ₮
	GRD ₯
	Pf ₰
	PHP ₱
	PYG ₲
	ARA ₳
	UAH ₴
	GHS ₵
	lt ₶
	Sm ₷
	KZT ₸
	TRY ₺
	NM ₻
	AZN ₼
	RUB ₽
	GEL ₾
	BTC ₿
	KGS ⃀`)

// spelled reads a table: in each line a writing, and the characters that are written so.
func spelled(table string) map[rune]string {
	m := map[rune]string{}
	for line := range strings.Lines(table) {
		w := strings.Fields(line)
		for _, c := range w[min(1, len(w)):] {
			m[[]rune(c)[0]] = w[0]
		}
	}
	return m
}
