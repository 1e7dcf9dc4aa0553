package middleware

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

func throws(v any) http.Handler {
	return http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(v) })
}

func returns(err error) http.Handler {
	return respond(func(req *webob.Request) *webob.Response { return exc.Page(req, err) })
}

func TestHTTPExceptions(t *testing.T) {
	bug := errors.New("bug")
	app := HTTPExceptions(HTTPExceptionsOptions{})
	for rule, row := range map[string]struct {
		app    http.Handler
		status int
	}{
		"an HTTP error that is thrown":       {throws(exc.Forbidden.With("no")), 403},
		"one that is wrapped":                {throws(fmt.Errorf("in the depths: %w", exc.Conflict)), 409},
		"a redirect":                         {throws(exc.Found.To("/x")), 302},
		"what the client got wrong":          {throws(&webob.InputError{Status: 422}), 422},
		"an HTTP error that is returned":     {returns(exc.Gone), 410},
		"an answer":                          {webob.Text("fine"), 200},
		"an app of ours that throws its own": {respond(func(*webob.Request) *webob.Response { panic(exc.Gone) }), 410},
	} {
		resp, _ := answer(t, app(row.app), "/")
		assert.Equal(t, row.status, resp.Status(), rule)
	}
	for rule, v := range map[string]any{"a bug": bug, "a text": "oh", "a broken connection": http.ErrAbortHandler} {
		assert.PanicsWithValue(t, v, func() { webob.Blank("/").GetResponse(app(throws(v))) }, rule)
	}
	resp, text := answer(t, HTTPExceptions(HTTPExceptionsOptions{Pages: exc.NewPages(exc.JSON)})(returns(exc.Gone)), "/")
	assert.Equal(t, 410, resp.Status())
	assert.Contains(t, text, `"410 Gone"`)
	resp, _ = answer(t, HTTPExceptions(HTTPExceptionsOptions{Pages: exc.NewPages(exc.JSON)})(returns(bug)), "/")
	assert.NotEqual(t, "application/json", resp.Header().Get("Content-Type"), "a bug is none")
}

func TestRecover(t *testing.T) {
	for _, v := range []any{"oh", errors.New("bug"), exc.NotFound} {
		resp, text := answer(t, Recover(RecoverOptions{})(throws(v)), "/")
		assert.Equal(t, 500, resp.Status())
		var thrown *PanicError
		require.ErrorAs(t, resp.Err(), &thrown)
		assert.Equal(t, v, thrown.Value)
		assert.Contains(t, string(thrown.Stack), "throws.func", "the stack of the handler")
		assert.NotContains(t, text, "bug")
		assert.Contains(t, thrown.LogValue().String(), "throws.func")
	}
	native := respond(func(*webob.Request) *webob.Response { panic("oh") })
	resp, _ := answer(t, Recover(RecoverOptions{})(native), "/")
	assert.EqualError(t, resp.Err(), "panic: oh")
	assert.PanicsWithValue(t, http.ErrAbortHandler, func() {
		webob.Blank("/").GetResponse(Recover(RecoverOptions{})(throws(http.ErrAbortHandler)))
	})
}

// documents is an application with an error and a document for it.
func documents() http.Handler {
	return respond(func(req *webob.Request) *webob.Response {
		switch req.PathInfo() {
		case "/doc":
			f, _ := Failed.Get(req)
			p := webob.Text(fmt.Sprintf("%s %s?%s for %d %s, cookie %q, tag %q", req.Method, req.PathInfo(), req.URL.RawQuery, f.Status, f.Path,
				req.Header.Get("Cookie"), req.Header.Get("If-None-Match")))
			p.Header().Set("X-Doc", "yes")
			p.Header().Set("Set-Cookie", "doc=1")
			p.Header().Set("Etag", `"doc"`)
			p.Conditional(true)
			return p
		case "/worse":
			return exc.Page(req, exc.NotFound.With("not even a document"))
		case "/broken":
			return exc.Page(req, errors.New("the document is broken"))
		}
		req.SetPathInfo("/changed") // below a mount, say
		p := exc.Page(req, exc.NotFound.With("first"))
		p.Header().Set("X-First", "yes")
		p.Header().Set("Set-Cookie", "first=1")
		p.Header().Set("Etag", `"first"`)
		return p
	})
}

