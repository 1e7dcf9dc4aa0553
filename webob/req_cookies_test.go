package webob

import (
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// cookieRequest has these Cookie fields.
func cookieRequest(fields ...string) *Request {
	r := Blank("/")
	r.Header["Cookie"] = fields
	return r
}

// cookiePairs writes pairs as name=value, with | between.
func cookiePairs(d CookieDict) string {
	var b strings.Builder
	for name, value := range d.All() {
		b.WriteString(name + "=" + value + "|")
	}
	return b.String()
}

func TestReadCookies(t *testing.T) {
	rows := []struct {
		name, field, want string
		skips             bool
	}{
		{"none", "", "", false},
		{"two", "a=1; b=2", "a=1|b=2|", false},
		{"without spaces", "a=1;b=2", "a=1|b=2|", false},
		{"spaces and tabs around everything", " a \t= 1 ;\tb=2 ; ", "a=1|b=2|", false},
		{"an empty value", "a=; b=2", "a=|b=2|", false},
		{"an equals sign in the value", "a=b=c==", "a=b=c==|", false},
		{"of a repeated name the last value in the first place", "a=1; b=2; a=3", "a=3|b=2|", false},
		{"a name inside values and names", "bab=ab; b=a; xab=2; ab ab=3; ab=4; q=;ab;", "bab=ab|b=a|xab=2|ab=4|q=|", true},
		{"a name that ends the field", "ab=4; ab", "ab=4|", true},
		{"names have case", "a=1; A=2", "a=1|A=2|", false},
		{"quotes are taken off", `a="x y"`, "a=x y|", false},
		{"two quoted strings are none", `a="x" y="z"`, `a="x" y="z"|`, false},
		{"octal escapes in quotes", `a="caf\303\251"`, "a=café|", false},
		{"octal escapes without quotes", `a=\054`, "a=,|", false},
		{"what is no octal byte is itself", `a="\400\x41\"\\"`, `a=400x41"\|`, false},
		{"a backslash at the end stays", `a=b\`, `a=b\|`, false},
		{"JSON is kept whole", `a={"k":1,"l":[2]}`, `a={"k":1,"l":[2]}|`, false},
		{"spaces and commas do not divide", "a=1, b=2 c=3", "a=1, b=2 c=3|", false},
		{"an open quote ends with its cookie", `a="x; b=2`, `a="x|b=2|`, false},
		{"a quoted value cannot swallow the session", `a="; session=1; b="`, `a="|session=1|b="|`, false},
		{"bytes above ASCII", "a=é", "a=é|", false},
		{"what is no UTF-8 is U+FFFD and hides nobody", "a=\xff\xfe; b=\"\\377\"; c=3", "a=\uFFFD\uFFFD|b=\uFFFD|c=3|", false},
		{"a part without =", "a=1; junk; b=2", "a=1|b=2|", true},
		{"no name", "=1; b=2", "b=2|", true},
		{"a name with a space", "a b=1; b=2", "b=2|", true},
		{"a name with a slash", "a/b=1; b=2", "b=2|", true},
		{"a control character in the value", "a=1\n2; b=2", "b=2|", true},
		{"attributes of RFC 2109", "$Version=1; a=1; $Path=/; Path=/x", "a=1|", true},
		{"names that only look like attributes", "paths=1; version=2; partitioned=3", "paths=1|version=2|partitioned=3|", false},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			d := cookieRequest(row.field).CookieDict()
			assert.Equal(t, row.want, cookiePairs(d))
			for name, value := range d.All() {
				got, ok := d.Lookup(name)
				assert.True(t, ok)
				assert.Equal(t, value, got, "Lookup and All agree")
			}
			assert.Equal(t, strings.Count(row.want, "|"), d.Len())
			assert.Equal(t, row.skips, d.Err() != nil)
			list := ParseCookies(row.field)
			assert.Equal(t, row.skips, list.Err() != nil)
			if row.skips {
				assert.ErrorIs(t, d.Err(), ErrCookieSkipped)
				assert.ErrorIs(t, list.Err(), ErrCookieSkipped)
			}
		})
	}
}

func TestReadCookiesOverLines(t *testing.T) {
	d := cookieRequest("a=1; b=2", "a=3").CookieDict()
	assert.Equal(t, "a=3|b=2|", cookiePairs(d), "HTTP/2 may divide the field")
	assert.Equal(t, []string{"1", "3"}, d.Values("a"))
	assert.Nil(t, d.Values("c"))
	assert.False(t, d.Has("c"))
	assert.False(t, d.Has(""))
	assert.False(t, d.Has("pat"), "a name must match whole")
	for range d.All() {
		break
	}
	for name := range CookieDict(d).each() {
		assert.Equal(t, "a", name)
		break
	}
	assert.Equal(t, 0, CookieDict{}.Len(), "the zero value is empty")
}

func TestReadManyCookies(t *testing.T) {
	var b strings.Builder
	for i := range 40 {
		b.WriteString(strings.Repeat("n", i+1) + "=1; ")
	}
	d := cookieRequest(b.String() + b.String() + "n=2").CookieDict()
	assert.Equal(t, 40, d.Len())
	assert.Equal(t, "2", maps.Collect(d.All())["n"])
	list := ParseCookies(strings.Repeat("a=1;", MaxPairs+1))
	assert.ErrorIs(t, list.Err(), ErrTooManyPairs)
	assert.Equal(t, MaxPairs, list.Len())
}

func TestParseCookiesKeepsBytes(t *testing.T) {
	list := ParseCookies(`a=1; b="\351"; a=2`)
	assert.Equal(t, []string{"1", "2"}, list.Values("a"))
	assert.Equal(t, "\xe9", list.Get("b"))
}

func TestSkippedCookiesTellNoValue(t *testing.T) {
	err := cookieRequest("a b=secret").CookieDict().Err()
	assert.NotContains(t, err.Error(), "secret")
	assert.Contains(t, err.Error(), "a b")
}

func TestChangeCookies(t *testing.T) {
	rows := []struct {
		name, field string
		change      func(CookieDict) error
		want        string // the field after; "-" if it is gone
		err         error
	}{
		{"the first one", "-", func(d CookieDict) error { return d.Set("a", "1") }, "a=1", nil},
		{"one more", "a=1", func(d CookieDict) error { return d.Set("b", "2") }, "a=1; b=2", nil},
		{"one more behind an empty part", "a=1; ", func(d CookieDict) error { return d.Set("b", "2") }, "a=1; b=2", nil},
		{"in its place", "c=d;a=b ; e=f", func(d CookieDict) error { return d.Set("a", "x y") }, `c=d;a="x y"; e=f`, nil},
		{"of a repeated name one is left", "a=1; b=2; a=3", func(d CookieDict) error { return d.Set("a", "4") }, "a=4; b=2", nil},
		{"what is no cookie stays", "junk; a=1; $Path=/", func(d CookieDict) error { return d.Set("a", "2") }, "junk; a=2; $Path=/", nil},
		{"a name within a name", "ab=1; a=2", func(d CookieDict) error { return d.Set("a", "3") }, "ab=1; a=3", nil},
		{"odd bytes are escaped", "-", func(d CookieDict) error { return d.Set("a", "é;") }, `a="\303\251\073"`, nil},
		{"no control characters", "a=1", func(d CookieDict) error { return d.Set("a", "\n") }, "a=1", CookieValue},
		{"no such name", "a=1", func(d CookieDict) error { return d.Set("a b", "1") }, "a=1", CookieName},
		{"delete the first", "a=1; b=2", func(d CookieDict) error { return d.Del("a") }, "b=2", nil},
		{"delete the last", "a=1; b=2", func(d CookieDict) error { return d.Del("b") }, "a=1", nil},
		{"delete all of a name", "a=1; b=2; a=3", func(d CookieDict) error { return d.Del("a") }, "b=2", nil},
		{"the only one takes the field with it", "a=1", func(d CookieDict) error { return d.Del("a") }, "-", nil},
		{"delete what is not there", "a=1", func(d CookieDict) error { return d.Del("b") }, "a=1", ErrNoKey},
		{"delete an attribute", "$Path=1; a=1", func(d CookieDict) error { return d.Del("$Path") }, "$Path=1; a=1", ErrNoKey},
		{"pop what is not there", "a=1", func(d CookieDict) error { _, err := d.Pop("b"); return err }, "a=1", ErrNoKey},
		{"clear", "a=1; junk", func(d CookieDict) error { d.Clear(); return nil }, "-", nil},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			r := Blank("/")
			if row.field != "-" {
				r.Header.Set("Cookie", row.field)
			}
			err := row.change(r.CookieDict())
			assert.ErrorIs(t, err, row.err)
			got := "-"
			if _, ok := r.Header["Cookie"]; ok {
				got = r.Header.Get("Cookie")
			}
			assert.Equal(t, row.want, got)
		})
	}
}

func TestChangeCookiesMore(t *testing.T) {
	r := cookieRequest("a=1", "b=2")
	d := r.CookieDict()
	v, err := d.SetDefault("a", "9")
	require.NoError(t, err)
	assert.Equal(t, "1", v)
	v, err = d.SetDefault("c", "3")
	require.NoError(t, err)
	assert.Equal(t, "3", v)
	assert.Equal(t, []string{"a=1; b=2; c=3"}, r.Header["Cookie"], "lines are joined")
	v, err = d.Pop("b")
	require.NoError(t, err)
	assert.Equal(t, "2", v)
	r.Request.Header = nil
	require.NoError(t, d.Set("x", "1"), "a request without a header")
	assert.Equal(t, "x=1", r.Header.Get("Cookie"))
}

func TestParseSetCookie(t *testing.T) {
	c, err := ParseSetCookie(`a="caf\303\251"; Path="/x y"; DOMAIN=d.example; max-age=5; Expires=Wed, 09-Nov-2001 01:08:47 GMT; secure=x; HttpOnly; SameSite=lax; Partitioned; Priority=High; Max-Age=x`)
	require.NoError(t, err)
	assert.Equal(t, "café", c.Value)
	assert.Equal(t, "/x y", c.Path)
	assert.Equal(t, "d.example", c.Domain)
	assert.Equal(t, 5, c.MaxAge)
	assert.Equal(t, int64(1005268127), c.Expires.Unix())
	assert.True(t, c.Secure && c.HttpOnly && c.Partitioned && c.Quoted)
	assert.Equal(t, http.SameSiteLaxMode, c.SameSite)
	assert.Equal(t, []string{"Priority=High", "Max-Age=x"}, c.Unparsed)

	c, err = ParseSetCookie("a=; Max-Age=-5; Expires=Wed, 31-Dec-97 23:59:59 GMT; ;SameSite=; Path=\x01; samesite=none; samesite=Strict")
	require.NoError(t, err)
	assert.Equal(t, -1, c.MaxAge)
	assert.Equal(t, int64(883612799), c.Expires.Unix())
	assert.Equal(t, http.SameSiteStrictMode, c.SameSite, "the last counts")
	assert.Equal(t, []string{"SameSite=", "Path=\x01"}, c.Unparsed)
	c, err = ParseSetCookie("a=1; Max-Age=99999999999999999999999; Expires=never; Max-Age=-")
	require.NoError(t, err)
	assert.Positive(t, c.MaxAge)
	assert.Len(t, c.Unparsed, 2)

	for field, rule := range map[string]CookieRule{"": CookieName, "a": CookieName, "a b=1": CookieName, "Path=/": CookieName, "a=\n": CookieValue} {
		_, err := ParseSetCookie(field)
		assert.ErrorIs(t, err, rule, field)
	}
}

func TestLookupAllocatesNothing(t *testing.T) {
	d := cookieRequest("session=0123456789abcdef; theme=dark; lang=en").CookieDict()
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		if d.Get("lang") != "en" || !d.Has("session") {
			t.Fatal()
		}
	}))
}

// slowCookies is the reader again, by strings.Split.
func slowCookies(field string) (list [][2]string) {
	for _, piece := range strings.Split(field, ";") {
		name, value, ok := strings.Cut(piece, "=")
		name, value = strings.Trim(name, " \t"), strings.Trim(value, " \t")
		if ok && isCookieName(name) && !strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			list = append(list, [2]string{name, unquoteCookie(value)})
		}
	}
	return list
}

func cookieUTF8(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return mendUTF8(s)
}

// The readers agree with a plain one, and a name net/http reads is read here too.
func FuzzReadCookies(f *testing.F) {
	for _, seed := range []string{"", "a=1; b=2", `a="x; b="; c`, "a=\xff; a=\"\\377\"", "$a=1; =; a b=1;\ta\t=\t\"\\\\\"", "a=1;;a=", "aa=1; xa=a; b=a=2;a=3", "b;a=1", "a=1; a=\x01", "0=0\r"} {
		f.Add(seed, "a", "x y")
	}
	f.Fuzz(func(t *testing.T, field, name, value string) {
		want := slowCookies(field)
		i := 0
		for k, v := range ParseCookies(field).All() {
			if i == len(want) || want[i] != [2]string{k, v} {
				t.Fatalf("%q: %q=%q, want %q", field, k, v, want)
			}
			i++
		}
		if i < min(len(want), MaxPairs) {
			t.Fatalf("%q: %d of %d", field, i, len(want))
		}
		r := cookieRequest(field)
		d := r.CookieDict()
		last := make(map[string]string)
		for _, c := range want {
			last[c[0]] = c[1]
		}
		for _, n := range append(slices.Collect(maps.Keys(last)), name) {
			text, has := last[n]
			if v, ok := d.Lookup(n); ok != has || v != cookieUTF8(text) {
				t.Fatalf("%q: %q is %q, %v, want %q, %v", field, n, v, ok, text, has)
			}
		}
		for _, c := range r.Cookies() {
			// It takes "a" for "a=", and trims line ends, which no field has on the wire.
			if isCookieName(c.Name) && c.Value != "" && !strings.ContainsAny(field, "\r\n") && !d.Has(c.Name) {
				t.Fatalf("%q: net/http finds %q", field, c.Name)
			}
		}
		names := slices.Collect(maps.Keys(maps.Collect(d.All())))
		if d.Set(name, value) != nil {
			return
		}
		if got := d.Get(name); got != strings.ToValidUTF8(value, "\uFFFD") && got != mendUTF8(value) {
			t.Fatalf("%q: set %q, read %q", field, value, got)
		}
		if got := d.Values(name); len(got) != 1 {
			t.Fatalf("%q: %d values of %q after Set", r.Header["Cookie"], len(got), name)
		}
		for _, n := range names {
			if !d.Has(n) {
				t.Fatalf("%q: %q is lost after Set", field, n)
			}
		}
		if d.Del(name) != nil || d.Has(name) {
			t.Fatalf("%q: still there after Del", r.Header["Cookie"])
		}
	})
}

func FuzzParseSetCookie(f *testing.F) {
	f.Add(`a="x y"; Path=/; Max-Age=5; Expires=Wed, 09-Nov-2001 01:08:47 GMT; Secure; SameSite=None`)
	f.Add("a=1; Max-Age=-; ;; Path=\x00;=")
	f.Fuzz(func(t *testing.T, field string) {
		c, err := ParseSetCookie(field)
		if err != nil {
			return
		}
		text, err := FormatCookie(c, cookieNow)
		if err != nil {
			return
		}
		again, err := ParseSetCookie(text)
		if err != nil || again.Name != c.Name || again.Value != c.Value || again.Domain != strings.Trim(c.Domain, " \t") && !strings.ContainsAny(c.Domain, `"\`) {
			t.Fatalf("%q is written %q", field, text)
		}
	})
}

