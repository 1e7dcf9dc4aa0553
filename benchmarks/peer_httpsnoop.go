package benchmarks

import (
	"net/http"

	"github.com/felixge/httpsnoop"
)

// httpsnoopPeer is the library most used to step in at WriteHeader: it keeps the
// writer's optional interfaces, and can change status and header.
func httpsnoopPeer() *Peer {
	return &Peer{Name: "httpsnoop", Apps: map[string]http.Handler{
		Pipeline8:    pipeline(snoopMW, http.HandlerFunc(rawHello)),
		Pipeline8Err: pipeline(snoopMW, http.HandlerFunc(rawBoom)),
	}}
}

func snoopMW(i int, next http.Handler) http.Handler {
	in, out := InKey(i), OutKey(i)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		val, wrote := r.Header.Get(in), false
		before := func(code int) int {
			if wrote {
				return code
			}
			wrote = true
			w.Header().Add(out, val)
			if i == ErrorMW && code >= 500 {
				code = 503
			}
			return code
		}
		next.ServeHTTP(httpsnoop.Wrap(w, httpsnoop.Hooks{
			WriteHeader: func(f httpsnoop.WriteHeaderFunc) httpsnoop.WriteHeaderFunc {
				return func(code int) { f(before(code)) }
			},
			Write: func(f httpsnoop.WriteFunc) httpsnoop.WriteFunc {
				return func(p []byte) (int, error) {
					if !wrote {
						w.WriteHeader(before(200))
					}
					return f(p)
				}
			},
			WriteString: func(f httpsnoop.WriteStringFunc) httpsnoop.WriteStringFunc {
				return func(s string) (int, error) {
					if !wrote {
						w.WriteHeader(before(200))
					}
					return f(s)
				}
			},
		}), r)
		if !wrote {
			w.WriteHeader(before(200))
		}
	})
}
