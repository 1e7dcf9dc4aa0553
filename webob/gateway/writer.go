package gateway

import (
	"net/http"
	"strconv"
	"strings"
)

// writer makes of a writer of net/http/cgi or net/http/fcgi what net/http's
// server gives a handler. Those take any first status for the last one, send
// bodies with HEAD, and count nothing.
type writer struct {
	w                 http.ResponseWriter
	method            string
	status            int
	declared, written int64
}

// Header is the header of the answer.
func (w *writer) Header() http.Header { return w.w.Header() }

// notPassed are fields that are the front's: hop-by-hop ones, and Status, which
// would be taken for CGI's own.
var notPassed = []string{"Connection", "Keep-Alive", "Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade", "Status"}

// WriteHeader sends the head. Statuses below 200 have no way through CGI.
func (w *writer) WriteHeader(status int) {
	if w.status != 0 || status < 200 {
		return
	}
	w.status = status
	h := w.w.Header()
	for _, name := range notPassed {
		delete(h, name)
	}
	for name := range h {
		if strings.HasPrefix(name, http.TrailerPrefix) || !token(name) {
			delete(h, name)
		}
	}
	if !w.bodyAllowed() {
		delete(h, "Content-Length")
	} else if n, err := strconv.ParseUint(h.Get("Content-Length"), 10, 63); err == nil {
		w.declared = int64(n)
	} else {
		delete(h, "Content-Length")
	}
	if _, typed := h["Content-Type"]; !typed && !w.bodyAllowed() {
		h["Content-Type"] = nil
	}
	w.w.WriteHeader(status)
}

func (w *writer) bodyAllowed() bool { return w.status != 204 && w.status != 304 }

// Write sends a piece of the body.
func (w *writer) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	switch {
	case !w.bodyAllowed():
		return 0, http.ErrBodyNotAllowed
	case w.declared >= 0 && w.written+int64(len(p)) > w.declared:
		return 0, http.ErrContentLength
	}
	if w.method == http.MethodHead {
		if _, typed := w.Header()["Content-Type"]; !typed && w.written == 0 {
			w.Header().Set("Content-Type", http.DetectContentType(p))
		}
		w.written += int64(len(p))
		return len(p), nil
	}
	n, err := w.w.Write(p)
	w.written += int64(n)
	return n, err
}

// FlushError sends what there is, the head at least.
func (w *writer) FlushError() error {
	w.WriteHeader(http.StatusOK)
	if _, err := w.w.Write(nil); err != nil { // or the head stays
		return err
	}
	return http.NewResponseController(w.w).Flush()
}

// Flush is FlushError without an error.
func (w *writer) Flush() { _ = w.FlushError() }

// finish ends an answer. One that is too short is aborted.
func (w *writer) finish() {
	w.WriteHeader(http.StatusOK)
	if _, typed := w.Header()["Content-Type"]; !typed && w.written == 0 {
		w.Header()["Content-Type"] = nil // or one is guessed from nothing
	}
	if w.declared > w.written && w.method != http.MethodHead {
		panic(http.ErrAbortHandler)
	}
}
