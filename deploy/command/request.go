package command

import (
	"bytes"
	"encoding/base64"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/gowebob/gowebob/deploy"
	"github.com/gowebob/gowebob/webob"
)

const requestHelp = `PATH is a path with its query, or a URL, which gives the host. Head and body of the answer
are printed. The exit status is 0 for a status below 400, 4 for one of 400 to
499, 5 for one above, and 1 if the app cannot be loaded or does not come to an end.`

// maxJSONBody is up to where the body of an answer is read for JSON: an answer may
// have no end.
const maxJSONBody = 16 << 20

// ask is the request that the flags describe.
type ask struct {
	method  string
	headers list
	data    string
	hasData bool
}

func (c *call) request(args []string) int {
	fs := flag.NewFlagSet("request", flag.ContinueOnError)
	var a ask
	app := fs.String("app", "", "section `NAME` of the app, main if not given")
	fs.StringVar(&a.method, "method", "", "`METHOD`, or -X: GET if not given, POST with --data")
	fs.StringVar(&a.method, "X", "", "")
	fs.Var(&a.headers, "header", "`FIELD`, or -H: a header field as \"Name: value\", several times if need be")
	fs.Var(&a.headers, "H", "")
	data := func(s string) error {
		a.data, a.hasData = s, true
		return nil
	}
	fs.Func("data", "`BODY`, or -d: @FILE reads it of a file, @- of standard input; a form if no Content-Type is given", data)
	fs.Func("d", "", data)
	bodyOnly := fs.Bool("body", false, "print the body alone, byte for byte")
	p, status, stop := c.parse(fs, args, 2)
	if stop {
		return status
	}
	req, err := c.newRequest(a, p.args[1])
	if err != nil {
		return c.misused("request", "%s", printable(err.Error()))
	}
	handler, err := deploy.LoadApp(uri(p.args[0]), c.reg, c.options(p, *app, c.warn())...)
	if err != nil {
		return c.failed(err)
	}
	if closer, ok := handler.(io.Closer); ok {
		defer closer.Close()
	}
	return c.send(req, handler, *bodyOnly)
}

// send has the app answer, and writes its answer.
func (c *call) send(req *webob.Request, app http.Handler, bodyOnly bool) (status int) {
	defer func() {
		if p := recover(); p != nil { // a server would log it, and cut the connection
			status = c.failed(fmt.Errorf("the app panics: %v", p))
		}
	}()
	resp := req.GetResponse(app)
	defer resp.Close()
	var err error
	switch {
	case c.json:
		err = c.answerJSON(resp)
	case bodyOnly:
		_, err = io.Copy(c.out, resp.Body())
	default:
		err = c.answer(resp)
	}
	return c.answered(resp, err)
}

// newRequest makes the request, or says what of the command line cannot be sent.
func (c *call) newRequest(a ask, target string) (*webob.Request, error) {
	if !strings.HasPrefix(target, "/") && !strings.Contains(target, "://") && target != "*" {
		return nil, fmt.Errorf("%s is neither a path, which begins with a slash, nor a URL", target)
	}
	opts := []webob.BlankOption{webob.WithContext(c.ctx)}
	typed := false
	for _, field := range a.headers {
		name, value, ok := strings.Cut(field, ":")
		if !ok {
			return nil, fmt.Errorf("a header field is \"Name: value\", not %q", field)
		}
		typed = typed || strings.EqualFold(name, "Content-Type")
		opts = append(opts, webob.WithHeader(name, strings.TrimSpace(value)))
	}
	if a.hasData {
		body, err := c.body(a.data)
		if err != nil {
			return nil, err
		}
		opts = append(opts, webob.WithBody(body))
		if !typed {
			opts = append(opts, webob.WithContentType("application/x-www-form-urlencoded"))
		}
		if a.method == "" {
			a.method = http.MethodPost
		}
	}
	if a.method != "" {
		opts = append(opts, webob.WithMethod(a.method))
	}
	return webob.NewBlank(target, opts...)
}

