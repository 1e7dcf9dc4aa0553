package webob

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var cookieNow = time.Date(2011, 3, 13, 7, 6, 40, 0, time.UTC)

func TestFormatCookie(t *testing.T) {
	rows := []struct {
		name string
		c    http.Cookie
		want string // "" for a refusal
	}{
		{"the path is / unless said", http.Cookie{Name: "a", Value: "1"}, "a=1; Path=/"},
		{"a path", http.Cookie{Name: "a", Value: "1", Path: "/x y,z"}, "a=1; Path=/x y,z"},
		{"no path", http.Cookie{Name: "a", Value: "1", Path: NoPath}, "a=1"},
		{"Max-Age brings Expires", http.Cookie{Name: "a", MaxAge: 60}, "a=; Max-Age=60; Path=/; Expires=Sun, 13 Mar 2011 07:07:40 GMT"},
		{"Expires of one's own stays", http.Cookie{Name: "a", MaxAge: 60, Expires: cookieNow},
			"a=; Max-Age=60; Path=/; Expires=Sun, 13 Mar 2011 07:06:40 GMT"},
		{"Expires alone", http.Cookie{Name: "a", Expires: cookieNow}, "a=; Path=/; Expires=Sun, 13 Mar 2011 07:06:40 GMT"},
		{"a negative Max-Age deletes", http.Cookie{Name: "a", MaxAge: -5}, "a=; Max-Age=0; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT"},
		{"Max-Age beyond all dates", http.Cookie{Name: "a", MaxAge: 1<<62 - 1},
			"a=; Max-Age=4611686018427387903; Path=/; Expires=Tue, 17 Feb 2111 07:06:40 GMT"},
		{"everything", http.Cookie{Name: "a", Value: "1", Domain: "d.example", MaxAge: 5, Path: "/x", Secure: true, HttpOnly: true,
			SameSite: http.SameSiteNoneMode, Partitioned: true},
			"a=1; Domain=d.example; Max-Age=5; Path=/x; Expires=Sun, 13 Mar 2011 07:06:45 GMT; Secure; HttpOnly; SameSite=None; Partitioned"},
		{"SameSite=Lax", http.Cookie{Name: "a", SameSite: http.SameSiteLaxMode}, "a=; Path=/; SameSite=Lax"},
		{"SameSite=Strict", http.Cookie{Name: "a", SameSite: http.SameSiteStrictMode}, "a=; Path=/; SameSite=Strict"},
		{"the default SameSite is not written", http.Cookie{Name: "a", SameSite: http.SameSiteDefaultMode}, "a=; Path=/"},
		{"all cookie octets go as they are", http.Cookie{Name: "a", Value: "!#$%&'()*+-./09:<=>?@AZ[]^_`az{|}~"},
			"a=!#$%&'()*+-./09:<=>?@AZ[]^_`az{|}~; Path=/"},
		{"a space is quoted", http.Cookie{Name: "a", Value: "x y"}, `a="x y"; Path=/`},
		{"a semicolon cannot end the value", http.Cookie{Name: "a", Value: "x; HttpOnly"}, `a="x\073 HttpOnly"; Path=/`},
		{"quote, comma, backslash", http.Cookie{Name: "a", Value: `",\`}, `a="\042\054\134"; Path=/`},
		{"UTF-8 byte by byte", http.Cookie{Name: "a", Value: "€"}, `a="\342\202\254"; Path=/`},
		{"any token is a name", http.Cookie{Name: "!#%&'*+-.^_`|~"}, "!#%&'*+-.^_`|~=; Path=/"},
		{"__Host- with what it promises", http.Cookie{Name: "__Host-a", Secure: true}, "__Host-a=; Path=/; Secure"},

		{"no name", http.Cookie{}, ""},
		{"a space in the name", http.Cookie{Name: "a b"}, ""},
		{"a semicolon in the name", http.Cookie{Name: "a;b"}, ""},
		{"an equals sign in the name", http.Cookie{Name: "a=b"}, ""},
		{"a name above ASCII", http.Cookie{Name: "é"}, ""},
		{"a dollar in front", http.Cookie{Name: "$a"}, ""},
		{"the name of an attribute", http.Cookie{Name: "Path"}, ""},
		{"CR LF in the name", http.Cookie{Name: "a\r\nX"}, ""},
		{"CR LF in the value splits the header", http.Cookie{Name: "a", Value: "1\r\nX: y"}, ""},
		{"NUL in the value", http.Cookie{Name: "a", Value: "\x00"}, ""},
		{"DEL in the value", http.Cookie{Name: "a", Value: "\x7f"}, ""},
		{"a semicolon in the path brings attributes", http.Cookie{Name: "a", Path: "/; Domain=evil.example"}, ""},
		{"a line break in the path", http.Cookie{Name: "a", Path: "/\n"}, ""},
		{"a semicolon in the domain", http.Cookie{Name: "a", Domain: "x; Secure"}, ""},
		{"a domain above ASCII", http.Cookie{Name: "a", Domain: "é"}, ""},
		{"SameSite=None without Secure", http.Cookie{Name: "a", SameSite: http.SameSiteNoneMode}, ""},
		{"no such SameSite", http.Cookie{Name: "a", SameSite: 9}, ""},
		{"Partitioned without Secure", http.Cookie{Name: "a", Partitioned: true}, ""},
		{"__Secure- without Secure", http.Cookie{Name: "__Secure-a"}, ""},
		{"__secure- in small letters, as browsers compare", http.Cookie{Name: "__secure-a"}, ""},
		{"__Host- with a domain", http.Cookie{Name: "__Host-a", Secure: true, Domain: "x"}, ""},
		{"__Host- with another path", http.Cookie{Name: "__Host-a", Secure: true, Path: "/x"}, ""},
		{"a year of five digits", http.Cookie{Name: "a", Expires: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}, ""},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			got, err := FormatCookie(&row.c, cookieNow)
			assert.Equal(t, row.want, got)
			if row.want == "" {
				var fault *CookieError
				require.ErrorAs(t, err, &fault)
				assert.Equal(t, row.c.Name, fault.Name)
				return
			}
			require.NoError(t, err)
		})
	}
}

