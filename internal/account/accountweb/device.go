package accountweb

import (
	"net/http"

	"rinnova/internal/account"
	"rinnova/internal/web"
)

// deviceCookie is what a browser keeps from when somebody came in with it: a number of which wrong passwords are counted apart.
// It opens nothing.
const deviceCookie = "rinnova-conosciuto"

func (g *Gate) deviceCookie() string {
	if g.Sessions.Cookie.Secure {
		return "__Host-" + deviceCookie
	}
	return deviceCookie
}

// visitor is who makes a request at the door.
func (g *Gate) visitor(r *http.Request) account.Visitor {
	v := account.Visitor{Network: web.ClientNetwork(r), Site: web.ClientSite(r), Agent: r.UserAgent()}
	if a := web.ClientAddr(r); a.IsValid() {
		v.Address = a.String()
	}
	if c, err := r.Cookie(g.deviceCookie()); err == nil {
		v.Device = c.Value
	}
	return v
}

// recognise lets the browser keep what it is known by.
func (g *Gate) recognise(w http.ResponseWriter, device string) {
	http.SetCookie(w, &http.Cookie{Name: g.deviceCookie(), Value: device, Path: "/", MaxAge: int(account.DeviceMemory.Seconds()),
		Secure: g.Sessions.Cookie.Secure, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}
