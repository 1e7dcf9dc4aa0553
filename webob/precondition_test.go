package webob_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
	"github.com/gowebob/gowebob/webob/header"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var changed = time.Date(2024, 5, 6, 7, 8, 9, 500, time.UTC) // not a whole second

const (
	sameDate  = "Mon, 06 May 2024 07:08:09 GMT"
	laterDate = "Mon, 06 May 2024 07:08:10 GMT"
	olderDate = "Mon, 06 May 2024 07:08:08 GMT"
)

// withFields sets fields divided by |.
func withFields(req *webob.Request, fields string) *webob.Request {
	for field := range strings.SplitSeq(fields, "|") {
		if name, value, ok := strings.Cut(field, ": "); ok {
			req.Header.Add(name, value)
		}
	}
	return req
}

func TestPrecondition(t *testing.T) {
	v1 := header.EntityTag{Tag: "v1"}
	weak := header.EntityTag{Tag: "v1", Weak: true}
	none := header.EntityTag{}
	for _, row := range []struct {
		name   string
		method string
		tag    header.EntityTag
		undate bool
		in     string
		want   int
	}{
		{"nothing asked", "PUT", v1, false, "", 0},
		{"If-Match of this tag", "PUT", v1, false, `If-Match: "v1"`, 0},
		{"If-Match of one of several", "PUT", v1, false, `If-Match: "v0", "v1"`, 0},
		{"If-Match in two lines", "DELETE", v1, false, `If-Match: "v0"|If-Match: "v1"`, 0},
		{"If-Match of another", "PUT", v1, false, `If-Match: "v0"`, 412},
		{"If-Match of another, DELETE", "DELETE", v1, false, `If-Match: "v0"`, 412},
		{"If-Match of another, GET", "GET", v1, false, `If-Match: "v0"`, 412},
		{"If-Match of a star", "PATCH", v1, false, `If-Match: *`, 0},
		{"If-Match of a star without a tag", "PUT", none, false, `If-Match: *`, 0},
		{"If-Match without a tag to match", "PUT", none, false, `If-Match: "v1"`, 412},
		{"If-Match compares strongly", "PUT", weak, false, `If-Match: W/"v1"`, 412},
		{"a bad If-Match fails", "PUT", v1, false, `If-Match: v1`, 412},
		{"an empty If-Match is none", "PUT", v1, false, `If-Match: `, 0},
		{"If-Match goes before If-Unmodified-Since", "PUT", v1, false, `If-Match: "v1"|If-Unmodified-Since: ` + olderDate, 0},
		{"not modified since", "PUT", v1, false, "If-Unmodified-Since: " + sameDate, 0},
		{"not modified since later", "PUT", v1, false, "If-Unmodified-Since: " + laterDate, 0},
		{"modified since", "PUT", v1, false, "If-Unmodified-Since: " + olderDate, 412},
		{"If-Unmodified-Since without a date to compare", "PUT", v1, true, "If-Unmodified-Since: " + olderDate, 0},
		{"a bad If-Unmodified-Since", "PUT", v1, false, "If-Unmodified-Since: yesterday", 0},
		{"If-None-Match of another", "PUT", v1, false, `If-None-Match: "v0"`, 0},
		{"If-None-Match of this, PUT", "PUT", v1, false, `If-None-Match: "v1"`, 412},
		{"If-None-Match of this, POST", "POST", v1, false, `If-None-Match: "v1"`, 412},
		{"If-None-Match of this, GET", "GET", v1, false, `If-None-Match: "v1"`, 304},
		{"If-None-Match of this, HEAD", "HEAD", v1, false, `If-None-Match: "v1"`, 304},
		{"If-None-Match compares weakly", "GET", v1, false, `If-None-Match: W/"v1"`, 304},
		{"If-None-Match of a star: it is there", "PUT", v1, false, `If-None-Match: *`, 412},
		{"If-None-Match of a star without validators", "PUT", none, true, `If-None-Match: *`, 412},
		{"a bad If-None-Match", "GET", v1, false, `If-None-Match: "v1`, 0},
		{"If-None-Match goes before If-Modified-Since", "GET", v1, false, `If-None-Match: "v0"|If-Modified-Since: ` + sameDate, 0},
		{"If-Match holds, then If-None-Match", "GET", v1, false, `If-Match: "v1"|If-None-Match: "v1"`, 304},
		{"If-Match fails before If-None-Match", "GET", v1, false, `If-Match: "v0"|If-None-Match: "v1"`, 412},
		{"modified since, GET", "GET", v1, false, "If-Modified-Since: " + olderDate, 0},
		{"not modified since, GET", "GET", v1, false, "If-Modified-Since: " + sameDate, 304},
		{"If-Modified-Since counts for nothing in PUT", "PUT", v1, false, "If-Modified-Since: " + sameDate, 0},
		{"If-Modified-Since without a date", "GET", v1, true, "If-Modified-Since: " + sameDate, 0},
		{"a bad If-Modified-Since", "GET", v1, false, "If-Modified-Since: 1", 0},
		{"OPTIONS knows no conditions", "OPTIONS", v1, false, `If-Match: "v0"`, 0},
		{"TRACE knows no conditions", "TRACE", v1, false, `If-Match: "v0"`, 0},

		{"a tag in a coding, If-Match", "PUT", v1, false, `If-Match: "v1-gzip"`, 0},
		{"a tag in another coding, If-Match", "PUT", v1, false, `If-Match: "v0", "v1-br"`, 0},
		{"a weak tag in a coding, If-Match", "PUT", v1, false, `If-Match: W/"v1-gzip"`, 412},
		{"another tag in a coding, If-Match", "PUT", v1, false, `If-Match: "v0-gzip"`, 412},
		{"an unknown coding, If-Match", "PUT", v1, false, `If-Match: "v1-lz"`, 412},
		{"a bad list with a tag in a coding", "PUT", v1, false, `If-Match: "v1-gzip", v1`, 412},
		{"a weak tag has no codings", "PUT", weak, false, `If-Match: "v1-gzip"`, 412},
		{"a tag in a coding, GET that takes it", "GET", v1, false, `If-None-Match: "v1-gzip"|Accept-Encoding: gzip`, 304},
		{"a tag in a coding, GET that does not take it", "GET", v1, false, `If-None-Match: "v1-gzip"|Accept-Encoding: br`, 0},
		{"a tag in a coding, GET that refuses it", "GET", v1, false, `If-None-Match: "v1-gzip"|Accept-Encoding: gzip;q=0`, 0},
		{"a tag in a coding, GET that says nothing", "GET", v1, false, `If-None-Match: "v1-gzip"`, 0},
		{"a tag in a coding, PUT", "PUT", v1, false, `If-None-Match: "v1-gzip"`, 412},
	} {
		t.Run(row.name, func(t *testing.T) {
			req := withFields(webob.Blank("/", webob.WithMethod(row.method)), row.in)
			at := changed
			if row.undate {
				at = time.Time{}
			}
			err := req.Precondition(row.tag, at)
			if row.want == 0 {
				require.NoError(t, err)
				return
			}
			p := exc.Page(req, err)
			assert.Equal(t, row.want, p.Status())
			assert.Equal(t, err, p.Err())
			switch row.want {
			case 412:
				assert.ErrorIs(t, err, exc.PreconditionFailed)
				var in *webob.InputError
				assert.ErrorAs(t, err, &in)
			case 304:
				assert.ErrorIs(t, err, exc.NotModified)
				assert.NotErrorIs(t, err, exc.PreconditionFailed)
				wantTag := row.tag.String()
				if strings.Contains(row.in, "-gzip") {
					wantTag = `"v1-gzip"`
					assert.Equal(t, "Accept-Encoding", p.Header().Get("Vary"))
				}
				assert.Equal(t, wantTag, p.Header().Get("ETag"))
				assert.Equal(t, sameDate, p.Header().Get("Last-Modified"))
			}
		})
	}
}

