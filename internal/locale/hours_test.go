package locale

import (
	"testing"
)

func TestHours(t *testing.T) {
	for italian, english := range map[string]string{
		"lun–ven 9–13 e 15–17":                   "Mon–Fri 9–13 and 15–17",
		"Lunedì dalle 9 alle 13, sab 9:00-12:30": "Monday from 9 to 13, Sat 9:00-12:30",
		"9–13":                          "9–13",
		"":                              "",
		"lun–ven 9–13, festivi esclusi": "lun–ven 9–13, festivi esclusi", // not half of it
	} {
		if got := English.Hours(italian); got != english {
			t.Errorf("Hours(%q) = %q, want %q", italian, got, english)
		}
		if got := Italian.Hours(italian); got != italian {
			t.Errorf("in Italian %q became %q", italian, got)
		}
	}
}
