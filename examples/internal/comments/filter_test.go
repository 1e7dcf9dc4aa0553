package comments

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/webob"
)

// foreign is an app that has never heard of webob.
func foreign() http.Handler {
	mux := http.NewServeMux()
	answer := func(pattern, contentType, body string) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			w.Header().Set("Content-Length", fmt.Sprint(len(body)))
			w.Header().Set("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT")
			io.WriteString(w, body)
		})
	}
	answer("/page", "text/html; charset=utf-8", "<html><body><p>Hi</p></BODY ></html>")
	answer("/latin", "text/html; charset=iso-8859-1", "<body>\xe9</body>")
	answer("/utf16", "text/html; charset=utf-16", "<\x00/\x00b\x00")
	answer("/two", "text/html", "<script>'</body>'</script><body></body>")
	answer("/fragment", "text/html", "<p>no body</p>")
	answer("/text", "text/plain", "</body>")
	answer("/long", "text/html", strings.Repeat("x", maxPage)+"</body>")
	mux.HandleFunc("/gzip", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Encoding", "gzip")
		io.WriteString(w, "</body>")
	})
	mux.HandleFunc("/gone", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusGone)
		io.WriteString(w, "<body></body>")
	})
	mux.HandleFunc("/flushed", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, "<body>")
		http.NewResponseController(w).Flush()
		io.WriteString(w, "later</body>")
	})
	return mux
}

func TestInAForeignApp(t *testing.T) {
	store := NewStore(testRoot(t))
	app := store.Filter(foreign())
	server := httptest.NewServer(app)
	defer server.Close()
	const box = `<section id="comments"`
	rows := []struct {
		path, begin, end string
		comments         bool
	}{
		{"/page", "<html><body><p>Hi</p><section", "</section>\n</BODY ></html>", true},
		{"/latin", "<body>\xe9<section", "</section>\n</body>", true},
		{"/two", "<script>'</body>'</script><body><section", "</body>", true},
		{"/flushed", "<body>later<section", "</body>", true},
		{"/utf16", "<\x00/", "b\x00", false},
		{"/fragment", "<p>no body", "</p>", false},
		{"/text", "</body>", "", false},
		{"/gzip", "</body>", "", false},
		{"/gone", "<body></body>", "", false},
		{"/long", "xxx", "xxx</body>", false},
	}
	for _, row := range rows {
		t.Run(row.path, func(t *testing.T) {
			resp, body := send(t, server, "GET", row.path, http.Header{"Accept-Encoding": {"identity"}})
			assert.True(t, strings.HasPrefix(body, row.begin), "begin %.60q", body)
			assert.True(t, strings.HasSuffix(body, row.end), "end")
			assert.Equal(t, row.comments, strings.Contains(body, box))
			if row.path != "/gzip" { // whose length the app has not said
				assert.EqualValues(t, len(body), resp.ContentLength)
			}
			if row.comments {
				again, _ := send(t, server, "GET", row.path, http.Header{"If-None-Match": {resp.Header.Get("ETag")}})
				assert.Equal(t, 304, again.StatusCode)
				assert.Empty(t, resp.Header.Get("Last-Modified"))
			}
			head, _ := send(t, server, "HEAD", row.path, nil)
			assert.Equal(t, resp.StatusCode, head.StatusCode)
			assert.Equal(t, resp.Header.Get("ETag"), head.Header.Get("ETag"))
		})
	}
}

func TestCommenting(t *testing.T) {
	store := NewStore(testRoot(t))
	app := store.Filter(foreign())
	rows := []struct {
		name, page, author, said string
		status                   int
	}{
		{"a comment on a page", "/page?x=1", " Ann\r\nB. ", "Hello,\r\n<b>you</b> é", 303},
		{"a comment on a page in Latin-1", "/latin", "Ann", "é", 303},
		{"a comment on a page that is not there", "/nope", "Ann", "x", 404},
		{"a comment on what is no page", "/text", "Ann", "x", 404},
		{"a comment on another site", "//evil.example/", "Ann", "x", 404},
		{"a comment on a URL", "http://evil.example/page", "Ann", "x", 400},
		{"a comment on nothing", "", "Ann", "x", 400},
		{"a comment on a malformed path", "/%zz", "Ann", "x", 404},
		{"a comment without a name", "/page", " \n", "x", 422},
		{"a comment without a text", "/page", "Ann", " ", 422},
		{"a comment that is too long", "/page", "Ann", strings.Repeat("x", maxText+1), 413},
		{"a name that is too long", "/page", strings.Repeat("x", maxName+1), "x", 413},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			resp := post(app, Path, "page", row.page, "name", row.author, "text", row.said)
			assert.Equal(t, row.status, resp.Status())
			if row.status == 303 {
				assert.Equal(t, row.page+"#comments", resp.Header().Get("Location"))
			}
		})
	}
	body := text(t, get(app, "/page"))
	assert.Contains(t, body, "<strong>Ann B.</strong>")
	assert.Contains(t, body, "Hello,\n&lt;b&gt;you&lt;/b&gt; &#233;", "escaped, in ASCII")
	assert.Equal(t, 1, strings.Count(body, `class="said"`), "nothing else was kept")
	latin, err := get(app, "/latin").Bytes()
	require.NoError(t, err)
	assert.Contains(t, string(latin), "<p class=\"said\">&#233;</p>", "right in any charset")
}