// Each rule of RFC 6265bis has a name of its own.
func TestCookieRules(t *testing.T) {
	long := strings.Repeat("x", 4096)
	rows := []struct {
		rule CookieRule
		c    http.Cookie
	}{
		{CookieName, http.Cookie{Name: "SameSite"}},
		{CookieValue, http.Cookie{Name: "a", Value: "\t"}},
		{CookiePath, http.Cookie{Name: "a", Path: "/;"}},
		{CookieDomain, http.Cookie{Name: "a", Domain: "é"}},
		{CookieExpires, http.Cookie{Name: "a", Expires: time.Unix(-1<<40, 0)}},
		{CookieSameSite, http.Cookie{Name: "a", SameSite: -1}},
		{CookieSameSiteNone, http.Cookie{Name: "a", SameSite: http.SameSiteNoneMode}},
		{CookiePartitioned, http.Cookie{Name: "a", Partitioned: true}},
		{CookieSecurePrefix, http.Cookie{Name: "__sEcure-a"}},
		{CookieHostPrefix, http.Cookie{Name: "__hOst-a", Secure: true, Path: NoPath}},
		{CookieSize, http.Cookie{Name: "a", Value: long}},
		{CookieSize, http.Cookie{Name: "a", Value: strings.Repeat("é", 600)}}, // escaped
		{CookieAttributeSize, http.Cookie{Name: "a", Path: long[:1025]}},
		{CookieAttributeSize, http.Cookie{Name: "a", Domain: long[:1025]}},
	}
	for _, row := range rows {
		t.Run(string(row.rule), func(t *testing.T) {
			_, err := FormatCookie(&row.c, cookieNow)
			assert.ErrorIs(t, err, row.rule)
			assert.Contains(t, err.Error(), row.rule.Error())
		})
	}
	_, err := FormatCookie(&http.Cookie{Name: "a", Value: long[:4095], Path: long[:1024], Domain: long[:1024]}, cookieNow)
	assert.NoError(t, err, "the limits themselves are fine")
	b, err := AppendCookie([]byte("x"), &http.Cookie{Name: "a", Value: long}, cookieNow)
	assert.Error(t, err)
	assert.Equal(t, "x", string(b), "after an error the buffer is as it was")
}

func TestNewCookieIsSafe(t *testing.T) {
	v, err := FormatCookie(NewCookie("__Host-s", "1"), cookieNow)
	require.NoError(t, err)
	assert.Equal(t, "__Host-s=1; Path=/; Secure; HttpOnly; SameSite=Lax", v)
	c := NewCookie("s", "0123456789")
	assert.LessOrEqual(t, testing.AllocsPerRun(100, func() { FormatCookie(c, cookieNow) }), 1.0, "the string alone")
}

