package webob_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf8"

	"github.com/gowebob/gowebob/webob"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/unicode"
)

func TestEventAsWritten(t *testing.T) {
	for _, row := range []struct {
		name string
		e    webob.Event
		want string
	}{
		{"data alone", webob.Event{Data: "a"}, "data: a\n\n"},
		{"all fields", webob.Event{ID: "7", Name: "tick", Data: "a", Retry: time.Second}, "event: tick\nid: 7\nretry: 1000\ndata: a\n\n"},
		{"each line is a field", webob.Event{Data: "a\nb"}, "data: a\ndata: b\n\n"},
		{"CR, LF and CR LF each end one line", webob.Event{Data: "a\rb\nc\r\nd"}, "data: a\ndata: b\ndata: c\ndata: d\n\n"},
		{"LF CR are two ends", webob.Event{Data: "a\n\rb"}, "data: a\ndata: \ndata: b\n\n"},
		{"a line end at the end is an empty line", webob.Event{Data: "a\n"}, "data: a\ndata: \n\n"},
		{"line ends alone", webob.Event{Data: "\r\n\r\n"}, "data: \ndata: \ndata: \n\n"},
		{"data cannot forge fields", webob.Event{Data: "a\n\nid: 1\nevent: x"}, "data: a\ndata: \ndata: id: 1\ndata: event: x\n\n"},
		{"white space in front is kept", webob.Event{ID: " 1", Data: "  a"}, "id:  1\ndata:   a\n\n"},
		{"a name without data reaches its listener", webob.Event{Name: "ping"}, "event: ping\ndata: \n\n"},
		{"an id alone reaches nobody", webob.Event{ID: "7"}, "id: 7\n\n"},
		{"a retry alone reaches nobody", webob.Event{Retry: time.Minute}, "retry: 60000\n\n"},
		{"a retry is rounded up", webob.Event{Retry: time.Millisecond + 1}, "retry: 2\n\n"},
		{"nothing is a comment", webob.Event{}, ":\n\n"},
		{"a NUL in data is data", webob.Event{Data: "a\x00b"}, "data: a\x00b\n\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := row.e.AppendTo(nil)
			require.NoError(t, err)
			assert.Equal(t, row.want, string(got))
		})
	}
}

func TestEventRefused(t *testing.T) {
	for _, row := range []struct {
		name string
		e    webob.Event
	}{
		{"LF in id", webob.Event{ID: "1\ndata: x"}}, {"CR in id", webob.Event{ID: "1\r"}}, {"NUL in id", webob.Event{ID: "1\x00"}},
		{"LF in name", webob.Event{Name: "a\n\n"}}, {"CR in name", webob.Event{Name: "a\rb"}}, {"NUL in name", webob.Event{Name: "\x00"}},
		{"retry below zero", webob.Event{Retry: -1}},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := row.e.AppendTo([]byte("before"))
			assert.ErrorIs(t, err, webob.ErrEvent)
			assert.Equal(t, "before", string(got), "nothing of it is written")
		})
	}
}

