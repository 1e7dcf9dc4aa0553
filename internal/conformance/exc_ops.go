package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// Exc asks package exc.
func (adapters) Exc() Family {
	return Family{
		Name: "exc",
		Done: true,
		Ops: map[string]Op{
			"exc.describe":   Ask(excDescribe),
			"exc.status_map": Ask(excStatusMap),
			"exc.call":       Ask(excCall),
			"exc.call_twice": Ask(excCallTwice),
			"exc.message":    Ask(excMessage),
			"exc.middleware": Ask(excMiddleware),
			"exc.plain_text": Ask(func(in struct{ HTML string }) (any, error) { return exc.PlainText(in.HTML), nil }),
			"exc.escape":     Ask(func(in struct{ Value any }) (any, error) { return exc.EscapeHTML(in.Value), nil }),
		},
		Fold:  excFold,
		Rules: excRules(),
	}
}

// excNames are WebOb's classes, with the sentinels that stand for them.
var excNames = []struct {
	name string
	err  *exc.Error
}{
	{"HTTPOk", exc.OK},
	{"HTTPCreated", exc.Created},
	{"HTTPAccepted", exc.Accepted},
	{"HTTPNonAuthoritativeInformation", exc.NonAuthoritativeInformation},
	{"HTTPNoContent", exc.NoContent},
	{"HTTPResetContent", exc.ResetContent},
	{"HTTPPartialContent", exc.PartialContent},
	{"HTTPMultipleChoices", exc.MultipleChoices},
	{"HTTPMovedPermanently", exc.MovedPermanently},
	{"HTTPFound", exc.Found},
	{"HTTPSeeOther", exc.SeeOther},
	{"HTTPNotModified", exc.NotModified},
	{"HTTPUseProxy", exc.UseProxy},
	{"HTTPTemporaryRedirect", exc.TemporaryRedirect},
	{"HTTPPermanentRedirect", exc.PermanentRedirect},
	{"HTTPBadRequest", exc.BadRequest},
	{"HTTPClientError", exc.BadRequest},
	{"HTTPUnauthorized", exc.Unauthorized},
	{"HTTPPaymentRequired", exc.PaymentRequired},
	{"HTTPForbidden", exc.Forbidden},
	{"HTTPNotFound", exc.NotFound},
	{"HTTPMethodNotAllowed", exc.MethodNotAllowed},
	{"HTTPNotAcceptable", exc.NotAcceptable},
	{"HTTPProxyAuthenticationRequired", exc.ProxyAuthenticationRequired},
	{"HTTPRequestTimeout", exc.RequestTimeout},
	{"HTTPConflict", exc.Conflict},
	{"HTTPGone", exc.Gone},
	{"HTTPLengthRequired", exc.LengthRequired},
	{"HTTPPreconditionFailed", exc.PreconditionFailed},
	{"HTTPRequestEntityTooLarge", exc.RequestEntityTooLarge},
	{"HTTPRequestURITooLong", exc.RequestURITooLong},
	{"HTTPUnsupportedMediaType", exc.UnsupportedMediaType},
	{"HTTPRequestRangeNotSatisfiable", exc.RequestedRangeNotSatisfiable},
	{"HTTPExpectationFailed", exc.ExpectationFailed},
	{"HTTPUnprocessableEntity", exc.UnprocessableEntity},
	{"HTTPLocked", exc.Locked},
	{"HTTPFailedDependency", exc.FailedDependency},
	{"HTTPPreconditionRequired", exc.PreconditionRequired},
	{"HTTPTooManyRequests", exc.TooManyRequests},
	{"HTTPRequestHeaderFieldsTooLarge", exc.RequestHeaderFieldsTooLarge},
	{"HTTPUnavailableForLegalReasons", exc.UnavailableForLegalReasons},
	{"HTTPInternalServerError", exc.InternalServerError},
	{"HTTPServerError", exc.InternalServerError},
	{"HTTPNotImplemented", exc.NotImplemented},
	{"HTTPBadGateway", exc.BadGateway},
	{"HTTPServiceUnavailable", exc.ServiceUnavailable},
	{"HTTPGatewayTimeout", exc.GatewayTimeout},
	{"HTTPVersionNotSupported", exc.HTTPVersionNotSupported},
	{"HTTPInsufficientStorage", exc.InsufficientStorage},
	{"HTTPNetworkAuthenticationRequired", exc.NetworkAuthenticationRequired},
}

