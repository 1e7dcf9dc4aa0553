package static

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// The same file through our app and through net/http's file server: into a writer that
// counts, and over a socket.
func BenchmarkFile(b *testing.B) {
	files := map[string]string{"64KiB.txt": strings.Repeat("x", 64<<10), "16MiB.bin": strings.Repeat("x", 16<<20)}
	top := plant(b, files)
	apps := []struct {
		name string
		http.Handler
	}{
		{"gowebob", opened(b, top, Options{})},
		{"FileServer", http.FileServer(http.Dir(top))},
	}
	for _, file := range []string{"64KiB.txt", "16MiB.bin"} {
		for _, app := range apps {
			b.Run("memory/"+file+"/"+app.name, func(b *testing.B) {
				b.ReportAllocs()
				b.SetBytes(int64(len(files[file])))
				r := httptest.NewRequest("GET", "/"+file, nil)
				for b.Loop() {
					w := &discard{header: http.Header{}}
					app.ServeHTTP(w, r)
					if w.n != len(files[file]) {
						b.Fatal(w.n)
					}
				}
			})
			b.Run("socket/"+file+"/"+app.name, func(b *testing.B) {
				srv := httptest.NewServer(app)
				defer srv.Close()
				b.ReportAllocs()
				b.SetBytes(int64(len(files[file])))
				buf := make([]byte, 1<<20)
				for b.Loop() {
					resp, err := srv.Client().Get(srv.URL + "/" + file)
					if err != nil {
						b.Fatal(err)
					}
					n, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{resp.Body}, buf)
					resp.Body.Close()
					if err != nil || n != int64(len(files[file])) {
						b.Fatal(n, err)
					}
				}
			})
		}
	}
}

// What costs nothing to send.
func BenchmarkNotModified(b *testing.B) {
	top := plant(b, map[string]string{"a.txt": "x"})
	for name, h := range map[string]http.Handler{"gowebob": opened(b, top, Options{}), "FileServer": http.FileServer(http.Dir(top))} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			r := httptest.NewRequest("GET", "/a.txt", nil)
			r.Header.Set("If-Modified-Since", old.Format(http.TimeFormat))
			for b.Loop() {
				w := &discard{header: http.Header{}}
				h.ServeHTTP(w, r)
			}
		})
	}
}

func BenchmarkResolve(b *testing.B) {
	for _, p := range []string{"/js/app.3f9a2b1c.js", "/a/./b/../c.txt"} {
		b.Run(fmt.Sprint(len(p)), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				resolve(p, false)
			}
		})
	}
}

// Names as they are mostly written cost nothing.
func TestResolveAllocatesNothing(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() { resolve("/js/app.3f9a2b1c.js", false) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// discard is a writer that counts.
type discard struct {
	header http.Header
	n      int
}

func (w *discard) Header() http.Header { return w.header }
func (w *discard) WriteHeader(int)     {}
func (w *discard) Write(p []byte) (int, error) {
	w.n += len(p)
	return len(p), nil
}
