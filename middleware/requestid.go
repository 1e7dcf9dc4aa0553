package middleware

import (
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"strings"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/webob"
)

// RequestIDOptions are settings of RequestID.
type RequestIDOptions struct {
	// Trust believes an id that the client has sent, in Field or as the trace of a
	// traceparent (W3C Trace Context). Set it behind a proxy that makes ids; anybody
	// else could have his request filed under another's.
	Trust bool
	// Field is the name of the header field; "" is X-Request-Id.
	Field string
	// New makes an id; nil makes 128 random bits in hexadecimal.
	New func(*webob.Request) string
}

// ID is the slot for the id of a request.
var ID = webob.NewKey[string]("gowebob.request_id")

// RequestID gives each request an id: for the app in the slot ID, for the client in the
// header of the answer, and for the log, whose lines of this request all have it
// (request_id). An id from outside is believed only if Trust says so, and if it is 1 to 128
// letters, digits and characters of -_.:+/=@.
func RequestID(o RequestIDOptions) func(http.Handler) http.Handler {
	field := http.CanonicalHeaderKey(o.Field)
	if field == "" {
		field = "X-Request-Id"
	}
	if o.New == nil {
		o.New = func(*webob.Request) string { return newID() }
	}
	mark := dec.OnHead(func(req *webob.Request, head *webob.Head) error {
		if id, ok := ID.Get(req); ok {
			head.Header().Set(field, id)
		}
		return nil
	})
	give := dec.Middleware(func(req *webob.Request, app http.Handler) (http.Handler, error) {
		id := ""
		if o.Trust {
			id = sentID(req.Header, field)
		}
		if id == "" {
			id = o.New(req)
		}
		ID.Set(req, id)
		webob.Logger.Set(req, logOf(req).With("request_id", id))
		return app, nil
	})
	return func(app http.Handler) http.Handler { return give(mark(app)) }
}

func newID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// sentID is the id that the client has sent, "" if it has sent none that can be used.
func sentID(h http.Header, field string) string {
	if trace := h.Get("Traceparent"); isTraceparent(trace) {
		return trace[3:35]
	}
	if id := h.Get(field); isID(id) {
		return id
	}
	return ""
}

// isTraceparent is version-trace-parent-flags of W3C Trace Context section 3.2.2.
func isTraceparent(s string) bool {
	if len(s) < 55 || s[2] != '-' || s[35] != '-' || s[52] != '-' || s[:2] == "ff" || len(s) > 55 && (s[:2] == "00" || s[55] != '-') {
		return false
	}
	zero := strings.Trim(s[3:35], "0") == "" || strings.Trim(s[36:52], "0") == ""
	return !zero && strings.Trim(s[:2]+s[3:35]+s[36:52]+s[53:55], "0123456789abcdef") == ""
}

func isID(s string) bool {
	const more = "-_.:+/=@"
	if s == "" || len(s) > 128 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if !('a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || strings.IndexByte(more, c) >= 0) {
			return false
		}
	}
	return true
}
