package interop

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/gorilla/mux"
	"github.com/stretchr/testify/assert"

	"github.com/gowebob/gowebob/middleware"
)

// TestOneErrorPageForAnyMux: what muxes say of their own accord becomes a page in the format
// that the client accepts; what handlers say stays.
func TestOneErrorPageForAnyMux(t *testing.T) {
	own := func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no such user", http.StatusNotFound) }
	fine := func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("fine")) }

	std := http.NewServeMux()
	std.HandleFunc("GET /x", fine)
	std.HandleFunc("GET /own", own)
	chiRouter := chi.NewRouter()
	chiRouter.Get("/x", fine)
	chiRouter.Get("/own", own)
	gorilla := mux.NewRouter()
	gorilla.HandleFunc("/x", fine).Methods("GET")
	gorilla.HandleFunc("/own", own).Methods("GET")

	for name, h := range map[string]http.Handler{"net/http": std, "chi": chiRouter, "gorilla": gorilla} {
		t.Run(name, func(t *testing.T) {
			app := middleware.ErrorPage(middleware.ErrorPageOptions{})(h)
			ask := func(method, path string) *httptest.ResponseRecorder {
				r := httptest.NewRequest(method, path, nil)
				r.Header.Set("Accept", "application/problem+json")
				rec := httptest.NewRecorder()
				app.ServeHTTP(rec, r)
				return rec
			}
			missing, wrong := ask("GET", "/none"), ask("PUT", "/x")
			assert.Equal(t, 404, missing.Code)
			assert.Equal(t, 405, wrong.Code)
			for _, rec := range []*httptest.ResponseRecorder{missing, wrong} {
				assert.Equal(t, "application/problem+json", rec.Header().Get("Content-Type"))
				assert.Contains(t, rec.Body.String(), `"type":"about:blank"`)
			}
			if name != "gorilla" { // which does not tell
				assert.Contains(t, wrong.Header().Get("Allow"), "GET")
			}
			assert.Equal(t, "no such user\n", ask("GET", "/own").Body.String())
			assert.Equal(t, "fine", ask("GET", "/x").Body.String())
		})
	}
}
