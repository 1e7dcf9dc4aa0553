package exc_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

func TestPageIsNegotiated(t *testing.T) {
	const html, text = "text/html; charset=utf-8", "text/plain; charset=utf-8"
	const js, problem = "application/json", "application/problem+json"
	for _, row := range []struct{ name, accept, want string }{
		{"without Accept it is text", "-", text},
		{"*/* is HTML for ever", "*/*", html},
		{"a tie is HTML", "application/json, text/html", html},
		{"weights decide", "text/html;q=0.5, application/json", js},
		{"text is weighed like the others", "text/plain, application/json;q=0.5", text},
		{"problems are weighed like the others", "application/json;q=0.9, application/problem+json", problem},
		{"application/* is JSON, which stands before problems", "application/*", js},
		{"a browser gets HTML", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", html},
		{"q=0 excludes", "text/html;q=0, */*;q=0.1", text},
		{"what cannot be read takes all", "garbage", html},
		{"an empty field takes nothing", "", text},
		{"nothing acceptable is text", "image/png", text},
		{"types have no case", "TEXT/HTML", html},
	} {
		t.Run(row.name, func(t *testing.T) {
			req := get("/")
			if row.accept != "-" {
				req.Header.Set("Accept", row.accept)
			}
			p := exc.Page(req, exc.NotFound.With("d"))
			assert.Equal(t, row.want, p.Header().Get("Content-Type"), "the type is there before the body is")
			assert.Equal(t, "Accept", p.Header().Get("Vary"))
			assert.Contains(t, body(t, p), "Not Found")
			assert.Equal(t, row.want, p.Header().Get("Content-Type"))
			plain := exc.Page(req, exc.NotFound)
			assert.Equal(t, row.want, plain.Header().Get("Content-Type"), "the ready page of a sentinel too")
			body(t, plain)
			assert.Equal(t, row.want, plain.Header().Get("Content-Type"))
		})
	}
}

func TestSeveralAcceptLinesAreOneList(t *testing.T) {
	p := exc.Page(get("/", "Accept", "text/html;q=0.1", "Accept", "application/json"), exc.NotFound)
	assert.Equal(t, "application/json", p.Header().Get("Content-Type"))
}

func TestPagesOfEachFormat(t *testing.T) {
	err := exc.NotFound.With(`no <b> & "é"`).WithComment("c --> d")
	page := func(accept string) string { return body(t, exc.Page(get("/", "Accept", accept), err)) }

	assert.Equal(t, "404 Not Found\n\nThe resource could not be found.\n\nno <b> & \"é\"\n", page("text/plain"))
	assert.Equal(t, "<html>\n <head>\n  <title>404 Not Found</title>\n </head>\n <body>\n  <h1>404 Not Found</h1>\n"+
		"  The resource could not be found.<br /><br />\nno &lt;b&gt; &amp; &quot;&#233;&quot;\n<!-- c --&gt; d -->\n\n </body>\n</html>",
		page("text/html"))
	assert.JSONEq(t, `{"code":"404 Not Found","message":"The resource could not be found.\n\nno <b> & \"é\"","title":"Not Found"}`,
		page("application/json"))
	assert.JSONEq(t, `{"type":"about:blank","title":"Not Found","status":404,"detail":"no <b> & \"é\""}`,
		page("application/problem+json"))
}

// spec 7.2
func TestPageOfAnyError(t *testing.T) {
	secret := errors.New("password=hunter2")
	input := &webob.InputError{Status: 422, Public: "age is no number", Err: secret}
	teapot := &webob.InputError{Status: 418, Public: "short and stout"}
	for _, row := range []struct {
		name   string
		err    error
		status int
		says   string
	}{
		{"a sentinel", exc.Gone, 410, "no longer available"},
		{"a copy with detail", exc.Gone.With("sold"), 410, "sold"},
		{"wrapped", fmt.Errorf("password: %w", exc.Gone), 410, "no longer available"},
		{"joined", errors.Join(secret, exc.Gone), 410, "no longer available"},
		{"the first of two decides", exc.BadGateway.Wrap(exc.NotFound), 502, "Bad gateway"},
		{"an input error", input, 422, "age is no number"},
		{"an input error of a status without a sentinel", teapot, 418, "short and stout"},
		{"an input error of no status", &webob.InputError{Status: 42}, 500, "Internal"},
		{"a redirect", exc.SeeOther.To("/there"), 303, "/there"},
		{"a redirect without a location", exc.SeeOther, 500, "Internal"},
		{"choices need none", exc.MultipleChoices, 300, "Multiple Choices"},
		{"any other error", secret, 500, "Internal Server Error"},
		{"a missing file", fs.ErrNotExist, 500, "Internal Server Error"},
		{"a client that left", context.Canceled, 500, "Internal Server Error"},
		{"nil", nil, 500, "Internal Server Error"},
		{"a nil *Error", (*exc.Error)(nil), 500, "Internal Server Error"},
		{"a nil *Redirect", (*exc.Redirect)(nil), 500, "Internal Server Error"},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := exc.Page(get("/"), row.err)
			assert.Equal(t, row.status, p.Status())
			text := body(t, p)
			assert.Contains(t, text, row.says)
			assert.NotContains(t, text, "password")
			require.Error(t, p.Err())
			if row.err != nil && p.Status() == row.status && row.name != "a redirect without a location" {
				assert.Same(t, unwrapAny(row.err), unwrapAny(p.Err()), "the error keeps its identity")
			}
		})
	}
}

