package middleware

import (
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/webob"
)

// PrintDebugOptions are settings of PrintDebug.
type PrintDebugOptions struct {
	// Secrets are more names of header fields and form variables whose values are not
	// shown, besides those of cookies and credentials and what has password, passwd,
	// pwd, token, secret, key or auth in its name.
	Secrets []string
	// Limit is how many bytes may be printed for a request; what is beyond is left
	// out. 0 is 64 KiB.
	Limit int
}

// printed is what an app has printed.
type printed struct {
	mu    sync.Mutex
	text  strings.Builder
	limit int
	cut   bool
}

// Write takes what fits.
func (p *printed) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if room := p.limit - p.text.Len(); len(b) > room {
		p.text.Write(b[:room])
		p.cut = true
	} else {
		p.text.Write(b)
	}
	return len(b), nil
}

func (p *printed) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cut {
		return p.text.String() + "\n...\n"
	}
	return p.text.String()
}

var printedOf = webob.NewKey[*printed]("paste.printdebug_listeners")

// Debugf prints a line for whoever looks at the page: PrintDebug shows it there. Without
// that filter, and for clients that it does not serve, it does nothing and costs next to
// nothing. It is safe for concurrent use.
func Debugf(req *webob.Request, format string, args ...any) {
	if p, ok := printedOf.Get(req); ok {
		fmt.Fprintf(p, format+"\n", args...)
	}
}

// PrintDebug is a filter for development, in text. What the app prints by Debugf stands at
// the end of its page, if that is HTML or plain text and no stream. A failure of the server
// (500 and above) is answered with the cause: the chain of errors, the stack of a panic that
// Recover has caught further in, what was printed, and the request, with secrets masked.
//
// It serves clients on this machine alone: the peer has a loopback address and asks for
// localhost or a loopback address, and no proxy has passed the request on. For all others it
// is not there. That is no reason to have it in production. Paste: printdebug.
func PrintDebug(o PrintDebugOptions) func(http.Handler) http.Handler {
	if o.Limit <= 0 {
		o.Limit = 64 << 10
	}
	return dec.Middleware(func(req *webob.Request, app http.Handler) (*webob.Response, error) {
		if !isLocal(req) {
			return req.GetResponse(app), nil
		}
		out := &printed{limit: o.Limit}
		printedOf.Set(req, out)
		resp := req.GetResponse(app)
		if err := resp.Err(); err != nil && resp.Status() >= 500 {
			for name := range resp.HTTPHeader() {
				if ofBody(name) {
					resp.Header().Del(name)
				}
			}
			resp.SetText(o.report(req, err, out.String()))
			resp.Header().Set("Content-Type", "text/plain; charset=utf-8")
			return resp, nil
		}
		return resp, show(resp, req.Method, out.String())
	})
}

// isLocal tells a client on this machine, that no proxy and no foreign name stands for.
func isLocal(req *webob.Request) bool {
	if !addrOf(req.RemoteAddr).IsLoopback() {
		return false
	}
	for _, name := range [...]string{"Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip"} {
		if req.Header[name] != nil {
			return false
		}
	}
	host := strings.Trim(req.Domain(), "[]")
	addr, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && addr.IsLoopback()
}

// show puts what was printed behind a page.
func show(resp *webob.Response, method, text string) error {
	length, known := resp.ContentLength()
	h := resp.Header()
	if text == "" || !known || length == 0 || method == http.MethodHead || h.Has("Content-Encoding") || h.Has("Content-Range") {
		return nil
	}
	media, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	switch strings.ToLower(strings.TrimSpace(media)) {
	case "text/plain":
		text = "\n-- printed --\n" + text
	case "text/html":
		text = "\n<pre class=\"printdebug\">" + html.EscapeString(text) + "</pre>\n"
	default:
		return nil
	}
	page, err := resp.Text()
	if err != nil {
		return err
	}
	resp.SetText(page + text)
	for _, name := range [...]string{"Etag", "Content-Md5", "Content-Digest", "Repr-Digest"} {
		h.Del(name)
	}
	h.Set("Cache-Control", "no-store")
	return nil
}

// report is the page of a failure.
func (o PrintDebugOptions) report(req *webob.Request, err error, text string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s failed\n\n", req.Method, o.maskedURL(req))
	writeChain(&b, err, "")
	var thrown *PanicError
	if errors.As(err, &thrown) {
		fmt.Fprintf(&b, "\n%s", thrown.Stack)
	}
	if text != "" {
		fmt.Fprintf(&b, "\n-- printed --\n%s", text)
	}
	fmt.Fprintf(&b, "\n-- request --\nHost: %s\n", req.Host)
	names := make([]string, 0, len(req.Header))
	for name := range req.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, v := range req.Header[name] {
			if o.isSecret(name) {
				v = "******"
			}
			fmt.Fprintf(&b, "%s: %s\n", name, v)
		}
	}
	return b.String()
}

// writeChain writes an error and what is behind it, a line each, with its type.
func writeChain(b *strings.Builder, err error, indent string) {
	fmt.Fprintf(b, "%s%T: %v\n", indent, err, err)
	switch e := err.(type) {
	case interface{ Unwrap() error }:
		if inner := e.Unwrap(); inner != nil {
			writeChain(b, inner, indent+"  ")
		}
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			writeChain(b, inner, indent+"  ")
		}
	}
}

func (o PrintDebugOptions) maskedURL(req *webob.Request) string {
	if req.URL.RawQuery == "" {
		return req.Path()
	}
	var vars []string
	for name, v := range req.GET().All() {
		if o.isSecret(name) {
			v = "******"
		}
		vars = append(vars, name+"="+v)
	}
	return req.Path() + "?" + strings.Join(vars, "&")
}

// isSecret tells names whose values are not to be shown.
func (o PrintDebugOptions) isSecret(name string) bool {
	name = strings.ToLower(name)
	for _, mark := range [...]string{"password", "passwd", "pwd", "token", "secret", "key", "auth", "cookie", "session"} {
		if strings.Contains(name, mark) {
			return true
		}
	}
	return slices.ContainsFunc(o.Secrets, func(s string) bool { return strings.EqualFold(s, name) })
}