func TestReadEvents(t *testing.T) {
	for _, row := range []struct {
		name, in string
		want     []webob.Event
	}{
		{"LF", "data: a\n\n", []webob.Event{{Data: "a"}}},
		{"CR", "data: a\r\rdata: b\r\r", []webob.Event{{Data: "a"}, {Data: "b"}}},
		{"CR LF", "data: a\r\ndata: b\r\n\r\n", []webob.Event{{Data: "a\nb"}}},
		{"no space is needed", "data:a\n\n", []webob.Event{{Data: "a"}}},
		{"one space alone is dropped", "data:  a\n\n", []webob.Event{{Data: " a"}}},
		{"a field without colon is empty", "data\n\ndata\ndata\n\n", []webob.Event{{}, {Data: "\n"}}},
		{"the last of two names counts", "event: a\nevent: b\ndata: x\n\n", []webob.Event{{Name: "b", Data: "x"}}},
		{"a name ends with its event", "event: a\n\ndata: x\n\n", []webob.Event{{Data: "x"}}},
		{"an id stays", "id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n", []webob.Event{{ID: "1", Data: "a"}, {ID: "1", Data: "b"}, {Data: "c"}}},
		{"an id with NUL is passed over", "id: 1\x00\ndata: a\n\n", []webob.Event{{Data: "a"}}},
		{"a retry of digits", "retry: 10\ndata: a\n\n", []webob.Event{{Data: "a", Retry: 10 * time.Millisecond}}},
		{"a retry of others is passed over", "retry: 1e3\nretry: -1\nretry:\nretry: 99999999999999999999\ndata: a\n\n", []webob.Event{{Data: "a"}}},
		{"comments and unknown fields are passed over", ": hello\nfoo: bar\ndata: a\n:\n\n", []webob.Event{{Data: "a"}}},
		{"a byte order mark is passed over once", "\ufeffdata: a\n\n\ufeffdata: b\n\n", []webob.Event{{Data: "a"}}},
		{"what the end cuts off is no event", "data: a\n\ndata: b\n", []webob.Event{{Data: "a"}}},
		{"names are compared with case", "Data: a\n\n", nil},
		{"bytes that are no UTF-8 are U+FFFD", "data: \xff\n\n", []webob.Event{{Data: "\ufffd"}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			for _, r := range []io.Reader{strings.NewReader(row.in), iotest.OneByteReader(strings.NewReader(row.in))} {
				var got []webob.Event
				for e, err := range webob.ReadEvents(r, 0) {
					require.NoError(t, err)
					got = append(got, e)
				}
				assert.Equal(t, row.want, got)
			}
		})
	}
}

func TestReadEventsEnds(t *testing.T) {
	last := func(r io.Reader, limit int) (err error) {
		for _, err = range webob.ReadEvents(r, limit) {
		}
		return err
	}
	assert.ErrorIs(t, last(strings.NewReader("data: 0123456789\n\n"), 10), webob.ErrTooLarge)
	assert.ErrorIs(t, last(strings.NewReader(strings.Repeat("data: 1\n", 4)), 10), webob.ErrTooLarge, "many short lines too")
	assert.NoError(t, last(strings.NewReader(strings.Repeat("data: 1\n\n", 4)), 10), "each event for itself")
	assert.ErrorIs(t, last(iotest.ErrReader(errBoom), 0), errBoom)
	assert.ErrorIs(t, last(endless{}, 1<<10), webob.ErrTooLarge)
}

// statusLogger is a middleware as routers like chi have them: it wraps the writer
// and can be unwrapped.
func statusLogger(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(&statusWriter{ResponseWriter: w}, r)
	})
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// gzipped is a filter that compresses.
func gzipped(next http.Handler) http.Handler {
	return native(func(r *webob.Request) *webob.Response {
		p := r.GetResponse(next)
		if err := p.EncodeContent("gzip"); err != nil {
			panic(err)
		}
		return p
	})
}

var eventWays = map[string]func(http.Handler) http.Handler{
	"bare":                      func(h http.Handler) http.Handler { return h },
	"three filters":             filtered,
	"filters round a mux":       func(h http.Handler) http.Handler { return filtered(muxed(h)) },
	"middleware":                statusLogger,
	"filters round middleware":  func(h http.Handler) http.Handler { return filtered(statusLogger(h)) },
	"middleware round filters":  func(h http.Handler) http.Handler { return statusLogger(filtered(h)) },
	"filters and compression":   func(h http.Handler) http.Handler { return filtered(gzipped(h)) },
	"compression of middleware": func(h http.Handler) http.Handler { return gzipped(statusLogger(filtered(h))) },
}

// channelled serves the events of c, and tells when their source has ended.
func channelled(c <-chan webob.Event, o webob.EventOptions) (h http.Handler, ended chan error) {
	ended = make(chan error, 8)
	return native(func(req *webob.Request) *webob.Response {
		return webob.Events(req, func(yield func(webob.Event, error) bool) {
			defer func() { ended <- req.Context().Err() }()
			for e, err := range webob.EventsFrom(req.Context(), c) {
				if !yield(e, err) {
					return
				}
			}
		}, o)
	}), ended
}

