package middleware

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/gowebob/gowebob/webob"
)

// AccessEntry is what there is to tell of a request that has been answered.
type AccessEntry struct {
	Time     time.Time     // when it came
	Duration time.Duration // until the last byte was handed to the server
	Client   string        // see webob.Request.ClientAddr; "" where it is not known
	User     string        // REMOTE_USER, as a filter or an app has set it
	Method   string
	URL      string // path and query as the client wrote them
	Proto    string // HTTP/1.1
	Status   int    // as it was sent; 0 where nothing was, or the connection was taken over
	Bytes    int64  // of the body, as it was sent; below 0 where that cannot be known
	Referer  string
	Agent    string
	Pattern  string // that a mux has matched
	Err      error  // behind the answer, or why it was broken off
	Request  *webob.Request
}

// AccessLogOptions are settings of AccessLog. Of Log, Writer and Logger the first that is
// set counts; without any it is the request's own logger, or else slog.Default.
type AccessLogOptions struct {
	// Log is given each entry. It may be called by several goroutines at a time.
	Log func(*AccessEntry)
	// Writer gets a line for each, in Format.
	Writer io.Writer
	// Format is how lines look; nil is CombinedLog. It is for Writer and, if set, for
	// Logger, which then has the line as its message and no attributes.
	Format *AccessFormat
	// Logger gets a record for each, with an attribute for each field that is known.
	Logger *slog.Logger
	// Level is that of the records.
	Level slog.Level
}

// AccessLog tells of each request when its answer has been sent, once: with the status and
// the bytes that have really been sent, and the cause of a failure. Put it outermost: there
// it counts what goes to the connection, and Flush, Hijack and sendfile work as if it was
// not there. Where another filter of ours is outside, it tells what it can see: the answer
// as it passed, and its length where it is known.
//
// A panic is told as a 500, or as the status sent before, and goes on its way. Nothing is
// masked: leave secrets out of URLs, or say what to log by Log.
// Paste: translogger.
func AccessLog(o AccessLogOptions) func(http.Handler) http.Handler {
	log := o.sink()
	return func(app http.Handler) http.Handler {
		if app == nil {
			panic("middleware: AccessLog round a nil app")
		}
		return &accessLog{app, log}
	}
}

// sink is the function to give entries to.
func (o AccessLogOptions) sink() func(*AccessEntry) {
	switch {
	case o.Log != nil:
		return o.Log
	case o.Writer != nil:
		format := o.Format
		if format == nil {
			format = CombinedLog
		}
		var mu sync.Mutex
		return func(e *AccessEntry) {
			line := append(format.Append(nil, e), '\n')
			mu.Lock()
			defer mu.Unlock()
			_, _ = o.Writer.Write(line) // there is nobody to tell
		}
	}
	return func(e *AccessEntry) {
		logger := o.Logger
		if logger == nil {
			logger = logOf(e.Request)
		}
		switch {
		case !logger.Enabled(e.Request.Context(), o.Level):
		case o.Format != nil:
			logger.Log(context.WithoutCancel(e.Request.Context()), o.Level, string(o.Format.Append(nil, e)))
		default:
			logger.LogAttrs(context.WithoutCancel(e.Request.Context()), o.Level, "request", e.attrs()...)
		}
	}
}

// attrs are the fields that are known.
func (e *AccessEntry) attrs() []slog.Attr {
	attrs := make([]slog.Attr, 0, 12)
	attrs = append(attrs, slog.String("method", e.Method), slog.String("url", e.URL), slog.Int("status", e.Status))
	if e.Bytes >= 0 {
		attrs = append(attrs, slog.Int64("bytes", e.Bytes))
	}
	attrs = append(attrs, slog.Duration("duration", e.Duration))
	for _, text := range [...]struct{ name, value string }{
		{"client", e.Client}, {"user", e.User}, {"referer", e.Referer}, {"agent", e.Agent}, {"pattern", e.Pattern},
	} {
		if text.value != "" {
			attrs = append(attrs, slog.String(text.name, text.value))
		}
	}
	if e.Err != nil {
		attrs = append(attrs, slog.Any("err", e.Err))
	}
	return attrs
}

type accessLog struct {
	app http.Handler
	log func(*AccessEntry)
}