func excSentinel(name string) *exc.Error {
	for _, n := range excNames {
		if n.name == name {
			return n.err
		}
	}
	panic("conformance: no such exception: " + name)
}

// excSpec is the description of an exception.
type excSpec struct {
	Name       string
	Kw         map[string]any
	Set        [][]any
	JSONFields map[string]string `json:"json_fields"`
}

// excRequest is the short form of a request.
type excRequest struct {
	Path    string
	Method  string
	BaseURL string `json:"base_url"`
	Headers [][2]string
	Environ map[string]any
	Body    *string
}

func (in excRequest) make() (*webob.Request, error) {
	opts := []webob.BlankOption{webob.WithBaseURL(in.BaseURL)}
	for _, key := range SortedKeys(in.Environ) {
		opts = append(opts, webob.WithEnviron(key, Value(in.Environ[key])))
	}
	if in.Body != nil {
		opts = append(opts, webob.WithBody([]byte(Raw(*in.Body))))
	}
	req, err := webob.NewBlank(in.Path, opts...)
	if err != nil {
		return nil, err
	}
	if in.Method != "" {
		req.Method = in.Method
	}
	for _, h := range in.Headers {
		req.Header.Set(h[0], Raw(h[1])) // also what no client could send
	}
	return req, nil
}

// errNotOurs is the refusal of an argument that the API has no place for.
var errNotOurs = errors.New("no such argument")

// excMade is an exception put together: an error, and what is done to the
// Response it makes.
type excMade struct {
	*exc.Error
	to    func(*exc.Error) *exc.Redirect // nil for what is no redirect
	steps []func(*webob.Response)
	pages *exc.Pages
}

// value is the error as a handler would return it.
func (m *excMade) value() error {
	if m.to != nil {
		return m.to(m.Error)
	}
	return m.Error
}

// Respond answers with the page.
func (m *excMade) Respond(req *webob.Request) *webob.Response {
	p := exc.Page(req, m.value())
	if m.pages != nil {
		p = m.pages.Page(req, m.value())
	}
	for _, step := range m.steps {
		step(p)
	}
	return p
}

// ServeHTTP sends the page.
func (m *excMade) ServeHTTP(w http.ResponseWriter, r *http.Request) { webob.Serve(m, w, r) }

func (s excSpec) make() (*excMade, error) {
	m := &excMade{Error: excSentinel(s.Name)}
	given := map[string]any{}
	for name, v := range s.Kw {
		given[name] = v
	}
	for _, step := range s.Set {
		given[step[0].(string)] = step[1]
	}
	if given["location"] != nil && given["add_slash"] != nil || s.JSONFields != nil && m.Status()/100 == 3 && m.Status() != http.StatusNotModified {
		return nil, errNotOurs
	}
	for _, name := range SortedKeys(given) {
		if err := m.take(name, Value(given[name]), given); err != nil {
			return nil, err
		}
	}
	if s.JSONFields != nil {
		m.pages = exc.NewPages(exc.HTML, exc.Text, excJSON(s.JSONFields), exc.Problem)
	}
	return m, nil
}

// take gives the error one argument or attribute.
func (m *excMade) take(name string, v any, all map[string]any) error {
	text, _ := v.(string)
	switch name {
	case "detail":
		m.Error = m.With(text)
	case "comment":
		m.Error = m.WithComment(text)
	case "explanation":
		m.Error = m.WithExplanation(text)
	case "title":
		m.Error = m.WithTitle(text)
	case "body_template":
		m.Error = m.WithTemplate(text)
	case "headers":
		for _, pair := range v.([]any) {
			m.header(pair.([]any)[0].(string), Raw(pair.([]any)[1].(string)))
		}
	case "location":
		m.location(text)
	case "add_slash":
		m.to = (*exc.Error).AddSlash
	case "body":
		m.Error = m.WithBody(excType(all), v.([]byte))
	case "text":
		m.Error = m.WithBody(excType(all), []byte(text))
	case "json_body":
		b, err := json.Marshal(v)
		if err != nil {
			return err
		}
		m.Error = m.WithBody(excType(all), b)
	case "app_iter":
		m.steps = append(m.steps, func(p *webob.Response) {
			p.Header().Del("Vary") // no page was chosen
			p.Header().Set("Content-Type", excType(all))
			p.SetStream(func(w webob.StreamWriter) error {
				for _, chunk := range v.([]any) {
					if _, err := w.Write(chunk.([]byte)); err != nil {
						return err
					}
				}
				return nil
			})
		})
	case "etag":
		m.header("ETag", `"`+text+`"`)
	case "cache_control":
		m.header("Cache-Control", text)
	case "conditional_response":
		m.steps = append(m.steps, func(p *webob.Response) { p.Conditional(true) })
	case "content_type", "charset", "content_length":
		// part of a body of one's own, see excType; a page has its own
	default:
		return fmt.Errorf("%w: %s", errNotOurs, name)
	}
	return nil
}

