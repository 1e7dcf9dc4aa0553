package webob

import (
	"fmt"
	"net/http"
	"strings"
)

// CookieRule is one of the rules that a cookie must keep to be set: what RFC
// 6265bis asks of servers, and what browsers refuse. It is an error, so that
// errors.Is finds the one that was broken:
//
//	if errors.Is(err, webob.CookieSameSiteNone) { ... }
type CookieRule string

// The rules, in the order in which they are looked at. The first one broken is told.
const (
	// CookieName: RFC 6265bis §4.1.1, and what RFC 2109 has left in old readers.
	CookieName CookieRule = "the name must be a token, without $ in front, and not that of an attribute"
	// CookieValue: other odd bytes are escaped, but these no reader may ever see.
	CookieValue CookieRule = "the value must not hold control characters"
	// CookiePath: §4.1.1, path-value; no escape exists for the rest.
	CookiePath CookieRule = "the path must be ASCII without semicolons and control characters"
	// CookieDomain: §4.1.1, domain-value.
	CookieDomain CookieRule = "the domain must be ASCII without semicolons and control characters"
	// CookieExpires: §5.1.1 reads no other years.
	CookieExpires CookieRule = "Expires must be within the years 1601 to 9999"
	// CookieSameSite: it is one of the constants of net/http, or 0.
	CookieSameSite CookieRule = "SameSite must be Lax, Strict or None"
	// CookieSameSiteNone: §5.7, a browser drops the cookie.
	CookieSameSiteNone CookieRule = "SameSite=None needs Secure"
	// CookiePartitioned: CHIPS §2.1, a browser drops the cookie.
	CookiePartitioned CookieRule = "Partitioned needs Secure"
	// CookieSecurePrefix: §4.1.3.1, compared without case as browsers do.
	CookieSecurePrefix CookieRule = "a name with __Secure- needs Secure"
	// CookieHostPrefix: §4.1.3.2, compared without case as browsers do.
	CookieHostPrefix CookieRule = "a name with __Host- needs Secure, the path / and no domain"
	// CookieSize: §5.6, a browser drops the cookie. The value counts as it is sent.
	CookieSize CookieRule = "name and value must not have more than 4096 bytes together"
	// CookieAttributeSize: §5.6, a browser ignores the attribute.
	CookieAttributeSize CookieRule = "path and domain must not have more than 1024 bytes each"
)

// Error is the rule in words.
func (r CookieRule) Error() string { return string(r) }

// CookieError is a cookie that was refused.
type CookieError struct {
	Name string     // of the cookie
	Rule CookieRule // that it breaks
}

// Error names the cookie, shortened, and the rule; never its value.
func (e *CookieError) Error() string {
	return fmt.Sprintf("webob: cookie %.64q: %s", e.Name, string(e.Rule))
}

// Unwrap is the rule, for errors.Is.
func (e *CookieError) Unwrap() error { return e.Rule }

// The limits of RFC 6265bis §5.6, in bytes.
const (
	maxCookieSize      = 4096
	maxCookieAttribute = 1024
)

// brokenRule is the first rule that c breaks, or "". The size is looked at when
// the value has been written.
func brokenRule(c *http.Cookie) CookieRule {
	switch {
	case !isCookieName(c.Name):
		return CookieName
	case hasControl(c.Value):
		return CookieValue
	case !isAttributeValue(c.Path):
		return CookiePath
	case !isAttributeValue(c.Domain):
		return CookieDomain
	case len(c.Path) > maxCookieAttribute || len(c.Domain) > maxCookieAttribute:
		return CookieAttributeSize
	case !c.Expires.IsZero() && (c.Expires.UTC().Year() < 1601 || c.Expires.UTC().Year() > 9999):
		return CookieExpires
	case c.SameSite < 0 || c.SameSite > http.SameSiteNoneMode:
		return CookieSameSite
	case c.SameSite == http.SameSiteNoneMode && !c.Secure:
		return CookieSameSiteNone
	case c.Partitioned && !c.Secure:
		return CookiePartitioned
	case !c.Secure && hasPrefixFold(c.Name, "__Secure-"):
		return CookieSecurePrefix
	case hasPrefixFold(c.Name, "__Host-") && (!c.Secure || c.Domain != "" || c.Path != "" && c.Path != "/"):
		return CookieHostPrefix
	}
	return ""
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// isCookieName takes tokens, but for those that older readers take for
// something else: attributes, and what RFC 2109 began with $.
func isCookieName(name string) bool {
	return isToken(name) && name[0] != '$' && !isCookieAttribute(name)
}

// isCookieAttribute tells the names of attributes, in any case.
func isCookieAttribute(name string) bool {
	var known string
	switch len(name) {
	case 4:
		known = "path"
	case 6:
		known = "domain"
		if name[0]|0x20 == 's' {
			known = "secure"
		}
	case 7:
		known = "expires"
		switch name[0] | 0x20 {
		case 'c':
			known = "comment"
		case 'm':
			known = "max-age"
		}
	case 8:
		known = "httponly"
		if name[0]|0x20 == 's' {
			known = "samesite"
		}
	}
	return known != "" && name[0]|0x20 == known[0] && strings.EqualFold(name, known)
}

func hasControl(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] == 0x7f {
			return true
		}
	}
	return false
}

// isAttributeValue is RFC 6265bis §4.1.1's *av-octet.
func isAttributeValue(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= 0x7f || s[i] == ';' {
			return false
		}
	}
	return true
}