// begin notes what apps may change.
func (a *accessLog) begin(req *webob.Request) *AccessEntry {
	url := req.PathQS()
	if url == "" {
		url = req.RequestURI // OPTIONS *, CONNECT
	}
	return &AccessEntry{
		Time: time.Now(), Method: req.Method, URL: url, Proto: req.Proto, Bytes: -1,
		Referer: req.Header.Get("Referer"), Agent: req.Header.Get("User-Agent"), Request: req,
	}
}

// end notes what filters and apps have said, and logs.
func (a *accessLog) end(e *AccessEntry) {
	req := e.Request
	e.Duration = time.Since(e.Time)
	e.Client, e.User, e.Pattern = req.ClientAddr(), req.Environ().String("REMOTE_USER"), req.Pattern
	a.log(e)
}

// Respond answers a request of a filter of ours, which is outside.
func (a *accessLog) Respond(req *webob.Request) *webob.Response {
	e := a.begin(req)
	defer func() {
		if v := recover(); v != nil {
			e.failed(v)
			a.end(e)
			panic(v)
		}
	}()
	p := req.GetResponse(a.app)
	e.Status, e.Err = p.Status(), p.Err()
	p.OnClose(func() {
		if n, ok := p.ContentLength(); ok && req.Method != http.MethodHead {
			e.Bytes = n
		} else if ok {
			e.Bytes = 0
		}
		a.end(e)
	})
	return p
}

// ServeHTTP answers a request of a server.
func (a *accessLog) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !webob.Outermost(w, r) {
		webob.Serve(a, w, r)
		return
	}
	sent := &accessWriter{ResponseWriter: w}
	d, _ := webob.Enter(sent, r) // filters further in take the connection from there
	defer d.Leave()
	e := a.begin(d.Request())
	via := d.Passage()
	defer func() {
		v := recover()
		e.Status, e.Bytes, e.Err = sent.status, sent.bytes, via.Sync()
		if e.Method == http.MethodHead {
			e.Bytes = 0 // a server takes what a handler writes, and sends none of it
		}
		if v != nil {
			e.failed(v)
		}
		if e.Status == 0 && !sent.taken && v == nil {
			e.Status = http.StatusOK // net/http says so where nobody does
		}
		a.end(e)
		if v != nil {
			panic(v)
		}
	}()
	via.Serve(a.app, sent)
}

// failed notes a panic.
func (e *AccessEntry) failed(v any) {
	err, ok := v.(error)
	switch {
	case ok && errors.Is(err, http.ErrAbortHandler):
		e.Err = errors.Join(e.Err, err)
		return
	case !ok:
		err = fmt.Errorf("panic: %v", v)
	}
	e.Err = errors.Join(e.Err, err)
	if e.Status == 0 {
		e.Status = http.StatusInternalServerError // the client sees a broken connection
	}
}

// accessWriter counts what is sent.
type accessWriter struct {
	http.ResponseWriter
	status int
	bytes  int64
	taken  bool // by Hijack
}

// Unwrap shows http.ResponseController the writer beneath.
func (w *accessWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// WriteHeader notes the status; informational ones go by.
func (w *accessWriter) WriteHeader(status int) {
	if w.status == 0 && (status >= 200 || status == http.StatusSwitchingProtocols) {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *accessWriter) Write(p []byte) (int, error) {
	n, err := w.ResponseWriter.Write(p)
	w.wrote(int64(n))
	return n, err
}

// WriteString spares a copy.
func (w *accessWriter) WriteString(s string) (int, error) {
	n, err := io.WriteString(w.ResponseWriter, s)
	w.wrote(int64(n))
	return n, err
}

// ReadFrom keeps sendfile.
func (w *accessWriter) ReadFrom(src io.Reader) (int64, error) {
	n, err := io.Copy(w.ResponseWriter, src)
	w.wrote(n)
	return n, err
}

func (w *accessWriter) wrote(n int64) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	w.bytes += n
}

// Flush is for handlers that ask for http.Flusher.
func (w *accessWriter) Flush() { _ = w.FlushError() }

// FlushError sends what has been written.
func (w *accessWriter) FlushError() error {
	err := http.NewResponseController(w.ResponseWriter).Flush()
	if err == nil {
		w.wrote(0)
	}
	return err
}

// Hijack notes that the connection has been taken over.
func (w *accessWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(w.ResponseWriter).Hijack()
	w.taken = w.taken || err == nil
	return conn, rw, err
}
