package gateway

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cgi"
	"os"
	"strings"
)

// ErrAborted is an answer that ServeCGI could not bring to its end. The process
// should then end with an exit status other than 0.
var ErrAborted = errors.New("gateway: the answer was aborted")

// ServeCGI answers the request that a web server has started this process for, RFC
// 3875, and returns; without such a request it returns an error. A nil app is none of
// ours: http.DefaultServeMux is not served by accident.
//
// HTTP_PROXY, which stands for a header field of the client, is taken out of the
// process's environment first, since programs started from here would take it for
// their configuration (CVE-2016-5385). ServeCGI uses standard input and output; write
// nothing else there.
func ServeCGI(app http.Handler, o *Options) error {
	if app == nil {
		return errNoApp
	}
	if os.Getenv("REQUEST_METHOD") == "" {
		return errors.New("gateway: this process was not started as a CGI program")
	}
	vars := make(map[string]string, 32)
	for _, kv := range os.Environ() {
		key, value, _ := strings.Cut(kv, "=")
		vars[key] = value
	}
	in := &incoming{vars: vars, options: o.filled()}
	if err := os.Unsetenv("HTTP_PROXY"); err != nil {
		return err
	}
	if r, err := in.request(); err == nil {
		// net/http/cgi reads the environment itself, and less leniently
		if err := os.Setenv("SERVER_PROTOCOL", r.Proto); err != nil {
			return err
		}
	} else {
		fmt.Fprint(os.Stdout, "Status: 400 Bad Request\r\nContent-Type: text/plain\r\n\r\nBad Request\n")
		return err
	}
	var aborted error
	err := cgi.Serve(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		aborted = in.once(w, app)
	}))
	return errors.Join(err, aborted)
}

var errNoApp = errors.New("gateway: no app to serve")

// once answers the one request; a panic ends it.
func (in *incoming) once(w http.ResponseWriter, app http.Handler) (err error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	sent := &tally{ResponseWriter: w}
	defer func() {
		v := recover()
		if v == nil {
			return
		}
		in.options.logPanic(ctx, v)
		err = ErrAborted
		if !sent.any {
			http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		}
	}()
	in.serve(ctx, sent, io.NopCloser(os.Stdin), app)
	return nil
}

// tally knows whether a head was sent.
type tally struct {
	http.ResponseWriter
	any bool
}

func (t *tally) WriteHeader(status int) {
	t.any = true
	t.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController through.
func (t *tally) Unwrap() http.ResponseWriter { return t.ResponseWriter }
