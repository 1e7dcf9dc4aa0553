package webob

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gowebob/gowebob/webob/header"
)

// Precondition looks at If-Match, If-Unmodified-Since, If-None-Match and
// If-Modified-Since before the work is done, in the order of RFC 9110 §13.2.2, for
// a resource that has this entity tag and this time of its last change now. nil means:
// go on. Its error is to be returned:
//
//   - An *InputError with status 412 says that the client has not seen what it is about
//     to change, or asks for a state that is not there; errors.Is finds
//     exc.PreconditionFailed.
//   - For GET and HEAD an error that is answered as a 304 with the ETag and the
//     Last-Modified says that the client has it already; errors.Is finds
//     exc.NotModified. It spares making the body. Response.Conditional decides the
//     same by itself, when the body is there.
//
// So no update is lost where every change asks first:
//
//	if err := req.Precondition(doc.Tag, doc.Changed); err != nil {
//		return nil, err
//	}
//	doc.Save(...) // in the same transaction
//
// The zero EntityTag stands for a resource without a tag, the zero time for one
// without a date: what needs them then fails (If-Match) or is passed over (dates).
// Where there is nothing yet, ask PreconditionAbsent. Fields that cannot be read
// handle as RFC 9110 demands: a bad If-Match fails, the others count for nothing. Ask
// when all else is in order: what would be an error anyway is no 412 (§13.2.1).
// CONNECT, OPTIONS and TRACE know no conditions.
//
// Tags that EncodeContent has made of this one ("abc-gzip") count as this one. To
// demand that clients send a condition at all, answer exc.PreconditionRequired
// (428) without HasPrecondition.
func (r *Request) Precondition(etag header.EntityTag, modified time.Time) error {
	now := selected{modified: modified}
	if etag != (header.EntityTag{}) {
		now.etag = etag.String()
	}
	return r.judged(now)
}

// PreconditionAbsent is Precondition for a resource that is not there: If-Match
// fails, as there is nothing to match, and If-None-Match holds. A PUT with
// If-None-Match: * creates what is not there, and never overwrites:
//
//	doc, err := find(name)
//	switch {
//	case errors.Is(err, fs.ErrNotExist):
//		err = req.PreconditionAbsent()
//	case err == nil:
//		err = req.Precondition(doc.Tag, doc.Changed)
//	}
func (r *Request) PreconditionAbsent() error { return r.judged(selected{absent: true}) }

// HasPrecondition tells whether the client guards its change, by If-Match or
// If-Unmodified-Since, or by If-None-Match.
func (r *Request) HasPrecondition() bool {
	return given(r.Header, "If-Match") || given(r.Header, "If-Unmodified-Since") || given(r.Header, "If-None-Match")
}

func (r *Request) judged(now selected) error {
	switch r.Method {
	case http.MethodConnect, http.MethodOptions, http.MethodTrace:
		return nil
	}
	v := now.judge(r.Header, r.Method == http.MethodGet || r.Method == http.MethodHead)
	switch v.status {
	case http.StatusNotModified:
		return &notModified{v, now}
	case http.StatusPreconditionFailed:
		return &InputError{Status: v.status, Public: "The resource is not in the state that the request asks for.",
			Err: fmt.Errorf("webob: %s does not hold", v.field)}
	}
	return nil
}

// selected is the representation that conditions are about.
type selected struct {
	etag     string       // the field's value, "" without one
	head     *header.List // where the other fields stand, or nil:
	modified time.Time    // then this is its Last-Modified
	absent   bool         // there is no representation
}

// coded says whether etag stands for a coding already.
func (s *selected) coded() bool { return s.head != nil && s.head.Has("Content-Encoding") }

// verdict is what conditions come to: 304, 412, or 0 where they hold.
type verdict struct {
	status int
	field  string // whose condition does not hold
	tag    string // of a 304: the tag under which the client has it, if not the etag
}

// judge looks at the conditions of h; read says that a 304 can be answered. A
// condition that cannot be read is handled as its field demands: a bad If-Match
// fails, bad dates and a bad If-None-Match count for nothing.
func (s *selected) judge(h http.Header, read bool) verdict {
	if lines := h["If-Match"]; anything(lines) {
		if !s.matched(lines) {
			return verdict{status: http.StatusPreconditionFailed, field: "If-Match"}
		}
	} else if given(h, "If-Unmodified-Since") && s.modifiedAfter(h, "If-Unmodified-Since", false) {
		return verdict{status: http.StatusPreconditionFailed, field: "If-Unmodified-Since"}
	}
	if lines := h["If-None-Match"]; anything(lines) {
		if tag, found := s.noneMatched(h, lines, read); found {
			return verdict{unmet(read), "If-None-Match", tag}
		}
	} else if read && given(h, "If-Modified-Since") && !s.modifiedAfter(h, "If-Modified-Since", true) {
		return verdict{status: http.StatusNotModified, field: "If-Modified-Since"}
	}
	return verdict{}
}