func TestEventsArriveOneByOneAndEndWithTheClient(t *testing.T) {
	for way, wrap := range eventWays {
		for _, protocol := range protocols {
			t.Run(way+"/"+protocol, func(t *testing.T) {
				leakFree(t)
				c := make(chan webob.Event)
				app, ended := channelled(c, webob.EventOptions{})
				srv := listen(t, protocol, wrap(app))
				ctx, leave := context.WithCancel(context.Background())
				defer leave()
				req, _ := http.NewRequestWithContext(ctx, "GET", srv.URL, nil)
				resp, err := srv.Client().Do(req) // the head is there before any event
				require.NoError(t, err)
				defer resp.Body.Close()
				assert.Equal(t, "text/event-stream", resp.Header.Get("Content-Type"))
				assert.Equal(t, "no-cache", resp.Header.Get("Cache-Control"))
				assert.Equal(t, protocol, resp.Proto)
				next, stop := iter.Pull2(webob.ReadEvents(resp.Body, 0))
				defer stop()
				for i := range 3 { // each arrives before the next one is there
					sent := webob.Event{ID: fmt.Sprint(i), Name: "n", Data: "two\nlines"}
					c <- sent
					got, err, ok := next()
					require.True(t, ok)
					require.NoError(t, err)
					assert.Equal(t, sent, got)
				}
				leave()
				assert.ErrorIs(t, soon(t, ended, "the source ends when the client leaves"), context.Canceled)
			})
		}
	}
}

func TestEventsEndCleanlyWithTheirSource(t *testing.T) {
	for way, wrap := range eventWays {
		for _, protocol := range protocols {
			t.Run(way+"/"+protocol, func(t *testing.T) {
				c := make(chan webob.Event, 2)
				c <- webob.Event{Data: "a"}
				c <- webob.Event{Data: "b"}
				close(c)
				app, _ := channelled(c, webob.EventOptions{Retry: time.Second})
				got := fetch(t, listen(t, protocol, wrap(app)), "GET", "/")
				require.NoError(t, got.readErr)
				if way == "bare" {
					assert.Equal(t, ":\n\nretry: 1000\n\ndata: a\n\ndata: b\n\n", got.body)
				}
				var data []string
				for e, err := range webob.ReadEvents(strings.NewReader(got.body), 0) {
					require.NoError(t, err)
					data = append(data, e.Data)
				}
				assert.Equal(t, []string{"a", "b"}, data)
			})
		}
	}
}

func TestEventsEndCleanlyWithTheServersContext(t *testing.T) {
	for _, protocol := range protocols {
		t.Run(protocol, func(t *testing.T) {
			base, stopServer := context.WithCancel(context.Background())
			app, ended := channelled(nil, webob.EventOptions{})
			// as a server does that ends its requests when it stops
			srv := listen(t, protocol, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				ctx, cancel := context.WithCancel(r.Context())
				defer cancel()
				defer context.AfterFunc(base, cancel)()
				filtered(app).ServeHTTP(w, r.WithContext(ctx))
			}))
			resp := get(t, srv, "/")
			stopServer()
			_, err := io.ReadAll(resp.Body)
			assert.NoError(t, err, "an end between two events is no cut")
			soon(t, ended, "the source")
		})
	}
}

func TestKeepAliveComments(t *testing.T) {
	app, _ := channelled(nil, webob.EventOptions{KeepAlive: 5 * time.Millisecond})
	for _, protocol := range protocols {
		resp := get(t, listen(t, protocol, filtered(app)), "/")
		b := make([]byte, 9)
		_, err := io.ReadFull(resp.Body, b)
		require.NoError(t, err)
		assert.Equal(t, ":\n\n:\n\n:\n\n", string(b))
		resp.Body.Close()
	}
}

