package benchmarks

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// rawminPeer is the floor, not the same work: the feature is left out or typed
// by hand for this one case. It shows how near to nothing a toolkit comes.
func rawminPeer() *Peer {
	cookies := newMinSigner()
	return &Peer{
		Name: "rawmin", AuthCookie: cookies.sample,
		Apps: map[string]http.Handler{
			JSON:          http.HandlerFunc(minJSON),
			NegotiateHTML: http.HandlerFunc(minNegotiateHTML),
			NegotiateJSON: http.HandlerFunc(minNegotiateJSON),
			Form:          http.HandlerFunc(minForm),
			SignedCookie:  cookies,
			Pipeline8:     pipeline(minMW, http.HandlerFunc(rawHello)),
			Etag200:       http.HandlerFunc(minEtag),
			Etag304:       http.HandlerFunc(minEtag),
		},
	}
}

// minJSON streams through an Encoder: no second buffer, but an error can no
// longer change the status.
func minJSON(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", jsonType)
	json.NewEncoder(w).Encode(&TheServer)
}

func minNegotiateHTML(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Vary", "Accept")
	writeHTML(w)
}

func minNegotiateJSON(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Vary", "Accept")
	writeJSON(w, &TheServer)
}

func minForm(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	f := r.PostForm
	b := Boot{Name: f.Get("name"), Image: f.Get("image"), Flavor: f.Get("flavor")}
	var err1, err2, err3 error
	b.Count, err1 = strconv.Atoi(f.Get("count"))
	b.Disk, err2 = strconv.ParseFloat(f.Get("disk"), 64)
	b.Public, err3 = strconv.ParseBool(f.Get("public"))
	if err1 != nil || err2 != nil || err3 != nil {
		http.Error(w, "bad form", http.StatusBadRequest)
		return
	}
	writeText(w, b.Text())
}

// minMW adds its header before the inner app has answered: no wrapper, no
// status replaced.
func minMW(i int, next http.Handler) http.Handler {
	in, out := InKey(i), OutKey(i)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add(out, r.Header.Get(in))
		next.ServeHTTP(w, r)
	})
}

// minEtag compares one string with the end of the field.
func minEtag(w http.ResponseWriter, r *http.Request) {
	tag := EtagOf(Page)
	h := w.Header()
	h.Set("Etag", tag)
	if strings.HasSuffix(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", textType)
	w.Write(Page)
}
