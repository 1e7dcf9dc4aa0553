package interop

import (
	"context"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/go-chi/chi/v5"
	chimiddleware "github.com/go-chi/chi/v5/middleware"
	"github.com/gorilla/mux"
	"github.com/justinas/alice"
	"github.com/labstack/echo/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// echoing answers every message of a WebSocket with itself.
var echoing = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer conn.CloseNow()
	for {
		kind, message, err := conn.Read(r.Context())
		if err != nil {
			return
		}
		if err := conn.Write(r.Context(), kind, message); err != nil {
			return
		}
	}
})

func TestWebSocketThroughFilters(t *testing.T) {
	for name, h := range map[string]http.Handler{
		"bare":          echoing,
		"three filters": filtered(echoing),
		"chi": func() http.Handler {
			r := chi.NewRouter()
			r.Use(chimiddleware.RequestID, marked("in"))
			r.Handle("/", echoing)
			return filtered(r)
		}(),
		"chi, wrapping the writer": func() http.Handler {
			quiet := chimiddleware.RequestLogger(&chimiddleware.DefaultLogFormatter{Logger: log.New(io.Discard, "", 0)})
			r := chi.NewRouter()
			r.Use(quiet, marked("in"))
			r.Handle("/", echoing)
			return filtered(r)
		}(),
		"gorilla/mux": func() http.Handler {
			r := mux.NewRouter()
			r.Handle("/", echoing)
			return filtered(r)
		}(),
		"alice": alice.New(marked("1"), chimiddleware.RequestID, marked("2")).Then(echoing),
		"echo": func() http.Handler {
			e := echo.New()
			e.Use(echo.WrapMiddleware(marked("in")))
			e.GET("/", echo.WrapHandler(echoing))
			return filtered(e)
		}(),
	} {
		t.Run(name, func(t *testing.T) {
			srv := httptest.NewUnstartedServer(h)
			srv.Config.ErrorLog = log.New(io.Discard, "", 0)
			srv.Start()
			defer srv.Close()
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			conn, resp, err := websocket.Dial(ctx, srv.URL, nil)
			require.NoError(t, err)
			assert.Equal(t, 101, resp.StatusCode)
			for _, message := range []string{"hello", "again", string(make([]byte, 20_000))} {
				require.NoError(t, conn.Write(ctx, websocket.MessageText, []byte(message)))
				_, got, err := conn.Read(ctx)
				require.NoError(t, err)
				assert.Equal(t, message, string(got))
			}
			require.NoError(t, conn.Close(websocket.StatusNormalClosure, "done"))
		})
	}
}

func TestWebSocketIsRefusedWhereThereIsNoConnection(t *testing.T) {
	r := handmade(t, "/")
	r.Header.Set("Connection", "Upgrade")
	r.Header.Set("Upgrade", "websocket")
	r.Header.Set("Sec-WebSocket-Version", "13")
	r.Header.Set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
	p := r.GetResponse(filtered(echoing))
	assert.GreaterOrEqual(t, p.Status(), 500, "a proper answer, not a panic")
	assert.False(t, p.Hijacked())
}

func TestWebSocketOverHTTP2GetsAProperAnswer(t *testing.T) {
	srv := httptest.NewUnstartedServer(filtered(echoing))
	srv.EnableHTTP2 = true
	srv.StartTLS()
	defer srv.Close()
	req, err := http.NewRequest("GET", srv.URL, nil)
	require.NoError(t, err)
	req.Header.Set("Sec-WebSocket-Version", "13")
	req.Header.Set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
	resp, err := srv.Client().Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	assert.Equal(t, 2, resp.ProtoMajor)
	assert.GreaterOrEqual(t, resp.StatusCode, 400)
}