func TestEventsOutliveTheServersTimeouts(t *testing.T) {
	for _, protocol := range protocols {
		t.Run(protocol, func(t *testing.T) {
			app, _ := channelled(nil, webob.EventOptions{KeepAlive: 50 * time.Millisecond})
			srv := httptest.NewUnstartedServer(filtered(app))
			srv.Config.WriteTimeout, srv.Config.ReadTimeout = 200*time.Millisecond, 200*time.Millisecond
			if protocol == "HTTP/2.0" {
				srv.EnableHTTP2 = true
				srv.StartTLS()
			} else {
				srv.Start()
			}
			defer srv.Close()
			resp := get(t, srv, "/")
			b := make([]byte, 3*12) // half a second and more
			_, err := io.ReadFull(resp.Body, b)
			assert.NoError(t, err)
			resp.Body.Close()
		})
	}
}

func TestClientThatDoesNotReadIsLeft(t *testing.T) {
	ended := make(chan struct{})
	app := native(func(req *webob.Request) *webob.Response {
		return webob.Events(req, func(yield func(webob.Event, error) bool) {
			defer close(ended)
			big := webob.Event{Data: strings.Repeat("x", 1<<20)}
			for yield(big, nil) {
			}
		}, webob.EventOptions{WriteTimeout: 100 * time.Millisecond})
	})
	srv := listen(t, "HTTP/1.1", app)
	get(t, srv, "/") // and never reads
	soon(t, ended, "the write timeout")
}

func TestEventErrors(t *testing.T) {
	for _, row := range []struct {
		name string
		seq  iter.Seq2[webob.Event, error]
		want error
	}{
		{"an error of the source", func(yield func(webob.Event, error) bool) { yield(webob.Event{}, errBoom) }, errBoom},
		{"an event that would be two", func(yield func(webob.Event, error) bool) { yield(webob.Event{ID: "a\nb"}, nil) }, webob.ErrEvent},
	} {
		for _, protocol := range protocols {
			t.Run(row.name+"/"+protocol, func(t *testing.T) {
				j := &journal{level: slog.LevelInfo}
				app := native(func(req *webob.Request) *webob.Response { return webob.Events(req, row.seq, webob.EventOptions{}) })
				got := fetch(t, listen(t, protocol, logging(j, filtered(app))), "GET", "/")
				assert.Error(t, got.readErr, "the connection is broken off")
				assert.Equal(t, ":\n\n", got.body)
				require.Len(t, j.all(), 1)
				assert.Contains(t, j.all()[0], row.want.Error())
			})
		}
	}
}

func TestPanicInASourceOfEvents(t *testing.T) {
	app := native(func(req *webob.Request) *webob.Response {
		return webob.Events(req, func(func(webob.Event, error) bool) { panic("blown up") }, webob.EventOptions{})
	})
	req := handmade(t, "GET", "/")
	p := req.GetResponse(app)
	assert.PanicsWithValue(t, "blown up", func() { p.Bytes() })
	assert.Contains(t, string(req.PanicStack()), "TestPanicInASourceOfEvents")
}

func TestSourceThatDoesNotEndIsLeftBehind(t *testing.T) {
	j := &journal{level: slog.LevelWarn}
	free := make(chan struct{})
	defer close(free)
	req, cancel := made(t, "/")
	webob.Logger.Set(req, slog.New(j))
	p := webob.Events(req, func(func(webob.Event, error) bool) { <-free }, webob.EventOptions{})
	time.AfterFunc(20*time.Millisecond, cancel)
	b, err := p.Bytes()
	assert.NoError(t, err)
	assert.Equal(t, ":\n\n", string(b))
	require.Len(t, j.all(), 1)
	assert.Contains(t, j.all()[0], "does not end with its request's context")
}

func TestHeadOfEventsRunsNothing(t *testing.T) {
	app := native(func(req *webob.Request) *webob.Response {
		return webob.Events(req, func(func(webob.Event, error) bool) { t.Error("run") }, webob.EventOptions{})
	})
	for way, wrap := range eventWays {
		if strings.Contains(way, "compression of") {
			continue // gzip asks for the body
		}
		got := fetch(t, listen(t, "HTTP/1.1", wrap(app)), "HEAD", "/")
		assert.Equal(t, 200, got.StatusCode, way)
		assert.Equal(t, "text/event-stream", got.Header.Get("Content-Type"), way)
		assert.EqualValues(t, -1, got.ContentLength, way)
	}
}

