package server_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gowebob/gowebob/server"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// serve starts a server in this process that ends with the test.
func serve(t *testing.T, app http.Handler, o server.Options) *server.Server {
	t.Helper()
	if o.Listen == nil {
		o.Listen = anyPort
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	s, err := server.New(app, o)
	require.NoError(t, err)
	require.NoError(t, s.Start())
	t.Cleanup(func() {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		s.Stop(ctx)
		s.Wait()
	})
	return s
}

func addrOf(s *server.Server) string { return s.Addrs()[0].String() }

// stopping begins to stop s and gives what Stop will say.
func stopping(t *testing.T, s *server.Server) <-chan error {
	t.Helper()
	result := make(chan error, 1)
	go func() { result <- s.Stop(deadline(t, 4*time.Second)) }()
	require.Eventually(t, func() bool { return !s.Serving() }, time.Second, time.Millisecond)
	time.Sleep(30 * time.Millisecond) // the listeners are closed now
	return result
}

func within(t *testing.T, c <-chan error) error {
	t.Helper()
	select {
	case err := <-c:
		return err
	case <-time.After(4 * time.Second):
		require.Fail(t, "not within 4 seconds")
		return nil
	}
}

// exchange sends a request on a connection and reads the answer.
func exchange(t *testing.T, c net.Conn, r *bufio.Reader, request string) (*http.Response, string) {
	t.Helper()
	_, err := io.WriteString(c, request)
	require.NoError(t, err)
	return answer(t, r)
}

func answer(t *testing.T, r *bufio.Reader) (*http.Response, string) {
	t.Helper()
	resp, err := http.ReadResponse(r, nil)
	require.NoError(t, err)
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	resp.Body.Close()
	return resp, string(body)
}

const plainGet = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"

var patient = server.Options{IdleGrace: 500 * time.Millisecond, DrainTimeout: 3 * time.Second}

func TestStopLetsRequestsFinish(t *testing.T) {
	entered := make(chan struct{})
	s := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(entered)
		<-server.Stopping(r.Context())
		time.Sleep(100 * time.Millisecond)
		assert.NoError(t, r.Context().Err(), "its context has not ended")
		io.WriteString(w, "whole")
	}), patient)
	answers := make(chan got, 1)
	go func() {
		g, err := get(newClient(t), "http://"+addrOf(s))
		assert.NoError(t, err)
		answers <- g
	}()
	<-entered
	result := stopping(t, s)
	assert.Equal(t, got{status: 200, text: "whole"}, <-answers)
	assert.NoError(t, within(t, result))
	_, err := net.Dial("tcp", addrOf(s))
	assert.Error(t, err, "nobody listens any more")
}

func TestStopAnswersWhoIsJustSending(t *testing.T) {
	for _, row := range []struct {
		name   string
		before func(*testing.T, net.Conn, *bufio.Reader) // on the connection, ahead of the stop
		send   string
	}{
		{"an idle connection", func(t *testing.T, c net.Conn, r *bufio.Reader) {
			resp, _ := exchange(t, c, r, plainGet)
			assert.False(t, resp.Close)
		}, plainGet},
		{"a connection without a request yet", func(*testing.T, net.Conn, *bufio.Reader) {}, plainGet},
		{"half a request", func(t *testing.T, c net.Conn, _ *bufio.Reader) {
			io.WriteString(c, plainGet[:10])
		}, plainGet[10:]},
		{"half of a second request", func(t *testing.T, c net.Conn, r *bufio.Reader) {
			exchange(t, c, r, plainGet)
			io.WriteString(c, plainGet[:3])
		}, plainGet[3:]},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, text("late"), patient)
			c := dial(t, addrOf(s))
			r := bufio.NewReader(c)
			row.before(t, c, r)
			time.Sleep(20 * time.Millisecond)
			result := stopping(t, s)
			time.Sleep(200 * time.Millisecond)
			resp, body := exchange(t, c, r, row.send)
			assert.Equal(t, "late", body)
			assert.True(t, resp.Close, "Connection: close")
			assert.NoError(t, within(t, result))
		})
	}
}

func TestStopTakesItsTimeForASlowHead(t *testing.T) {
	s := serve(t, text("late"), server.Options{IdleGrace: 50 * time.Millisecond})
	c := dial(t, addrOf(s))
	io.WriteString(c, plainGet[:10])
	time.Sleep(20 * time.Millisecond)
	result := stopping(t, s)
	time.Sleep(300 * time.Millisecond) // longer than the grace of idle ones
	_, body := exchange(t, c, bufio.NewReader(c), plainGet[10:])
	assert.Equal(t, "late", body)
	assert.NoError(t, within(t, result))
}

