package exc

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gowebob/gowebob/contentneg"
	"github.com/gowebob/gowebob/webob"
)

// Pages answers errors in some formats. NewPages makes one; the zero value has the
// formats of the function Page. It is never changed, and safe for concurrent use.
type Pages struct {
	formats   []Format
	types     *contentneg.Types
	otherwise int // the format for a request that says nothing, or wants none of these
}

// standard are the pages of Page and of an Error used as an app.
var standard = NewPages(HTML, Text, JSON, Problem)

// NewPages makes pages that are offered in these formats. The request's Accept
// field chooses among them (RFC 9110 §12.5.1); what it likes as well goes to the
// format that is named first, as does everything for */* and for an Accept that
// cannot be read. Without an Accept, and where none is acceptable, the page is in
// Text if that is among the formats, else in the first.
//
// No formats stands for those of Page: HTML, Text, JSON, Problem. It panics if a
// format's media type cannot be offered: pages are made once, when a program
// starts.
//
//	pages := exc.NewPages(exc.Problem, exc.HTML)
//	return pages.Page(req, err)
func NewPages(formats ...Format) *Pages {
	if len(formats) == 0 {
		formats = []Format{HTML, Text, JSON, Problem}
	}
	ps := &Pages{formats: append([]Format(nil), formats...)}
	var offers []string
	for i, f := range formats {
		offers = append(offers, f.mediaType)
		if f.index == Text.index {
			ps.otherwise = i
		}
	}
	ps.types = contentneg.MustTypes(offers...)
	return ps
}

// Page is the answer of any error, in the format that the request accepts best:
// HTML, plain text, JSON or application/problem+json.
//
//   - The first *Error, *Redirect or *webob.InputError in err's chain gives
//     status, header and text of the page. The faulty fields of an InputError
//     (webob.FieldErrors) are the member errors of the JSON formats: the first
//     hundred, and the member errors_left_out says how many more there are.
//   - Another error that is a webob.Responder answers for itself.
//   - http.ErrAbortHandler breaks the connection when the Response is sent.
//   - Any other error is a 500 that says nothing of it.
//
// The Err of the Response is err itself. Status and header, with the negotiated
// Content-Type and Vary, are there at once; the body is written when somebody looks
// at it or it is sent. A request without Accept gets text/plain, one that takes
// anything HTML, as in WebOb.
func Page(req *webob.Request, err error) *webob.Response { return standard.Page(req, err) }

// Page is the function Page with these formats. Its method value can stand
// wherever Page can.
func (ps *Pages) Page(req *webob.Request, err error) *webob.Response {
	if ps == nil || ps.types == nil {
		ps = standard
	}
	switch e := find(err).(type) {
	case *Error:
		return ps.answer(req, e, "", err)
	case *Redirect:
		location, instead := e.target(req)
		if instead != nil {
			return ps.answer(req, instead, "", instead)
		}
		return ps.answer(req, e.err, location, err)
	case *webob.InputError:
		return ps.answer(req, ofInput(e), "", err)
	case webob.Responder:
		if p := e.Respond(req); p != nil {
			p.SetErr(err)
			return p
		}
	}
	if err == nil {
		err = errNil
	}
	return ps.answer(req, InternalServerError, "", err)
}

var errNil = errors.New("exc: page of a nil error")

// find is the first error in the chain that knows how it is answered.
func find(err error) error {
	for err != nil {
		switch e := err.(type) {
		case *Error:
			if e != nil {
				return e
			}
			return nil
		case *Redirect:
			if e != nil {
				return e
			}
			return nil
		case *webob.InputError, webob.Responder:
			return err
		}
		if found := viaAs(err); found != nil {
			return found
		}
		switch e := err.(type) {
		case interface{ Unwrap() error }:
			err = e.Unwrap()
		case interface{ Unwrap() []error }:
			for _, one := range e.Unwrap() {
				if found := find(one); found != nil {
					return found
				}
			}
			return nil
		default:
			return nil
		}
	}
	return nil
}

// viaAs asks an error that can be read as another one.
func viaAs(err error) error {
	as, ok := err.(interface{ As(any) bool })
	if !ok {
		return nil
	}
	var e *Error
	var r *Redirect
	var in *webob.InputError
	switch {
	case as.As(&e) && e != nil:
		return e
	case as.As(&r) && r != nil:
		return r
	case as.As(&in) && in != nil:
		return in
	}
	return nil
}

// asError is the Error that the chain of err is answered with, or nil.
func asError(err error) *Error {
	switch e := find(err).(type) {
	case *Error:
		return e
	case *Redirect:
		return e.err
	}
	return nil
}

// maxFields is how many faulty fields a page lists: a client can send thousands.
const maxFields = 100

// ofInput is what a mistake of the client is answered with.
func ofInput(in *webob.InputError) *Error {
	if in.Status < 400 || in.Status > 599 {
		return InternalServerError
	}
	e := ofStatus(in.Status)
	if in.Public != "" {
		e = e.With(in.Public)
	}
	if fields, ok := errors.AsType[webob.FieldErrors](in.Err); ok {
		if more := len(fields) - maxFields; more > 0 {
			e = e.WithMember("errors_left_out", more)
			fields = fields[:maxFields]
		}
		e = e.WithMember("errors", fields)
	}
	for _, name := range slices.Sorted(maps.Keys(in.Header)) {
		for _, value := range in.Header[name] {
			e = e.WithHeader(name, value)
		}
	}
	return e
}

