package exc_test

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"math"
	"mime/multipart"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

func TestFrom(t *testing.T) {
	_, missing := os.Open("/no/such/file")
	canceled, cancel := context.WithDeadline(context.Background(), time.Now().Add(-time.Second))
	defer cancel()
	for _, row := range []struct {
		name string
		err  error
		want error
	}{
		{"a missing file", missing, exc.NotFound},
		{"no permission", &fs.PathError{Op: "open", Path: "secret", Err: fs.ErrPermission}, exc.Forbidden},
		{"a file that is there", fs.ErrExist, exc.Conflict},
		{"a body too large", fmt.Errorf("x: %w", &http.MaxBytesError{Limit: 10}), exc.RequestEntityTooLarge},
		{"a form too large", multipart.ErrMessageTooLarge, exc.RequestEntityTooLarge},
		{"no form", http.ErrNotMultipart, exc.UnsupportedMediaType},
		{"a form without boundary", http.ErrMissingBoundary, exc.BadRequest},
		{"no such upload", http.ErrMissingFile, exc.BadRequest},
		{"not supported", errors.ErrUnsupported, exc.NotImplemented},
		{"not supported by http", http.ErrNotSupported, exc.NotImplemented},
		{"a deadline", canceled.Err(), exc.GatewayTimeout},
		{"a deadline of a connection", os.ErrDeadlineExceeded, exc.GatewayTimeout},
		{"a handler's timeout", http.ErrHandlerTimeout, exc.ServiceUnavailable},
		{"a client that left", context.Canceled, exc.ClientClosedRequest},
	} {
		t.Run(row.name, func(t *testing.T) {
			err := exc.From(row.err)
			assert.ErrorIs(t, err, row.want)
			assert.ErrorIs(t, err, row.err, "the original is the cause")
			assert.NotContains(t, body(t, exc.Page(get("/"), err)), "secret")
		})
	}
	for _, err := range []error{
		nil, io.ErrUnexpectedEOF, exc.Gone.Wrap(fs.ErrNotExist), &webob.InputError{Status: 400, Err: fs.ErrNotExist},
		http.ErrAbortHandler, fmt.Errorf("%w: %w", exc.Gone, fs.ErrNotExist),
	} {
		assert.Equal(t, err, exc.From(err), "stays as it is")
	}
	assert.Contains(t, body(t, exc.Page(get("/"), exc.From(&http.MaxBytesError{Limit: 10}))), "At most 10 bytes")
}

func TestEveryStatusHasItsSentinel(t *testing.T) {
	// the registry of HTTP statuses, without those of interim answers and of
	// RFCs that ask for a body of their own (207, 208, 226)
	for _, code := range []int{
		200, 201, 202, 203, 204, 205, 206, 300, 301, 302, 303, 304, 305, 307, 308,
		400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 421, 422, 423, 424, 425, 426,
		428, 429, 431, 451, 500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511,
	} {
		e, ok := exc.ForStatus(code)
		require.True(t, ok, code)
		assert.Equal(t, code, e.Status())
		assert.NotEmpty(t, e.Title())
		assert.ErrorIs(t, e.With("x"), e)
		class := map[int]exc.Class{2: exc.Success, 3: exc.Redirection, 4: exc.ClientError, 5: exc.ServerError}[code/100]
		assert.ErrorIs(t, e, class)
		if code >= 400 {
			assert.NotEmpty(t, e.Explanation(), code)
		}
	}
	for _, code := range []int{-1, 0, 100, 207, 299, 306, 418, 599, 600, 1 << 30} {
		_, ok := exc.ForStatus(code)
		assert.False(t, ok, code)
	}
}

func TestAStatusOfOnesOwn(t *testing.T) {
	teapot := exc.New(418, "I'm a teapot", "Short <and> stout.")
	assert.ErrorIs(t, teapot.With("x"), teapot)
	assert.ErrorIs(t, &webob.InputError{Status: 418}, teapot)
	p := teapot.Respond(get("/"))
	assert.Equal(t, 418, p.Status())
	assert.Equal(t, "418 I'm a teapot\n\nShort <and> stout.\n", body(t, p))
	_, ok := exc.ForStatus(418)
	assert.False(t, ok, "nothing global has changed")
}

func TestClassesAreNamed(t *testing.T) {
	for class, name := range map[exc.Class]string{
		exc.Success: "success", exc.Redirection: "redirection", exc.ClientError: "client error",
		exc.ServerError: "server error", 9: "no class of HTTP statuses",
	} {
		assert.EqualError(t, class, name)
	}
	p := exc.Page(get("/"), exc.ClientError)
	assert.Equal(t, 500, p.Status(), "a class is no answer")
}