// unwrapAny makes errors of any type comparable by assert.Same.
func unwrapAny(err error) any {
	switch e := err.(type) {
	case *exc.Error, *exc.Redirect, *webob.InputError:
		return e
	}
	return &identity
}

var identity int

func TestPageKeepsTheIdentityOfWhatIsWrapped(t *testing.T) {
	err := fmt.Errorf("reading: %w", exc.NotFound.Wrap(io.ErrUnexpectedEOF))
	assert.Equal(t, err, exc.Page(get("/"), err).Err())
}

// other is a responder of somebody else's, and an error.
type other struct{ nothing bool }

func (o other) Error() string                                    { return "other" }
func (o other) ServeHTTP(w http.ResponseWriter, r *http.Request) { webob.Serve(o, w, r) }
func (o other) Respond(*webob.Request) *webob.Response {
	if o.nothing {
		return nil
	}
	return webob.Text("mine")
}

func TestAnotherResponderAnswersForItself(t *testing.T) {
	p := exc.Page(get("/"), fmt.Errorf("so: %w", other{}))
	assert.Equal(t, "mine", body(t, p))
	assert.EqualError(t, p.Err(), "so: other")
	assert.Equal(t, 500, exc.Page(get("/"), other{nothing: true}).Status(), "one that answers with nothing is a 500")
}

// readAs can be read as an error of ours.
type readAs struct{ err error }

func (e readAs) Error() string { return "readAs" }
func (e readAs) As(target any) bool {
	switch t := target.(type) {
	case **exc.Error:
		found, ok := e.err.(*exc.Error)
		*t = found
		return ok
	case **exc.Redirect:
		found, ok := e.err.(*exc.Redirect)
		*t = found
		return ok
	case **webob.InputError:
		found, ok := e.err.(*webob.InputError)
		*t = found
		return ok
	}
	return false
}

func TestPageHonoursAs(t *testing.T) {
	for err, status := range map[error]int{
		exc.Gone: 410, exc.Found.To("/x"): 302, &webob.InputError{Status: 415}: 415, io.EOF: 500,
	} {
		assert.Equal(t, status, exc.Page(get("/"), fmt.Errorf("so: %w", readAs{err})).Status())
	}
}

func TestTypedNilsDoNoHarm(t *testing.T) {
	for _, err := range []webob.Responder{(*exc.Error)(nil), (*exc.Redirect)(nil)} {
		assert.NotErrorIs(t, err.(error), exc.NotFound)
		assert.NoError(t, errors.Unwrap(err.(error)))
		rec, _ := send(err, "GET", "/")
		assert.Equal(t, 500, rec.Code)
	}
}

func TestTheZeroPagesAreThoseOfPage(t *testing.T) {
	var none *exc.Pages
	for _, pages := range []*exc.Pages{none, {}} {
		p := pages.Page(get("/", "Accept", "application/json"), exc.NotFound)
		assert.Equal(t, "application/json", p.Header().Get("Content-Type"))
	}
}

