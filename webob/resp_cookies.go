package webob

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gowebob/gowebob/webob/header"
)

// CookieError is a cookie that was refused.
type CookieError struct {
	Name   string // of the cookie
	Reason string
}

// Error names the cookie, shortened, and the reason; never its value.
func (e *CookieError) Error() string { return fmt.Sprintf("webob: cookie %.64q: %s", e.Name, e.Reason) }

// ErrNoCookie is a name that cannot be a cookie's; it is what a CookieError for a
// bad name wraps.
var ErrNoCookie = errors.New("webob: not the name of a cookie")

// Unwrap is ErrNoCookie where the name is at fault.
func (e *CookieError) Unwrap() error {
	if e.Reason == reasonName {
		return ErrNoCookie
	}
	return nil
}

const reasonName = "the name must be a token, without $ in front, and not that of an attribute"

// NoPath is a cookie's Path that is left out: the cookie is then for the
// directory of the request.
const NoPath = "-"

// SetCookie adds a cookie, by the rules of RFC 6265bis for servers. One of the
// same name that is there stays; UnsetCookie takes it away first.
//
// An empty Path is "/", NoPath leaves it out. With a MaxAge there is always an
// Expires too, for clients that know no Max-Age; a MaxAge below 0 deletes. A value
// with bytes that a cookie cannot hold is put in quotes with backslash escapes as
// in WebOb, and our requests read it back as it was; control characters are
// refused, and so are a SameSite=None or Partitioned without Secure, and a name
// that begins with __Host- or __Secure- without what it promises. Quoted and Unparsed
// are not looked at. An error is a *CookieError, and nothing has been added.
//
// WebOb: Response.set_cookie.
func (p *Response) SetCookie(c *http.Cookie) error {
	v, err := FormatCookie(c, time.Now())
	if err == nil {
		p.header.Add("Set-Cookie", v)
	}
	return err
}

// DeleteCookie tells the client to forget a cookie. Path ("" is "/") and domain
// must be those that it was set with. WebOb: Response.delete_cookie.
func (p *Response) DeleteCookie(name, path, domain string) error {
	secure := strings.HasPrefix(name, "__Host-") || strings.HasPrefix(name, "__Secure-")
	return p.SetCookie(&http.Cookie{Name: name, Path: path, Domain: domain, MaxAge: -1, Secure: secure})
}

// UnsetCookie takes back all cookies of that name that this Response would set,
// and says whether there were any. What it sets else stays byte for byte. WebOb:
// Response.unset_cookie.
func (p *Response) UnsetCookie(name string) bool {
	found := false
	p.header.DeleteFunc(func(field, value string) bool {
		match := field == "Set-Cookie" && cookieName(value) == name
		found = found || match
		return match
	})
	return found
}

// cookieName is the name in a Set-Cookie field.
func cookieName(field string) string {
	pair, _, _ := strings.Cut(field, ";")
	name, _, _ := strings.Cut(pair, "=")
	return strings.Trim(name, " \t")
}

// MergeCookies adds all cookies this Response would set to another one, behind
// those it sets itself. WebOb: Response.merge_cookies.
func (p *Response) MergeCookies(onto *Response) {
	for _, v := range p.header.Values("Set-Cookie") {
		onto.header.Add("Set-Cookie", v)
	}
}

// FormatCookie is the value of the Set-Cookie field that SetCookie adds; Max-Age is
// counted from now.
func FormatCookie(c *http.Cookie, now time.Time) (string, error) {
	if reason := cookieFault(c); reason != "" {
		return "", &CookieError{c.Name, reason}
	}
	b := make([]byte, 0, len(c.Name)+len(c.Value)+len(c.Domain)+len(c.Path)+128)
	b = append(b, c.Name...)
	b = append(b, '=')
	b = appendCookieValue(b, c.Value)
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
	return string(appendFlags(b, c)), nil
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

// cookieFault says what keeps a cookie from being sent.
func cookieFault(c *http.Cookie) string {
	switch {
	case !validCookieName(c.Name):
		return reasonName
	case hasControl(c.Value):
		return "a control character in the value"
	case !attributeValue(c.Path):
		return "the path holds a semicolon, a control character or what is not ASCII"
	case !attributeValue(c.Domain):
		return "the domain holds a semicolon, a control character or what is not ASCII"
	case c.SameSite < 0 || c.SameSite > http.SameSiteNoneMode:
		return "no such SameSite"
	case c.SameSite == http.SameSiteNoneMode && !c.Secure:
		return "SameSite=None needs Secure"
	case c.Partitioned && !c.Secure:
		return "Partitioned needs Secure"
	case !c.Expires.IsZero() && (c.Expires.UTC().Year() < 1601 || c.Expires.UTC().Year() > 9999):
		return "Expires is not within the years 1601 to 9999"
	case hasPrefixFold(c.Name, "__Secure-") && !c.Secure:
		return "a name with __Secure- needs Secure"
	case hasPrefixFold(c.Name, "__Host-") && (!c.Secure || c.Domain != "" || c.Path != "" && c.Path != "/"):
		return "a name with __Host- needs Secure, the path / and no domain"
	}
	return ""
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// validCookieName takes tokens, but for those that older readers take for
// something else: attributes, and what RFC 2109 began with $.
func validCookieName(name string) bool {
	if !isToken(name) || name[0] == '$' {
		return false
	}
	switch strings.ToLower(name) {
	case "path", "comment", "domain", "max-age", "expires", "version", "secure", "httponly", "samesite", "partitioned":
		return false
	}
	return true
}

func hasControl(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] == 0x7f {
			return true
		}
	}
	return false
}

// attributeValue is RFC 6265bis §4.1.1's av-octet: no escape exists for the rest.
func attributeValue(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] >= 0x7f || s[i] == ';' {
			return false
		}
	}
	return true
}

// cookieOctet is what a value holds as it is, RFC 6265bis §4.1.1.
func cookieOctet(c byte) bool {
	return c > ' ' && c < 0x7f && c != '"' && c != ',' && c != ';' && c != '\\'
}

func appendCookieValue(b []byte, v string) []byte {
	plain := true
	for i := 0; i < len(v) && plain; i++ {
		plain = cookieOctet(v[i])
	}
	if plain {
		return append(b, v...)
	}
	b = append(b, '"')
	for i := 0; i < len(v); i++ {
		if c := v[i]; c == ' ' || cookieOctet(c) {
			b = append(b, c)
		} else {
			b = append(b, '\\', '0'+c>>6, '0'+c>>3&7, '0'+c&7)
		}
	}
	return append(b, '"')
}
