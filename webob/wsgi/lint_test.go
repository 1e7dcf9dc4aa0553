package wsgi_test

import (
	"bytes"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/webob"
	"github.com/gowebob/gowebob/webob/wsgi"
)

// sloppy is a server that lets an application do what it likes, so that Lint alone speaks.
func sloppy(app wsgi.App, req *webob.Request) (failed error) {
	sent := false
	send := func(b []byte) { sent = sent || len(b) > 0 }
	seq := app(req.Environ(), func(_ string, _ wsgi.Headers, excInfo error) (wsgi.Write, error) {
		if sent && excInfo != nil {
			return nil, excInfo
		}
		return func(b []byte) error { send(b); return nil }, nil
	})
	if seq == nil {
		return nil
	}
	seq(func(b []byte, err error) bool {
		send(b)
		failed = err
		return err == nil
	})
	return failed
}

func TestLint(t *testing.T) {
	// body makes an application whose iterator is f.
	body := func(f func(start wsgi.StartResponse, yield func([]byte, error) bool)) wsgi.App {
		return func(_ webob.Environ, start wsgi.StartResponse) chunks {
			return func(yield func([]byte, error) bool) { f(start, yield) }
		}
	}
	x := []byte("x")
	for _, row := range []struct {
		name  string
		app   wsgi.App
		req   *webob.Request
		rules []wsgi.Rule
	}{
		{"nothing to say", app("200 OK", text, "a", "", "b"), nil, nil},
		{"Content-Length is kept", app("200 OK", wsgi.Headers{{"Content-Length", "2"}}, "a", "b"), nil, nil},
		{"HEAD need not have its body", app("200 OK", wsgi.Headers{{"Content-Length", "2"}}), webob.Blank("/", webob.WithMethod("HEAD")), nil},
		{"a yielded error is no violation", app("200 OK", text, "!"), nil, nil},
		{"an empty chunk before start", body(func(start wsgi.StartResponse, yield func([]byte, error) bool) {
			yield(nil, nil)
			start("200 OK", text, nil)
		}), nil, []wsgi.Rule{wsgi.StartMissing}},
		{"no start", body(func(wsgi.StartResponse, func([]byte, error) bool) {}), nil, []wsgi.Rule{wsgi.StartMissing}},
		{"start twice", body(func(start wsgi.StartResponse, yield func([]byte, error) bool) {
			start("200 OK", text, nil)
			start("200 OK", text, nil)
		}), nil, []wsgi.Rule{wsgi.StartTwice}},
		{"start twice with an error", body(func(start wsgi.StartResponse, yield func([]byte, error) bool) {
			start("200 OK", text, nil)
			start("500 No", text, errBroken)
		}), nil, nil},
		{"after the head the error is obeyed", body(func(start wsgi.StartResponse, yield func([]byte, error) bool) {
			start("200 OK", text, nil)
			yield(x, nil)
			_, err := start("500 No", text, errBroken)
			yield(nil, err)
		}), nil, nil},
		{"after the head the error is ignored", body(func(start wsgi.StartResponse, yield func([]byte, error) bool) {
			start("200 OK", text, nil)
			yield(x, nil)
			start("500 No", text, errBroken)
			yield(x, nil)
		}), nil, []wsgi.Rule{wsgi.ErrorIgnored}},
		{"a status without a reason", app("200", nil), nil, []wsgi.Rule{wsgi.StatusForm}},
		{"a status with two spaces", app("200  OK", nil), nil, []wsgi.Rule{wsgi.StatusForm}},
		{"a status with a line end", app("200 OK\r\n", nil), nil, []wsgi.Rule{wsgi.StatusForm}},
		{"a status of two digits", app("20 OK", nil), nil, []wsgi.Rule{wsgi.StatusForm}},
		{"a status with a sign", app("+20 OK", nil), nil, []wsgi.Rule{wsgi.StatusForm}},
		{"100 Continue", app("100 Continue", nil), nil, []wsgi.Rule{wsgi.StatusInformational}},
		{"all faults of a header are told", app("200 OK", wsgi.Headers{{"A:", ""}, {"Status", "200"}, {"X-", ""}, {"X_", ""}, {"", ""}, {"B", "a\tb"}, {"C", "a\x7F"}, {"keep-alive", ""}, {"Trailer", "x"}}),
			nil, []wsgi.Rule{wsgi.HeaderName, wsgi.HeaderName, wsgi.HeaderName, wsgi.HeaderName, wsgi.HeaderName, wsgi.HeaderValue, wsgi.HeaderValue, wsgi.HopByHop, wsgi.HopByHop}},
		{"two lengths", app("200 OK", wsgi.Headers{{"Content-Length", "1"}, {"content-length", "1"}}, "x"), nil, []wsgi.Rule{wsgi.LengthForm}},
		{"too long is told once", app("200 OK", wsgi.Headers{{"Content-Length", "1"}}, "x", "y", "z"), nil, []wsgi.Rule{wsgi.LengthOver}},
		{"too short", app("200 OK", wsgi.Headers{{"Content-Length", "1"}}), nil, []wsgi.Rule{wsgi.LengthShort}},
		{"no iterable", func(_ webob.Environ, start wsgi.StartResponse) chunks { start("200 OK", nil, nil); return nil }, nil, []wsgi.Rule{wsgi.NoIterable}},
		{"write first", func(_ webob.Environ, start wsgi.StartResponse) chunks {
			write, _ := start("200 OK", nil, nil)
			_ = write(x)
			return none
		}, nil, nil},
		{"write in the iterable", body(func(start wsgi.StartResponse, _ func([]byte, error) bool) {
			write, _ := start("200 OK", nil, nil)
			_ = write(x)
		}), nil, []wsgi.Rule{wsgi.WriteInIterable}},
		{"yield after the end", body(func(start wsgi.StartResponse, yield func([]byte, error) bool) {
			start("200 OK", nil, nil)
			yield(nil, errBroken)
			yield(x, nil)
		}), nil, []wsgi.Rule{wsgi.YieldAfterStop}},
		{"wsgi.input is closed", func(env webob.Environ, start wsgi.StartResponse) chunks {
			_ = env.Request().Body.Close()
			return app("200 OK", text)(env, start)
		}, webob.Blank("/", webob.WithPost(x)), []wsgi.Rule{wsgi.InputClosed}},
		{"SCRIPT_NAME is /", app("200 OK", text), webob.Blank("/", webob.WithEnviron("SCRIPT_NAME", "/")), []wsgi.Rule{wsgi.EnvironValue}},
		{"PATH_INFO without a slash", app("200 OK", text), webob.Blank("/", webob.WithEnviron("PATH_INFO", "x")), []wsgi.Rule{wsgi.EnvironValue}},
		{"neither path", app("200 OK", text), webob.Blank("/", webob.WithEnviron("PATH_INFO", "")), []wsgi.Rule{wsgi.EnvironMissing}},
		{"a scheme that is none", app("200 OK", text), webob.Blank("/", webob.WithEnviron("wsgi.url_scheme", "ftp")), []wsgi.Rule{wsgi.EnvironValue}},
		{"no protocol", app("200 OK", text), webob.Blank("/", webob.WithEnviron("SERVER_PROTOCOL", "")), []wsgi.Rule{wsgi.EnvironMissing}},
		{"a key without a dot that is no text", app("200 OK", text), webob.Blank("/", webob.WithEnviron("MINE", 1)), []wsgi.Rule{wsgi.EnvironType}},
		{"keys with a dot are of any type", app("200 OK", text), webob.Blank("/", webob.WithEnviron("my.key", 1)), nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			req := row.req
			if req == nil {
				req = webob.Blank("/")
			}
			var rules []wsgi.Rule
			_ = sloppy(wsgi.Lint(row.app, func(v *wsgi.Violation) {
				rules = append(rules, v.Rule)
				assert.Contains(t, v.Error(), "PEP 3333, \""+v.Rule.Section()+"\"")
			}), req)
			assert.Equal(t, row.rules, rules)
			err := sloppy(wsgi.Lint(row.app, nil), req)
			if len(row.rules) == 0 || row.rules[0] == wsgi.YieldAfterStop {
				assert.NotErrorAs(t, err, new(*wsgi.Violation))
			} else {
				assert.ErrorIs(t, err, row.rules[0], "without a report the first violation is the error")
			}
		})
	}
}

