package benchmarks

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"time"

	"github.com/go-playground/form/v4"
	"github.com/golang/gddo/httputil"
	"github.com/gorilla/securecookie"
)

// rawPeer is what a careful programmer writes by hand on net/http, with the
// usual small libraries. It is the denominator of every ratio.
func rawPeer() *Peer {
	signed := newRawSigned()
	return &Peer{
		Name: "raw", AuthCookie: signed.sample,
		Apps: map[string]http.Handler{
			Hello:         http.HandlerFunc(rawHello),
			JSON:          http.HandlerFunc(rawJSON),
			NegotiateHTML: rawNegotiate(),
			NegotiateJSON: rawNegotiate(),
			Form:          rawForm(),
			Cookies:       http.HandlerFunc(rawCookies),
			SignedCookie:  signed,
			Pipeline8:     pipeline(rawMW, http.HandlerFunc(rawHello)),
			Pipeline8Err:  pipeline(rawMW, http.HandlerFunc(rawBoom)),
			Etag200:       http.HandlerFunc(rawEtag),
			Etag304:       http.HandlerFunc(rawEtag),
		},
	}
}

const (
	textType = "text/plain; charset=utf-8"
	htmlType = "text/html; charset=utf-8"
	jsonType = "application/json"
)

func writeText(w http.ResponseWriter, s string) {
	w.Header().Set("Content-Type", textType)
	io.WriteString(w, s)
}

func rawHello(w http.ResponseWriter, _ *http.Request) { writeText(w, "hello") }

func rawBoom(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", textType)
	w.WriteHeader(http.StatusInternalServerError)
	io.WriteString(w, "boom")
}

func writeJSON(w http.ResponseWriter, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", jsonType)
	w.Write(b)
}

func writeHTML(w http.ResponseWriter) {
	w.Header().Set("Content-Type", htmlType)
	w.Write(TheServer.HTML())
}

func rawJSON(w http.ResponseWriter, _ *http.Request) { writeJSON(w, &TheServer) }

func rawNegotiate() http.HandlerFunc {
	offers := Offers()
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Vary", "Accept")
		switch httputil.NegotiateContentType(r, offers, "") {
		case "text/html":
			writeHTML(w)
		case "application/json":
			writeJSON(w, &TheServer)
		default:
			http.Error(w, "not acceptable", http.StatusNotAcceptable)
		}
	}
}

func rawForm() http.HandlerFunc {
	decoder := form.NewDecoder()
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

// seenCookie is the cookie that the cookies workload sets.
func seenCookie() *http.Cookie {
	return &http.Cookie{Name: "seen", Value: "1", Path: "/", MaxAge: 3600, HttpOnly: true, SameSite: http.SameSiteLaxMode}
}

func rawCookies(w http.ResponseWriter, r *http.Request) {
	a, err1 := r.Cookie("session")
	b, err2 := r.Cookie("theme")
	c, err3 := r.Cookie("lang")
	if err1 != nil || err2 != nil || err3 != nil {
		http.Error(w, "no cookie", http.StatusBadRequest)
		return
	}
	http.SetCookie(w, seenCookie())
	writeText(w, a.Value+"|"+b.Value+"|"+c.Value)
}

// session is what the signed cookie carries.
type session struct {
	User string `json:"user"`
	N    int    `json:"n"`
}

// rawSigned verifies the cookie that comes in and sets a fresh one, by
// gorilla/securecookie: HMAC-SHA256 over JSON.
type rawSigned struct {
	codec  *securecookie.SecureCookie
	sample string // a cookie to send
}

func newRawSigned() *rawSigned {
	s := &rawSigned{codec: securecookie.New([]byte("0123456789abcdef0123456789abcdef"), nil)}
	s.codec.SetSerializer(securecookie.JSONEncoder{})
	s.codec.MaxAge(0)
	v, err := s.codec.Encode("auth", session{"alice", 7})
	if err != nil {
		panic(err)
	}
	s.sample = v
	return s
}

func (s *rawSigned) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c, err := r.Cookie("auth")
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	var v session
	if err := s.codec.Decode("auth", c.Value, &v); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	v.N++
	text, err := s.codec.Encode("auth", v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	http.SetCookie(w, &http.Cookie{Name: "auth", Value: text, Path: "/", HttpOnly: true})
	writeText(w, v.User)
}

// rawEtag lets net/http's own ServeContent answer the conditional request.
func rawEtag(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", textType)
	h.Set("Etag", EtagOf(Page))
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(Page))
}

// hookWriter steps in when the status goes out: one small wrapper for each
// middleware is the cheapest right way on plain net/http. It can change status
// and header, but never the body.
type hookWriter struct {
	http.ResponseWriter
	key, val string
	onErr    bool
	wrote    bool
}

func (h *hookWriter) WriteHeader(code int) {
	if h.wrote {
		return
	}
	h.wrote = true
	h.Header().Add(h.key, h.val)
	if h.onErr && code >= 500 {
		code = 503
	}
	h.ResponseWriter.WriteHeader(code)
}

func (h *hookWriter) Write(p []byte) (int, error) {
	if !h.wrote {
		h.WriteHeader(200)
	}
	return h.ResponseWriter.Write(p)
}

func (h *hookWriter) WriteString(s string) (int, error) {
	if !h.wrote {
		h.WriteHeader(200)
	}
	return io.WriteString(h.ResponseWriter, s)
}

func (h *hookWriter) Unwrap() http.ResponseWriter { return h.ResponseWriter }

func rawMW(i int, next http.Handler) http.Handler {
	in, out := InKey(i), OutKey(i)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := &hookWriter{ResponseWriter: w, key: out, val: r.Header.Get(in), onErr: i == ErrorMW}
		next.ServeHTTP(h, r)
		if !h.wrote {
			h.WriteHeader(200)
		}
	})
}
