package main

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/gowebob/gowebob/deploy"
)

// configuration is the file of the server under load, for a version.
const configuration = `
[pipeline:main]
pipeline = process answers

[filter:process]
use = egg:loadtest#process

[app:answers]
use = egg:loadtest#answers
version = `

// broken are files that must not be taken.
var broken = []string{
	"[pipeline:main\npipeline = answers\n",                     // no section
	"[app:main]\nuse = egg:loadtest#nothing\n",                 // no such factory
	"[app:main]\nuse = egg:loadtest#answers\nversoin = 1\n",    // no such setting
	"[pipeline:main]\npipeline = process answers\n",            // missing parts
	"[app:main]\nuse = egg:loadtest#answers\nversion = none\n", // refused by the factory
}

// newApp loads the app of a file, and loads it anew on SIGHUP.
func newApp(file string) (*deploy.Live, error) {
	r := deploy.NewRegistry()
	r.App("egg:loadtest#answers", func(c deploy.Config) (http.Handler, error) {
		var a answers
		if err := c.Decode(&a); err != nil {
			return nil, err
		}
		if _, err := strconv.Atoi(a.Version); err != nil {
			return nil, c.Errorf("version", "%q is no version", a.Version)
		}
		return &a, nil
	})
	r.Filter("egg:loadtest#process", func(deploy.Config) (func(http.Handler) http.Handler, error) {
		return process, nil
	})
	return deploy.NewLive(func() (http.Handler, error) { return deploy.LoadApp("config:"+file, r) })
}

const (
	headerPid     = "X-Pid"
	headerVersion = "X-Version"
)

// process is a filter that tells who answers.
func process(app http.Handler) http.Handler {
	pid := strconv.Itoa(os.Getpid())
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(headerPid, pid)
		app.ServeHTTP(w, r)
	})
}

// answers is an app whose answers the client can make as well.
type answers struct {
	Version string `form:"version"`
}

// ServeHTTP answers
//
//	GET /bytes?seed=1&size=100            at once
//	GET /stream?seed=1&size=100&ms=1500   in ten parts over that time
//	POST /sum                             the sum of the body
func (a *answers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set(headerVersion, a.Version)
	switch r.URL.Path {
	case "/bytes":
		w.Write(content(seedAndSize(r)))
	case "/stream":
		stream(w, r)
	case "/sum":
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		io.WriteString(w, sum(body))
	default:
		http.NotFound(w, r)
	}
}

const streamParts = 10

func stream(w http.ResponseWriter, r *http.Request) {
	body := content(seedAndSize(r))
	ms, _ := strconv.Atoi(r.FormValue("ms"))
	out := http.NewResponseController(w)
	for i := range streamParts {
		w.Write(body[len(body)*i/streamParts : len(body)*(i+1)/streamParts])
		out.Flush()
		select {
		case <-time.After(time.Duration(ms) * time.Millisecond / streamParts):
		case <-r.Context().Done():
			panic(http.ErrAbortHandler)
		}
	}
}

func seedAndSize(r *http.Request) (uint64, int) {
	seed, _ := strconv.ParseUint(r.FormValue("seed"), 10, 64)
	size, _ := strconv.Atoi(r.FormValue("size"))
	return seed, size
}

// content is what seed and size stand for.
func content(seed uint64, size int) []byte {
	b := make([]byte, size)
	var key [32]byte
	for i := range 8 {
		key[i] = byte(seed >> (8 * i))
	}
	rand.NewChaCha8(key).Read(b)
	return b
}

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}
