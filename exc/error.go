package exc

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/gowebob/gowebob/webob"
	"github.com/gowebob/gowebob/webob/header"
)

// Error is an HTTP status as an error, a value and an app. The sentinels of this
// package (NotFound, BadGateway ...) are Errors; With, Wrap and the other methods
// make copies that say more. Nothing changes an Error once it is made, and
// answering a request with it does not either: it is safe for concurrent use.
//
// What the client is told (detail, explanation, members, fields) and what only
// the log is told (the cause) are kept apart: no page ever shows the cause.
//
// WebOb: WSGIHTTPException.
type Error struct {
	kind   *kind
	detail string
	cause  error
	more   *more // what few errors have, shared by copies and never changed
}

// more is what few errors have.
type more struct {
	comment     string
	fields      []field
	members     []member
	body        *ownBody
	template    *bodyTemplate
	explanation *string // instead of the status's
	title       string  // instead of the status's
	typeURI     string  // of a problem, "" stands for about:blank
	instance    string
	fault       error // why this error cannot be answered as it is
}

type field struct {
	name, value string
	replace     bool
}

// ownBody is a body that takes the place of the page.
type ownBody struct {
	contentType string
	data        []byte
}

// with makes a copy that f may change.
func (e *Error) with(f func(m *more)) *Error {
	c, m := *e, more{}
	if e.more != nil {
		m = *e.more
		m.fields = m.fields[:len(m.fields):len(m.fields)]
		m.members = m.members[:len(m.members):len(m.members)]
	}
	f(&m)
	c.more = &m
	return &c
}

// With makes a copy with that public detail, one sentence or two for the client.
// The page shows it after the explanation of the status, escaped for its format.
// WebOb: the argument detail.
func (e *Error) With(public string) *Error {
	c := *e
	c.detail = public
	return &c
}

// Withf is With for a format of package fmt. Whatever is formatted is shown to
// the client: a cause belongs to Wrap.
func (e *Error) Withf(format string, args ...any) *Error {
	return e.With(fmt.Sprintf(format, args...))
}

// Wrap makes a copy with err as its cause, which the log shows and errors.Is and
// errors.As find, and no page ever does. A cause that was there is replaced.
func (e *Error) Wrap(err error) *Error {
	c := *e
	c.cause = err
	return &c
}

// WithComment makes a copy with a comment for the source of the HTML page. It is
// public, as anybody can read the source; other formats leave it out.
// WebOb: the argument comment.
func (e *Error) WithComment(comment string) *Error {
	return e.with(func(m *more) { m.comment = comment })
}

// WithExplanation makes a copy that explains the status in other words.
// WebOb: the attribute explanation.
func (e *Error) WithExplanation(public string) *Error {
	return e.with(func(m *more) { m.explanation = &public })
}

// WithTitle makes a copy with another title in the JSON formats. The status is
// not renamed by it. WebOb: the attribute title.
func (e *Error) WithTitle(title string) *Error {
	return e.with(func(m *more) { m.title = title })
}

// WithBody makes a copy that answers with that body and type, whatever the
// request accepts. An empty body takes that back, so that the page is made again.
// A status without a body (204, 205, 304) sends none. body is kept and must not be
// changed any more. WebOb: the argument body.
func (e *Error) WithBody(contentType string, body []byte) *Error {
	if len(body) == 0 {
		return e.with(func(m *more) { m.body = nil })
	}
	return e.with(func(m *more) { m.body = &ownBody{contentType, body[:len(body):len(body)]} })
}

// Status is the status code. WebOb: status_code, code.
func (e *Error) Status() int { return e.kind.status }

// Title is what WithTitle was given, or else the reason phrase of the status as RFC
// 9110 or the registry has it. WebOb: title.
func (e *Error) Title() string {
	if e.more != nil && e.more.title != "" {
		return e.more.title
	}
	return e.kind.title
}

// Explanation is what pages say of the status in general. WebOb: explanation.
func (e *Error) Explanation() string {
	if e.more != nil && e.more.explanation != nil {
		return *e.more.explanation
	}
	return e.kind.explanation
}

// Header is what WithHeader and the like have set, in a header of its own. The
// page has more: Content-Type, Vary, and the Location of a Redirect.
func (e *Error) Header() http.Header {
	var l header.List
	if e.more != nil {
		e.more.writeFields(&l)
	}
	return l.HTTPHeader()
}

// Body is what WithBody was given, and false where the page is made or the status
// has no body. WebOb: has_body, body, content_type.
func (e *Error) Body() (contentType string, body []byte, ok bool) {
	if e.more == nil || e.more.body == nil || e.kind.empty() {
		return "", nil, false
	}
	b := e.more.body
	return b.contentType, slices.Clone(b.data), true
}

// Detail is what With was given. WebOb: detail.
func (e *Error) Detail() string { return e.detail }

// Comment is what WithComment was given. WebOb: comment.
func (e *Error) Comment() string {
	if e.more == nil {
		return ""
	}
	return e.more.comment
}

// Public is what a client may be told in a line: the detail or else the
// explanation. WebOb: str() of an exception.
func (e *Error) Public() string {
	if e.detail != "" {
		return e.detail
	}
	return e.Explanation()
}

// Error gives status, detail and cause, for the log. It is not for clients:
// Public is.
func (e *Error) Error() string {
	if e == nil {
		return "exc: nil *Error"
	}
	s := strconv.Itoa(e.kind.status) + " " + e.kind.title
	if e.detail != "" {
		s += ": " + e.detail
	}
	if e.cause != nil {
		s += ": " + e.cause.Error()
	}
	return s
}

// Unwrap is the cause, or nil.
func (e *Error) Unwrap() error {
	if e == nil {
		return nil
	}
	return e.cause
}

// Is matches the sentinel of the same status and the class it is in. Other Errors
// match only themselves: that a detail is the same is nothing to rely on.
func (e *Error) Is(target error) bool {
	m, ok := target.(interface{ MatchesStatus(int) bool })
	return ok && e != nil && m.MatchesStatus(e.kind.status)
}

// MatchesStatus says whether e is the sentinel of that status. Copies made by With
// and the like are none. It is how errors.Is finds a sentinel for errors of other
// packages, such as *webob.InputError: their method Is asks it of the target.
func (e *Error) MatchesStatus(status int) bool {
	return e != nil && e.kind.status == status && e.kind.sentinel == e
}

// Respond answers any request with a page of its own, as Page does. The Err of
// the Response is e for a status from 400 up; an Error for a lesser status, when
// it is used as an app or a value, is an answer like any other and has none.
func (e *Error) Respond(req *webob.Request) *webob.Response {
	p := standard.Page(req, e)
	if e.isAnswer() && p.Err() == error(e) {
		p.SetErr(nil)
	}
	return p
}

// isAnswer says whether the status is no error of anybody.
func (e *Error) isAnswer() bool { return e != nil && e.kind.status < http.StatusBadRequest }

// ServeHTTP answers with the page: an Error is an app.
func (e *Error) ServeHTTP(w http.ResponseWriter, r *http.Request) { webob.Serve(e, w, r) }

var _ webob.Responder = (*Error)(nil)
