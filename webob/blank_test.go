package webob_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/webob"
)

func body(t *testing.T, r *webob.Request) string {
	b, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	return string(b)
}

func TestBlankTargets(t *testing.T) {
	for _, row := range []struct {
		name, target, base, url, pathInfo, host string
	}{
		{"a path is for localhost", "/a?b=c", "", "http://localhost/a?b=c", "/a", "localhost:80"},
		{"a URL gives scheme and host", "https://h.example:8443/x", "", "https://h.example:8443/x", "/x", "h.example:8443"},
		{"a URL without a path", "http://h", "", "http://h", "", "h:80"},
		{"a base gives the application", "/x", "https://b.example/app", "https://b.example/app/x", "/x", "b.example:443"},
		{"an IPv6 address keeps its brackets", "http://[::1]:81/", "", "http://[::1]:81/", "/", "[::1]:81"},
		{"user information is dropped", "http://u:p@h/", "", "http://h/", "/", "h:80"},
		{"an escaped slash stays one", "/a%2Fb", "", "http://localhost/a%2Fb", "/a/b", "localhost:80"},
		{"a bad escape is no escape", "/100%", "", "http://localhost/100%25", "/100%", "localhost:80"},
		{"text is sent as UTF-8", "/é", "", "http://localhost/%C3%A9", "/é", "localhost:80"},
		{"a path never runs into the host", "@evil.example/", "", "http://localhost/@evil.example/", "@evil.example/", "localhost:80"},
	} {
		t.Run(row.name, func(t *testing.T) {
			r, err := webob.NewBlank(row.target, webob.WithBaseURL(row.base))
			require.NoError(t, err)
			assert.Equal(t, row.url, r.FullURL())
			assert.Equal(t, row.pathInfo, r.PathInfo())
			assert.Equal(t, row.host, r.Host)
			assert.Equal(t, "HTTP/1.0", r.Proto)
		})
	}
}

func TestBlankRefuses(t *testing.T) {
	for _, row := range []struct {
		name, target string
		opt          webob.BlankOption
	}{
		{"a fragment", "http://h/#f", nil},
		{"an unknown scheme without a port", "gopher://h/", nil},
		{"a scheme without a host", "mailto:x", nil},
		{"an authority that is none", "http://a:b:c/", nil},
		{"a query in the base", "/", webob.WithBaseURL("http://h/?q")},
		{"a header that would be split", "/", webob.WithHeader("X", "a\r\nY: b")},
		{"a header without a name", "/", webob.WithHeader("", "a")},
		{"a form of another type", "/", webob.WithAll(webob.WithForm("a", "b"), webob.WithContentType("text/plain"))},
		{"an upload in an urlencoded form", "/", webob.WithAll(webob.WithContentType("application/x-www-form-urlencoded"),
			webob.WithFiles(webob.NewUpload("f", "x", "", nil)))},
		{"an upload whose type would split the part", "/", webob.WithFiles(webob.NewUpload("f", "x", "a\r\nb", nil))},
		{"a method that is none", "/", webob.WithMethod("GET /")},
		{"JSON that is none", "/", webob.WithJSON(make(chan int))},
		{"a cookie that is two", "/", webob.WithCookie("a", "b; c=d")},
		{"an environ value of a wrong type", "/", webob.WithEnviron("PATH_INFO", 3)},
	} {
		t.Run(row.name, func(t *testing.T) {
			opts := []webob.BlankOption{}
			if row.opt != nil {
				opts = append(opts, row.opt)
			}
			_, err := webob.NewBlank(row.target, opts...)
			assert.Error(t, err)
			assert.Panics(t, func() { webob.Blank(row.target, opts...) })
		})
	}
}

func TestBlankPosts(t *testing.T) {
	form := webob.WithForm("a", "1 2", "b", "é")
	for _, row := range []struct {
		name                      string
		opts                      []webob.BlankOption
		method, contentType, body string
	}{
		{"a form is urlencoded", []webob.BlankOption{form}, "POST", "application/x-www-form-urlencoded", "a=1+2&b=%C3%A9"},
		{"PUT stays", []webob.BlankOption{webob.WithEnviron("REQUEST_METHOD", "PUT"), form}, "PUT", "application/x-www-form-urlencoded", "a=1+2&b=%C3%A9"},
		{"the method wins wherever it stands", []webob.BlankOption{webob.WithMethod("PATCH"), form}, "PATCH", "application/x-www-form-urlencoded", "a=1+2&b=%C3%A9"},
		{"bytes count as a form", []webob.BlankOption{webob.WithPost([]byte("x=y"))}, "POST", "application/x-www-form-urlencoded", "x=y"},
		{"the header's type counts in any spelling", []webob.BlankOption{webob.WithPost([]byte("{}")), webob.WithHeader("content-type", "application/json")}, "POST", "application/json", "{}"},
		{"a body alone changes nothing", []webob.BlankOption{webob.WithBody([]byte("x"))}, "GET", "", "x"},
		{"no more than was announced", []webob.BlankOption{webob.WithBody([]byte("abc")), webob.WithHeader("Content-Length", "2")}, "GET", "", "ab"},
		{"JSON", []webob.BlankOption{webob.WithJSON(map[string]int{"a": 1})}, "POST", "application/json", `{"a":1}`},
		{"names cannot leave their quotes", []webob.BlankOption{webob.WithMultipart(), webob.WithForm("a\"\r\nX: y", "1"), webob.WithContentType("multipart/form-data; boundary=b")},
			"POST", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"a%22%0D%0AX: y\"\r\n\r\n1\r\n--b--"},
		{"the boundary is what a reader takes it for", []webob.BlankOption{webob.WithForm("a", "1"), webob.WithContentType(`multipart/form-data; boundary="b b"; charset=utf-8`)},
			"POST", `multipart/form-data; boundary="b b"; charset=utf-8`, "--b b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--b b--"},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := webob.Blank("/", row.opts...)
			assert.Equal(t, row.method, r.Method)
			assert.Equal(t, row.contentType, r.Header.Get("Content-Type"))
			assert.EqualValues(t, len(row.body), r.ContentLength)
			assert.Equal(t, row.body, body(t, r))
		})
	}
}

// What Blank writes, net/http reads.
func TestBlankUploadIsReadBack(t *testing.T) {
	r := webob.Blank("/", webob.WithForm("g", "text"),
		webob.WithFiles(webob.NewUpload("f", `a "b".png`, "", []byte("\x89PNG"))))
	require.NoError(t, r.ParseMultipartForm(1<<20))
	assert.Equal(t, "text", r.PostFormValue("g"))
	f := r.MultipartForm.File["f"][0]
	assert.Equal(t, "image/png", f.Header.Get("Content-Type"))
	assert.Equal(t, "a %22b%22.png", f.Filename)
}

func TestBlankServerOfAnotherHost(t *testing.T) {
	r := webob.Blank("http://srv:81/", webob.WithHeader("Host", "shown.example"))
	assert.Equal(t, "http://shown.example/", r.FullURL())
	assert.Equal(t, "srv", r.Environ().String("SERVER_NAME"))
	assert.Equal(t, "81", r.Environ().String("SERVER_PORT"))
}

func TestBlankTLS(t *testing.T) {
	assert.NotNil(t, webob.Blank("https://h/").TLS)
	assert.Nil(t, webob.Blank("http://h/").TLS)
	assert.Equal(t, http.NoBody, webob.Blank("/").Body)
}
