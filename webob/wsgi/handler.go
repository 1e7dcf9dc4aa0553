package wsgi

import (
	"errors"
	"log/slog"
	"net/http"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
	"github.com/gowebob/gowebob/webob/header"
)

// Handler makes app one of our apps: it is served, mounted and wrapped like any
// other. See the package for what it keeps of the PEP and how errors are answered.
func Handler(app App) webob.Responder { return &handler{app} }

type handler struct{ app App }

// Respond answers with a stream; the application has run up to its first chunk.
func (h *handler) Respond(req *webob.Request) *webob.Response {
	return req.GetResponse(http.HandlerFunc(h.serve))
}

// ServeHTTP answers w without a detour where no filter of ours is outside.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d, ok := webob.Enter(w, r)
	if !ok {
		webob.Serve(h, w, r)
		return
	}
	defer d.Leave()
	h.answer(w, d.Request())
}

func (h *handler) serve(w http.ResponseWriter, r *http.Request) { h.answer(w, webob.NewRequest(r)) }

// answer runs the application. What it fails with is the answer as long as nothing
// is sent; after that the connection is broken, so that a cut body does not look whole.
func (h *handler) answer(w http.ResponseWriter, req *webob.Request) {
	s := &session{w: w, req: req, declared: -1}
	err := s.run(h.app)
	s.ended = true
	switch {
	case err != nil && s.sent:
		s.log("response cut off", err)
		panic(http.ErrAbortHandler)
	case err != nil:
		s.give(exc.Page(req, err))
	case s.trapped != nil && !s.sent:
		s.give(s.page())
	case !s.sent:
		s.commit()
	}
}

// log writes the line about an error that no filter outside will log. A client
// that has left is no error of ours.
func (s *session) log(msg string, err error) {
	level := slog.LevelError
	if errors.Is(err, webob.ErrBodyClosed) || s.req.Context().Err() != nil {
		level = slog.LevelDebug
	}
	logger(s.req).LogAttrs(s.req.Context(), level, msg, slog.String("method", s.req.Method),
		slog.String("path", s.req.URL.Path), slog.Int("status", s.status), slog.Any("err", err))
}

func logger(req *webob.Request) *slog.Logger {
	if l, ok := webob.Logger.Get(req); ok && l != nil {
		return l
	}
	return slog.Default()
}

// session is one run of an application, seen from the server's side.
type session struct {
	w   http.ResponseWriter
	req *webob.Request

	status  int
	fields  header.List
	trapped error  // exc_info of the head that stands
	held    []byte // of an error page of the application's own, see hold
	fault   error  // what start has refused

	declared, written    int64
	started, sent, ended bool
}

// errEnough ends an iteration that has nothing more to give to a client.
var errEnough = errors.New("wsgi: no body is wanted")

func (s *session) run(app App) error {
	seq := app(s.req.Environ(), s.start)
	if seq == nil && s.fault == nil {
		return violation(NoIterable, "it has returned nil")
	}
	if s.fault != nil {
		return s.fault
	}
	for chunk, err := range seq {
		if err == nil {
			err = s.write(chunk)
		}
		if err == errEnough {
			return nil
		}
		if err != nil {
			return err
		}
	}
	switch {
	case s.fault != nil:
		return s.fault
	case !s.started:
		return violation(StartMissing, "it was not called at all")
	case s.written < s.declared && !bodyless(s.req.Method, s.status):
		return violation(LengthShort, "%d bytes of %d", s.written, s.declared)
	}
	return nil
}

// start is start_response.
func (s *session) start(status string, headers Headers, excInfo error) (Write, error) {
	switch {
	case s.ended:
		return nil, violation(AfterEnd, "start(%q)", short(status))
	case s.started && excInfo == nil:
		s.fault = violation(StartTwice, "start(%q)", short(status))
		return nil, s.fault
	case s.sent:
		s.fault = excInfo
		return nil, excInfo
	}
	if err := s.head(status, headers); err != nil {
		s.fault = err
		return nil, err
	}
	s.started, s.trapped, s.fault, s.held = true, excInfo, nil, nil
	return s.writeNow, nil
}

func (s *session) head(status string, headers Headers) error {
	code, fault := parseStatus(status)
	if fault != nil {
		return fault
	}
	if code > 599 {
		return violation(StatusForm, "%q is none of 200 to 599", short(status))
	}
	checkHeaders(headers, func(v *Violation) bool { fault = v; return false })
	if fault != nil {
		return fault
	}
	var fields header.List
	for _, h := range headers {
		fields.Add(h[0], h[1])
	}
	if err := fields.Err(); err != nil {
		return err
	}
	s.status, s.fields, s.written = code, fields, 0
	s.declared, _ = contentLength(headers)
	return nil
}

// writeNow is the write callable.
func (s *session) writeNow(chunk []byte) error {
	if s.ended {
		return violation(AfterEnd, "write of %d bytes", len(chunk))
	}
	if err := s.write(chunk); err != nil && err != errEnough {
		s.fault = err
		return err
	}
	return nil
}

// write takes a chunk, of either way.
func (s *session) write(chunk []byte) error {
	switch {
	case s.fault != nil:
		return s.fault
	case len(chunk) == 0:
		return nil // the head waits for something to say
	case !s.started:
		return violation(StartMissing, "%d bytes came before", len(chunk))
	case s.trapped == nil && bodyless(s.req.Method, s.status):
		return errEnough
	case s.declared >= 0 && s.written+int64(len(chunk)) > s.declared:
		return violation(LengthOver, "%d bytes of %d", s.written+int64(len(chunk)), s.declared)
	}
	s.written += int64(len(chunk))
	if s.hold(chunk) {
		return nil
	}
	s.commit()
	return s.send(chunk)
}

func (s *session) send(chunk []byte) error {
	if _, err := s.w.Write(chunk); err != nil {
		return err
	}
	if err := http.NewResponseController(s.w).Flush(); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	return nil
}

// commit sends the head.
func (s *session) commit() {
	if s.sent {
		return
	}
	s.sent = true
	h := s.w.Header()
	s.fields.LendTo(h)
	if _, typed := h["Content-Type"]; !typed {
		h["Content-Type"] = nil // or net/http guesses
	}
	s.w.WriteHeader(s.status)
}

// maxHeld is how much of an application's own error page is kept back, so that
// the filters outside are given it with its error.
const maxHeld = 64 << 10

// hold keeps the chunks of an error page. One that is too long is sent as it
// comes, and the error is only logged.
func (s *session) hold(chunk []byte) bool {
	if s.trapped == nil || s.sent {
		return false
	}
	if len(s.held)+len(chunk) <= maxHeld {
		s.held = append(s.held, chunk...)
		return true
	}
	s.log("request failed", s.trapped)
	s.commit()
	if len(s.held) > 0 {
		s.fault = s.send(s.held)
		s.held = nil
	}
	return s.fault != nil // told at the next chunk
}

// page is the error page that was held.
func (s *session) page() *webob.Response {
	p := webob.NewResponse(s.status)
	p.SetBytes(s.held)
	for name, value := range s.fields.All() {
		p.Header().Add(name, value)
	}
	p.SetErr(s.trapped)
	return p
}

// give hands p to the filter outside, or sends it.
func (s *session) give(p *webob.Response) { webob.Serve(given{p}, s.w, s.req.Request) }

// given is an app that has its answer already.
type given struct{ p *webob.Response }

func (g given) Respond(*webob.Request) *webob.Response           { return g.p }
func (g given) ServeHTTP(w http.ResponseWriter, r *http.Request) { webob.Serve(g, w, r) }
