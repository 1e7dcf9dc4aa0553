package header

import (
	"slices"
	"strconv"
	"strings"

	"github.com/gowebob/gowebob/internal/quoted"
)

// Cache-Control holds directives for caches, RFC 9111, section 5.2:
//
//	Cache-Control   = #cache-directive
//	cache-directive = token [ "=" ( token / quoted-string ) ]
//
//	Cache-Control: max-age=3600, public
//	Cache-Control: private="Set-Cookie", no-cache
//	Cache-Control: community="UCI"            ; unknown ones are kept
//
// Reading is lenient, as WebOb's and caches' is: directives may be divided by
// spaces and semicolons too, what is no directive is passed over, and so only
// more than 100 directives make a bad field. Several lines are one list.
var (
	// CacheControl is the field of a response, and for reading of a request
	// too; Set takes it away with its last directive. WebOb:
	// Response.cache_control.
	CacheControl = NewField("Cache-Control", parseDirectiveLines, formatResponseDirectives)
	// RequestCacheControl is the field of a request; without directives Set
	// leaves an empty field, as WebOb does, unless they are nil. WebOb:
	// Request.cache_control.
	RequestCacheControl = NewField("Cache-Control", parseDirectiveLines, formatRequestDirectives)
)

// maxDirectives is how many directives a field may have.
const maxDirectives = 100

// Directive is one directive of Cache-Control.
type Directive struct {
	// Name is the directive's name in small letters: "max-age".
	Name string
	// Value is what follows the =, without quotes; "" for a directive
	// without a value.
	Value string
}

// Directives are the directives of a Cache-Control field, each name once. Its
// zero value holds none and is ready to use. Names are compared without case.
type Directives []Directive

// find is the index of a directive, or -1.
func (d Directives) find(name string) int {
	return slices.IndexFunc(d, func(x Directive) bool { return equalFold(x.Name, name) })
}

// Has tells whether there is a directive, with a value or without.
func (d Directives) Has(name string) bool { return d.find(name) >= 0 }

// Value is the value of a directive, "" where it has none, and whether it is
// there at all.
func (d Directives) Value(name string) (string, bool) {
	if i := d.find(name); i >= 0 {
		return d[i].Value, true
	}
	return "", false
}

// Seconds is the value of a directive such as max-age as a number; ok is false
// where it is not there, or is no number. Beyond 63 bits it is 2^63-1, see RFC
// 9111, section 1.2.2.
func (d Directives) Seconds(name string) (n int64, ok bool) {
	v, _ := d.Value(name)
	n, end := digits(v, 0)
	if end == 0 || end < len(v) {
		return 0, false
	}
	if n < 0 {
		n = 1<<63 - 1
	}
	return n, true
}

// Set sets a directive, in the place of one of that name. An empty value makes
// one without a value.
func (d *Directives) Set(name, value string) {
	if i := d.find(name); i >= 0 {
		(*d)[i].Value = value
		return
	}
	*d = append(*d, Directive{toLower(name), value})
}

// SetSeconds sets a directive to a number of seconds.
func (d *Directives) SetSeconds(name string, n int64) { d.Set(name, strconv.FormatInt(n, 10)) }

// SetRequest is Set for the Cache-Control of a request. It refuses with an
// error what RFC 9111 and its extensions have for responses only: public,
// private, must-revalidate, proxy-revalidate, s-maxage ...
func (d *Directives) SetRequest(name, value string) error {
	if responseOnly(toLower(name)) {
		return &FieldError{Name: "Cache-Control", Value: name, Offset: -1, Err: errResponseOnly}
	}
	d.Set(name, value)
	return nil
}

// SetResponse is Set for the Cache-Control of a response. It refuses with an
// error what RFC 9111 has for requests only: max-stale, min-fresh,
// only-if-cached.
func (d *Directives) SetResponse(name, value string) error {
	if requestOnly(toLower(name)) {
		return &FieldError{Name: "Cache-Control", Value: name, Offset: -1, Err: errRequestOnly}
	}
	d.Set(name, value)
	return nil
}

const (
	errResponseOnly = syntaxError("a directive of responses only")
	errRequestOnly  = syntaxError("a directive of requests only")
)