func TestDroppedEventsEndTheirSource(t *testing.T) {
	leakFree(t)
	c := make(chan webob.Event, 1)
	c <- webob.Event{Data: "seen"}
	app, ended := channelled(c, webob.EventOptions{})
	srv := listen(t, "HTTP/1.1", native(func(req *webob.Request) *webob.Response {
		p := req.GetResponse(app)
		for b, err := range p.Chunks() { // begins to look, and answers another thing
			if err != nil || strings.Contains(string(b), "seen") {
				break
			}
		}
		p.Close()
		return webob.Text("instead")
	}))
	got := fetch(t, srv, "GET", "/")
	assert.Equal(t, "instead", got.body)
	soon(t, ended, "the source")
}

func TestLastEventID(t *testing.T) {
	for _, row := range []struct{ name, sent, want string }{
		{"none", "", ""}, {"some", "42", "42"}, {"UTF-8", "ä€", "ä€"}, {"no UTF-8", "a\xff", "a\ufffd"},
	} {
		t.Run(row.name, func(t *testing.T) {
			srv := listen(t, "HTTP/1.1", native(func(req *webob.Request) *webob.Response { return webob.Text(req.LastEventID()) }))
			got := fetch(t, srv, "GET", "/", withHeader("Last-Event-ID", row.sent))
			assert.Equal(t, row.want, got.body)
		})
	}
}

func TestEventsFromStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for range webob.EventsFrom(ctx, nil) {
		t.Fatal("nothing is sent")
	}
	c := make(chan webob.Event, 3)
	c <- webob.Event{Data: "1"}
	c <- webob.Event{Data: "2"}
	n := 0
	for range webob.EventsFrom(context.Background(), c) {
		n++
		break
	}
	assert.Equal(t, 1, n)
	assert.Len(t, c, 1, "no more is taken than asked for")
}

func BenchmarkEvent(b *testing.B) {
	e := webob.Event{ID: "12345", Name: "news", Data: "a line\nand another"}
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		buf, _ = e.AppendTo(buf[:0])
	}
}

func TestEventIsWrittenWithoutAllocating(t *testing.T) {
	e := webob.Event{ID: "12345", Name: "news", Data: "a line\nand another", Retry: time.Second}
	buf := make([]byte, 0, 256)
	assert.Zero(t, testing.AllocsPerRun(100, func() { buf, _ = e.AppendTo(buf[:0]) }))
}

// FuzzEvents holds that what is written is read again, and that no field can reach
// into another or into the next event.
func FuzzEvents(f *testing.F) {
	f.Add("1", "name", "data\r\n\rmore", int64(10), "next")
	f.Add("", "", "", int64(0), "")
	f.Add(" 1", ":", "\n\nid: 2", int64(1), "\r")
	f.Fuzz(func(t *testing.T, id, name, data string, retry int64, next string) {
		e := webob.Event{ID: id, Name: name, Data: data, Retry: time.Duration(retry)}
		b, err := e.AppendTo(nil)
		if errors.Is(err, webob.ErrEvent) || retry > 1<<60 {
			return
		}
		b, _ = webob.Event{Data: next + "."}.AppendTo(b)
		for _, part := range []string{id, name, data, next} {
			if !utf8.ValidString(part) {
				return // the reader mends it
			}
		}
		e.Data = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(data)
		e.Retry = (e.Retry + time.Millisecond - 1).Truncate(time.Millisecond)
		last := webob.Event{ID: id, Data: strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(next + ".")}
		want := []webob.Event{e, last}
		if data == "" && name == "" {
			last.Retry = e.Retry
			want = []webob.Event{last}
		}
		var got []webob.Event
		for e, err := range webob.ReadEvents(strings.NewReader(string(b)), 0) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, e)
		}
		if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
			t.Fatalf("%q: got %+v, want %+v", b, got, want)
		}
	})
}

