package header

import (
	"encoding/base64"
	"strings"

	"github.com/gowebob/gowebob/internal/quoted"
)

// Credentials and challenges, RFC 9110, section 11:
//
//	credentials = auth-scheme [ 1*SP ( token68 / #auth-param ) ]
//	challenge   = auth-scheme [ 1*SP ( token68 / #auth-param ) ]
//	auth-param  = token BWS "=" BWS ( token / quoted-string )
//
//	Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==
//	Authorization: Digest username="Mufasa", realm="x"
//	WWW-Authenticate: Basic realm="x", charset="UTF-8"
//
// These fields are read as WebOb reads them: the scheme ends at the first
// space, what follows is text until somebody asks for its parts (Basic, Bearer,
// Params). An empty field has an empty scheme. Of several lines the first
// counts; see Challenges for all.
var (
	// Authorization is who makes a request. WebOb: Request.authorization.
	Authorization = NewField("Authorization", parseCredentials, Credentials.format)
	// ProxyAuthorization is the same for a proxy, RFC 9110, section 11.7.2.
	ProxyAuthorization = NewField("Proxy-Authorization", parseCredentials, Credentials.format)
	// WWWAuthenticate is how to authenticate, a 401's challenge. A client
	// reads Challenges, as there may be several. WebOb:
	// Response.www_authenticate.
	WWWAuthenticate = NewField("Www-Authenticate", parseCredentials, Credentials.format)
	// ProxyAuthenticate is the same of a proxy's 407.
	ProxyAuthenticate = NewField("Proxy-Authenticate", parseCredentials, Credentials.format)
)

// Credentials are an authentication scheme and what follows it. Challenges have
// the same form.
type Credentials struct {
	// Scheme is the scheme as it was written; compare it by Is.
	Scheme string
	// Text is what follows the scheme, without leading spaces.
	Text string
}

// BasicCredentials are those of RFC 7617, in UTF-8. The user's name must not
// hold a colon: the first one ends it.
func BasicCredentials(user, password string) Credentials {
	return Credentials{"Basic", base64.StdEncoding.EncodeToString([]byte(user + ":" + password))}
}

// BearerCredentials are those of RFC 6750.
func BearerCredentials(token string) Credentials { return Credentials{"Bearer", token} }

// NewCredentials are credentials, or a challenge, with parameters. Values are
// written in quotes, escaped where needed.
func NewCredentials(scheme string, params Params) Credentials {
	var b []byte
	for i, p := range params {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = append(b, p.Name...)
		b = append(b, '=')
		b = quoted.Append(b, p.Value)
	}
	return Credentials{scheme, string(b)}
}

// Is compares the scheme, without case.
func (c Credentials) Is(scheme string) bool { return equalFold(c.Scheme, scheme) }

// Basic are the user and password of RFC 7617; ok is false for another scheme,
// and where the text is no base64 of something with a colon in it. Compare
// passwords in constant time (crypto/subtle).
func (c Credentials) Basic() (user, password string, ok bool) {
	if !c.Is("Basic") {
		return "", "", false
	}
	b, err := base64.StdEncoding.DecodeString(c.Text)
	if err != nil {
		return "", "", false
	}
	return strings.Cut(string(b), ":")
}

// Bearer is the token of RFC 6750; ok is false for another scheme, and where
// the text is no token68.
func (c Credentials) Bearer() (token string, ok bool) {
	if !c.Is("Bearer") || !isToken68(c.Text) {
		return "", false
	}
	return c.Text, true
}

// HasParams tells, by the scheme, whether parameters follow rather than text:
// for Digest, WSSE, HMACDigest, GoogleLogin, Cookie and OpenID, and for Basic
// with a quote in it (a challenge). These are the schemes WebOb knows.
func (c Credentials) HasParams() bool {
	switch toLower(c.Scheme) {
	case "digest", "wsse", "hmacdigest", "googlelogin", "cookie", "openid":
		return true
	case "basic":
		return strings.IndexByte(c.Text, '"') >= 0
	}
	return false
}

// Params are the parameters that follow the scheme, whatever it is; an error
// where the text is no list of them. Where a name comes twice both are there.
func (c Credentials) Params() (Params, error) { return ParseAuthParams(c.Text) }

// String is the value as it is sent.
func (c Credentials) String() string { return c.Scheme + " " + c.Text }

// format takes any scheme and text, as WebOb does; Set sees to control characters.
func (c Credentials) format() (string, error) { return c.String(), nil }

// ParseCredentials divides a value at its first space.
func ParseCredentials(s string) Credentials {
	scheme, text, _ := strings.Cut(s, " ")
	return Credentials{scheme, strings.TrimLeft(text, " ")}
}

// parseCredentials never fails: everything has a first word.
func parseCredentials(lines []string) (Credentials, error) {
	return ParseCredentials(lines[0]), nil
}

// ParseAuthParams reads a list of parameters as they follow a scheme.
func ParseAuthParams(s string) (Params, error) {
	var ps Params
	for i := skipListSpace(s, 0); i < len(s); i = skipListSpace(s, i) {
		p, end, err := parseParam(s, i, paramStyle{space: true})
		if err != nil {
			return nil, err
		}
		if i = skipOWS(s, end); i < len(s) && s[i] != ',' {
			return nil, bad(s, i, syntaxError("comma expected"))
		}
		if len(ps) == maxParams {
			return nil, bad(s, i, ErrTooMany)
		}
		ps = append(ps, p)
	}
	return ps, nil
}

// skipListSpace skips white space and commas: what may stand before an element.
func skipListSpace(s string, i int) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '\t' || s[i] == ',') {
		i++
	}
	return i
}

// isToken68 tells whether s is a token68: letters, digits, -._~+/ and = at the end.
func isToken68(s string) bool { return s != "" && token68End(s, 0) == len(s) }

// token68End is where the token68 that starts at i ends.
func token68End(s string, i int) int {
	from := i
	for i < len(s) && classes[s[i]]&class68 != 0 {
		i++
	}
	if i == from {
		return i
	}
	for i < len(s) && s[i] == '=' {
		i++
	}
	return i
}
