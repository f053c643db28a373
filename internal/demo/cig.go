package demo

import "fmt"

// CIG makes the n-th valid CIG for trying the demonstration (shape and check as ANAC gives them, for the platform's codes
// that begin with B). Such a code may have been issued to somebody: it is for fictional orders only.
func CIG(n int) string {
	body := 0x900000 + n*7919%0xfffff
	return fmt.Sprintf("B%06X%03X", body, (body+2)*211%4091)
}
