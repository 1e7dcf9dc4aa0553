package main

import (
	"fmt"
	"io"
	"net/http"
	"time"
)

// demo is a site of plain net/http handlers.
func demo() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", show("A small site", `<p>Nothing in this page knows of comments. See <a href="/second">the second page</a>,
<a href="/slowly">one that is made slowly</a>, and <a href="/ticks">a stream</a>.</p>`))
	mux.HandleFunc("GET /second", show("The second page", `<p>It has comments of its own. <a href="/">Back</a></p>`))
	mux.HandleFunc("GET /slowly", slowly)
	mux.HandleFunc("GET /ticks", ticks)
	return mux
}

const (
	top = `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>%[1]s</title>
<style>body { font: 1rem/1.6 system-ui; max-width: 40rem; margin: 2rem auto; padding: 0 1rem }
label, input, textarea { display: block } textarea { width: 100%% } .comment { border-left: 3px solid #bbb; padding-left: 1rem }
.said { white-space: pre-wrap }</style></head>
<body><h1>%[1]s</h1>
`
	bottom = "</body></html>\n"
)

// show is a page.
func show(title, html string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, top+"%s\n"+bottom, title, html)
	}
}

// slowly flushes its page in pieces. The filter waits for the end of the body, where
// the comments belong.
func slowly(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, top, "Slowly")
	for i := range 3 {
		fmt.Fprintf(w, "<p>Piece %d.</p>\n", i+1)
		if !pause(w, r, 100*time.Millisecond) {
			return
		}
	}
	io.WriteString(w, bottom)
}

// ticks is no page: it goes by as it comes.
func ticks(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	for i := range 5 {
		fmt.Fprintf(w, "tick %d\n", i+1)
		if !pause(w, r, 100*time.Millisecond) {
			return
		}
	}
}

// pause sends what there is and waits; false when the client has left.
func pause(w http.ResponseWriter, r *http.Request, d time.Duration) bool {
	if http.NewResponseController(w).Flush() != nil {
		return false
	}
	select {
	case <-r.Context().Done():
		return false
	case <-time.After(d):
		return true
	}
}