// Whatever the field, Lookup finds what a walk through all pieces finds.
func TestLookupIsTheWalk(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	const letters = "aab==;; \t\"\\\x01,"
	for range 20_000 {
		field := make([]byte, rnd.IntN(24))
		for i := range field {
			field[i] = letters[rnd.IntN(len(letters))]
		}
		d := cookieRequest(string(field)).CookieDict()
		for _, name := range []string{"a", "aa", "ab", "b", "aab"} {
			want, found := "", false
			for n, raw := range d.each() {
				if n == name {
					want, found = cookieText(raw), true
				}
			}
			got, ok := d.Lookup(name)
			if got != want || ok != found {
				t.Fatalf("%q: Lookup(%q) = %q, %v; want %q, %v", field, name, got, ok, want, found)
			}
		}
	}
}

func BenchmarkCookieLookup(b *testing.B) {
	d := cookieRequest("session=0123456789abcdef; theme=dark; lang=en").CookieDict()
	b.ReportAllocs()
	for b.Loop() {
		if d.Get("lang") != "en" {
			b.Fatal()
		}
	}
}

func BenchmarkParseCookies(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if ParseCookies("session=0123456789abcdef; theme=dark; lang=en").Len() != 3 {
			b.Fatal()
		}
	}
}

func BenchmarkFormatCookie(b *testing.B) {
	c := NewCookie("session", "0123456789abcdef0123456789abcdef")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := FormatCookie(c, cookieNow); err != nil {
			b.Fatal(err)
		}
	}
}
