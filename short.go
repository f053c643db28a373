package rinnova

// Quoted is what a message quotes of a text that somebody has typed, and that may be long.
func Quoted(s string) string { return Short(s, 40) }

// Short is so many characters of a text, with a mark where there are more.
func Short(s string, runes int) string {
	if r := []rune(s); len(r) > runes {
		return string(r[:runes]) + "…"
	}
	return s
}