func TestErrorDocument(t *testing.T) {
	filter := func(path string) http.Handler {
		return ErrorDocument(ErrorDocumentOptions{Paths: map[int]string{404: path}})(documents())
	}
	t.Run("status, error and header of the first, body of the document", func(t *testing.T) {
		resp, text := answer(t, filter("/doc?code=404"), "/x?q", webob.WithHeader("Cookie", "c=1"), webob.WithHeader("If-None-Match", `"doc"`))
		assert.Equal(t, 404, resp.Status())
		assert.ErrorIs(t, resp.Err(), exc.NotFound)
		assert.Equal(t, `GET /doc?code=404 for 404 /x?q, cookie "c=1", tag ""`, text)
		assert.Equal(t, "yes", resp.Header().Get("X-First"))
		assert.Equal(t, "yes", resp.Header().Get("X-Doc"))
		assert.ElementsMatch(t, []string{"doc=1", "first=1"}, resp.Header().Values("Set-Cookie"))
		assert.Equal(t, `"doc"`, resp.Header().Get("Etag"))
		assert.Equal(t, "text/plain; charset=utf-8", resp.Header().Get("Content-Type"))
	})
	t.Run("over the wire it is a 404, whatever the conditions", func(t *testing.T) {
		resp := fetch(filter("/doc"), "/x", webob.WithHeader("If-None-Match", `"doc"`))
		assert.Equal(t, 404, resp.StatusCode)
		assert.NotEmpty(t, body(t, resp))
	})
	t.Run("a POST has its document fetched by GET", func(t *testing.T) {
		_, text := answer(t, filter("/doc"), "/x", webob.WithForm("a", "b"))
		assert.True(t, strings.HasPrefix(text, "GET /doc? for 404 /x"), text)
	})
	t.Run("HEAD stays HEAD", func(t *testing.T) {
		_, text := answer(t, filter("/doc"), "/x", webob.WithMethod("HEAD"))
		assert.True(t, strings.HasPrefix(text, "HEAD /doc"), text)
	})
	t.Run("an error in its place is shown, once", func(t *testing.T) {
		resp, text := answer(t, filter("/worse"), "/x")
		assert.Equal(t, 404, resp.Status())
		assert.Contains(t, text, "not even a document")
	})
	t.Run("a document that fails leaves the first answer", func(t *testing.T) {
		resp, text := answer(t, filter("/broken"), "/x", webob.WithEnviron(webob.Logger.Name(), slog.New(slog.DiscardHandler)))
		assert.Equal(t, 404, resp.Status())
		assert.Contains(t, text, "first")
	})
	t.Run("other statuses are left alone", func(t *testing.T) {
		_, text := answer(t, filter("/doc"), "/doc")
		assert.True(t, strings.HasPrefix(text, "GET /doc? for 0"), text)
	})
	t.Run("a path by function", func(t *testing.T) {
		app := ErrorDocument(ErrorDocumentOptions{Path: func(_ *webob.Request, p *webob.Response) string {
			if p.Status() == 404 {
				return "/doc"
			}
			return ""
		}})(documents())
		_, text := answer(t, app, "/x")
		assert.Contains(t, text, "/doc")
	})
	for path, o := range map[string]ErrorDocumentOptions{
		"no status": {Paths: map[int]string{4: "/x"}}, "no path": {Paths: map[int]string{404: "http://evil/"}}, "no%20path": {Paths: map[int]string{404: "/%zz"}},
	} {
		assert.Error(t, o.Validate(), path)
		assert.Panics(t, func() { ErrorDocument(o) }, path)
	}
}