// TestOverASocket repeats on the wire what a recorder cannot vouch for.
func TestOverASocket(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		apps := map[string]http.Handler{
			"/404": exc.NotFound, "/detail": exc.NotFound.With("d"), "/204": exc.NoContent, "/205": exc.ResetContent,
			"/304": exc.NotModified.WithHeader("ETag", `"a"`), "/to": exc.Found.To("/404"), "/away": exc.Found.To("//evil.example"),
			"/own": exc.Conflict.WithBody("text/x", []byte("own")),
		}
		apps[r.URL.Path].ServeHTTP(w, r)
	}))
	defer server.Close()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	ask := func(method, path string) (p *http.Response, body string) {
		r, err := http.NewRequest(method, server.URL+path, nil)
		require.NoError(t, err)
		p, err = client.Do(r)
		require.NoError(t, err, "%s %s", method, path)
		defer p.Body.Close()
		b, err := io.ReadAll(p.Body)
		require.NoError(t, err)
		p.Header.Del("Date")
		return p, string(b)
	}
	for path, status := range map[string]int{
		"/404": 404, "/detail": 404, "/204": 204, "/205": 205, "/304": 304, "/to": 302, "/away": 400, "/own": 409,
	} {
		got, body := ask("GET", path)
		assert.Equal(t, status, got.StatusCode, path)
		if status == 204 || status == 304 {
			assert.Empty(t, got.Header.Values("Content-Length"), path)
			assert.Empty(t, body, path)
		} else {
			assert.Equal(t, fmt.Sprint(len(body)), got.Header.Get("Content-Length"), path)
		}
		head, body := ask("HEAD", path)
		assert.Equal(t, status, head.StatusCode, path)
		assert.Equal(t, got.Header, head.Header, path)
		assert.Empty(t, body, path)
	}
}

func TestAbortBreaksTheConnection(t *testing.T) {
	app := responder(func(r *webob.Request) *webob.Response { return exc.Page(r, http.ErrAbortHandler) })
	assert.PanicsWithValue(t, http.ErrAbortHandler, func() {
		app.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	})
}

// responder makes an app of a function.
type responder func(*webob.Request) *webob.Response

func (f responder) Respond(r *webob.Request) *webob.Response         { return f(r) }
func (f responder) ServeHTTP(w http.ResponseWriter, r *http.Request) { webob.Serve(f, w, r) }

// send has an app answer as a server would, and gives what the log got.
func send(app http.Handler, method, target string, header ...string) (*httptest.ResponseRecorder, string) {
	var log strings.Builder
	quiet := responder(func(r *webob.Request) *webob.Response {
		webob.Logger.Set(r, slog.New(slog.NewTextHandler(&log, nil)))
		return r.GetResponse(app)
	})
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	rec := httptest.NewRecorder()
	quiet.ServeHTTP(rec, r)
	return rec, log.String()
}

// spec 7.2
func TestTheCauseIsInTheLogAlone(t *testing.T) {
	for _, accept := range []string{"text/plain", "text/html", "application/json", "application/problem+json"} {
		rec, log := send(exc.BadGateway.With("try later").Wrap(errors.New("dial 10.0.0.7")), "GET", "/", "Accept", accept)
		assert.Equal(t, 502, rec.Code)
		assert.Contains(t, rec.Body.String(), "try later")
		assert.NotContains(t, fmt.Sprint(rec.Header(), rec.Body), "10.0.0.7")
		assert.Contains(t, log, "10.0.0.7")
	}
}

func TestHeadHasTheHeaderOfGet(t *testing.T) {
	for _, accept := range []string{"text/plain", "text/html", "application/json", "application/problem+json"} {
		got, _ := send(exc.NotFound.With("d"), "GET", "/", "Accept", accept)
		head, _ := send(exc.NotFound.With("d"), "HEAD", "/", "Accept", accept)
		assert.Equal(t, got.Header(), head.Header())
		assert.Empty(t, head.Body.String())
	}
}

func TestSomeStatusesHaveNoBody(t *testing.T) {
	for _, err := range []*exc.Error{exc.NoContent, exc.ResetContent, exc.NotModified} {
		rec, _ := send(err.With("d").WithBody("text/plain", []byte("x")).WithHeader("ETag", `"a"`), "GET", "/")
		assert.Equal(t, err.Status(), rec.Code)
		assert.Empty(t, rec.Body.String())
		assert.Empty(t, rec.Header().Values("Content-Type"))
		assert.Empty(t, rec.Header().Values("Vary"))
		assert.Equal(t, `"a"`, rec.Header().Get("ETag"))
	}
}

func TestABodyOfOnesOwnIsSentAsItIs(t *testing.T) {
	err := exc.Conflict.With("d").WithBody("application/x-own", []byte("own"))
	rec, _ := send(err, "GET", "/", "Accept", "text/html")
	assert.Equal(t, "own", rec.Body.String())
	assert.Equal(t, "application/x-own", rec.Header().Get("Content-Type"))
	assert.Empty(t, rec.Header().Values("Vary"), "nothing was chosen")
	assert.Contains(t, body(t, err.WithBody("", nil).Respond(get("/"))), "conflict", "an empty one takes it back")
}