func TestLintAfterTheEnd(t *testing.T) {
	var start wsgi.StartResponse
	var write wsgi.Write
	keep := func(_ webob.Environ, s wsgi.StartResponse) chunks {
		start = s
		write, _ = s("200 OK", nil, nil)
		return none
	}
	var rules []wsgi.Rule
	require.NoError(t, sloppy(wsgi.Lint(keep, func(v *wsgi.Violation) { rules = append(rules, v.Rule) }), webob.Blank("/")))
	_, _ = start("200 OK", nil, errBroken)
	_ = write(nil)
	assert.Equal(t, []wsgi.Rule{wsgi.AfterEnd, wsgi.AfterEnd}, rules)

	var log bytes.Buffer
	req := webob.Blank("/")
	webob.Logger.Set(req, slog.New(slog.NewTextHandler(&log, nil)))
	require.NoError(t, sloppy(wsgi.Lint(keep, nil), req))
	assert.ErrorIs(t, write(nil), wsgi.AfterEnd)
	assert.Contains(t, log.String(), "Specification Details", "late ones are logged")
}

func TestLintWatchesTheServer(t *testing.T) {
	var rules []wsgi.Rule
	lint := wsgi.Lint(app("200 OK", text, "x"), func(v *wsgi.Violation) { rules = append(rules, v.Rule) })
	start := func(string, wsgi.Headers, error) (wsgi.Write, error) { return func([]byte) error { return nil }, nil }
	seq := lint(webob.Blank("/").Environ(), start)
	for range 2 {
		for range seq {
			break
		}
	}
	assert.Equal(t, []wsgi.Rule{wsgi.IterateTwice}, rules)

	told := make(chan wsgi.Rule, 1)
	wsgi.Lint(app("200 OK", text, "x"), func(v *wsgi.Violation) { told <- v.Rule })(webob.Blank("/").Environ(), start)
	for range 50 {
		runtime.GC()
		select {
		case rule := <-told:
			assert.Equal(t, wsgi.NotClosed, rule)
			return
		case <-time.After(20 * time.Millisecond):
		}
	}
	t.Fatal("nobody has missed the iterable")
}

