package header_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/webob/header"
)

func TestAuthorization(t *testing.T) {
	h := http.Header{}
	require.NoError(t, header.Authorization.Set(h, header.BasicCredentials("Aladdin", "open:sesame")))
	assert.Equal(t, "Basic QWxhZGRpbjpvcGVuOnNlc2FtZQ==", h.Get("Authorization"))
	c, ok := header.Authorization.Get(h)
	require.True(t, ok)
	user, password, ok := c.Basic()
	assert.True(t, ok)
	assert.Equal(t, "Aladdin open:sesame", user+" "+password)
	_, ok = c.Bearer()
	assert.False(t, ok)

	for _, in := range []string{"Basic", "Basic !", "Basic YQ==", "Bearer YTpi", ""} {
		_, _, ok := header.ParseCredentials(in).Basic()
		assert.False(t, ok, in)
	}
	c = header.ParseCredentials("bEaReR  abc.def-_~+/==")
	token, ok := c.Bearer()
	assert.True(t, ok)
	assert.Equal(t, "abc.def-_~+/==", token)
	for _, in := range []string{"Bearer", "Bearer a b", "Bearer a=b", `Bearer realm="x"`, "Bearer =", "Basic abc"} {
		_, ok := header.ParseCredentials(in).Bearer()
		assert.False(t, ok, in)
	}
	require.NoError(t, header.ProxyAuthorization.Set(h, header.BearerCredentials("x")))
	assert.Equal(t, "Bearer x", h.Get("Proxy-Authorization"))
	require.ErrorIs(t, header.Authorization.Set(h, header.Credentials{Scheme: "Basic", Text: "a\r\nb"}), header.ErrValue)
	err := header.Authorization.Set(h, header.Credentials{Scheme: "Basic", Text: "secret\n"})
	assert.NotContains(t, err.Error(), "secret")
}

func TestAuthParams(t *testing.T) {
	tests := []struct {
		name, in string
		want     header.Params
		ok       bool
	}{
		{"one", `realm="x"`, header.Params{{"realm", "x"}}, true},
		{"several", `realm="a, b",qop=auth , nc=00000001`, header.Params{{"realm", "a, b"}, {"qop", "auth"}, {"nc", "00000001"}}, true},
		{"any token, in small letters", `User-Hash=true, sha256=1`, header.Params{{"user-hash", "true"}, {"sha256", "1"}}, true},
		{"white space around =", "a = b", header.Params{{"a", "b"}}, true},
		{"escapes", `a="x\"y\\"`, header.Params{{"a", `x"y\`}}, true},
		{"twice", "a=1, a=2", header.Params{{"a", "1"}, {"a", "2"}}, true},
		{"empty elements", ", a=1,,", header.Params{{"a", "1"}}, true},
		{"nothing", "", nil, true},
		{"a name alone", "a", nil, false},
		{"no value", "a=", nil, false},
		{"an open quote", `a="b`, nil, false},
		{"no token", "a=b=c", nil, false},
		{"a semicolon", "a=b;c=d", nil, false},
		{"two words", "a=b c", nil, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := header.ParseCredentials("Digest " + tt.in)
			got, err := c.Params()
			assert.Equal(t, tt.ok, err == nil)
			assert.Equal(t, tt.want, got)
			if tt.ok {
				again, err := header.NewCredentials("Digest", got).Params()
				require.NoError(t, err)
				assert.Equal(t, got, again)
			}
		})
	}
	_, err := header.ParseAuthParams(strings.Repeat("a=b,", 101))
	require.ErrorIs(t, err, header.ErrTooMany)
	for in, want := range map[string]bool{`Basic realm="x"`: true, "Basic YTpi": false, "digest": true, "Bearer a=b": false} {
		assert.Equal(t, want, header.ParseCredentials(in).HasParams(), in)
	}
	assert.True(t, header.ParseCredentials("NTLM x").Is("ntlm"))
}

func TestChallenges(t *testing.T) {
	tests := []struct {
		name  string
		lines []string
		want  []header.Credentials
		ok    bool
	}{
		{"one", []string{`Basic realm="x"`}, []header.Credentials{{"Basic", `realm="x"`}}, true},
		{"two in a line", []string{`Newauth realm="apps", type=1, title="Login to \"apps\"", Basic realm="simple"`},
			[]header.Credentials{{"Newauth", `realm="apps", type=1, title="Login to \"apps\""`}, {"Basic", `realm="simple"`}}, true},
		{"two lines", []string{"Negotiate", `Basic realm="x"`}, []header.Credentials{{"Negotiate", ""}, {"Basic", `realm="x"`}}, true},
		{"schemes alone", []string{"Negotiate, NTLM"}, []header.Credentials{{"Negotiate", ""}, {"NTLM", ""}}, true},
		{"token68", []string{"NTLM TlRM==, Basic realm=x"}, []header.Credentials{{"NTLM", "TlRM=="}, {"Basic", "realm=x"}}, true},
		{"empty elements", []string{", Basic realm=x,, , Digest a=b,"}, []header.Credentials{{"Basic", "realm=x"}, {"Digest", "a=b"}}, true},
		{"an empty list of parameters", []string{"Basic , Digest a=b"}, []header.Credentials{{"Basic", ""}, {"Digest", "a=b"}}, true},
		{"a parameter that has lost its challenge", []string{"Digest a, b=c"}, nil, false},
		{"no scheme", []string{`="x"`}, nil, false},
		{"a tab", []string{"Basic\tx"}, nil, false},
		{"two words", []string{"Basic a b"}, nil, false},
		{"an open quote", []string{`Basic realm="x`}, nil, false},
		{"no comma", []string{`Basic a="x" b="y"`}, nil, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := http.Header{"Www-Authenticate": tt.lines}
			got, ok, err := header.Challenges.Lookup(h)
			assert.Equal(t, tt.ok, ok)
			assert.Equal(t, tt.ok, err == nil)
			assert.Equal(t, tt.want, got)
			if ok {
				require.NoError(t, header.Challenges.Set(h, got))
				again, _ := header.Challenges.Get(h)
				assert.Equal(t, got, again)
			}
		})
	}
	h := http.Header{}
	require.NoError(t, header.WWWAuthenticate.Set(h, header.NewCredentials("Basic", header.Params{{"realm", `a"b`}, {"charset", "UTF-8"}})))
	assert.Equal(t, `Basic realm="a\"b", charset="UTF-8"`, h.Get("WWW-Authenticate"))
	require.Error(t, header.ProxyChallenges.Set(h, []header.Credentials{{"a b", ""}}))
	require.NoError(t, header.Challenges.Set(h, nil))
	assert.Empty(t, h)
	_, _, err := header.Challenges.Lookup(http.Header{"Www-Authenticate": {strings.Repeat("a,", 101)}})
	require.ErrorIs(t, err, header.ErrTooMany)
}

func BenchmarkAuthorization(b *testing.B) {
	h := http.Header{"Authorization": {"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="}}
	b.Run("Basic", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			c, _ := header.Authorization.Get(h)
			_, _, _ = c.Basic()
		}
	})
	h.Set("Proxy-Authorization", "Bearer mF_9.B5f-4.1JqM")
	b.Run("Bearer", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			c, _ := header.ProxyAuthorization.Get(h)
			_, _ = c.Bearer()
		}
	})
}
