package benchmarks

import (
	"net/http"

	"github.com/gorilla/schema"
)

// gorillaPeer is gorilla/schema for the form. (gorilla/securecookie is raw's
// signed cookie, gorilla/mux is among the routers.)
func gorillaPeer() *Peer {
	return &Peer{Name: "gorilla", Apps: map[string]http.Handler{Form: schemaForm()}}
}

func schemaForm() http.HandlerFunc {
	decoder := schema.NewDecoder()
	return func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		var b Boot
		if err := decoder.Decode(&b, r.PostForm); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		writeText(w, b.Text())
	}
}
