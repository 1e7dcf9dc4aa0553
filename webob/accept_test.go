package webob

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gowebob/gowebob/contentneg"
)

func TestAcceptFieldsAreRead(t *testing.T) {
	req := NewRequest(httptest.NewRequest("GET", "/", nil))
	assert.Equal(t, contentneg.Missing, req.Accept().Kind())
	req.Header["Accept"] = []string{"text/html", "text/plain;q=0.5"}
	req.Header.Set("Accept-Charset", "utf-8")
	req.Header.Set("Accept-Encoding", "gzip")
	req.Header.Set("Accept-Language", "de, ;;")
	assert.Equal(t, "text/html, text/plain;q=0.5", req.Accept().String(), "several lines are one field")
	assert.Equal(t, contentneg.Valid, req.AcceptCharset().Kind())
	assert.Equal(t, contentneg.Valid, req.AcceptEncoding().Kind())
	assert.Equal(t, contentneg.Invalid, req.AcceptLanguage().Kind())
}

func TestNegotiateSaysVary(t *testing.T) {
	types := contentneg.MustTypes("text/html", "application/json")
	languages := contentneg.MustLanguages("en", "de")
	codings := contentneg.MustEncodings("gzip", "identity")
	for _, tt := range []struct {
		name string
		ask  func(*Request)
		want []string
	}{
		{"nothing asked", func(*Request) {}, nil},
		{"reading a field alone leaves no trace", func(r *Request) { r.Accept() }, nil},
		{"a type", func(r *Request) { r.Negotiate(types) }, []string{"Accept"}},
		{"asked twice, said once", func(r *Request) { r.Negotiate(types); r.Negotiate(types) }, []string{"Accept"}},
		{"even if none is acceptable", func(r *Request) { r.Header.Set("Accept", "image/png"); r.Negotiate(types) }, []string{"Accept"}},
		{"all of them", func(r *Request) {
			r.Negotiate(types)
			r.NegotiateLanguage(languages)
			r.NegotiateEncoding(codings)
		}, []string{"Accept", "Accept-Language", "Accept-Encoding"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			app := respond(func(r *Request) *Response { tt.ask(r); return Text("x") })
			got := NewRequest(httptest.NewRequest("GET", "/", nil)).GetResponse(app).Header().Values("Vary")
			var fields []string
			for _, line := range got {
				fields = append(fields, strings.Split(line, ", ")...)
			}
			assert.Equal(t, tt.want, fields)
		})
	}
}

func TestNegotiateChooses(t *testing.T) {
	types := contentneg.MustTypes("text/html", "application/json")
	req := NewRequest(httptest.NewRequest("GET", "/", nil))
	req.Header.Set("Accept", "application/*")
	i, ok := req.Negotiate(types)
	assert.True(t, ok)
	assert.Equal(t, "application/json", types.Value(i))
	req.Header.Set("Accept", "image/png")
	i, ok = req.Negotiate(types)
	assert.False(t, ok)
	assert.Equal(t, -1, i)
	req.Header.Set("Accept-Language", "de-CH")
	i, ok = req.NegotiateLanguage(contentneg.MustLanguages("en", "de"))
	assert.True(t, ok)
	assert.Equal(t, 1, i)
	req.Header.Set("Accept-Encoding", "gzip")
	i, ok = req.NegotiateEncoding(contentneg.MustEncodings("gzip", "identity"))
	assert.True(t, ok)
	assert.Equal(t, 0, i)
}