func TestFields(t *testing.T) {
	header := func(e *exc.Error) http.Header { return exc.Page(get("/"), e).HTTPHeader() }
	assert.Equal(t, "GET, HEAD", header(exc.MethodNotAllowed.Allow("PUT").Allow("GET", "HEAD")).Get("Allow"))
	assert.Equal(t, []string{""}, header(exc.MethodNotAllowed.Allow())["Allow"], "none at all is an empty field")
	assert.Equal(t, []string{`Basic realm="x"`, "Bearer"},
		header(exc.Unauthorized.Challenge(`Basic realm="x"`).Challenge("Bearer"))["Www-Authenticate"])
	assert.Equal(t, []string{"Basic"}, header(exc.ProxyAuthenticationRequired.Challenge("Basic"))["Proxy-Authenticate"])
	assert.Equal(t, "2", header(exc.ServiceUnavailable.RetryAfter(1500*time.Millisecond)).Get("Retry-After"), "rounded up")
	assert.Equal(t, "0", header(exc.ServiceUnavailable.RetryAfter(-time.Hour)).Get("Retry-After"))
	assert.Equal(t, "9223372037", header(exc.ServiceUnavailable.RetryAfter(math.MaxInt64)).Get("Retry-After"), "the longest wait is not none")
	assert.Equal(t, "0", header(exc.ServiceUnavailable.RetryAt(time.Time{})).Get("Retry-After"))
	assert.Equal(t, "Wed, 21 Oct 2015 07:28:00 GMT",
		header(exc.ServiceUnavailable.RetryAt(time.Date(2015, 10, 21, 9, 28, 0, 0, time.FixedZone("", 7200)))).Get("Retry-After"))
	assert.Equal(t, []string{"1", "2"}, header(exc.NotFound.WithHeader("X-A", "1").WithHeader("x-a", "2"))["X-A"])
	page := header(exc.NotFound.WithHeader("Content-Type", "text/x").WithHeader("Content-Length", "7"))
	assert.Equal(t, "text/plain; charset=utf-8", page.Get("Content-Type"), "the page has its own")
	assert.NotEqual(t, "7", page.Get("Content-Length"))
	assert.Equal(t, "Cookie, Accept", header(exc.NotFound.WithHeader("Vary", "Cookie")).Get("Vary"))
	assert.Equal(t, http.Header{"X-A": {"1"}}, exc.NotFound.WithHeader("x-a", "1").Header())
	assert.Empty(t, exc.NotFound.Header())
}

func TestWhatAnErrorCanTell(t *testing.T) {
	e := exc.Conflict.With("d").WithComment("c").WithTitle("t").WithExplanation("e").WithBody("text/x", []byte("b"))
	contentType, b, ok := e.Body()
	assert.True(t, ok)
	assert.Equal(t, "text/x", contentType)
	assert.Equal(t, "b", string(b))
	b[0] = 'x'
	_, b, _ = e.Body()
	assert.Equal(t, "b", string(b), "a copy")
	assert.Equal(t, []string{"d", "c", "t", "e"}, []string{e.Detail(), e.Comment(), e.Title(), e.Explanation()})
	_, _, ok = exc.Conflict.Body()
	assert.False(t, ok)
	assert.Equal(t, "exc: nil *Error", (*exc.Error)(nil).Error())
	assert.Equal(t, "exc: nil *Redirect", (*exc.Redirect)(nil).Error())
}

func TestEscapeHTML(t *testing.T) {
	for _, row := range []struct {
		in   any
		want template.HTML
	}{
		{nil, ""}, {"plain", "plain"}, {`<a href='x' b="y">&`, "&lt;a href=&#x27;x&#x27; b=&quot;y&quot;&gt;&amp;"},
		{"café 中😀", "caf&#233; &#20013;&#128512;"}, {"\xff", "&#65533;"}, {42, "42"}, {1.5, "1.5"},
		{template.HTML("<b>"), "<b>"}, {errors.New("<x>"), "&lt;x&gt;"},
	} {
		assert.Equal(t, row.want, exc.EscapeHTML(row.in))
	}
}

func TestPlainText(t *testing.T) {
	for in, want := range map[string]string{
		"a<b>c</b>": "ac", "a<br>b<BR />c": "a\nb\nc", "a\r\nb": "a b", "<!-- c -->": " c ", "a < b": "a < b", "&lt;": "&lt;",
	} {
		assert.Equal(t, want, exc.PlainText(in))
	}
}
