package web

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/iotest"

	"rinnova"
)

func upload(u *Uploads, user string, body io.Reader) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/", body)
	return r.WithContext(contextWith(r, &request{user: user, uploads: u}))
}

// What comes is what was sent, whether it waits in memory or in a file, and breaks where it broke.
func TestABodyIsReceivedAsItCame(t *testing.T) {
	broke := errors.New("broke off")
	for _, size := range []int{0, 1, DefaultBody - 1, DefaultBody, DefaultBody + 1, 5 << 20} {
		sent := bytes.Repeat([]byte("abcdefg"), size/7+1)[:size]
		for want, body := range map[error]io.Reader{nil: bytes.NewReader(sent), broke: io.MultiReader(bytes.NewReader(sent), iotest.ErrReader(broke))} {
			u := &Uploads{}
			r := upload(u, "SCUOLA", body)
			done, err := Receive(r)
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(r.Body)
			if !errors.Is(err, want) || !bytes.Equal(got, sent) {
				t.Errorf("%d bytes: %d have come, %v, want %v", size, len(got), err, want)
			}
			if done(); len(u.of) > 0 {
				t.Errorf("%d bytes: %v are still counted", size, u.of)
			}
		}
	}
}

// A user who lets large bodies hang keeps nobody but themselves from sending more.
func TestLargeBodiesOfAUserAreFew(t *testing.T) {
	u, large := &Uploads{}, make([]byte, DefaultBody+1)
	var pending []func()
	for range uploadsAtOnce {
		done, err := Receive(upload(u, "SCUOLA", bytes.NewReader(large)))
		if err != nil {
			t.Fatal(err)
		}
		pending = append(pending, done)
	}
	receive := func(user string, body []byte) error {
		done, err := Receive(upload(u, user, bytes.NewReader(body)))
		if err == nil {
			done()
		}
		return err
	}
	if err := receive("SCUOLA", large); rinnova.KindOf(err) != rinnova.TooMany {
		t.Errorf("one more: %v", err)
	}
	if form, other := receive("SCUOLA", large[:100]), receive("ALTRA", large); form != nil || other != nil {
		t.Errorf("a form: %v; another user: %v", form, other)
	}
	pending[0]()
	if err := receive("SCUOLA", large); err != nil {
		t.Errorf("when one is done: %v", err)
	}
}