func TestABodyOfOnesOwnIsNotChangedByAnAnswer(t *testing.T) {
	err := exc.Conflict.WithBody("text/plain", []byte("own"))
	p := err.Respond(get("/"))
	_, _ = p.Write([]byte(" and more"))
	assert.Equal(t, "own and more", body(t, p))
	assert.Equal(t, "own", body(t, err.Respond(get("/"))))
}

// spec 7.3
func TestPagesAreRenderedWhenSomebodyLooks(t *testing.T) {
	rendered := 0
	pages := exc.NewPages(exc.NewFormat("text/x", func(c *exc.Content) ([]byte, error) {
		rendered++
		return []byte(c.Message()), nil
	}))
	p := pages.Page(get("/"), exc.NotFound)
	assert.Equal(t, "text/x", p.Header().Get("Content-Type"))
	assert.Equal(t, 404, p.Status())
	assert.Zero(t, rendered)
	assert.Equal(t, "The resource could not be found.", body(t, p))
	body(t, p)
	assert.Equal(t, 1, rendered)
	pages.Page(get("/"), exc.NotFound).SetText("replaced")
	assert.Equal(t, 1, rendered, "a page that is replaced is never made")
}

func TestContentHasTheFragmentOfTheHTMLPage(t *testing.T) {
	asHTML := exc.NewFormat("text/html; charset=utf-8", func(c *exc.Content) ([]byte, error) {
		return []byte("<!doctype html><title>" + c.StatusText() + "</title>" + string(c.Fragment())), nil
	})
	p := exc.NewPages(asHTML).Page(get("/"), exc.Gone.With("<d>").WithComment("c"))
	assert.Equal(t, "<!doctype html><title>410 Gone</title>This resource is no longer available. No forwarding address is given."+
		"<br /><br />\n&lt;d&gt;\n<!-- c -->\n", body(t, p))
}

func TestFormatsOfOnesOwn(t *testing.T) {
	fails := exc.NewFormat("application/x", func(*exc.Content) ([]byte, error) { return nil, io.ErrShortBuffer })
	p := exc.NewPages(fails, exc.HTML).Page(get("/", "Accept", "application/x"), exc.NotFound)
	assert.Contains(t, body(t, p), "could not be found", "a format that fails leaves the page in text")
	assert.Equal(t, "text/plain; charset=utf-8", p.Header().Get("Content-Type"))
	assert.ErrorIs(t, p.Err(), io.ErrShortBuffer)
	assert.ErrorIs(t, p.Err(), exc.NotFound)

	first := exc.NewPages(exc.Problem, exc.HTML)
	for _, accept := range []string{"*/*", "image/png", "garbage"} {
		p := first.Page(get("/", "Accept", accept), exc.NotFound)
		assert.Equal(t, "application/problem+json", p.Header().Get("Content-Type"), accept)
	}
	assert.Equal(t, "application/problem+json", first.Page(get("/"), exc.NotFound).Header().Get("Content-Type"),
		"without text on offer the first format is the one for a request that says nothing")
	assert.Equal(t, "text/plain; charset=utf-8",
		exc.NewPages(exc.Problem, exc.Text).Page(get("/"), exc.NotFound).Header().Get("Content-Type"))
	assert.Equal(t, "text/plain; charset=utf-8", exc.NewPages().Page(get("/"), exc.NotFound).Header().Get("Content-Type"))
	assert.Panics(t, func() { exc.NewPages(exc.NewFormat("nonsense", nil)) })
}

// spec 6.2
func TestAFilterMayChangeThePage(t *testing.T) {
	p := exc.Page(get("/"), exc.NotFound.With("d"))
	p.Header().Set("X-Id", "7")
	q := p.Copy()
	assert.Equal(t, "7", q.Header().Get("X-Id"))
	assert.Contains(t, body(t, q), "d")
	assert.ErrorIs(t, q.Err(), exc.NotFound)
}

func TestAsAnAppAnAnswerThatIsNoErrorHasNone(t *testing.T) {
	for _, app := range []webob.Responder{exc.Created, exc.NoContent, exc.Found.To("/x"), exc.NotModified} {
		assert.NoError(t, app.Respond(get("/")).Err())
		assert.Error(t, exc.Page(get("/"), app.(error)).Err(), "returned as an error it is one")
	}
	assert.ErrorIs(t, exc.NotFound.Respond(get("/")).Err(), exc.NotFound)
	assert.Error(t, exc.Found.Respond(get("/")).Err(), "without a location")
	assert.Error(t, exc.Found.To("//evil.example").Respond(get("/")).Err())
}

