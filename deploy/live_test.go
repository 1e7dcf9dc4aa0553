package deploy_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/deploy"
	"github.com/gowebob/gowebob/webob"
)

// stage is an app that knows whether it was closed, and whether it was asked after that.
type stage struct {
	name   string
	closed atomic.Int32
	late   atomic.Int32
	hold   chan struct{} // requests for /hold wait for it
	begun  chan struct{}
}

func newStage(name string) *stage {
	return &stage{name: name, hold: make(chan struct{}), begun: make(chan struct{}, 100)}
}

func (s *stage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.closed.Load() > 0 {
		s.late.Add(1)
	}
	switch r.URL.Path {
	case "/hold":
		s.begun <- struct{}{}
		<-s.hold
	case "/panic":
		panic("on purpose")
	}
	io.WriteString(w, s.name)
}

func (s *stage) Close() error {
	s.closed.Add(1)
	return nil
}

// TestLive: what has begun ends in the old app, which is closed after its last request.
func TestLive(t *testing.T) {
	stages := []*stage{newStage("one"), newStage("two")}
	n := 0
	var fail error
	live, err := deploy.NewLive(func() (http.Handler, error) {
		if fail != nil {
			return nil, fail
		}
		n++
		return stages[n-1], nil
	})
	require.NoError(t, err)
	assert.Equal(t, "one", get(live, "/"))

	fail = errors.New("bad file")
	assert.ErrorIs(t, live.Reload(), fail)
	assert.Equal(t, "one", get(live, "/"), "the old app stays")
	fail = nil

	held := make(chan string)
	go func() { held <- get(live, "/hold") }()
	<-stages[0].begun
	require.NoError(t, live.Reload())
	assert.Equal(t, "two", get(live, "/"))
	assert.Zero(t, stages[0].closed.Load(), "a request is in it")
	close(stages[0].hold)
	assert.Equal(t, "one", <-held)
	assert.EqualValues(t, 1, stages[0].closed.Load())
	assert.Same(t, stages[1], live.App())

	assert.Panics(t, func() { get(live, "/panic") })
	require.NoError(t, live.Close())
	require.NoError(t, live.Close())
	assert.EqualValues(t, 1, stages[1].closed.Load(), "a panic ends a request too")
	assert.Error(t, live.Reload())
	rec := httptest.NewRecorder()
	live.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/", nil))
	assert.Equal(t, http.StatusServiceUnavailable, rec.Code)
}

// TestLiveResponder: for a filter of ours the app is in use until the Response is closed.
func TestLiveResponder(t *testing.T) {
	s := newStage("one")
	live, err := deploy.NewLive(func() (http.Handler, error) { return s, nil })
	require.NoError(t, err)
	req := webob.Blank("/")
	resp := req.GetResponse(live)
	require.NoError(t, live.Close())
	assert.Zero(t, s.closed.Load())
	require.NoError(t, resp.Close())
	assert.EqualValues(t, 1, s.closed.Load())

	s = newStage("two")
	live, err = deploy.NewLive(func() (http.Handler, error) { return s, nil })
	require.NoError(t, err)
	dropped := webob.Blank("/")
	dropped.GetResponse(live) // nobody closes it
	assert.Panics(t, func() { _, _ = webob.Blank("/panic").GetResponse(live).Bytes() })
	require.NoError(t, live.Close())
	dropped.Release()
	assert.EqualValues(t, 1, s.closed.Load(), "the end of the request does")
}

// TestLiveBehindMux: the body of a stream that is handed over keeps the app open.
func TestLiveBehindMux(t *testing.T) {
	for name, wrap := range map[string]func(http.Handler) http.Handler{
		"the app itself": func(app http.Handler) http.Handler { return app },
		"a mux": func(app http.Handler) http.Handler {
			mux := http.NewServeMux()
			mux.Handle("/{x...}", app)
			return mux
		},
		"a mux and a foreign wrapper": func(app http.Handler) http.Handler {
			mux := http.NewServeMux()
			mux.Handle("/", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { app.ServeHTTP(w, r) }))
			return mux
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := &streaming{}
			live, err := deploy.NewLive(func() (http.Handler, error) { return s, nil })
			require.NoError(t, err)
			resp := webob.Blank("/").GetResponse(wrap(live))
			require.NoError(t, live.Close())
			body, err := io.ReadAll(resp.Body())
			require.NoError(t, err)
			assert.Equal(t, "onetwo", string(body))
			require.NoError(t, resp.Close())
			assert.Equal(t, []string{"open", "closed"}, s.log)
		})
	}
}

// streaming is an app that notes whether it was closed while it streams.
type streaming struct{ log []string }

func (s *streaming) ServeHTTP(w http.ResponseWriter, r *http.Request) { webob.Serve(s, w, r) }

func (s *streaming) Respond(*webob.Request) *webob.Response {
	return webob.Stream("text/plain", func(w webob.StreamWriter) error {
		io.WriteString(w, "one")
		w.Flush()
		if len(s.log) == 0 {
			s.log = append(s.log, "open")
		}
		_, err := io.WriteString(w, "two")
		return err
	})
}

func (s *streaming) Close() error {
	s.log = append(s.log, "closed")
	return nil
}

// TestLiveUnderLoad reloads while requests come from all sides. Run it with -race.
func TestLiveUnderLoad(t *testing.T) {
	var mu sync.Mutex
	var stages []*stage
	live, err := deploy.NewLive(func() (http.Handler, error) {
		s := newStage("x")
		mu.Lock()
		defer mu.Unlock()
		stages = append(stages, s)
		return s, nil
	})
	require.NoError(t, err)
	var wg sync.WaitGroup
	stop := make(chan struct{})
	for range 4 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				rec := httptest.NewRecorder()
				live.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/", nil))
				assert.Equal(t, "x", rec.Body.String())
			}
		})
	}
	for range 200 {
		require.NoError(t, live.Reload())
	}
	close(stop)
	wg.Wait()
	require.NoError(t, live.Close())
	for i, s := range stages {
		assert.EqualValues(t, 1, s.closed.Load(), "%d closed once", i)
		assert.Zero(t, s.late.Load(), "%d asked after it was closed", i)
	}
}

// TestLiveNeedsAnApp the first time.
func TestLiveNeedsAnApp(t *testing.T) {
	live, err := deploy.NewLive(func() (http.Handler, error) { return nil, errors.New("no") })
	assert.Error(t, err)
	assert.Nil(t, live)
	_, err = deploy.NewLive(func() (http.Handler, error) { return nil, nil })
	assert.Error(t, err)
}

// TestLiveAllocates nothing for an app that needs no closing, nor for one that does.
func TestLiveAllocates(t *testing.T) {
	for _, app := range []http.Handler{http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), quiet{}} {
		live, err := deploy.NewLive(func() (http.Handler, error) { return app, nil })
		require.NoError(t, err)
		w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil)
		assert.Zero(t, testing.AllocsPerRun(100, func() { live.ServeHTTP(w, r) }))
	}
}

type quiet struct{}

func (quiet) ServeHTTP(http.ResponseWriter, *http.Request) {}
func (quiet) Close() error                                 { return nil }
