package webob

import (
	"net/http"
	"strconv"
	"time"

	"github.com/gowebob/gowebob/webob/header"
)

// NoPath is a cookie's Path that is left out: the cookie is then for the
// directory of the request.
const NoPath = "-"

// NewCookie is a cookie with the attributes that most should have: Secure,
// HttpOnly, SameSite=Lax, for all paths of this host, until the browser is closed.
// Change what must be otherwise before it is set.
func NewCookie(name, value string) *http.Cookie {
	return &http.Cookie{Name: name, Value: value, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}
}

// newOwnResponse makes a request's own response, which mostly is asked for because of a
// cookie or another field: it comes with room for them.
func newOwnResponse() *Response {
	p := new(struct {
		Response
		room header.Room
	})
	p.status = http.StatusOK
	p.header.Use(&p.room)
	return &p.Response
}

// SetCookie adds a cookie, by the rules of RFC 6265bis for servers. One of the
// same name that is there stays; UnsetCookie takes it away first.
//
// An empty Path is "/", NoPath leaves it out. With a MaxAge there is always an
// Expires too, for clients that know no Max-Age; a MaxAge below 0 deletes. A value
// with bytes that a cookie cannot hold is put in quotes with backslash escapes as
// in WebOb, and CookieDict reads it back as it was. Quoted and Unparsed are not
// looked at. An error is a *CookieError with the CookieRule that is broken, and
// nothing has been added. NewCookie makes a cookie with good attributes.
//
// WebOb: Response.set_cookie.
func (p *Response) SetCookie(c *http.Cookie) error {
	v, err := FormatCookie(c, time.Now())
	if err == nil {
		p.header.Grow(1)
		p.header.Add("Set-Cookie", v)
	}
	return err
}

// DeleteCookie tells the client to forget a cookie. Path ("" is "/") and domain
// must be those that it was set with. WebOb: Response.delete_cookie.
func (p *Response) DeleteCookie(name, path, domain string) error {
	secure := hasPrefixFold(name, "__Host-") || hasPrefixFold(name, "__Secure-")
	return p.SetCookie(&http.Cookie{Name: name, Path: path, Domain: domain, MaxAge: -1, Secure: secure})
}

// UnsetCookie takes back all cookies of that name that this Response would set,
// and says whether there were any. What it sets else stays byte for byte. WebOb:
// Response.unset_cookie.
func (p *Response) UnsetCookie(name string) bool {
	found := false
	p.header.DeleteFunc(func(field, value string) bool {
		match := field == "Set-Cookie" && pieceName(value) == name
		found = found || match
		return match
	})
	return found
}

// MergeCookies adds all cookies this Response would set to another one, behind
// those it sets itself. An empty field sets none and stays behind. WebOb:
// Response.merge_cookies.
func (p *Response) MergeCookies(onto *Response) {
	for _, v := range p.header.Values("Set-Cookie") {
		if v != "" {
			onto.header.Add("Set-Cookie", v)
		}
	}
}

// FormatCookie is the value of the Set-Cookie field that SetCookie adds; Max-Age is
// counted from now.
func FormatCookie(c *http.Cookie, now time.Time) (string, error) {
	var stack [256]byte
	b, err := AppendCookie(stack[:0], c, now)
	return string(b), err
}

// AppendCookie is FormatCookie for those who have a buffer. After an error b is as
// it was.
func AppendCookie(b []byte, c *http.Cookie, now time.Time) ([]byte, error) {
	if rule := brokenRule(c); rule != "" {
		return b, &CookieError{c.Name, rule}
	}
	start := len(b)
	b = append(append(b, c.Name...), '=')
	b = appendCookieValue(b, c.Value)
	if len(b)-start-1 > maxCookieSize {
		return b[:start], &CookieError{c.Name, CookieSize}
	}
	if c.Domain != "" {
		b = append(append(b, "; Domain="...), c.Domain...)
	}
	if c.MaxAge != 0 {
		b = strconv.AppendInt(append(b, "; Max-Age="...), int64(max(c.MaxAge, 0)), 10)
	}
	switch c.Path {
	case "":
		b = append(b, "; Path=/"...)
	case NoPath:
	default:
		b = append(append(b, "; Path="...), c.Path...)
	}
	if t := expiry(c, now); !t.IsZero() {
		b = header.AppendDate(append(b, "; Expires="...), t)
	}
	return appendFlags(b, c), nil
}

// expiry is when the cookie ends, the zero time for the end of the session.
func expiry(c *http.Cookie, now time.Time) time.Time {
	switch {
	case c.MaxAge < 0:
		return time.Unix(0, 0)
	case c.MaxAge > 0 && c.Expires.IsZero():
		return now.Add(time.Duration(min(int64(c.MaxAge), maxCookieAge)) * time.Second)
	}
	return c.Expires
}

// maxCookieAge keeps the year of Expires within four digits: a century.
const maxCookieAge = 100 * 365 * 24 * 3600

func appendFlags(b []byte, c *http.Cookie) []byte {
	if c.Secure {
		b = append(b, "; Secure"...)
	}
	if c.HttpOnly {
		b = append(b, "; HttpOnly"...)
	}
	switch c.SameSite {
	case http.SameSiteLaxMode:
		b = append(b, "; SameSite=Lax"...)
	case http.SameSiteStrictMode:
		b = append(b, "; SameSite=Strict"...)
	case http.SameSiteNoneMode:
		b = append(b, "; SameSite=None"...)
	}
	if c.Partitioned {
		b = append(b, "; Partitioned"...)
	}
	return b
}