// unmet is the status of an If-None-Match that does not hold.
func unmet(read bool) int {
	if read {
		return http.StatusNotModified
	}
	return http.StatusPreconditionFailed
}

// matched says whether an If-Match of these lines holds.
func (s *selected) matched(lines []string) bool {
	if s.absent {
		return false
	}
	as := s.listed(lines, false)
	return as.itself || as.coded != [len(tagCodings)]bool{}
}

// noneMatched says whether a tag of an If-None-Match is that of the representation.
// For a reader a coded one has to be of a coding that it takes: else it could not use
// what it has.
func (s *selected) noneMatched(h http.Header, lines []string, read bool) (tag string, found bool) {
	if s.absent {
		return "", false
	}
	as := s.listed(lines, true)
	for i, coding := range tagCodings {
		if !as.coded[i] {
			continue
		}
		plain, err := header.ParseEntityTag(s.etag)
		if coded := plain.ForCoding(coding); err == nil && (!read || taken(h, coded)) {
			return coded.String(), true
		}
	}
	return "", as.itself
}

// tagCodings are the codings whose tags are known again. header.EntityTag names them.
var tagCodings = [...]string{"gzip", "deflate", "br", "zstd"}

// listing is under which tags a list has a representation: its own, or a star, and
// those that header.EntityTag.ForCoding makes of it.
type listing struct {
	itself bool
	coded  [len(tagCodings)]bool
}

// listed looks for the representation in a list of tags, in one go.
func (s *selected) listed(lines []string, weakly bool) (as listing) {
	quoted, weak := strings.CutPrefix(s.etag, "W/")
	known := len(quoted) >= 2 && quoted[0] == '"' && quoted[len(quoted)-1] == '"' && (weakly || !weak)
	if known {
		quoted = quoted[1 : len(quoted)-1]
	}
	star, err := header.WalkTags(lines, func(t header.EntityTag) bool {
		switch {
		case !known || t.Weak && !weakly || len(t.Tag) < len(quoted) || t.Tag[:len(quoted)] != quoted:
		case len(t.Tag) == len(quoted):
			as.itself = true
		case !weak && t.Tag[len(quoted)] == '-' && !s.coded():
			if i := slices.Index(tagCodings[:], t.Tag[len(quoted)+1:]); i >= 0 {
				as.coded[i] = true
			}
		}
		return true
	})
	if err != nil {
		return listing{}
	}
	as.itself = as.itself || star
	return as
}

// taken says whether the client asks for the coding of a tag.
func taken(h http.Header, coded header.EntityTag) bool {
	_, coding := coded.WithoutCoding()
	req := Request{Request: &http.Request{Header: h}}
	return given(h, "Accept-Encoding") && len(req.AcceptEncoding().AcceptableOffers(coding)) > 0
}

// modifiedAfter says whether the last change is later than the date in the field;
// unknown is the answer where either of them is missing or bad. Dates on the wire
// are whole seconds.
func (s *selected) modifiedAfter(h http.Header, field string, unknown bool) bool {
	last, ok := s.modified.Truncate(time.Second), !s.modified.IsZero()
	if s.head != nil {
		last, ok = header.LastModified.Get(s.head)
	}
	if !ok {
		return unknown
	}
	since, err := header.ParseDate(h.Get(field))
	if err != nil {
		return unknown
	}
	return last.After(since)
}

// notModified is the error that is answered as a 304.
type notModified struct {
	verdict verdict
	now     selected
}

func (e *notModified) Error() string {
	return fmt.Sprintf("304 %s: %s", http.StatusText(http.StatusNotModified), e.verdict.field)
}

// Is matches what stands for the status, see InputError.Is.
func (e *notModified) Is(target error) bool {
	m, ok := target.(interface{ MatchesStatus(int) bool })
	return ok && m.MatchesStatus(http.StatusNotModified)
}

// Respond answers with the 304 and the validators that the 200 would have.
func (e *notModified) Respond(*Request) *Response {
	p := Failure(http.StatusNotModified, e, nil)
	switch {
	case e.verdict.tag != "":
		p.header.Set("ETag", e.verdict.tag)
		p.addVary("Accept-Encoding")
	case e.now.etag != "":
		p.header.Set("ETag", e.now.etag)
	}
	if !e.now.modified.IsZero() {
		if err := header.LastModified.Set(&p.header, e.now.modified); err != nil {
			return failed(err)
		}
	}
	return p
}

// ServeHTTP answers with it.
func (e *notModified) ServeHTTP(w http.ResponseWriter, r *http.Request) { Serve(e, w, r) }
