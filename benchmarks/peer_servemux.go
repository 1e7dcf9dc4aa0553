package benchmarks

import "net/http"

// servemuxPeer is raw behind net/http's own mux: what routing costs.
func servemuxPeer() *Peer {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /hello", rawHello)
	mux.HandleFunc("GET /json", rawJSON)
	return &Peer{Name: "servemux", Apps: serving(mux, Hello, JSON)}
}
