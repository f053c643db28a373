package mail

import (
	"context"
	"strings"
)

// HTML is the mail in HTML: a column of at most 600 pixels that also fits a telephone.
func (c Content) HTML() string {
	var b strings.Builder
	if err := page(c).Render(context.Background(), &b); err != nil {
		panic(err) // a Builder never fails
	}
	b.WriteByte('\n')
	return b.String()
}