func TestStopClosesIdleConnections(t *testing.T) {
	for _, row := range []struct {
		name string
		use  bool
	}{{"after an answer", true}, {"never used", false}} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			o := patient
			o.IdleGrace = 200 * time.Millisecond
			s := serve(t, text("x"), o)
			c := dial(t, addrOf(s))
			r := bufio.NewReader(c)
			if row.use {
				exchange(t, c, r, plainGet)
			}
			begin := time.Now()
			result := stopping(t, s)
			_, err := r.ReadByte()
			assert.ErrorIs(t, err, io.EOF, "closed, not reset")
			assert.GreaterOrEqual(t, time.Since(begin), 200*time.Millisecond)
			assert.NoError(t, within(t, result))
			assert.Less(t, time.Since(begin), 2*time.Second)
		})
	}
}

// What a client has sent in the moment its idle connection is closed is answered.
func TestStopLooksOnceMore(t *testing.T) {
	o := patient
	o.IdleGrace = 100 * time.Millisecond
	s := serve(t, text("x"), o)
	const n = 60
	var conns []net.Conn
	for range n {
		c := dial(t, addrOf(s))
		exchange(t, c, bufio.NewReader(c), plainGet)
		conns = append(conns, c)
	}
	start := time.Now()
	result := stopping(t, s)
	var wg sync.WaitGroup
	var failed sync.Map
	for i, c := range conns {
		wg.Go(func() { // spread around the end of the grace
			time.Sleep(time.Until(start.Add(60*time.Millisecond + time.Duration(i)*2*time.Millisecond)))
			if _, err := io.WriteString(c, plainGet); err != nil {
				return // closed before: the client knows
			}
			resp, err := http.ReadResponse(bufio.NewReader(c), nil)
			if err != nil {
				failed.Store(i, err)
				return
			}
			assert.True(t, resp.Close)
			resp.Body.Close()
		})
	}
	wg.Wait()
	require.NoError(t, within(t, result))
	failed.Range(func(_, err any) bool {
		assert.NotContains(t, err.(error).Error(), "malformed", "never half an answer")
		return true
	})
}

// A stream that was under way ends after the grace and without "Connection: close" in
// its head; its client may send another request then.
func TestStopKeepsTheGraceForLateConnections(t *testing.T) {
	s := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			io.WriteString(w, "a")
			http.NewResponseController(w).Flush()
			time.Sleep(400 * time.Millisecond)
		}
		io.WriteString(w, "b")
	}), server.Options{IdleGrace: 200 * time.Millisecond})
	c := dial(t, addrOf(s))
	r := bufio.NewReader(c)
	io.WriteString(c, strings.Replace(plainGet, "/", "/slow", 1))
	time.Sleep(50 * time.Millisecond)
	result := stopping(t, s)
	resp, body := answer(t, r)
	assert.Equal(t, "ab", body)
	assert.False(t, resp.Close, "the head was sent before")
	resp, body = exchange(t, c, r, plainGet)
	assert.Equal(t, "b", body)
	assert.True(t, resp.Close)
	assert.NoError(t, within(t, result))
}

func TestStopEndsStreams(t *testing.T) {
	endless := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rc := http.NewResponseController(w)
		for i := 0; r.Context().Err() == nil; i++ {
			fmt.Fprintf(w, "%d\n", i)
			rc.Flush()
			select {
			case <-r.Context().Done():
			case <-time.After(10 * time.Millisecond):
			}
		}
		fmt.Fprintf(w, "end: %v", context.Cause(r.Context()))
	})
	for _, row := range []struct {
		name     string
		app      http.Handler
		end      string
		min, max time.Duration
	}{
		{"at once, if they ask", server.EndOnStop(endless), "end: server: stopping", 0, 400 * time.Millisecond},
		{"after CancelAfter by their context", endless, "end: context canceled", 500 * time.Millisecond, 2 * time.Second},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, row.app, server.Options{
				IdleGrace: 50 * time.Millisecond, CancelAfter: 500 * time.Millisecond, DrainTimeout: 3 * time.Second,
			})
			bodies := make(chan string, 1)
			go func() {
				g, err := get(newClient(t), "http://"+addrOf(s))
				assert.NoError(t, err, "the answer ends well")
				bodies <- g.text
			}()
			time.Sleep(50 * time.Millisecond)
			begin := time.Now()
			result := stopping(t, s)
			body := <-bodies
			assert.True(t, strings.HasSuffix(body, row.end), "%s", body)
			assert.NoError(t, within(t, result))
			assert.GreaterOrEqual(t, time.Since(begin), row.min)
			assert.Less(t, time.Since(begin), row.max)
		})
	}
}

