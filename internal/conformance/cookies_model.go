package conformance

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/encoding/unicode"
)

// A model of cookies by regular expressions, against which the rules hold the
// answers of the code under test.

var (
	cookiesModelToken   = regexp.MustCompile("^[!#%&'*+.^_`|~0-9A-Za-z-][!#$%&'*+.^_`|~0-9A-Za-z-]*$")
	cookiesModelNoName  = regexp.MustCompile(`(?i)^(path|comment|domain|max-age|expires|secure|httponly|samesite)$`)
	cookiesModelControl = regexp.MustCompile(`[\x00-\x1f\x7f]`)
	cookiesModelPiece   = regexp.MustCompile(`(?s)^[ \t]*(.*?)[ \t]*=[ \t]*(.*?)[ \t]*$`)
	cookiesModelQuoted  = regexp.MustCompile(`(?s)^"((?:[^"\\]|\\.)*\\?)"$`)
	cookiesModelEscape  = regexp.MustCompile(`(?s)\\([0-3][0-7][0-7]|.)`)
	cookiesModelPlain   = regexp.MustCompile("^[!#$%&'()*+./0-9:<=>?@A-Z\\[\\]^_`a-z{|}~-]*$")
)

func cookiesModelName(name string) bool {
	return cookiesModelToken.MatchString(name) && !cookiesModelNoName.MatchString(name)
}

// cookiesModelSplit is the name and the value, still quoted, of one piece.
func cookiesModelSplit(piece string) (name, value string, ok bool) {
	m := cookiesModelPiece.FindStringSubmatch(piece)
	if m == nil {
		return "", "", false
	}
	return m[1], m[2], cookiesModelName(m[1]) && !cookiesModelControl.MatchString(m[2])
}

// cookiesModelUnquote gives the bytes that a value stands for.
func cookiesModelUnquote(v string) string {
	if m := cookiesModelQuoted.FindStringSubmatch(v); m != nil {
		v = m[1]
	}
	return cookiesModelEscape.ReplaceAllStringFunc(v, func(escape string) string {
		if n, err := strconv.ParseUint(escape[1:], 8, 8); err == nil && len(escape) == 4 {
			return string([]byte{byte(n)})
		}
		return escape[1:]
	})
}

func cookiesModelQuote(v string) string {
	if cookiesModelPlain.MatchString(v) {
		return v
	}
	var b strings.Builder
	for i := range len(v) {
		if c := v[i : i+1]; c == " " || cookiesModelPlain.MatchString(c) {
			b.WriteString(c)
		} else {
			fmt.Fprintf(&b, `\%03o`, v[i])
		}
	}
	return `"` + b.String() + `"`
}

// cookiesModelList are all cookies of a field, as bytes.
func cookiesModelList(field string) [][2]string {
	list := [][2]string{}
	for _, piece := range strings.Split(field, ";") {
		if name, value, ok := cookiesModelSplit(piece); ok {
			list = append(list, [2]string{name, cookiesModelUnquote(value)})
		}
	}
	return list
}

// cookiesModelDict is the mapping, as text.
func cookiesModelDict(field string) [][2]string {
	dict := [][2]string{}
	for _, c := range cookiesModelList(field) {
		c[1] = cookiesModelUTF8(c[1])
		i := slices.IndexFunc(dict, func(d [2]string) bool { return d[0] == c[0] })
		if i < 0 {
			dict = append(dict, c)
		} else {
			dict[i] = c
		}
	}
	return dict
}

func cookiesModelUTF8(s string) string {
	text, err := unicode.UTF8.NewDecoder().String(s)
	if err != nil {
		panic(err)
	}
	return text
}

// cookiesModelJar is a Cookie field in pieces, to be changed.
type cookiesModelJar struct{ pieces []string }

func cookiesModelNew(field *string) *cookiesModelJar {
	j := new(cookiesModelJar)
	if field != nil {
		folded, _ := cookiesFoldField(Raw(*field)).(string)
		j.pieces = strings.Split(folded, "; ")
	}
	return j
}

// field is the field as text of an answer.
func (j *cookiesModelJar) field() any { return cookiesFoldField(Latin(strings.Join(j.pieces, "; "))) }

func (j *cookiesModelJar) dict() [][2]string { return cookiesModelDict(strings.Join(j.pieces, ";")) }