func TestPreconditionAbsent(t *testing.T) {
	for _, row := range []struct {
		name, method, in string
		want             error
	}{
		{"nothing asked", "PUT", "", nil},
		{"If-None-Match of a star creates", "PUT", "If-None-Match: *", nil},
		{"If-None-Match of a tag", "PUT", `If-None-Match: "a"`, nil},
		{"If-Match of a star", "PUT", "If-Match: *", exc.PreconditionFailed},
		{"If-Match of a tag", "DELETE", `If-Match: "a"`, exc.PreconditionFailed},
		{"If-Unmodified-Since has nothing to compare", "PUT", "If-Unmodified-Since: " + sameDate, nil},
		{"GET", "GET", "If-Modified-Since: " + sameDate, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			err := withFields(webob.Blank("/", webob.WithMethod(row.method)), row.in).PreconditionAbsent()
			assert.ErrorIs(t, err, row.want)
		})
	}
}

func TestHasPrecondition(t *testing.T) {
	for in, want := range map[string]bool{
		"": false, `If-Match: "a"`: true, "If-None-Match: *": true, "If-Unmodified-Since: x": true, "If-Modified-Since: x": false, "If-Match: ": false,
	} {
		assert.Equal(t, want, withFields(webob.Blank("/"), in).HasPrecondition(), in)
	}
}