func (m *excMade) header(name, value string) { m.Error = m.WithHeader(name, value) }

// location is WebOb's argument, which may be any URL: one that names scheme and
// host is meant to.
func (m *excMade) location(to string) {
	switch {
	case m.Status()/100 != 3:
		m.header("Location", to)
	case excAbsolute.MatchString(to):
		m.to = func(e *exc.Error) *exc.Redirect { return e.ToExternal(to) }
	default:
		m.to = func(e *exc.Error) *exc.Redirect { return e.To(to) }
	}
}

var excAbsolute = regexp.MustCompile(`(?i)^https?://`)

// excType is the type of a body of one's own. WebOb's default is HTML; we have
// none, so it is said aloud.
func excType(all map[string]any) string {
	t, ok := all["content_type"].(string)
	switch {
	case !ok:
		return "text/html; charset=UTF-8"
	case strings.HasPrefix(t, "text/"):
		return t + "; charset=UTF-8"
	}
	return t
}

// excJSON is a JSON format with members of one's own.
func excJSON(fields map[string]string) exc.Format {
	return exc.NewFormat("application/json", func(c *exc.Content) ([]byte, error) {
		source := map[string]string{"body": c.Message(), "status": c.StatusText(), "title": c.Title}
		object := map[string]string{}
		for member, name := range fields {
			object[member] = source[name]
		}
		return json.Marshal(object)
	})
}

func excDescribe(in struct{ Name string }) (any, error) {
	e := excSentinel(in.Name)
	b, err := e.Respond(webob.Blank("/")).Bytes()
	if err != nil {
		return nil, err
	}
	empty := e.Status()/100 != 3 && len(b) == 0 || e.Status() == http.StatusNotModified
	kinds := []string{"HTTPException"}
	for _, k := range []struct {
		name    string
		classes []error
	}{
		{"HTTPOk", []error{exc.Success}},
		{"HTTPRedirection", []error{exc.Redirection}},
		{"HTTPError", []error{exc.ClientError, exc.ServerError}},
		{"HTTPClientError", []error{exc.ClientError}},
		{"HTTPServerError", []error{exc.ServerError}},
	} {
		if slices.ContainsFunc(k.classes, func(class error) bool { return errors.Is(e, class) }) {
			kinds = append(kinds, k.name)
		}
	}
	return map[string]any{
		"code": e.Status(), "title": e.Title(), "explanation": e.Explanation(), "empty_body": empty, "kinds": kinds,
	}, nil
}

// excStatusMap answers with WebOb's name of our sentinel; a status WebOb has no
// name for cannot be told in its words.
func excStatusMap(in struct{ Code int }) (any, error) {
	e, ok := exc.ForStatus(in.Code)
	if ok {
		for _, n := range excNames {
			if n.err == e {
				return n.name, nil
			}
		}
	}
	return nil, fmt.Errorf("no class for %d", in.Code)
}

// excSend has an app answer as a server would.
func excSend(app http.Handler, in excRequest) (any, error) {
	req, err := in.make()
	if err != nil {
		return nil, err
	}
	rec := httptest.NewRecorder()
	app.ServeHTTP(rec, req.Request)
	return excAnswer(rec.Code, rec.Header(), rec.Body.String()), nil
}

func excAnswer(status int, h http.Header, body string) map[string]any {
	headers := [][2]string{}
	for _, name := range SortedKeys(h) {
		for _, v := range h[name] {
			headers = append(headers, [2]string{name, Latin(v)})
		}
	}
	return map[string]any{"status": webob.NewResponse(status).StatusText(), "headers": headers, "body": Latin(body)}
}

func excCall(in struct {
	Exc     excSpec
	Request excRequest
}) (any, error) {
	m, err := in.Exc.make()
	if err != nil {
		return nil, err
	}
	return excSend(m, in.Request)
}

func excCallTwice(in struct {
	Exc      excSpec
	Requests []excRequest
}) (any, error) {
	m, err := in.Exc.make()
	if err != nil {
		return nil, err
	}
	var answers []any
	for _, r := range in.Requests {
		answer, err := excSend(m, r)
		if err != nil {
			return nil, err
		}
		answers = append(answers, answer)
	}
	return answers, nil
}