// requestOnly tells the directives of RFC 9111, section 5.2.1, that responses
// do not have.
func requestOnly(name string) bool {
	switch name {
	case "max-stale", "min-fresh", "only-if-cached":
		return true
	}
	return false
}

// responseOnly tells the directives of section 5.2.2, RFC 5861 and RFC 8246 that
// requests do not have.
func responseOnly(name string) bool {
	switch name {
	case "public", "private", "must-revalidate", "proxy-revalidate", "s-maxage",
		"stale-while-revalidate", "stale-if-error", "must-understand", "immutable":
		return true
	}
	return false
}

// Del takes a directive away.
func (d *Directives) Del(name string) {
	if i := d.find(name); i >= 0 {
		*d = slices.Delete(*d, i, i+1)
	}
}

// String is the value as it is sent: sorted by name, values in quotes unless
// they consist of letters, digits, dots, hyphens and underscores.
func (d Directives) String() string {
	sorted := slices.Clone(d)
	slices.SortStableFunc(sorted, func(a, b Directive) int { return strings.Compare(a.Name, b.Name) })
	var b []byte
	for i, x := range sorted {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = append(b, x.Name...)
		if x.Value == "" {
			continue
		}
		b = append(b, '=')
		if plainValue(x.Value) {
			b = append(b, x.Value...)
		} else {
			b = quoted.Append(b, x.Value)
		}
	}
	return string(b)
}

// plainValue tells whether a directive's value is written without quotes.
func plainValue(s string) bool {
	for i := 0; i < len(s); i++ {
		if classes[s[i]]&(classUpper|classLower|classDigit) == 0 && s[i] != '.' && s[i] != '-' && s[i] != '_' {
			return false
		}
	}
	return true
}

// formatResponseDirectives takes the field away with its last directive.
func formatResponseDirectives(d Directives) (string, error) {
	if len(d) == 0 {
		return "", ErrAbsent
	}
	return formatRequestDirectives(d)
}

// formatRequestDirectives leaves an empty field where d is empty but not nil.
func formatRequestDirectives(d Directives) (string, error) {
	if d == nil {
		return "", ErrAbsent
	}
	for _, x := range d {
		if !isToken(x.Name) {
			return "", bad(x.Name, -1, syntaxError("a directive's name is a token"))
		}
	}
	return d.String(), nil
}

// ParseDirectives reads the value of a Cache-Control field. Of several
// directives of a name the last counts, in the place of the first; numbers lose
// their leading zeros.
func ParseDirectives(s string) (Directives, error) {
	d := Directives{}
	err := d.parse(s)
	return d, err
}

// parseDirectiveLines reads all lines into one set.
func parseDirectiveLines(lines []string) (Directives, error) {
	if allEmpty(lines) {
		return nil, ErrAbsent
	}
	d := make(Directives, 0, 4)
	for _, line := range lines {
		if err := d.parse(line); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// parse adds the directives of one line.
func (d *Directives) parse(s string) error {
	for i := 0; i < len(s); {
		end := tokenEnd(s, i)
		if end == i {
			i++
			continue
		}
		at, name := i, s[i:end]
		var value string
		value, i = directiveValue(s, end)
		d.Set(name, trimZeros(value))
		if len(*d) > maxDirectives {
			return bad(s, at, ErrTooMany)
		}
	}
	return nil
}

// directiveValue reads what follows a directive's name.
func directiveValue(s string, i int) (value string, end int) {
	eq := skipOWS(s, i)
	if eq == len(s) || s[eq] != '=' {
		return "", i
	}
	i = eq + 1
	if i < len(s) && s[i] == '"' {
		if end, ok := quotedEnd(s, i); ok {
			return unquote(s[i:end]), end
		}
		return "", i
	}
	end = i
	for end < len(s) && !strings.ContainsRune(" \t\",;", rune(s[end])) {
		end++
	}
	return s[i:end], end
}

// trimZeros takes leading zeros off a number, so that max-age=007 is written 7.
func trimZeros(s string) string {
	if len(s) < 2 || s[0] != '0' {
		return s
	}
	if _, end := digits(s, 0); end < len(s) {
		return s
	}
	for len(s) > 1 && s[0] == '0' {
		s = s[1:]
	}
	return s
}
