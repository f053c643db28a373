package rinnova

import "strings"

// The greatest lengths of an address for mail and of the part before its @, in bytes (RFC 5321, 4.5.3.1).
const (
	MaxMailAddress = 254
	maxMailLocal   = 64
)

// IsMailAddress tells whether s is one address that every mail server takes (RFC 5321 and 5322): before the @ a dot-atom, so no
// dot at an edge and no two together; behind it a name of the internet with a dot, whose last part is no number. It is ASCII:
// servers that take more are few, and those of schools are not among them.
func IsMailAddress(s string) bool {
	at := strings.LastIndexByte(s, '@')
	if at < 0 || at > maxMailLocal || len(s) > MaxMailAddress {
		return false
	}
	local, host := s[:at], s[at+1:]
	last := host[strings.LastIndexByte(host, '.')+1:]
	return IsDotAtom(local) && last != host && len(last) > 1 && !strings.ContainsAny(last[:1], "0123456789") && IsHost(host)
}

// IsDotAtom tells whether s is a dot-atom of RFC 5322, 3.2.3.
func IsDotAtom(s string) bool {
	for atom := range strings.SplitSeq(s, ".") {
		if atom == "" || strings.ContainsFunc(atom, func(r rune) bool { return !isAtom(r) }) {
			return false
		}
	}
	return true
}

// IsHost tells whether s is made of labels of RFC 1123.
func IsHost(s string) bool {
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' ||
			strings.ContainsFunc(label, func(r rune) bool { return !isPlainASCII(r) && r != '-' }) {
			return false
		}
	}
	return true
}

func isAtom(r rune) bool { return isPlainASCII(r) || strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", r) }

func isPlainASCII(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

// Copied is the secret of a link as somebody has copied it: without what came along at its edges (a full stop, a bracket, a
// quote, a space, %20) and without the ends of lines that a mail program put into it. Secrets are of letters, digits, - and _.
func Copied(s string) string {
	s = strings.Join(strings.Fields(Clean(s)), "")
	inSecret := func(r rune) bool { return isPlainASCII(r) || r == '-' || r == '_' }
	start := strings.IndexFunc(s, inSecret)
	if start < 0 {
		return ""
	}
	s = s[start:]
	if end := strings.IndexFunc(s, func(r rune) bool { return !inSecret(r) }); end >= 0 {
		s = s[:end]
	}
	return s
}