func excMessage(in struct{ Exc excSpec }) (any, error) {
	m, err := in.Exc.make()
	if err != nil {
		return nil, err
	}
	contentType, body, own := m.Body()
	p := webob.NewResponse(m.Status())
	for name, values := range m.Header() {
		for _, v := range values {
			p.Header().Add(name, v)
		}
	}
	if own {
		p.SetBytes(body)
		p.Header().Set("Content-Type", contentType)
	}
	if r, ok := m.value().(*exc.Redirect); ok && r.Location() != "" {
		p.Header().Set("Location", r.Location())
	}
	h := p.HTTPHeader()
	if !own {
		h.Del("Content-Length") // of a page that is not made yet
	}
	answer := excAnswer(m.Status(), h, string(body))
	answer["str"], answer["status_code"], answer["has_body"] = m.Public(), m.Status(), own
	answer["detail"], answer["comment"] = excOrNull(m.Detail()), excOrNull(m.Comment())
	return answer, nil
}

func excOrNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// excApp is a bare application, which may fail.
type excApp struct {
	Status     string
	Headers    [][2]string
	Body       string
	Chunks     []string
	Raises     json.RawMessage
	LateRaises json.RawMessage `json:"late_raises"`
}

// excResponder makes an app of a function.
type excResponder func(*webob.Request) *webob.Response

func (f excResponder) Respond(r *webob.Request) *webob.Response         { return f(r) }
func (f excResponder) ServeHTTP(w http.ResponseWriter, r *http.Request) { webob.Serve(f, w, r) }

// excRaised is the error an app fails with: an exception or another one.
func excRaised(raw json.RawMessage) (error, func(*webob.Request) *webob.Response, error) {
	var class string
	if json.Unmarshal(raw, &class) == nil {
		err := errors.New(class)
		return err, func(r *webob.Request) *webob.Response { return exc.Page(r, err) }, nil
	}
	m, err := decodeStrict[excSpec](raw).make()
	if err != nil {
		return nil, nil, err
	}
	return m.value(), m.Respond, nil
}

// excMiddleware asks what HTTPExceptionMiddleware is for: GetResponse answers
// with the errors of the app, and Err tells of them. Errors that are no HTTP
// errors are handed on, as WebOb hands them on to the server.
func excMiddleware(in struct {
	App     excApp
	Request excRequest
}) (any, error) {
	req, err := in.Request.make()
	if err != nil {
		return nil, err
	}
	var app http.Handler
	switch a := in.App; {
	case a.Raises != nil:
		_, respond, err := excRaised(a.Raises)
		if err != nil {
			return nil, err
		}
		app = excResponder(respond)
	case a.LateRaises != nil:
		late, _, err := excRaised(a.LateRaises)
		if err != nil {
			return nil, err
		}
		app = excResponder(func(*webob.Request) *webob.Response {
			return webob.Stream("text/plain", func(w webob.StreamWriter) error {
				_, _ = w.Write([]byte("partial"))
				return late
			})
		})
	default:
		app = http.HandlerFunc(a.serve)
	}
	p := req.GetResponse(app)
	if err := p.Err(); err != nil && !excIsHTTP(err) {
		return nil, err
	}
	body, err := p.Bytes()
	if err != nil {
		return nil, err
	}
	if req.Method == http.MethodHead {
		body = nil
	}
	answer := excAnswer(p.Status(), p.HTTPHeader(), string(body))
	answer["exc_info"] = p.Err() != nil
	return answer, nil
}

// excIsHTTP says whether an error has a status of its own.
func excIsHTTP(err error) bool {
	return slices.ContainsFunc([]error{exc.Success, exc.Redirection, exc.ClientError, exc.ServerError},
		func(class error) bool { return errors.Is(err, class) })
}

func (a excApp) serve(w http.ResponseWriter, r *http.Request) {
	w.Header()["Content-Type"] = nil
	for _, h := range a.Headers {
		w.Header().Add(h[0], Raw(h[1]))
	}
	status := http.StatusOK
	if a.Status != "" {
		if _, err := fmt.Sscanf(a.Status, "%d", &status); err != nil {
			panic(err)
		}
	}
	w.WriteHeader(status)
	for _, chunk := range append([]string{a.Body}, a.Chunks...) {
		_, _ = w.Write([]byte(Raw(chunk)))
	}
}