func TestCommentsBelowAMount(t *testing.T) {
	store := NewStore(testRoot(t))
	mux := http.NewServeMux()
	mux.Handle("/below/", http.StripPrefix("/below", store.Filter(foreign())))
	body := text(t, get(mux, "/below/page"))
	assert.Contains(t, body, `action="/below/.comments"`)
	assert.Contains(t, body, `name="page" value="/page"`)
	resp := post(mux, "/below/.comments", "page", "/page", "name", "Ann", "text", "Hello")
	assert.Equal(t, 303, resp.Status())
	assert.Equal(t, "/below/page#comments", resp.Header().Get("Location"))
	assert.Contains(t, text(t, get(mux, "/below/page")), "Hello")
}

// An app that says who may see a page is asked with the client's own credentials.
func TestCommentsSeeWhatTheClientSees(t *testing.T) {
	store := NewStore(testRoot(t))
	app := store.Filter(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, err := r.Cookie("user"); err != nil || c.Value != "ann" {
			http.Error(w, "no", http.StatusForbidden)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, "<body></body>")
	}))
	form := webob.WithForm("page", "/secret", "name", "Ann", "text", "x")
	assert.Equal(t, 404, get(app, Path, form).Status())
	assert.Equal(t, 303, get(app, Path, form, webob.WithCookie("user", "ann")).Status())
}

// What http.FileServer knows of a page (its date, its parts) is of the page without
// comments.
func TestInFrontOfAFileServer(t *testing.T) {
	const page = "<body>0123456789</body>"
	files := fstest.MapFS{
		"page.html": {Data: []byte(page), ModTime: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)},
		"data.txt":  {Data: []byte("0123456789"), ModTime: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)},
	}
	store := NewStore(testRoot(t))
	server := httptest.NewServer(store.Filter(http.FileServerFS(files)))
	defer server.Close()

	resp, whole := send(t, server, "GET", "/page.html", nil)
	assert.Contains(t, whole, `<section id="comments"`)
	assert.Empty(t, resp.Header.Get("Last-Modified"))
	part, body := send(t, server, "GET", "/page.html", http.Header{"Range": {"bytes=6-30"}})
	assert.Equal(t, 206, part.StatusCode)
	assert.Equal(t, whole[6:31], body, "a part of the page with its comments")
	assert.Equal(t, fmt.Sprintf("bytes 6-30/%d", len(whole)), part.Header.Get("Content-Range"))
	_, body = send(t, server, "GET", "/page.html", http.Header{"Range": {"bytes=6-30"}, "If-Range": {`"old"`}})
	assert.Equal(t, whole, body)
	require.NoError(t, store.Add("/page.html", Comment{Name: "Ann", Text: "new"}))
	again, _ := send(t, server, "GET", "/page.html", http.Header{"If-None-Match": {resp.Header.Get("ETag")}})
	assert.Equal(t, 200, again.StatusCode, "there is a new comment")

	resp, body = send(t, server, "GET", "/data.txt", http.Header{"Range": {"bytes=2-4"}})
	assert.Equal(t, "234", body, "other files are the server's own affair")
	resp, _ = send(t, server, "GET", "/data.txt", http.Header{"If-Modified-Since": {resp.Header.Get("Last-Modified")}})
	assert.Equal(t, 304, resp.StatusCode)
}

// What is no page goes by while it is being made.
func TestStreamsGoBy(t *testing.T) {
	next := make(chan bool)
	server := httptest.NewServer(NewStore(testRoot(t)).Filter(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for range 3 {
			io.WriteString(w, "data: x\n\n")
			http.NewResponseController(w).Flush()
			if !<-next {
				return
			}
		}
	})))
	defer server.Close()
	defer close(next)
	resp, err := server.Client().Get(server.URL)
	require.NoError(t, err)
	defer resp.Body.Close()
	event := make([]byte, len("data: x\n\n"))
	for range 3 {
		_, err := io.ReadFull(resp.Body, event)
		require.NoError(t, err, "each event is here before the next one is made")
		assert.Equal(t, "data: x\n\n", string(event))
		next <- true
	}
}

func TestDigestsOfThePageGo(t *testing.T) {
	app := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Repr-Digest", "sha-256=:AAAA:")
		io.WriteString(w, "<body></body>")
	})
	assert.Empty(t, get(NewStore(testRoot(t)).Filter(app), "/").Header().Get("Repr-Digest"))
}

func TestTheFormIsBounded(t *testing.T) {
	app := NewStore(testRoot(t)).Filter(foreign())
	assert.Equal(t, 413, post(app, Path, "page", "/page", "name", "Ann", "text", strings.Repeat("x", maxForm)).Status())
	assert.Equal(t, 422, post(app, Path, "page", "/page", "name", "Ann", "other", "x").Status())
	assert.Equal(t, 415, get(app, Path, webob.WithAll(webob.WithPost([]byte("x")), webob.WithContentType("text/plain"))).Status())
	assert.Equal(t, 405, get(app, Path).Status())
}