// body is what --data means.
func (c *call) body(data string) ([]byte, error) {
	name, ok := strings.CutPrefix(data, "@")
	switch {
	case !ok:
		return []byte(data), nil
	case name == "-":
		return io.ReadAll(c.in)
	}
	return os.ReadFile(name)
}

// answer prints an answer for people. What a terminal cannot show is left out there.
func (c *call) answer(resp *webob.Response) error {
	fmt.Fprintf(c.out, "HTTP/1.1 %d %s\n", resp.Status(), printable(reason(resp)))
	for name, value := range resp.Header().All() {
		fmt.Fprintf(c.out, "%s: %s\n", name, printable(value))
	}
	fmt.Fprintln(c.out)
	out := c.out
	if isTerminal(c.out) {
		out = &textOnly{w: c.out}
	}
	last := &lastByte{w: out}
	if _, err := io.Copy(last, resp.Body()); err != nil {
		return err
	}
	if last.is != 0 && last.is != '\n' && isTerminal(c.out) {
		fmt.Fprintln(c.out)
	}
	return nil
}

// reason is the reason phrase of an answer, or ours for its status.
func reason(resp *webob.Response) string {
	if _, text, ok := strings.Cut(resp.StatusText(), " "); ok {
		return text
	}
	return http.StatusText(resp.Status())
}

// answered is the exit status for an answer; err is what was wrong with its body.
func (c *call) answered(resp *webob.Response, err error) int {
	switch {
	case err != nil:
		fmt.Fprintf(c.err, "%s request: the answer breaks off: %s\n", c.name, printable(err.Error()))
		return exitFaults
	case resp.Status() >= 500:
		if cause := resp.Err(); cause != nil && !c.json {
			fmt.Fprintf(c.err, "%s request: the app says: %s\n", c.name, printable(cause.Error()))
		}
		return 5
	case resp.Status() >= 400:
		return 4
	}
	return exitOK
}

// answerDoc is an answer as programs read it.
type answerDoc struct {
	Status    int         `json:"status"`
	Reason    string      `json:"reason"`
	Header    [][2]string `json:"header"`
	Body      *string     `json:"body,omitempty"`        // if it is UTF-8
	Base64    string      `json:"body_base64,omitempty"` // if it is not
	Truncated bool        `json:"truncated,omitempty"`   // it goes on
	Error     string      `json:"error,omitempty"`       // what the app says of an answer of 500 or above
}

func (c *call) answerJSON(resp *webob.Response) error {
	doc := answerDoc{Status: resp.Status(), Reason: reason(resp), Header: [][2]string{}}
	for name, value := range resp.Header().All() {
		doc.Header = append(doc.Header, [2]string{name, value})
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body(), maxJSONBody+1))
	if len(body) > maxJSONBody {
		body, doc.Truncated = body[:maxJSONBody], true
	}
	if utf8.Valid(body) {
		text := string(body)
		doc.Body = &text
	} else {
		doc.Base64 = base64.StdEncoding.EncodeToString(body)
	}
	if cause := resp.Err(); cause != nil && resp.Status() >= 500 {
		doc.Error = cause.Error()
	}
	c.writeJSON(doc)
	return err
}

// textOnly writes text to a terminal, until something comes that is none.
type textOnly struct {
	w      io.Writer
	binary bool
}

func (t *textOnly) Write(p []byte) (int, error) {
	if !t.binary && bytes.ContainsFunc(p, func(r rune) bool { return r < ' ' && !strings.ContainsRune("\t\r\n", r) || r == 0x7f }) {
		t.binary = true
		fmt.Fprint(t.w, "(no text; --body into a file has all of it)\n")
	}
	if t.binary {
		return len(p), nil
	}
	return t.w.Write(p)
}

// lastByte remembers whether a text ends its last line.
type lastByte struct {
	w  io.Writer
	is byte
}

func (l *lastByte) Write(p []byte) (int, error) {
	if len(p) > 0 {
		l.is = p[len(p)-1]
	}
	return l.w.Write(p)
}