func TestStopCutsOffAtTheDeadline(t *testing.T) {
	release := make(chan struct{})
	t.Cleanup(func() { close(release) }) // behind the parallel ones
	app := http.NewServeMux()
	app.HandleFunc("/stuck", func(http.ResponseWriter, *http.Request) { <-release })
	app.HandleFunc("/hijack", func(w http.ResponseWriter, r *http.Request) {
		c, _, err := http.NewResponseController(w).Hijack()
		if assert.NoError(t, err) {
			io.WriteString(c, "HTTP/1.1 101 Switching Protocols\r\n\r\n")
		}
	})
	for _, row := range []struct {
		name, path string
		stop       func(*server.Server) error
		cause      error
	}{
		{"a handler that never returns", "/stuck", func(s *server.Server) error { return s.Stop(context.Background()) }, nil},
		{"a hijacked connection", "/hijack", func(s *server.Server) error { return s.Stop(context.Background()) }, nil},
		{"the context ends first", "/stuck", func(s *server.Server) error {
			ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
			defer cancel()
			return s.Stop(ctx)
		}, context.DeadlineExceeded},
		{"a second Stop without patience", "/stuck", func(s *server.Server) error {
			go s.Stop(context.Background())
			for s.Serving() {
				time.Sleep(time.Millisecond)
			}
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			return s.Stop(ctx)
		}, context.Canceled},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, app, server.Options{DrainTimeout: 300 * time.Millisecond})
			c := dial(t, addrOf(s))
			fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", row.path)
			time.Sleep(50 * time.Millisecond)
			result := make(chan error, 1)
			go func() { result <- row.stop(s) }()
			err := within(t, result)
			var cut *server.CutOff
			require.ErrorAs(t, err, &cut)
			assert.Equal(t, 1, cut.Conns)
			if row.cause != nil {
				assert.ErrorIs(t, err, row.cause)
			}
			assert.Equal(t, err, s.Wait(), "Wait says the same")
			_, err = io.Copy(io.Discard, c)
			assert.False(t, errors.Is(err, context.DeadlineExceeded), "the connection is closed: %v", err)
		})
	}
}

func TestStopBeforeStart(t *testing.T) {
	s, err := server.New(text("x"), server.Options{Listen: anyPort})
	require.NoError(t, err)
	require.NoError(t, s.Stop(context.Background()))
	require.NoError(t, s.Wait())
	require.NoError(t, s.Stop(context.Background()), "a second time is nothing")
	assert.ErrorIs(t, s.Start(), server.ErrState)
}

func TestStopFromAHandler(t *testing.T) {
	var s *server.Server
	s = serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		go s.Stop(context.Background())
		<-server.Stopping(r.Context())
		io.WriteString(w, "bye")
	}), patient)
	g, err := get(newClient(t), "http://"+addrOf(s))
	require.NoError(t, err)
	assert.Equal(t, "bye", g.text)
	require.NoError(t, s.Wait())
}

func TestHealth(t *testing.T) {
	o := patient
	o.HealthPath = "/healthz"
	s := serve(t, text("app"), o)
	c := dial(t, addrOf(s))
	r := bufio.NewReader(c)
	health := strings.Replace(plainGet, "/", "/healthz", 1)
	resp, body := exchange(t, c, r, health)
	assert.Equal(t, 200, resp.StatusCode)
	assert.Equal(t, "ok\n", body)
	resp, body = exchange(t, c, r, plainGet)
	assert.Equal(t, "app", body)
	assert.Equal(t, 200, resp.StatusCode)
	result := stopping(t, s)
	resp, body = exchange(t, c, r, health)
	assert.Equal(t, 503, resp.StatusCode)
	assert.Equal(t, "stopping\n", body)
	assert.NoError(t, within(t, result))
}

func TestStopDelay(t *testing.T) {
	o := patient
	o.StopDelay, o.HealthPath = 400*time.Millisecond, "/healthz"
	s := serve(t, text("x"), o)
	result := stopping(t, s)
	g, err := get(newClient(t), "http://"+addrOf(s)+"/healthz")
	require.NoError(t, err, "new connections are taken")
	assert.Equal(t, 503, g.status)
	g, err = get(newClient(t), "http://"+addrOf(s))
	require.NoError(t, err)
	assert.Equal(t, got{status: 200, text: "x", close: true}, g)
	time.Sleep(450 * time.Millisecond)
	_, err = net.Dial("tcp", addrOf(s))
	assert.Error(t, err)
	assert.NoError(t, within(t, result))
}

func TestStopDelayEndsWithPatience(t *testing.T) {
	s := serve(t, text("x"), server.Options{StopDelay: time.Minute})
	first := stopping(t, s)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	assert.NoError(t, s.Stop(ctx), "nothing was under way")
	assert.NoError(t, within(t, first))
}

func TestStoppingOutsideAServer(t *testing.T) {
	assert.Nil(t, server.Stopping(context.Background()))
}