func TestTheFaultyFieldsOfAnInput(t *testing.T) {
	err := fmt.Errorf("form: %w", webob.FieldErrors{{Source: webob.InForm, Pointer: "/age", Message: "must be a whole number"}}.InputError())
	for _, accept := range []string{"application/json", "application/problem+json"} {
		var object struct{ Errors []webob.FieldError }
		p := exc.Page(get("/", "Accept", accept), err)
		require.NoError(t, json.Unmarshal([]byte(body(t, p)), &object))
		assert.Equal(t, []webob.FieldError{{Source: "form", Pointer: "/age", Message: "must be a whole number"}}, object.Errors)
		assert.Equal(t, 422, p.Status())
	}
	assert.Contains(t, body(t, exc.Page(get("/"), err)), "must be a whole number")
}

func TestStatusesThatShowTheRequest(t *testing.T) {
	req := webob.NewRequest(httptest.NewRequest("PATCH", "/", nil))
	req.Header.Set("Accept", "text/html, <x>")
	req.Header.Set("Content-Type", "text/<y>")
	for err, want := range map[*exc.Error]string{
		exc.MethodNotAllowed:     "The method PATCH is not allowed",
		exc.NotImplemented:       "The request method PATCH is not implemented",
		exc.NotAcceptable:        "content of type text/html, &lt;x&gt;)",
		exc.UnsupportedMediaType: "media type text/&lt;y&gt; is not supported",
	} {
		text := body(t, exc.Page(req, err))
		assert.Contains(t, text, want)
	}
	assert.Contains(t, body(t, exc.Page(get("/"), exc.UnsupportedMediaType)), "media type none is")
}

func TestAPageRepeatsLittleOfTheRequest(t *testing.T) {
	long := strings.Repeat("a/b;q=0.1, \u00e9", 50_000)
	for _, e := range []*exc.Error{exc.NotAcceptable, exc.UnsupportedMediaType, exc.MethodNotAllowed, exc.NotImplemented} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Method, r.Header = strings.Repeat("M", 100_000), http.Header{"Content-Type": {long}, "Accept": {long, "text/plain"}}
		page, err := e.Respond(webob.NewRequest(r)).Text()
		require.NoError(t, err)
		assert.Less(t, len(page), 700)
		assert.Contains(t, page, "...")
		assert.True(t, utf8.ValidString(page))
	}
}

func TestTemplates(t *testing.T) {
	const secret = "s3cret"
	for _, row := range []struct{ name, template, html, text string }{
		{"detail is escaped", "<p>${detail}</p>", "<p>&lt;d&gt;</p>", "<d>"},
		{"without braces", "$explanation: $detail", "There was a conflict when trying to complete your request.: &lt;d&gt;",
			"There was a conflict when trying to complete your request.: <d>"},
		{"$$ is a dollar", "$$5", "$5", "$5"},
		{"unknown names stay", "$nothing ${nor_this} ${no-name} $", "$nothing ${nor_this} ${no-name} $", "$nothing ${nor_this} ${no-name} $"},
		{"a name goes as far as it can", "$detail_x", "$detail_x", "$detail_x"},
		{"not the environ", "$HTTP_AUTHORIZATION ${HTTP_COOKIE} $x_secret", "$HTTP_AUTHORIZATION ${HTTP_COOKIE} $x_secret",
			"$HTTP_AUTHORIZATION ${HTTP_COOKIE} $x_secret"},
		{"comments are for HTML", "a${comment}|${html_comment}", "ac|<!-- c -->", "a|"},
		{"a tag ends a name", "$detail<b>x</b>", "&lt;d&gt;<b>x</b>", "<d>x"},
		{"a variable within a tag", `<a href="$detail">there</a>`, `<a href="&lt;d&gt;">there</a>`, "there"},
		{"NUL is no text", "\x000\x00a", "\x000\x00a", "0a"},
		{"line breaks", "a<br>b", "a<br>b", "a\nb"},
		{"a detail is not read again", "${detail}", "&lt;d&gt;", "<d>"},
	} {
		t.Run(row.name, func(t *testing.T) {
			err := exc.Conflict.With("<d>").WithComment("c").WithTemplate(row.template).WithHeader("X-Secret", secret)
			html := body(t, exc.Page(get("/", "Accept", "text/html", "Authorization", secret, "Cookie", secret), err))
			assert.Contains(t, html, "</h1>\n  "+row.html+"\n </body>")
			assert.Equal(t, "409 Conflict\n\n"+row.text+"\n", body(t, exc.Page(get("/"), err)))
		})
	}
	assert.NotContains(t, body(t, exc.Page(get("/"), exc.Conflict.With("$explanation ${detail}"))), "conflict when trying to complete your request. ${")
}