func TestRecursive(t *testing.T) {
	inner := respond(func(req *webob.Request) *webob.Response {
		switch path := req.PathInfo(); {
		case path == "/login":
			return webob.Text(fmt.Sprintf("login at %q for %s?%s", req.ScriptName(), req.Method, req.URL.RawQuery))
		case path == "/from":
			req.SetPathInfo("/changed")
			return exc.Page(req, Forward("/login"))
		case path == "/wrapped":
			return exc.Page(req, fmt.Errorf("not logged in: %w", Forward("/login?next=%2F")))
		case path == "/loop":
			return exc.Page(req, Forward("/loop"))
		case path == "/a":
			return exc.Page(req, Forward("/b"))
		case path == "/b":
			return exc.Page(req, Forward("/a"))
		case path == "/bad":
			return exc.Page(req, Forward("http://evil/"))
		case strings.HasPrefix(path, "/n"):
			return exc.Page(req, Forward(path+"n"))
		case path == "/page":
			part, err := Include(req, "/login?part")
			if err != nil {
				return exc.Page(req, err)
			}
			text, _ := part.Text()
			return webob.Text("page with " + text)
		}
		return exc.Page(req, exc.NotFound)
	})
	app := Recursive()(inner)
	mounted := webob.WithBaseURL("http://h/outer")
	for _, row := range []struct{ rule, path, want string }{
		{"a path is counted from the filter", "/from?q=1", `login at "/outer" for GET?q=1`},
		{"a query of its own", "/wrapped?q=1", `login at "/outer" for GET?next=%2F`},
		{"another page on the way", "/page?q", `page with login at "/outer" for GET?part`},
	} {
		_, text := answer(t, app, row.path, mounted)
		assert.Equal(t, row.want, text, row.rule)
	}
	for _, path := range []string{"/loop", "/a", "/n"} {
		resp, _ := answer(t, app, path)
		assert.Equal(t, 508, resp.Status(), path)
		assert.ErrorIs(t, resp.Err(), ErrForwardLoop)
	}
	resp, _ := answer(t, app, "/bad")
	assert.ErrorIs(t, resp.Err(), ErrTarget)
	assert.Equal(t, 500, resp.Status())
	resp, _ = answer(t, inner, "/from")
	assert.Equal(t, 500, resp.Status(), "nobody forwards")
	resp, _ = answer(t, inner, "/page")
	assert.ErrorIs(t, resp.Err(), ErrNoRecursive)

	mux := http.NewServeMux()
	mux.Handle("/", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { inner.ServeHTTP(w, r) }))
	_, text := answer(t, Recursive()(mux), "/from")
	assert.Equal(t, `login at "" for GET?`, text, "through a foreign mux")
	rec := httptest.NewRecorder()
	Recursive()(mux).ServeHTTP(rec, httptest.NewRequest("POST", "/from?z", strings.NewReader("a=b")))
	assert.Equal(t, `login at "" for POST?z`, rec.Body.String())
}

func TestRecursiveGivesTheBodyAgain(t *testing.T) {
	read := func(req *webob.Request) string {
		b, err := req.Bytes()
		require.NoError(t, err)
		return string(b)
	}
	app := Recursive()(respond(func(req *webob.Request) *webob.Response {
		if req.PathInfo() == "/there" {
			var b strings.Builder
			_, err := io.Copy(&b, req.Body) // as a foreign handler would
			require.NoError(t, err)
			return webob.Text(b.String() + "|" + read(req))
		}
		read(req)
		return exc.Page(req, Forward("/there"))
	}))
	rec := httptest.NewRecorder()
	app.ServeHTTP(rec, httptest.NewRequest("POST", "/", strings.NewReader("body")))
	assert.Equal(t, "body|body", rec.Body.String())
}

func TestBasicAuth(t *testing.T) {
	away := errors.New("the database is away")
	check := func(_ *webob.Request, user, password string) (bool, error) {
		if user == "err" {
			return false, away
		}
		return user == "" || password == "pass "+user, nil
	}
	who := respond(func(req *webob.Request) *webob.Response {
		return webob.Text(req.Environ().String("AUTH_TYPE") + " " + req.Environ().String("REMOTE_USER"))
	})
	app := BasicAuth(BasicAuthOptions{Realm: `Water "works"`, Check: check})(who)
	sent := func(field string) webob.BlankOption { return webob.WithHeader("Authorization", field) }
	basic := func(user, password string) webob.BlankOption {
		r, _ := http.NewRequest("GET", "/", nil)
		r.SetBasicAuth(user, password)
		return sent(r.Header.Get("Authorization"))
	}
	for rule, opts := range map[string][]webob.BlankOption{
		"no field":             nil,
		"an empty field":       {sent("")},
		"another scheme":       {sent("Bearer abc")},
		"no credentials":       {sent("Basic")},
		"no base64":            {sent("Basic !!!")},
		"no colon":             {sent("Basic YWxpY2U=")},
		"no UTF-8":             {sent("Basic /zov")},
		"a control character":  {basic("a\nb", "pass a\nb")},
		"a wrong password":     {basic("alice", "x")},
		"no password":          {basic("alice", "")},
		"nobody is no user":    {basic("", "")},
		"another's password":   {basic("bob", "pass alice")},
		"a colon in the name?": {basic("a:b", "pass a:b")},
	} {
		resp, _ := answer(t, app, "/", opts...)
		assert.Equal(t, 401, resp.Status(), rule)
		assert.Equal(t, `Basic realm="Water \"works\"", charset="UTF-8"`, resp.Header().Get("Www-Authenticate"), rule)
	}
	for rule, opts := range map[string][]webob.BlankOption{
		"basic alice":  {basic("alice", "pass alice")},
		"basic änne":   {basic("änne", "pass änne")},
		" somebody":    {webob.WithEnviron("REMOTE_USER", "somebody")},
		"basic a":      {sent("BASIC  YTpwYXNzIGE=")},
		"basic double": {basic("double", "pass double")},
	} {
		_, text := answer(t, app, "/", opts...)
		assert.Equal(t, rule, text)
	}
	resp, _ := answer(t, app, "/", basic("err", ""))
	assert.ErrorIs(t, resp.Err(), away)
	assert.Equal(t, 500, resp.Status())

	users := BasicAuth(BasicAuthOptions{Realm: "r", NoCharset: true, Check: Users(map[string]string{"alice": "a", "empty": ""})})(who)
	for user, row := range map[string]struct {
		password string
		status   int
	}{"alice": {"a", 200}, "bob": {"", 401}, "empty": {"", 200}} {
		resp, _ := answer(t, users, "/", basic(user, row.password))
		assert.Equal(t, row.status, resp.Status(), user)
	}
	resp, _ = answer(t, users, "/")
	assert.Equal(t, `Basic realm="r"`, resp.Header().Get("Www-Authenticate"))
	assert.Error(t, BasicAuthOptions{Check: check}.Validate())
	assert.Error(t, BasicAuthOptions{Realm: "x"}.Validate())
	assert.Error(t, BasicAuthOptions{Realm: "x\n", Check: check}.Validate())
	assert.Panics(t, func() { BasicAuth(BasicAuthOptions{}) })
}

