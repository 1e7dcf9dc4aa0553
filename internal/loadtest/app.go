package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// app answers with bytes that the client can make as well. Each answer says which process
// and which configuration it comes from.
type app struct {
	file    string
	pid     string
	version atomic.Pointer[string]
}

func newApp(file string) (*app, error) {
	a := &app{file: file, pid: strconv.Itoa(os.Getpid())}
	return a, a.Reload()
}

// Reload reads the configuration: "version = N".
func (a *app) Reload() error {
	text, err := os.ReadFile(a.file)
	if err != nil {
		return err
	}
	version, ok := strings.CutPrefix(strings.TrimSpace(string(text)), "version = ")
	if !ok {
		return fmt.Errorf("%s: %q is no version", a.file, text)
	}
	a.version.Store(&version)
	return nil
}

const (
	headerPid     = "X-Pid"
	headerVersion = "X-Version"
	headerSum     = "X-Sum"
)

// ServeHTTP answers
//
//	GET /bytes?seed=1&size=100            at once
//	GET /stream?seed=1&size=100&ms=1500   in ten parts over that time
//	POST /sum                             the sum of the body
func (a *app) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set(headerPid, a.pid)
	w.Header().Set(headerVersion, *a.version.Load())
	switch r.URL.Path {
	case "/bytes":
		w.Write(content(seedAndSize(r)))
	case "/stream":
		a.stream(w, r)
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

func (a *app) stream(w http.ResponseWriter, r *http.Request) {
	body := content(seedAndSize(r))
	ms, _ := strconv.Atoi(r.FormValue("ms"))
	w.Header().Set(headerSum, sum(body))
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