// answer makes the Response of e for the error err.
func (ps *Pages) answer(req *webob.Request, e *Error, location string, err error) *webob.Response {
	m := e.more
	if m != nil && m.fault != nil {
		return ps.answer(req, InternalServerError, "", InternalServerError.Wrap(errors.Join(m.fault, err)))
	}
	if location == "" && e.takesLocation() && e.kind.status != http.StatusMultipleChoices {
		return ps.answer(req, InternalServerError, "", InternalServerError.Wrap(errors.Join(ErrNoLocation, err)))
	}
	status := e.kind.status
	switch {
	case e.kind.empty():
		return e.dress(webob.Failure(status, err, nil), location)
	case m != nil && m.body != nil:
		p := webob.Failure(status, err, nil)
		p.SetBytes(m.body.data)
		if m.body.contentType != "" {
			p.Header().Set("Content-Type", m.body.contentType)
		}
		return e.dress(p, location)
	}
	f := ps.choose(req.Header)
	var p *webob.Response
	if f.index > 0 && location == "" && e.isPlain() {
		p = webob.Failure(status, err, nil)
		p.SetText(e.kind.page(f))
	} else {
		s := &sheet{e: e, f: f, req: req, location: location}
		p = webob.Failure(status, err, s.write)
	}
	p.Header().Set("Content-Type", f.contentType)
	e.dress(p, location)
	p.AddVary("Accept")
	return p
}

// isPlain says whether the page of e is that of its sentinel.
func (e *Error) isPlain() bool {
	m := e.more
	return e.detail == "" && !e.kind.template.request && (m == nil ||
		m.comment == "" && m.members == nil && m.template == nil && m.explanation == nil &&
			m.title == "" && m.typeURI == "" && m.instance == "")
}

// dress puts on the header fields of e.
func (e *Error) dress(p *webob.Response, location string) *webob.Response {
	if e.more != nil {
		e.more.writeFields(p.Header())
	}
	if location != "" {
		p.Header().Set("Location", location)
	}
	return p
}

// choose is the format for a request.
func (ps *Pages) choose(h http.Header) *Format {
	if len(h["Accept"]) > 0 {
		if i, ok := ps.types.Best(h); ok {
			return &ps.formats[i]
		}
	}
	return &ps.formats[ps.otherwise]
}

// page is the page of a sentinel, made once for each format.
func (k *kind) page(f *Format) string {
	ready := &k.ready[f.index-1]
	if s := ready.Load(); s != nil {
		return *s
	}
	b, _ := f.render((&sheet{e: k.sentinel, f: f}).content()) // the standard formats do not fail
	s := string(b)
	ready.Store(&s)
	return s
}

// sheet is a page that is not yet written.
type sheet struct {
	e        *Error
	f        *Format
	req      *webob.Request
	location string
}

// write renders the page into its Response.
func (s *sheet) write(p *webob.Response) {
	b, err := s.f.render(s.content())
	if err != nil {
		p.SetErr(errors.Join(p.Err(), err))
		p.Header().Set("Content-Type", Text.contentType)
		b, _ = renderText(s.content())
	}
	p.SetBytes(b)
}

// content gathers what may be shown.
func (s *sheet) content() *Content {
	e, k := s.e, s.e.kind
	c := &Content{
		Status: k.status, Reason: k.title, Title: e.Title(), Explanation: e.Explanation(), Detail: e.detail,
		Location: s.location, Type: "about:blank", sheet: s,
	}
	if m := e.more; m != nil {
		c.Instance = m.instance
		if m.typeURI != "" {
			c.Type = m.typeURI
		}
		for _, one := range m.members {
			c.Members = append(c.Members, ContentMember{one.name, one.raw})
		}
	}
	return c
}

// template is the inside of the page.
func (s *sheet) template() *bodyTemplate {
	if m := s.e.more; m != nil && m.template != nil {
		return m.template
	}
	return s.e.kind.template
}

func (s *sheet) message() string  { return strings.TrimSpace(fill(s.template().text, s.plain)) }
func (s *sheet) fragment() string { return fill(s.template().html, s.escaped) }

// plain is a variable of a template.
func (s *sheet) plain(name string) string {
	switch name {
	case "explanation":
		return s.e.Explanation()
	case "detail":
		return s.e.detail
	case "location":
		return s.location
	case "REQUEST_METHOD":
		return shorten(s.req.Method)
	case "CONTENT_TYPE":
		return orNone(s.req.Header.Get("Content-Type"))
	case "HTTP_ACCEPT":
		return orNone(strings.Join(s.req.Header.Values("Accept"), ", "))
	}
	return "" // comments are for the source of an HTML page
}

// maxShown is how much of a field of the request a page repeats: a client may send
// megabytes.
const maxShown = 300

// orNone is what pages say of a field of the request.
func orNone(value string) string {
	if value == "" {
		return "none"
	}
	return shorten(value)
}

func shorten(s string) string {
	if len(s) <= maxShown {
		return s
	}
	end := maxShown
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "..."
}

// escaped is a variable of a template, for HTML.
func (s *sheet) escaped(name string) string {
	comment := s.e.Comment()
	switch {
	case name == "comment":
		return escape(comment)
	case name == "html_comment" && comment != "":
		return "<!-- " + escape(comment) + " -->"
	}
	return escape(s.plain(name))
}