func TestConfig(t *testing.T) {
	given := map[string]string{"color": "red"}
	app := Config(given)(respond(func(req *webob.Request) *webob.Response {
		settings := Settings.Value(req)
		color := settings["color"]
		settings["color"] = "changed"
		return webob.Text(color)
	}))
	given["color"] = "blue"
	for range 2 {
		_, text := answer(t, app, "/")
		assert.Equal(t, "red", text)
	}
	_, text := answer(t, Config(nil)(respond(func(req *webob.Request) *webob.Response {
		return webob.Text(fmt.Sprint(Settings.Value(req) != nil))
	})), "/")
	assert.Equal(t, "true", text)
}

func TestRequestID(t *testing.T) {
	var log strings.Builder
	logger := webob.WithEnviron(webob.Logger.Name(), slog.New(slog.NewTextHandler(&log, nil)))
	show := respond(func(req *webob.Request) *webob.Response {
		webob.Logger.Value(req).Info("here")
		return webob.Text(ID.Value(req))
	})
	trace := "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
	for _, row := range []struct {
		rule  string
		trust bool
		field string
		value string
		want  string
	}{
		{"nothing sent", true, "X-Other", "a", ""},
		{"a stranger's is not believed", false, "X-Request-Id", "abc", ""},
		{"a proxy's is", true, "X-Request-Id", "abc-1_2", "abc-1_2"},
		{"too long", true, "X-Request-Id", strings.Repeat("a", 129), ""},
		{"a line end in a log", true, "X-Request-Id", "a b", ""},
		{"a trace", true, "Traceparent", trace, trace[3:35]},
		{"a trace of zeros", true, "Traceparent", "00-00000000000000000000000000000000-00f067aa0ba902b7-01", ""},
		{"a trace cut short", true, "Traceparent", trace[:50], ""},
		{"a trace in capitals", true, "Traceparent", strings.ToUpper(trace), ""},
		{"a later version", true, "Traceparent", "01" + trace[2:] + "-more", trace[3:35]},
	} {
		log.Reset()
		resp, id := answer(t, RequestID(RequestIDOptions{Trust: row.trust})(show), "/", logger, webob.WithHeader(row.field, row.value))
		if row.want == "" {
			assert.Len(t, id, 32, row.rule)
		} else {
			assert.Equal(t, row.want, id, row.rule)
		}
		assert.Equal(t, id, resp.Header().Get("X-Request-Id"), row.rule)
		assert.Contains(t, log.String(), "request_id="+id, row.rule)
	}
	resp, _ := answer(t, RequestID(RequestIDOptions{Field: "x-my", New: func(*webob.Request) string { return "7" }})(returns(exc.NotFound)), "/", logger)
	assert.Equal(t, "7", resp.Header().Get("X-My"), "on error pages too")
}