func TestCookieErrorsTellNoValue(t *testing.T) {
	_, err := FormatCookie(&http.Cookie{Name: "a", Value: "secret\n"}, cookieNow)
	assert.NotContains(t, err.Error(), "secret")
	_, err = FormatCookie(&http.Cookie{Name: "a b"}, cookieNow)
	assert.ErrorIs(t, err, CookieName)
}

func TestSetAndUnsetCookies(t *testing.T) {
	p := NewResponse(200)
	odd := "b=2; secure; FUTURE=x;Expires=Sun, 13-Mar-2011 07:06:40 GMT"
	p.Header().Add("Set-Cookie", odd)
	require.NoError(t, p.SetCookie(&http.Cookie{Name: "a", Value: "1"}))
	require.NoError(t, p.SetCookie(&http.Cookie{Name: "a", Value: "2", Path: "/x"}))
	assert.Equal(t, []string{odd, "a=1; Path=/", "a=2; Path=/x"}, p.Header().Values("Set-Cookie"), "one more of a name is added")
	require.Error(t, p.SetCookie(&http.Cookie{Name: "a b"}))
	assert.Len(t, p.Header().Values("Set-Cookie"), 3, "a refused one changes nothing")

	assert.True(t, p.UnsetCookie("a"))
	assert.False(t, p.UnsetCookie("a"))
	assert.False(t, p.UnsetCookie("B"), "names have case")
	assert.Equal(t, []string{odd}, p.Header().Values("Set-Cookie"), "the others stay byte for byte")

	require.NoError(t, p.DeleteCookie("__Host-s", "", ""))
	assert.Contains(t, p.Header().Values("Set-Cookie")[1], "__Host-s=; Max-Age=0; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Secure")
}

func TestMergeCookies(t *testing.T) {
	p, q := NewResponse(200), NewResponse(404)
	p.Header().Add("Set-Cookie", "a=1")
	p.Header().Add("Set-Cookie", "b=2")
	q.Header().Add("Set-Cookie", "c=3")
	p.MergeCookies(q)
	assert.Equal(t, []string{"c=3", "a=1", "b=2"}, q.Header().Values("Set-Cookie"))
	assert.Len(t, p.Header().Values("Set-Cookie"), 2)
}

// What is set is one field that net/http reads back as the same cookie.
func FuzzFormatCookie(f *testing.F) {
	for _, seed := range [][4]string{{"a", "1", "/", ""}, {"a", "x; y", "/a b", "d.example"}, {"a", "\r\n", "/;", "x"}, {"$a", "é", "-", ""}} {
		f.Add(seed[0], seed[1], seed[2], seed[3], 5)
	}
	f.Fuzz(func(t *testing.T, name, value, path, domain string, age int) {
		v, err := FormatCookie(&http.Cookie{Name: name, Value: value, Path: path, Domain: domain, MaxAge: age}, cookieNow)
		if err != nil {
			return
		}
		if strings.ContainsAny(v, "\r\n\x00") {
			t.Fatalf("%q splits the header", v)
		}
		if strings.Count(v, ";") > 4 {
			t.Fatalf("%q has attributes nobody gave", v)
		}
		if pieceName(v) != name {
			t.Fatalf("%q is not named %q", v, name)
		}
		own, err := ParseSetCookie(v)
		if err != nil || own.Value != value {
			t.Fatalf("%q reads back as %v, %v", v, own, err)
		}
		// Quotes and blanks around an attribute are not kept by any reader.
		asItIs := func(s string) bool { return trimBlank(s) == s && !strings.ContainsAny(s, `"\\`) }
		if asItIs(path) && path != "" && path != NoPath && own.Path != path || asItIs(domain) && own.Domain != domain {
			t.Fatalf("%q reads back as %v", v, own)
		}
		if strings.ContainsFunc(value, func(r rune) bool { return r > '~' || !cookieOctets[byte(r)] }) {
			return // net/http knows no escapes
		}
		c, err := http.ParseSetCookie(v)
		if err != nil || c.Name != name || c.Value != value || age > 0 && c.MaxAge != age ||
			asItIs(path) && asItIs(domain) && (c.Path != own.Path || c.Domain != own.Domain) {
			t.Fatalf("%q reads back as %v, %v", v, c, err)
		}
	})
}

func BenchmarkSetCookie(b *testing.B) {
	c := &http.Cookie{Name: "session", Value: "0123456789abcdef0123456789abcdef", MaxAge: 3600, HttpOnly: true, Secure: true}
	b.ReportAllocs()
	for b.Loop() {
		p := NewResponse(200)
		if p.SetCookie(c) != nil {
			b.Fatal()
		}
	}
}
