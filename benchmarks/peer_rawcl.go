package benchmarks

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
)

// rawclPeer is raw saying its own Content-Length, as WebOb's Response and
// gowebob's always do; raw leaves that to the server, which counts bodies of up
// to 2048 bytes by itself.
func rawclPeer() *Peer {
	return &Peer{Name: "rawcl", Apps: map[string]http.Handler{
		Hello: http.HandlerFunc(rawclHello),
		JSON:  http.HandlerFunc(rawclJSON),
	}}
}

func rawclHello(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("Content-Type", textType)
	h.Set("Content-Length", strconv.Itoa(len("hello")))
	io.WriteString(w, "hello")
}

func rawclJSON(w http.ResponseWriter, _ *http.Request) {
	b, err := json.Marshal(&TheServer)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", jsonType)
	h.Set("Content-Length", strconv.Itoa(len(b)))
	w.Write(b)
}