// FuzzReadEvents holds that the reader agrees with a plain one, whatever pieces the
// stream comes in.
func FuzzReadEvents(f *testing.F) {
	f.Add("\ufeffdata: a\r\n\r\nid: 1\rdata\r\revent: x\ndata:y\n\n:c\n")
	f.Add("retry: 12\nid: \x00\ndata: \xff\n\n")
	f.Add("data:\xe9\xa00\n\r")
	f.Fuzz(func(t *testing.T, in string) {
		want := slowEvents(in)
		for _, r := range []io.Reader{strings.NewReader(in), iotest.OneByteReader(strings.NewReader(in)), iotest.HalfReader(strings.NewReader(in))} {
			var got []webob.Event
			for e, err := range webob.ReadEvents(r, 1<<20) {
				if err != nil {
					return
				}
				e.Retry = 0
				got = append(got, e)
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Fatalf("%q: got %q, want %q", in, got, want)
			}
		}
	})
}

// slowEvents reads a stream as section 9.2.6 of WHATWG HTML says, step by step.
func slowEvents(in string) (events []webob.Event) {
	in = strings.TrimPrefix(in, "\ufeff")
	in = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(in)
	lines := strings.Split(in, "\n")
	var data, name, id string
	for _, line := range lines[:len(lines)-1] { // the last has no end
		if line == "" {
			if data != "" {
				events = append(events, webob.Event{ID: mended(id), Name: mended(name), Data: mended(strings.TrimSuffix(data, "\n"))})
			}
			data, name = "", ""
			continue
		}
		field, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch field {
		case "event":
			name = value
		case "data":
			data += value + "\n"
		case "id":
			if !strings.Contains(value, "\x00") {
				id = value
			}
		}
	}
	return events
}

// mended decodes as the Encoding standard says, one U+FFFD for each broken sequence.
func mended(s string) string {
	text, err := unicode.UTF8.NewDecoder().String(s)
	if err != nil {
		panic(err)
	}
	return text
}

// Comments and events are read by the page as
// new EventSource("/events").onmessage = e => ...
func ExampleEvents() {
	app := native(func(req *webob.Request) *webob.Response {
		return webob.Events(req, func(yield func(webob.Event, error) bool) {
			for i := range 2 {
				if !yield(webob.Event{ID: fmt.Sprint(i), Name: "tick", Data: "first line\nsecond line"}, nil) {
					return
				}
			}
		}, webob.EventOptions{})
	})
	resp := webob.Blank("/events").GetResponse(app)
	for e, err := range webob.ReadEvents(resp.Body(), 0) {
		fmt.Printf("%s %s %q %v\n", e.ID, e.Name, e.Data, err)
	}
	// Output:
	// 0 tick "first line\nsecond line" <nil>
	// 1 tick "first line\nsecond line" <nil>
}

func ExampleEventsFrom() {
	news := make(chan webob.Event, 1)
	news <- webob.Event{ID: "7", Data: "hello"}
	close(news)
	app := native(func(req *webob.Request) *webob.Response {
		return webob.Events(req, webob.EventsFrom(req.Context(), news), webob.EventOptions{})
	})
	text, _ := webob.Blank("/").GetResponse(app).Text()
	fmt.Print(text)
	// Output:
	// :
	//
	// id: 7
	// data: hello
}

func ExampleReadEvents() {
	stream := strings.NewReader(": hello\n\nid: 1\ndata: a\ndata: b\n\n")
	for e, err := range webob.ReadEvents(stream, 0) {
		fmt.Printf("%s %q %v\n", e.ID, e.Data, err)
	}
	// Output: 1 "a\nb" <nil>
}

func ExampleEvent_AppendTo() {
	b, _ := webob.Event{ID: "7", Name: "greeting", Data: "hello\nworld"}.AppendTo(nil)
	fmt.Print(string(b))
	_, err := webob.Event{Name: "a\nb"}.AppendTo(nil)
	fmt.Println(errors.Is(err, webob.ErrEvent))
	// Output:
	// event: greeting
	// id: 7
	// data: hello
	// data: world
	//
	// true
}

func ExampleRequest_LastEventID() {
	req := webob.Blank("/events", webob.WithHeader("Last-Event-ID", "41"))
	fmt.Println(req.LastEventID())
	// Output: 41
}