// What Python's validator complains of, a server of ours never does.
func TestLintOfRealRequests(t *testing.T) {
	server := httptest.NewServer(wsgi.Handler(wsgi.Lint(app("200 OK", text, "x"), func(v *wsgi.Violation) { t.Error(v) })))
	defer server.Close()
	for _, row := range [][2]string{{"GET", "/"}, {"GET", ""}, {"POST", "/a%20b?c=d"}, {"OPTIONS", "*"}, {"HEAD", "/%2F"}} {
		req, err := http.NewRequest(row[0], server.URL, strings.NewReader("body"))
		require.NoError(t, err)
		req.URL.Opaque = row[1]
		resp, err := http.DefaultClient.Do(req)
		require.NoError(t, err, row)
		resp.Body.Close()
		assert.Equal(t, 200, resp.StatusCode, row)
	}
}

func TestRules(t *testing.T) {
	seen := map[string]bool{}
	for r := wsgi.StartMissing; r <= wsgi.NotClosed; r++ {
		assert.NotEmpty(t, r.Section(), r)
		assert.False(t, seen[r.Error()], r)
		seen[r.Error()] = true
	}
	assert.Equal(t, "wsgi: rule 99", wsgi.Rule(99).Error())
	assert.Equal(t, `wsgi: PEP 3333, "Other HTTP Features": hop-by-hop fields are the server's: TE`, (&wsgi.Violation{Rule: wsgi.HopByHop, Detail: "TE"}).Error())
}

var _ iter.Seq2[[]byte, error] = none
