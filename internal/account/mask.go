package account

import (
	"context"
	"crypto/hmac"
	"encoding/base64"
	"strings"
)

// Masked is a mail address of which only the ends and the place are shown: r••••••••l@istruzione.it. The number of dots
// tells nothing. The zero Masked is an address of which nothing is shown.
type Masked struct{ First, Last, Domain string }

// dots stand for what is not shown.
const dots = "••••••••"

// String is the address as it is shown.
func (m Masked) String() string {
	if m == (Masked{}) {
		return ""
	}
	return m.First + dots + m.Last + "@" + m.Domain
}

// Mask hides the middle of an address.
func Mask(email string) Masked {
	local, domain, _ := strings.Cut(email, "@")
	r := []rune(local)
	if len(r) == 0 {
		return Masked{Domain: domain}
	}
	return Masked{First: string(r[0]), Last: string(r[len(r)-1]), Domain: domain}
}

// Ticket is a masked address on its way to the page that shows it, with a seal: nobody else can make that page show something.
func (s *Service) Ticket(ctx context.Context, m Masked) (string, error) {
	k, err := s.key(ctx)
	if err != nil {
		return "", err
	}
	text := base64.RawURLEncoding.EncodeToString([]byte(m.String()))
	return text + "." + k.sign("ticket", text), nil
}

// OfTicket reads a ticket; ok is false where the seal is not ours.
func (s *Service) OfTicket(ctx context.Context, ticket string) (m Masked, ok bool, err error) {
	k, err := s.key(ctx)
	if err != nil {
		return Masked{}, false, err
	}
	text, seal, _ := strings.Cut(ticket, ".")
	if !hmac.Equal([]byte(seal), []byte(k.sign("ticket", text))) {
		return Masked{}, false, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return Masked{}, false, err
	}
	return Mask(string(b)), true, nil
}

const letters = "abcdefghijklmnopqrstuvwxyz"

// shown is the masked address that the page shows for a user name and its account, if any. Where there is no address it is invented: another
// school's for a name like a school's, always the same for the same name; it cannot be told from a true one, for the schools' addresses
// are public. Of the office's nothing is shown: who knows how a firm writes its addresses would see by any letter whether a name is
// somebody's. The same is read whatever exists.
func (s *Service) shown(ctx context.Context, k key, username string, a Account) (Masked, error) {
	to, err := s.recipient(ctx, a)
	if err != nil {
		return Masked{}, err
	}
	sum := k.sum("address", username)
	letter := func(i int) string { n := int(sum[i]) % len(letters); return letters[n : n+1] }
	near, err := s.Schools.EmailNear(ctx, strings.ToUpper(letter(0)+letter(1)+letter(2)+letter(3)))
	if err != nil {
		return Masked{}, err
	}
	if !strings.HasPrefix(username, supervisor) {
		return Masked{}, nil
	}
	email := to.Email
	if email == "" {
		email = near
	}
	if email == "" {
		email = letter(4) + letter(5) + "@istruzione.it"
	}
	return Mask(email), nil
}
