package wsgi_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"

	"github.com/gowebob/gowebob/webob"
	"github.com/gowebob/gowebob/webob/wsgi"
)

// statusGrammar is the status as PEP 3333 words it, to check the parser against.
var statusGrammar = regexp.MustCompile(`^[2-5]\d\d [^\x00-\x20\x7f]([^\x00-\x1f\x7f]*[^\x00-\x20\x7f])?$`)

// FuzzStart: whatever a head is like, it is sent as it is or refused, and Lint
// says why exactly where it is refused.
func FuzzStart(f *testing.F) {
	for _, seed := range [][3]string{
		{"200 OK", "Content-Type", "text/plain"}, {"200", "", ""}, {"404  x", "A b", "c"}, {"200 OK\r\n", "X", "a\r\nb: c"},
		{"999 Message here", "X-", "y"}, {"100 Continue", "Status", "1"}, {"200 \xff", "é", "\xff"}, {"200 OK", "Content-Length", "0"},
		{"200 OK", "content-length", "-1"}, {"200 OK", "trailer", "x"}, {"304 Not Modified", "ETag", `"1"`},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
	f.Fuzz(func(t *testing.T, status, name, value string) {
		var found []*wsgi.Violation
		lint := wsgi.Lint(app(status, wsgi.Headers{{name, value}}), func(v *wsgi.Violation) { found = append(found, v) })
		resp := webob.Blank("/").GetResponse(wsgi.Handler(lint))
		switch refused := resp.Err() != nil; {
		case refused && len(found) == 0 && status[0] < '6':
			t.Fatalf("refused without a reason: %v", resp.Err())
		case !refused && len(found) > 0:
			t.Fatalf("sent in spite of %v", found[0])
		case !refused && !statusGrammar.MatchString(status):
			t.Fatalf("%q passed", status)
		case !refused && resp.Header().Get(http.CanonicalHeaderKey(name)) != value:
			t.Fatalf("%q: %q became %q", name, value, resp.Header().Get(name))
		}
		wsgi.Handler(lint).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	})
}
