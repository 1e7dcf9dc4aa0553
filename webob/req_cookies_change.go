package webob

import (
	"net/http"
	"strings"
)

// Set sets a cookie of the request, as a client would that asks an app or another
// server: in its place if it is there (of several of that name one is left), else
// at the end. A value that a cookie cannot hold is escaped as Response.SetCookie
// does it. An error is a *CookieError with the rule CookieName or CookieValue.
func (d CookieDict) Set(name, value string) error {
	switch {
	case !isCookieName(name):
		return &CookieError{name, CookieName}
	case hasControl(value):
		return &CookieError{name, CookieValue}
	}
	pair := string(appendCookieValue(append(append(make([]byte, 0, len(name)+len(value)+3), name...), '='), value))
	if d.replace(name, pair) {
		return nil
	}
	if field := strings.TrimRight(d.joined(), " \t;"); field != "" {
		pair = field + "; " + pair
	}
	d.put(pair)
	return nil
}

// SetDefault is the value of a cookie; if there is none, it is set.
func (d CookieDict) SetDefault(name, value string) (string, error) {
	if v, ok := d.Lookup(name); ok {
		return v, nil
	}
	return value, d.Set(name, value)
}

// Del takes a cookie away; ErrNoKey tells that there was none.
func (d CookieDict) Del(name string) error {
	if !isCookieName(name) || !d.replace(name, "") {
		return keyError(name, ErrNoKey)
	}
	return nil
}

// Pop takes a cookie away and returns its value; ErrNoKey tells that there was none.
func (d CookieDict) Pop(name string) (string, error) {
	v, ok := d.Lookup(name)
	if !ok {
		return "", keyError(name, ErrNoKey)
	}
	return v, d.Del(name)
}

// Clear takes all cookies away, and the field with them.
func (d CookieDict) Clear() { d.put("") }

// replace puts a pair in the place of the first cookie of that name and takes the
// others away, all of them if pair is empty. What stands around them stays.
func (d CookieDict) replace(name, pair string) (found bool) {
	var b strings.Builder
	for rest := d.joined(); rest != ""; {
		var piece string
		piece, rest = cutByte(rest, ';')
		if strings.IndexByte(piece, '=') >= 0 && pieceName(piece) == name {
			if found || pair == "" {
				found = true
				continue
			}
			found = true
			piece = blankBefore(piece) + pair
		}
		if b.Len() > 0 {
			b.WriteByte(';')
		} else {
			piece = trimBlank(piece)
		}
		b.WriteString(piece)
	}
	if found {
		d.put(b.String())
	}
	return found
}

// blankBefore is the white space that a piece begins with.
func blankBefore(piece string) string {
	return piece[:len(piece)-len(strings.TrimLeft(piece, " \t"))]
}

// joined is the whole of the Cookie fields.
func (d CookieDict) joined() string {
	if lines := d.lines(); len(lines) != 1 {
		return strings.Join(lines, "; ")
	}
	return d.lines()[0]
}

// put sets the field, or takes it away: RFC 6265bis §4.2.1 has no empty one.
func (d CookieDict) put(field string) {
	switch {
	case field != "" && *d.header == nil:
		*d.header = http.Header{"Cookie": {field}}
	case field != "":
		(*d.header)["Cookie"] = []string{field}
	default:
		delete(*d.header, "Cookie")
	}
}