// coding is a filter that compresses what the client takes compressed.
func coding(next http.Handler) http.Handler {
	return native(func(req *webob.Request) *webob.Response {
		p := req.GetResponse(next)
		p.AddVary("Accept-Encoding")
		if offers := req.AcceptEncoding().AcceptableOffers("gzip"); len(offers) > 0 && req.Header.Get("Accept-Encoding") != "" {
			if err := p.EncodeContent("gzip"); err != nil && !errors.Is(err, webob.ErrPartial) {
				panic(err)
			}
		}
		return p
	})
}

// RFC 9110 §8.8.3.3: a coded body has a tag of its own, and conditions work all the same.
func TestTagsAndCodings(t *testing.T) {
	text := strings.Repeat("some text ", 100)
	tagged := webob.Text(text)
	tagged.Header().Set("ETag", `"v1"`)
	tagged.Conditional(true)
	asks := native(func(req *webob.Request) *webob.Response {
		if err := req.Precondition(header.EntityTag{Tag: "v1"}, time.Time{}); err != nil {
			return exc.Page(req, err)
		}
		return tagged.Copy()
	})
	apps := map[string]http.Handler{
		"decided when sent":           native(func(*webob.Request) *webob.Response { return tagged.Copy() }),
		"a Response as an app":        tagged,
		"asked before":                asks,
		"asked before, behind a mux":  muxed(asks),
		"asked before, in middleware": statusLogger(asks),
	}
	const gz = "Accept-Encoding: gzip|"
	for kind, app := range apps {
		for _, row := range []struct {
			name, in, tag string
			want          int
		}{
			{"plain", "Accept-Encoding: identity", `"v1"`, 200},
			{"coded", gz, `"v1-gzip"`, 200},
			{"the client has it coded", gz + `If-None-Match: "v1-gzip"`, `"v1-gzip"`, 304},
			{"the client has it coded, weak", gz + `If-None-Match: W/"v1-gzip"`, `"v1-gzip"`, 304},
			{"the client has it plain", `Accept-Encoding: identity|If-None-Match: "v1"`, `"v1"`, 304},
			{"the client has both and takes it coded", gz + `If-None-Match: "v1", "v1-gzip"`, `"v1-gzip"`, 304},
			{"the client has it coded and takes it plain now", `Accept-Encoding: identity|If-None-Match: "v1-gzip"`, `"v1"`, 200},
			{"the client has another", gz + `If-None-Match: "v0-gzip"`, `"v1-gzip"`, 200},
			{"If-Match of the coded", gz + `If-Match: "v1-gzip"`, `"v1-gzip"`, 200},
		} {
			t.Run(kind+"/"+row.name, func(t *testing.T) {
				got := fetch(t, listen(t, "HTTP/1.1", coding(app)), "GET", "/", func(r *http.Request) { withFields(webob.NewRequest(r), row.in) })
				assert.Equal(t, row.want, got.StatusCode)
				assert.Equal(t, row.tag, got.Header.Get("ETag"))
				assert.Equal(t, "Accept-Encoding", strings.Join(got.Header.Values("Vary"), ", "))
			})
		}
	}
}