func TestMembers(t *testing.T) {
	balance := exc.NewMember[int]("balance")
	accounts := exc.NewMember[[]string]("accounts")
	err := balance.Set(accounts.Set(exc.Forbidden.With("no money"), []string{"/a/1"}), 30).
		WithType("https://example.com/probs/credit").WithTitle("No credit").WithInstance("/a/1/msgs/2")

	n, ok := balance.Get(fmt.Errorf("so: %w", err))
	assert.True(t, ok)
	assert.Equal(t, 30, n)
	_, ok = exc.NewMember[string]("balance").Get(err)
	assert.False(t, ok, "of another type")
	_, ok = balance.Get(exc.Forbidden)
	assert.False(t, ok)
	_, ok = balance.Get(io.EOF)
	assert.False(t, ok)
	assert.Equal(t, "balance", balance.Name())

	assert.JSONEq(t, `{"type":"https://example.com/probs/credit","title":"No credit","status":403,"detail":"no money",
		"instance":"/a/1/msgs/2","accounts":["/a/1"],"balance":30}`,
		body(t, exc.Page(get("/", "Accept", "application/problem+json"), err)))
	assert.JSONEq(t, `{"message":"Access was denied to this resource.\n\nno money","code":"403 Forbidden","title":"No credit",
		"accounts":["/a/1"],"balance":30}`, body(t, exc.Page(get("/", "Accept", "application/json"), err)))
	assert.Contains(t, body(t, exc.Page(get("/", "Accept", "text/html"), err)), "<h1>403 Forbidden</h1>")

	n, ok = balance.Get(balance.Set(exc.Found, 5).To("/x"))
	assert.True(t, ok, "a redirect has those of what it was made of")
	assert.Equal(t, 5, n)
	_, ok = exc.NewMember[int]("other").Get(err)
	assert.False(t, ok)

	again := balance.Set(err, 7)
	n, _ = balance.Get(again)
	assert.Equal(t, 7, n, "set twice is set anew")
	n, _ = balance.Get(err)
	assert.Equal(t, 30, n)
	members := map[string]any{}
	require.NoError(t, json.Unmarshal([]byte(body(t, exc.Page(get("/", "Accept", "application/problem+json"), again))), &members))
	assert.EqualValues(t, 7, members["balance"])
}

func TestAMemberIsTakenAsItIsWhenItIsSet(t *testing.T) {
	list := []string{"a"}
	err := exc.Forbidden.WithMember("list", list)
	list[0] = "b"
	assert.Contains(t, body(t, exc.Page(get("/", "Accept", "application/json"), err)), `["a"]`)
}

func TestFaultsAreA500ThatSaysWhy(t *testing.T) {
	for name, err := range map[string]*exc.Error{
		"a member JSON has no form for": exc.Forbidden.WithMember("m", make(chan int)),
		"a member of a taken name":      exc.Forbidden.WithMember("status", 200),
		"a status of no answer":         exc.New(42, "Odd", ""),
		"and further copies":            exc.Forbidden.WithMember("", 1).With("d"),
	} {
		t.Run(name, func(t *testing.T) {
			p := exc.Page(get("/"), err)
			assert.Equal(t, 500, p.Status())
			assert.ErrorIs(t, p.Err(), exc.InternalServerError)
			assert.ErrorContains(t, p.Err(), "exc: ")
		})
	}
	for _, name := range []string{"", "type", "title", "status", "detail", "instance"} {
		assert.Panics(t, func() { exc.NewMember[int](name) }, name)
	}
}

func TestAFieldThatWouldSplitTheHeaderIsA500(t *testing.T) {
	rec, log := send(exc.Forbidden.WithHeader("X-A", "1\r\nSet-Cookie: a=b"), "GET", "/")
	assert.Equal(t, 500, rec.Code)
	assert.Empty(t, rec.Header().Values("Set-Cookie"))
	assert.Contains(t, log, "X-A")
}
