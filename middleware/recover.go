package middleware

import (
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// RecoverOptions are settings of Recover.
type RecoverOptions struct {
	// Pages renders the 500; nil is exc.Page.
	Pages *exc.Pages
}

// PanicError is the error behind the answer to a panic that Recover has caught.
type PanicError struct {
	Value any    // what panic was given
	Stack []byte // of the goroutine that panicked
}

// Error gives the value, without the stack.
func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// LogValue shows the stack as well.
func (e *PanicError) LogValue() slog.Value {
	return slog.GroupValue(slog.String("panic", fmt.Sprint(e.Value)), slog.String("stack", string(e.Stack)))
}

// Recover answers a panic of the app with a 500, whose Err is a *PanicError: filters
// outside see it, and the outermost one logs it once, with its stack. http.ErrAbortHandler
// is left alone. A panic while the body is on its way cannot be answered any more: the
// connection is broken off, so that nobody takes what has come for the whole.
func Recover(o RecoverOptions) func(http.Handler) http.Handler {
	pages := o.Pages
	if pages == nil {
		pages = new(exc.Pages)
	}
	return dec.Middleware(func(req *webob.Request, app http.Handler) (resp *webob.Response, err error) {
		defer func() {
			switch v := recover(); v {
			case nil:
			case http.ErrAbortHandler:
				panic(v)
			default:
				resp, err = pages.Page(req, &PanicError{v, panicStack(req)}), nil
			}
		}()
		return req.GetResponse(app), nil
	})
}

// panicStack is the stack of the goroutine that panicked, which need not be this one.
func panicStack(req *webob.Request) []byte {
	if stack := req.PanicStack(); stack != nil {
		return stack
	}
	return debug.Stack()
}
