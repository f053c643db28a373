package locale

import (
	"regexp"
	"strings"
)

// hourWords are the words that opening hours are made of.
var hourWords = map[string]string{
	"lun": "Mon", "mar": "Tue", "mer": "Wed", "gio": "Thu", "ven": "Fri", "sab": "Sat", "dom": "Sun",
	"lunedì": "Monday", "martedì": "Tuesday", "mercoledì": "Wednesday", "giovedì": "Thursday", "venerdì": "Friday", "sabato": "Saturday", "domenica": "Sunday",
	"e": "and", "dal": "from", "al": "to", "dalle": "from", "alle": "to",
}

var words = regexp.MustCompile(`\pL+`)

// Hours writes opening hours, which the vendor sets in Italian: «lun–ven 9–13 e 15–17» is Mon–Fri 9–13 and 15–17. Hours with
// a word that is not known stay as they were written: half a translation is worse than none.
func (l Lang) Hours(italian string) string {
	if l == Italian {
		return italian
	}
	known := true
	s := words.ReplaceAllStringFunc(italian, func(word string) string {
		english, ok := hourWords[strings.ToLower(word)]
		known = known && ok
		return english
	})
	if !known {
		return italian
	}
	return s
}
