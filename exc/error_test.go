package exc_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// spec 7.4
func TestIsMatchesSentinelsAndClasses(t *testing.T) {
	copied := exc.NotFound.With("d")
	for _, row := range []struct {
		name   string
		err    error
		target error
		want   bool
	}{
		{"a sentinel is itself", exc.NotFound, exc.NotFound, true},
		{"a copy is its sentinel", copied, exc.NotFound, true},
		{"a copy with a cause is its sentinel", exc.NotFound.Wrap(fs.ErrNotExist), exc.NotFound, true},
		{"a copy with a field is its sentinel", exc.NotFound.WithHeader("X", "1"), exc.NotFound, true},
		{"a cause is found", exc.NotFound.Wrap(fs.ErrNotExist), fs.ErrNotExist, true},
		{"wrapped by fmt", fmt.Errorf("reading: %w", copied), exc.NotFound, true},
		{"joined", errors.Join(errors.New("x"), copied), exc.NotFound, true},
		{"another status is not", copied, exc.Gone, false},
		{"a class", copied, exc.ClientError, true},
		{"another class is not", copied, exc.ServerError, false},
		{"a redirect is its sentinel", exc.Found.To("/x").With("d"), exc.Found, true},
		{"a redirect is of its class", exc.Found.To("/x"), exc.Redirection, true},
		{"a copy is itself", copied, copied, true},
		{"a copy is no target for another", exc.NotFound.With("d"), copied, false},
		{"a copy is no target for its sentinel", exc.NotFound, copied, false},
		{"an input error is the sentinel of its status", &webob.InputError{Status: 413}, exc.RequestEntityTooLarge, true},
		{"an input error is of its class", &webob.InputError{Status: 413}, exc.ClientError, true},
		{"an input error is no copy", &webob.InputError{Status: 404}, copied, false},
		{"a name of RFC 9110 is the same sentinel", exc.ContentTooLarge.With("x"), exc.RequestEntityTooLarge, true},
		{"any other error is none", fs.ErrNotExist, exc.NotFound, false},
	} {
		t.Run(row.name, func(t *testing.T) { assert.Equal(t, row.want, errors.Is(row.err, row.target)) })
	}
}

func TestSentinelsNeverChange(t *testing.T) {
	before := *exc.Forbidden
	_ = exc.Forbidden.With("a").Wrap(context.Canceled).WithHeader("X", "1").WithMember("m", 1).
		WithBody("text/x", []byte("b")).WithTemplate("t").WithComment("c").WithType("u").WithTitle("t").WithExplanation("e").WithInstance("i")
	assert.Equal(t, before, *exc.Forbidden)

	one := exc.Forbidden.WithHeader("X", "1")
	two, three := one.WithHeader("Y", "2"), one.WithHeader("Z", "3")
	assert.Equal(t, "2", two.Respond(get("/")).Header().Get("Y"), "copies of a copy share nothing that changes")
	assert.Equal(t, "3", three.Respond(get("/")).Header().Get("Z"))
	assert.False(t, one.Respond(get("/")).Header().Has("Y"))
}

func TestAnErrorAnswersEveryRequestAfresh(t *testing.T) {
	a, b := exc.NotFound.Respond(get("/a")), exc.NotFound.Respond(get("/b"))
	a.Header().Set("X", "1")
	a.SetText("changed")
	text, err := b.Bytes()
	require.NoError(t, err)
	assert.Contains(t, string(text), "could not be found")
	assert.False(t, b.Header().Has("X"))
}

// spec 7.2
func TestErrorIsForTheLogAndPublicForTheClient(t *testing.T) {
	err := exc.NotFound.Withf("no server %q", "x").Wrap(fs.ErrNotExist)
	assert.Equal(t, `404 Not Found: no server "x": file does not exist`, err.Error())
	assert.Equal(t, `no server "x"`, err.Public())
	assert.Equal(t, "The resource could not be found.", exc.NotFound.Public())
	assert.Equal(t, http.StatusNotFound, err.Status())
}

func get(target string, header ...string) *webob.Request {
	r, err := http.NewRequest("GET", "http://localhost"+target, nil)
	if err != nil {
		panic(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	return webob.NewRequest(r)
}

func body(t *testing.T, p *webob.Response) string {
	t.Helper()
	b, err := p.Bytes()
	require.NoError(t, err)
	return string(b)
}
