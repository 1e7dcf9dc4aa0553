package gateway

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"

	"github.com/gowebob/gowebob/webob"
)

// serve answers one request of a front. A panic of the app comes out.
func (in *incoming) serve(ctx context.Context, w http.ResponseWriter, body io.ReadCloser, app http.Handler) {
	out := &writer{w: w, method: in.vars["REQUEST_METHOD"], declared: -1}
	r, err := in.request()
	if err == nil {
		err = in.body(r, body)
	}
	if err != nil {
		in.options.Logger.LogAttrs(ctx, slog.LevelWarn, "request refused", slog.Any("err", err))
		http.Error(out, http.StatusText(http.StatusBadRequest), http.StatusBadRequest)
		out.finish()
		return
	}
	d, _ := webob.Enter(out, r.WithContext(ctx)) // ctx is of our own making: nobody is outside
	defer d.Leave()
	in.describe(d.Request())
	if in.options.told {
		webob.Logger.Set(d.Request(), in.options.Logger)
	}
	d.Pass(app)
	out.finish()
}

// body gives r its body, of the length that was told. Without one a CGI request has
// no body (RFC 3875 §4.1.2); a FastCGI front may stream one, the first bytes of
// which are here already.
func (in *incoming) body(r *http.Request, body io.ReadCloser) error {
	switch {
	case r.ContentLength > 0:
		r.Body = &exact{ReadCloser: body, left: r.ContentLength}
		return nil
	case r.ContentLength == 0 || !in.fastcgi:
		r.ContentLength = 0
		return nil
	}
	first := bufio.NewReader(body)
	_, err := first.Peek(1)
	if errors.Is(err, io.EOF) {
		r.ContentLength = 0
		return nil
	}
	r.Body = struct {
		io.Reader
		io.Closer
	}{first, body}
	return err
}

// exact is a body that must not end before its length.
type exact struct {
	io.ReadCloser
	left int64
}

func (b *exact) Read(p []byte) (int, error) {
	if b.left == 0 {
		return 0, io.EOF
	}
	if int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.ReadCloser.Read(p)
	b.left -= int64(n)
	switch {
	case b.left == 0 && (err == nil || err == io.EOF):
		return n, io.EOF
	case err == io.EOF:
		return n, io.ErrUnexpectedEOF
	}
	return n, err
}

// logPanic writes down a panic, unless it only says that the answer is aborted.
func (o *Options) logPanic(ctx context.Context, v any) {
	if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		return
	}
	o.Logger.LogAttrs(ctx, slog.LevelError, "panic serving a request", slog.Any("panic", v), slog.String("stack", string(debug.Stack())))
}
