package dec

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// headWriter is what OnHead hands to a foreign handler. It steps in once, when the
// head goes out. What it does not know itself, http.ResponseController finds
// through Unwrap; what would commit the head (Flush, Hijack) it has to know.
type headWriter struct {
	fn     func(*webob.Request, *webob.Head) error
	d      webob.Direct
	w      http.ResponseWriter
	via    webob.Passage
	before http.Header // what handlers further out had set
	done   bool        // the head has been decided
	mute   bool        // the body is not sent: another answer has been
}

// Header is the map of the real writer.
func (w *headWriter) Header() http.Header { return w.w.Header() }

// Unwrap is for http.ResponseController.
func (w *headWriter) Unwrap() http.ResponseWriter { return w.w }

// WriteHeader has fn see the head. What is below 200 is no answer.
func (w *headWriter) WriteHeader(status int) {
	switch {
	case w.mute:
	case w.done, status < 200 && status != http.StatusSwitchingProtocols:
		w.w.WriteHeader(status)
	default:
		w.commit(status)
	}
}

func (w *headWriter) commit(status int) {
	w.done = true
	err := w.via.Sync()
	head := webob.NewHead(status, w.w.Header(), err)
	if err := w.fn(w.d.Request(), head); err != nil && !isNil(err) {
		w.replace(err)
		return
	}
	if now := head.Status(); now != status {
		if now < 200 || now > 599 {
			w.replace(fmt.Errorf("dec: a function of OnHead has set status %d, which is none of 200 to 599", now))
			return
		}
		if status = now; !hasBody(status) {
			w.w.Header().Del("Content-Length")
			w.mute = true
		}
	}
	w.w.WriteHeader(status)
}

// hasBody is RFC 9110 §6.4.1.
func hasBody(status int) bool {
	return status != http.StatusNoContent && status != http.StatusNotModified
}

// replace answers with the page of err. The handler is left to itself: what it
// writes goes nowhere.
func (w *headWriter) replace(err error) {
	w.mute = true
	h := w.w.Header()
	clear(h)
	maps.Copy(h, w.before)
	w.d.Send(w.d.Request().Settle(exc.Page(w.d.Request(), err), exc.Page))
	http.NewResponseController(w.w).Flush() // the handler may take its time; where there is no Flush it waits
}

// begin commits an answer whose handler gave no status.
func (w *headWriter) begin() {
	if !w.done {
		w.commit(http.StatusOK)
	}
}

// Write passes on.
func (w *headWriter) Write(b []byte) (int, error) {
	w.begin()
	if w.mute {
		return len(b), nil
	}
	return w.w.Write(b)
}

// WriteString passes on.
func (w *headWriter) WriteString(s string) (int, error) {
	w.begin()
	if w.mute {
		return len(s), nil
	}
	return io.WriteString(w.w, s)
}

// ReadFrom hands src to the real writer, which may have sendfile.
func (w *headWriter) ReadFrom(src io.Reader) (int64, error) {
	w.begin()
	if w.mute {
		return io.Copy(io.Discard, src)
	}
	return io.Copy(w.w, src)
}

// FlushError is for http.ResponseController.
func (w *headWriter) FlushError() error {
	w.begin()
	if w.mute {
		return nil
	}
	return http.NewResponseController(w.w).Flush()
}

// Flush is for those who look for http.Flusher.
func (w *headWriter) Flush() { w.FlushError() }

// Hijack gives the connection away; there is no head then.
func (w *headWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(w.w).Hijack()
	if err == nil {
		w.done = true
	}
	return conn, rw, err
}

// end is for a handler that has written nothing.
func (w *headWriter) end() { w.begin() }
