package webob

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gowebob/gowebob/webob/header"
)

// ParseSetCookie reads one Set-Cookie field, as a client does (RFC 6265bis §5.6),
// with the value unquoted as in CookieDict. An attribute that is unknown or cannot
// be read stays in Unparsed, and harms no other; of one given twice the last counts.
// What has no name that a cookie can have, or a control character in the value, is
// a *CookieError.
//
// net/http.ParseSetCookie refuses values with backslashes, and takes quotes off
// none; this one reads what SetCookie writes. WebOb: Cookie.load.
func ParseSetCookie(field string) (*http.Cookie, error) {
	name, value, rest, ok := nextCookie(field)
	if !ok {
		if isCookieName(name) && strings.ContainsRune(field, '=') {
			return nil, &CookieError{name, CookieValue}
		}
		return nil, &CookieError{name, CookieName}
	}
	c := &http.Cookie{Name: name, Value: unquoteCookie(value), Quoted: strings.HasPrefix(value, `"`), Raw: field}
	for rest != "" {
		var piece string
		piece, rest = cutByte(rest, ';')
		if piece = trimBlank(piece); piece != "" && !parseCookieAttribute(c, piece) {
			c.Unparsed = append(c.Unparsed, piece)
		}
	}
	return c, nil
}

// parseCookieAttribute reads one attribute, and tells whether it could.
func parseCookieAttribute(c *http.Cookie, piece string) bool {
	name, value := cutByte(piece, '=')
	value = unquoteCookie(trimBlank(value))
	if hasControl(value) {
		return false
	}
	switch strings.ToLower(trimBlank(name)) {
	case "path":
		c.Path = value
	case "domain":
		c.Domain = value
	case "max-age":
		return parseMaxAge(c, value)
	case "expires":
		c.RawExpires = value
		t, ok := cookieDate(value)
		if ok {
			c.Expires = t
		}
		return ok
	case "samesite":
		return parseSameSite(c, value)
	case "secure":
		c.Secure = true
	case "httponly":
		c.HttpOnly = true
	case "partitioned":
		c.Partitioned = true
	default:
		return false
	}
	return true
}

// parseMaxAge reads digits, or a minus and digits: at once, which net/http writes -1.
func parseMaxAge(c *http.Cookie, s string) bool {
	n, err := strconv.ParseInt(s, 10, 64)
	digits := strings.TrimPrefix(s, "-")
	if err != nil && len(digits) < 19 || digits == "" || strings.Trim(digits, "0123456789") != "" {
		return false
	}
	c.MaxAge = -1
	if n > 0 {
		c.MaxAge = int(min(n, math.MaxInt))
	}
	return true
}

func parseSameSite(c *http.Cookie, s string) bool {
	switch strings.ToLower(s) {
	case "lax":
		c.SameSite = http.SameSiteLaxMode
	case "strict":
		c.SameSite = http.SameSiteStrictMode
	case "none":
		c.SameSite = http.SameSiteNoneMode
	default:
		return false
	}
	return true
}

// cookieDate reads the date of HTTP, and that of the first cookies, which has
// hyphens and mostly two digits for the year.
func cookieDate(s string) (time.Time, bool) {
	if t, err := header.ParseDate(s); err == nil {
		return t, true
	}
	for _, layout := range []string{"Mon, 02-Jan-2006 15:04:05 GMT", "Mon, 02-Jan-06 15:04:05 GMT"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