func (j *cookiesModelJar) get(name string) (string, bool) {
	for _, c := range j.dict() {
		if c[0] == name {
			return c[1], true
		}
	}
	return "", false
}

// is tells the pieces of a name, those with a value that cannot be read too.
func (j *cookiesModelJar) is(name string) func(string) bool {
	return func(piece string) bool {
		m := cookiesModelPiece.FindStringSubmatch(piece)
		return m != nil && m[1] == name && cookiesModelName(name)
	}
}

func (j *cookiesModelJar) set(name, value string) bool {
	if !cookiesModelName(name) || cookiesModelControl.MatchString(value) {
		return false
	}
	pair := name + "=" + cookiesModelQuote(value)
	i := slices.IndexFunc(j.pieces, j.is(name))
	if i < 0 {
		i = len(j.pieces)
	}
	rest := slices.DeleteFunc(slices.Clone(j.pieces), j.is(name))
	j.pieces = slices.Insert(rest, min(i, len(rest)), pair)
	return true
}

func (j *cookiesModelJar) del(name string) bool {
	before := len(j.pieces)
	j.pieces = slices.DeleteFunc(j.pieces, j.is(name))
	return len(j.pieces) < before
}

// update sets all members of an object, by their names.
func (j *cookiesModelJar) update(values any) bool {
	object := values.(map[string]any)
	for _, name := range SortedKeys(object) {
		if value, ok := object[name].(string); !ok || !j.set(name, value) {
			return false
		}
	}
	return true
}

// cookiesModelSetCookie writes a Set-Cookie field; ok is false where it is refused.
func cookiesModelSetCookie(name string, value *string, o cookiesOptions, now time.Time) (field string, ok bool) {
	text, path, domain := "", "/", ""
	age, hasAge := 0.0, true
	if value != nil {
		text = *value
		if age, hasAge, ok = cookiesModelAge(o.MaxAge); !ok {
			return "", false
		}
	}
	if o.Path != nil {
		path = cookiesModelText(o.Path)
	}
	if o.Domain != nil {
		domain = *o.Domain
	}
	quoted := cookiesModelQuote(text)
	if !cookiesModelName(name) || cookiesModelControl.MatchString(text) || cookiesModelOdd(path) || cookiesModelOdd(domain) ||
		len(name)+len(quoted) > 4096 || len(path) > 1024 || len(domain) > 1024 || !cookiesModelPrefix(name, o.Secure, path, domain) {
		return "", false
	}
	field = name + "=" + quoted
	if domain != "" {
		field += "; domain=" + domain
	}
	if path != "" {
		field += "; path=" + path
	}
	if hasAge {
		expires := now.Add(time.Duration(age) * time.Second)
		field += fmt.Sprintf("; max-age=%d; expires=%s", int64(age), expires.UTC().Format(http.TimeFormat))
	}
	if o.Secure {
		field += "; secure"
	}
	if o.HTTPOnly {
		field += "; httponly"
	}
	if o.SameSite != nil {
		s := strings.ToLower(*o.SameSite)
		if !slices.Contains([]string{"lax", "strict", "none"}, s) || s == "none" && !o.Secure {
			return "", false
		}
		field += "; samesite=" + s
	}
	return field, true
}

// cookiesModelText is text of a question, null being none.
func cookiesModelText(raw json.RawMessage) string {
	if s := decodeStrict[*string](raw); s != nil {
		return *s
	}
	return ""
}

// cookiesModelAge reads a max_age.
func cookiesModelAge(v any) (seconds float64, has, ok bool) {
	switch v := v.(type) {
	case nil:
		return 0, false, true
	case string:
		n, err := strconv.ParseUint(v, 10, 63)
		return float64(n), true, err == nil
	case json.Number:
		return number(v), true, true
	case map[string]any:
		return number(v["$timedelta"]), true, true
	}
	return 0, false, false
}

// cookiesModelOdd tells what an attribute must not hold.
func cookiesModelOdd(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' || r == ';' })
}

// cookiesModelPrefix tells whether a cookie keeps what its name promises.
func cookiesModelPrefix(name string, secure bool, path, domain string) bool {
	switch name = strings.ToLower(name); {
	case strings.HasPrefix(name, "__secure-"):
		return secure
	case strings.HasPrefix(name, "__host-"):
		return secure && path == "/" && domain == ""
	}
	return true
}