// Ranges and If-Range are about bytes: a part is of the very body that it says.
func TestRangesOfACodedBody(t *testing.T) {
	app := coding(native(func(*webob.Request) *webob.Response {
		p := webob.Text(strings.Repeat("some text ", 100))
		p.Header().Set("ETag", `"v1"`)
		p.Conditional(true)
		return p
	}))
	srv := listen(t, "HTTP/1.1", app)
	ask := func(in string) fetched {
		return fetch(t, srv, "GET", "/", func(r *http.Request) { withFields(webob.NewRequest(r), in) })
	}
	coded, plain := ask("Accept-Encoding: gzip"), ask("Accept-Encoding: identity")
	require.Less(t, len(coded.body), len(plain.body))
	for _, row := range []struct {
		name, in string
		want     int
		of       fetched
	}{
		{"coded", "Accept-Encoding: gzip|Range: bytes=2-5", 206, coded},
		{"plain", "Accept-Encoding: identity|Range: bytes=2-5", 206, plain},
		{"coded, of the coded", `Accept-Encoding: gzip|Range: bytes=2-5|If-Range: "v1-gzip"`, 206, coded},
		{"coded, of the plain", `Accept-Encoding: gzip|Range: bytes=2-5|If-Range: "v1"`, 200, coded},
		{"plain, of the coded", `Accept-Encoding: identity|Range: bytes=2-5|If-Range: "v1-gzip"`, 200, plain},
		{"plain, of the plain", `Accept-Encoding: identity|Range: bytes=2-5|If-Range: "v1"`, 206, plain},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := ask(row.in)
			assert.Equal(t, row.want, got.StatusCode)
			assert.Equal(t, row.of.Header.Get("ETag"), got.Header.Get("ETag"))
			assert.Equal(t, row.of.Header.Get("Content-Encoding"), got.Header.Get("Content-Encoding"))
			want := row.of.body
			if row.want == 206 {
				want = want[2:6]
			}
			assert.Equal(t, want, got.body)
		})
	}
}

func TestTagOfWhatIsDecoded(t *testing.T) {
	for _, row := range []struct{ name, tag, want string }{
		{"a tag that knows its coding", `"v1-gzip"`, `"v1"`},
		{"a tag of other making", `"v1"`, `W/"v1"`},
		{"a tag of another coding", `"v1-br"`, `W/"v1-br"`},
		{"a weak tag", `W/"v1-gzip"`, `W/"v1-gzip"`},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := webob.Text("text")
			require.NoError(t, p.EncodeContent("gzip"))
			p.Header().Set("ETag", row.tag)
			require.NoError(t, p.DecodeContent(webob.BodyDecoding{}))
			assert.Equal(t, row.want, p.Header().Get("ETag"))
		})
	}
	p := webob.Text("text")
	p.Header().Set("ETag", `"v1"`)
	for _, coding := range []string{"gzip", "deflate", "identity"} {
		require.NoError(t, p.EncodeContent(coding))
	}
	assert.Equal(t, `"v1"`, p.Header().Get("ETag"), "there and back")
}

func TestCodingOfNoBody(t *testing.T) {
	for _, status := range []int{204, 205, 304} {
		p := webob.NewResponse(status)
		p.Header().Set("ETag", `"v1"`)
		require.NoError(t, p.EncodeContent("gzip"))
		assert.False(t, p.Header().Has("Content-Encoding"), status)
		assert.Equal(t, `"v1"`, p.Header().Get("ETag"), status)
	}
	foreign := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "1000")
		w.Header().Set("Content-Type", "text/plain")
		w.Header().Set("Etag", `"v1"`)
		if r.Method != "HEAD" {
			w.Write(make([]byte, 1000))
		}
	})
	srv := listen(t, "HTTP/1.1", gzipped(foreign))
	ask := func(method string) fetched {
		return fetch(t, srv, method, "/", withHeader("Accept-Encoding", "gzip"))
	}
	head, whole := ask("HEAD"), ask("GET")
	assert.EqualValues(t, -1, head.ContentLength, "nobody knows it")
	for _, name := range []string{"Content-Encoding", "Etag", "Content-Type"} {
		assert.Equal(t, whole.Header.Get(name), head.Header.Get(name), name)
	}
	assert.Equal(t, `"v1-gzip"`, head.Header.Get("ETag"))
}

