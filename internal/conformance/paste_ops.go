package conformance

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/gowebob/gowebob/deploy"
	"github.com/gowebob/gowebob/webob"
)

// Paste asks packages deploy and deploy/standard for files that name entries of Paste.
func (adapters) Paste() Family {
	return Family{
		Name:  "paste",
		Done:  true,
		Ops:   map[string]Op{"paste.app": Ask(pasteApp), "paste.log": Ask(pasteLog)},
		Meet:  deployMeet,
		Fold:  pasteFold,
		Rules: append(kitRules(), pasteRules()...),
	}
}

// pasteSpec is a question: deploySpec, and what of the answers counts.
type pasteSpec struct {
	deploySpec
	Bodies *bool // false leaves out the bodies of what is no success
	Show   []string
}

// pasteTime is that of all files: 2001-09-09 01:46:40 GMT.
var pasteTime = time.Unix(1_000_000_000, 0)

func pasteApp(in pasteSpec) (any, error) {
	return in.in(func(uri string, opts ...deploy.Option) (map[string]any, error) {
		pasteStamp(in, uri, opts)
		app, err := deploy.LoadApp(uri, new(deployKit).registry(), opts...)
		if err != nil {
			return nil, err
		}
		requests := in.Requests
		if requests == nil {
			requests = []deployRequest{{}}
		}
		answers, etag := []any{}, ""
		for _, r := range requests {
			for i := range r.Headers {
				r.Headers[i][1] = strings.ReplaceAll(r.Headers[i][1], "@ETAG@", etag)
			}
			answer, err := pasteAsk(app, r)
			if err != nil {
				return nil, err
			}
			for _, h := range answer["headers"].([][2]string) {
				if strings.EqualFold(h[0], "ETag") {
					etag = h[1]
				}
			}
			answers = append(answers, in.tidy(answer))
		}
		return map[string]any{"responses": answers}, nil
	})
}

// pasteStamp dates the files. They lie where a file of the question would be opened.
func pasteStamp(in pasteSpec, uri string, opts []deploy.Option) {
	path, named := strings.CutPrefix(uri, "config:/")
	root := filepath.Dir("/" + path)
	if !named {
		c, err := deploy.AppConfig(uri, new(deployKit).registry(), opts...)
		if err != nil {
			return // a refusal, told later
		}
		root, _ = c.Global("here")
	}
	staticMust(filepath.WalkDir(root, func(path string, _ os.DirEntry, err error) error {
		staticMust(err)
		return os.Chtimes(path, pasteTime, pasteTime)
	}))
}

// pasteAsk answers as a server would send it: conditions and ranges are looked at last.
func pasteAsk(app http.Handler, r deployRequest) (map[string]any, error) {
	req, err := r.make()
	if err != nil {
		return nil, err
	}
	defer req.Release()
	p := req.GetResponse(app)
	sent := &pasteWriter{header: http.Header{}}
	webob.Serve(excResponder(func(*webob.Request) *webob.Response { return p }), sent, req.Request)
	shown := webob.NewResponse(sent.status)
	shown.SetBytes(sent.body)
	answer := deployAnswer(shown)
	headers := [][2]string{}
	for _, name := range SortedKeys(sent.header) {
		for _, v := range sent.header[name] {
			headers = append(headers, [2]string{name, Latin(v)})
		}
	}
	answer["headers"] = headers
	if v, err := decodeJSON(sent.body); sent.header.Get("Content-Type") == "application/json" && err == nil {
		delete(answer, "body")
		answer["json"] = v
	}
	return answer, nil
}

// pasteWriter keeps what a server would send.
type pasteWriter struct {
	header http.Header
	status int
	body   []byte
}

func (w *pasteWriter) Header() http.Header { return w.header }

func (w *pasteWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

func (w *pasteWriter) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	w.body = append(w.body, p...)
	return len(p), nil
}

// tidy shows of an answer what the question wants to see.
func (in pasteSpec) tidy(answer map[string]any) map[string]any {
	headers := answer["headers"].([][2]string)
	for i := range headers {
		if strings.EqualFold(headers[i][0], "ETag") {
			headers[i][1] = "@ETAG@"
		}
		if body, ok := answer["body"].(string); ok && strings.EqualFold(headers[i][0], "Content-Encoding") && strings.HasPrefix(body, "\x1f") {
			answer["body"] = Gunzip(body)
		}
	}
	if in.Bodies != nil && !*in.Bodies && !strings.HasPrefix(answer["status"].(string), "2") {
		delete(answer, "body")
		headers = slices.DeleteFunc(headers, func(h [2]string) bool { return h[0] == "Content-Type" || h[0] == "Content-Length" })
	}
	shown := [][2]string{}
	for _, h := range headers {
		if name := strings.ToLower(h[0]); in.Show == nil {
			shown = append(shown, h)
		} else if slices.Contains(in.Show, name) {
			shown = append(shown, [2]string{name, h[1]})
		}
	}
	answer["headers"] = shown
	return answer
}

// pasteLog gives what translogger has logged.
func pasteLog(in pasteSpec) (any, error) {
	return in.in(func(uri string, opts ...deploy.Option) (map[string]any, error) {
		lines := &pasteLines{lines: []string{}}
		app, err := deploy.LoadApp(uri, (&deployKit{logger: slog.New(lines)}).registry(), opts...)
		if err != nil {
			return nil, err
		}
		for _, r := range in.Requests {
			req, err := r.make()
			if err != nil {
				return nil, err
			}
			p := req.GetResponse(app)
			if _, err := p.Bytes(); err != nil {
				return nil, err
			}
			p.Close()
			req.Release()
		}
		return map[string]any{"lines": lines.lines}, nil
	})
}

// pasteLines keeps the messages that are logged, without their times.
type pasteLines struct {
	slog.Handler
	lines []string
}

var pasteClock = regexp.MustCompile(`\[[^]]*\]`)

func (l *pasteLines) Enabled(context.Context, slog.Level) bool { return true }

func (l *pasteLines) Handle(_ context.Context, r slog.Record) error {
	l.lines = append(l.lines, pasteClock.ReplaceAllString(r.Message, "[@TIME@]"))
	return nil
}

var pasteBoundary = regexp.MustCompile(`--[0-9A-Z]{20,}`)

// pasteFold takes out what does not count: what deployFold does, whether a variable of the
// environ is missing or empty, the boundary of a multipart body, spaces in a list of methods.
func pasteFold(q Question, answer any) any {
	return Edit(deployFold(q, answer), "responses", func(v any) any {
		return EditAll(v, func(v any) any {
			v = Edit(v, "body", func(body any) any {
				text, _ := body.(string)
				return pasteBoundary.ReplaceAllString(text, "--BOUNDARY")
			})
			v = Edit(v, "headers", func(h any) any {
				return EditHeader(h, "allow", func(s string) string { return strings.ReplaceAll(s, " ", "") })
			})
			return Edit(v, "json", func(said any) any {
				return Edit(said, "show", func(show any) any {
					shown, ok := show.(map[string]any)
					for key, value := range shown {
						if value == nil {
							shown[key] = ""
						}
					}
					if !ok {
						return show
					}
					return shown
				})
			})
		})
	})
}