func TestETagFromBody(t *testing.T) {
	made := func(text string) map[string]*webob.Response {
		streamed := webob.Stream("text/plain", func(w webob.StreamWriter) error {
			for _, r := range text {
				fmt.Fprint(w, string(r))
			}
			return nil
		})
		read := webob.NewResponse(200)
		read.SetBody(strings.NewReader(text))
		return map[string]*webob.Response{"memory": webob.Text(text), "stream": streamed, "reader": read}
	}
	tags := map[string]string{}
	for kind, p := range made("0123456789") {
		tagged, err := p.ETagFromBody(10, false)
		require.NoError(t, err)
		assert.True(t, tagged, kind)
		tags[p.Header().Get("ETag")] = kind
		p.Conditional(true)
		req := withFields(webob.Blank("/"), "If-None-Match: "+p.Header().Get("ETag"))
		assert.Equal(t, "0123456789", bodyOf(t, p))
		assert.Equal(t, 304, req.GetResponse(p).Status(), kind)
	}
	assert.Len(t, tags, 1, "the same bytes, the same tag: %v", tags)
	for kind, p := range made("0123456789x") {
		tagged, err := p.ETagFromBody(10, false)
		require.NoError(t, err)
		assert.False(t, tagged, kind)
		assert.False(t, p.Header().Has("ETag"), kind)
		assert.Equal(t, "0123456789x", bodyOf(t, p), kind)
	}
	p := webob.Text("x")
	_, err := p.ETagFromBody(10, true)
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(p.Header().Get("ETag"), `W/"`))
	p.Header().Set("ETag", `"mine"`)
	tagged, err := p.ETagFromBody(10, false)
	assert.True(t, tagged)
	assert.NoError(t, err)
	assert.Equal(t, `"mine"`, p.Header().Get("ETag"))
	broken := webob.Stream("text/plain", func(webob.StreamWriter) error { return errBoom })
	_, err = broken.ETagFromBody(10, false)
	assert.ErrorIs(t, err, errBoom)
}

// Two people have loaded version 1. The slower one is told, and nothing is lost.
func ExampleRequest_Precondition() {
	text, version := "draft", 1
	app := native(func(req *webob.Request) *webob.Response {
		tag := header.EntityTag{Tag: fmt.Sprint("v", version)}
		if req.Method == http.MethodPut && !req.HasPrecondition() {
			return exc.Page(req, exc.PreconditionRequired)
		}
		if err := req.Precondition(tag, time.Time{}); err != nil {
			return exc.Page(req, err)
		}
		if req.Method == http.MethodPut { // in the same transaction as the question
			text, _ = req.Text()
			version++
			return webob.NewResponse(http.StatusNoContent)
		}
		resp := webob.Text(text)
		header.ETag.Set(resp.Header(), tag)
		return resp
	})
	put := func(text, seen string) {
		req := webob.Blank("/doc", webob.WithMethod("PUT"), webob.WithBody([]byte(text)))
		if seen != "" {
			req.Header.Set("If-Match", seen)
		}
		fmt.Println(req.GetResponse(app).StatusText())
	}
	seen := webob.Blank("/doc").GetResponse(app).Header().Get("ETag")
	put("hers", seen)
	put("his", seen)
	put("theirs", "")
	again := webob.Blank("/doc", webob.WithHeader("If-None-Match", `"v2"`))
	fmt.Println(again.GetResponse(app).StatusText(), text)
	// Output:
	// 204 No Content
	// 412 Precondition Failed
	// 428 Precondition Required
	// 304 Not Modified hers
}

func ExampleRequest_PreconditionAbsent() {
	docs := map[string]string{"/taken": "text"}
	create := func(path string) error {
		req := webob.Blank(path, webob.WithMethod("PUT"), webob.WithHeader("If-None-Match", "*"))
		if _, ok := docs[path]; ok {
			return req.Precondition(header.EntityTag{Tag: "v1"}, time.Time{})
		}
		return req.PreconditionAbsent()
	}
	fmt.Println(create("/new"))
	fmt.Println(errors.Is(create("/taken"), exc.PreconditionFailed))
	// Output:
	// <nil>
	// true
}

func ExampleRequest_HasPrecondition() {
	req := webob.Blank("/doc", webob.WithMethod("PUT"))
	fmt.Println(req.HasPrecondition())
	req.Header.Set("If-Match", `"v1"`)
	fmt.Println(req.HasPrecondition())
	// Output:
	// false
	// true
}

func ExampleResponse_ETagFromBody() {
	resp := webob.Stream("text/plain", func(w webob.StreamWriter) error {
		_, err := fmt.Fprintln(w, "a report")
		return err
	})
	tagged, err := resp.ETagFromBody(64<<10, true)
	fmt.Println(tagged, err, resp.Header().Get("ETag"))
	// Output: true <nil> W/"VmEWJkZjC80z2QSbwpDGlw"
}
