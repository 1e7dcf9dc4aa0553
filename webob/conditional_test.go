package webob

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const tenBytes = "0123456789"

// heldBodies are the ways a body can be held; all must answer conditions and
// ranges alike.
var heldBodies = map[string]func(t testing.TB, p *Response){
	"text":            func(_ testing.TB, p *Response) { p.SetText(tenBytes) },
	"bytes":           func(_ testing.TB, p *Response) { p.SetBytes([]byte(tenBytes)) },
	"seekable reader": func(_ testing.TB, p *Response) { p.SetBody(strings.NewReader(tenBytes)) },
	"reader with a length": func(_ testing.TB, p *Response) {
		p.SetBody(iotest.OneByteReader(strings.NewReader(tenBytes)))
		p.Header().Set("Content-Length", "10")
	},
	"stream with a length": func(_ testing.TB, p *Response) {
		p.SetStream(func(w StreamWriter) error {
			for i := range tenBytes {
				if _, err := io.WriteString(w, tenBytes[i:i+1]); err != nil {
					return err
				}
				if err := w.Flush(); err != nil {
					return err
				}
			}
			return nil
		})
		p.Header().Set("Content-Length", "10")
	},
	"chunks with a length": func(_ testing.TB, p *Response) {
		p.SetChunks(pieces("012", "", "3", "456", "789"))
		p.Header().Set("Content-Length", "10")
	},
	"file": func(t testing.TB, p *Response) {
		f, err := os.Open(tenBytesFile(t))
		require.NoError(t, err)
		last := p.Header().Get("Last-Modified")
		require.NoError(t, p.SetFile(f))
		p.Header().Del("Last-Modified")
		if last != "" {
			p.Header().Set("Last-Modified", last)
		}
	},
}

func pieces(list ...string) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for _, s := range list {
			if !yield([]byte(s), nil) {
				return
			}
		}
	}
}

func tenBytesFile(t testing.TB) string {
	path := filepath.Join(t.TempDir(), "digits.txt")
	require.NoError(t, os.WriteFile(path, []byte(tenBytes), 0o600))
	return path
}

const (
	before = "Sun, 13 Mar 2011 07:06:30 GMT"
	moment = "Sun, 13 Mar 2011 07:06:40 GMT"
	after  = "Sun, 13 Mar 2011 07:06:50 GMT"
)

var conditionRows = []struct {
	name   string
	method string // GET
	status int    // of the Response, 200
	etag   string
	last   string
	in     string // request fields, divided by |
	want   int
}{
	{name: "no condition", etag: `"a"`, want: 200},
	{name: "If-None-Match with the tag is 304", etag: `"a"`, in: `If-None-Match: "a"`, want: 304},
	{name: "If-None-Match compares weakly", etag: `"a"`, in: `If-None-Match: W/"a"`, want: 304},
	{name: "If-None-Match finds a tag without space after the comma", etag: `"a"`, in: `If-None-Match: "b","a"`, want: 304},
	{name: "If-None-Match over several lines is one list", etag: `"a"`, in: `If-None-Match: "b"|If-None-Match: "a"`, want: 304},
	{name: "If-None-Match with another tag holds", etag: `"a"`, in: `If-None-Match: "b"`, want: 200},
	{name: "If-None-Match with a star is 304 even without a tag", in: `If-None-Match: *`, want: 304},
	{name: "a malformed If-None-Match holds", etag: `"a"`, in: `If-None-Match: a`, want: 200},
	{name: "If-None-Match on HEAD", method: "HEAD", etag: `"a"`, in: `If-None-Match: "a"`, want: 304},
	{name: "POST has done its work", method: "POST", etag: `"a"`, in: `If-None-Match: "a"`, want: 200},
	{name: "PUT has done its work", method: "PUT", etag: `"a"`, in: `If-Match: "b"`, want: 200},
	{name: "If-Modified-Since of the same second is 304", last: moment, in: "If-Modified-Since: " + moment, want: 304},
	{name: "If-Modified-Since later is 304", last: moment, in: "If-Modified-Since: " + after, want: 304},
	{name: "If-Modified-Since earlier is 200", last: moment, in: "If-Modified-Since: " + before, want: 200},
	{name: "If-Modified-Since in the RFC 850 form", last: moment, in: "If-Modified-Since: Sunday, 13-Mar-11 07:06:40 GMT", want: 304},
	{name: "a bad If-Modified-Since counts for nothing", last: moment, in: "If-Modified-Since: Sun, 13 Mar 99999 07:06:40 GMT", want: 200},
	{name: "If-Modified-Since without Last-Modified", etag: `"a"`, in: "If-Modified-Since: " + after, want: 200},
	{name: "If-Modified-Since is ignored beside If-None-Match", etag: `"a"`, last: moment,
		in: `If-None-Match: "b"|If-Modified-Since: ` + after, want: 200},
	{name: "and beside one that has no tag to match", last: moment, in: `If-None-Match: "b"|If-Modified-Since: ` + after, want: 200},
	{name: "If-Match with the tag holds", etag: `"a"`, in: `If-Match: "b", "a"`, want: 200},
	{name: "If-Match with another tag is 412", etag: `"a"`, in: `If-Match: "b"`, want: 412},
	{name: "If-Match compares strongly", etag: `W/"a"`, in: `If-Match: W/"a"`, want: 412},
	{name: "If-Match with a star holds", in: `If-Match: *`, want: 200},
	{name: "a malformed If-Match is 412", etag: `"a"`, in: `If-Match: a`, want: 412},
	{name: "If-Match comes before If-None-Match", etag: `"a"`, in: `If-Match: "b"|If-None-Match: "a"`, want: 412},
	{name: "If-Match that holds leads on to If-None-Match", etag: `"a"`, in: `If-Match: "a"|If-None-Match: "a"`, want: 304},
	{name: "If-Unmodified-Since earlier is 412", last: moment, in: "If-Unmodified-Since: " + before, want: 412},
	{name: "If-Unmodified-Since of the same second holds", last: moment, in: "If-Unmodified-Since: " + moment, want: 200},
	{name: "If-Unmodified-Since is ignored beside If-Match", etag: `"a"`, last: moment,
		in: `If-Match: "a"|If-Unmodified-Since: ` + before, want: 200},
	{name: "a bad If-Unmodified-Since counts for nothing", last: moment, in: "If-Unmodified-Since: x", want: 200},
	{name: "If-Unmodified-Since without Last-Modified", in: "If-Unmodified-Since: " + before, want: 200},
	{name: "a 404 is not conditional", status: 404, etag: `"a"`, in: `If-None-Match: "a"`, want: 404},
	{name: "a 301 is not conditional", status: 301, etag: `"a"`, in: `If-Match: "b"`, want: 301},
	{name: "a 203 is", status: 203, etag: `"a"`, in: `If-None-Match: "a"`, want: 304},
	{name: "a Range is for 200", status: 203, in: "Range: bytes=2-4", want: 203},
	{name: "a condition comes before the range", etag: `"a"`, in: `If-None-Match: "a"|Range: bytes=2-4`, want: 304},
	{name: "HEAD has no ranges", method: "HEAD", in: "Range: bytes=2-4", want: 200},
	{name: "POST has no ranges", method: "POST", in: "Range: bytes=2-4", want: 200},
	{name: "If-Range with the tag", etag: `"a"`, in: `Range: bytes=2-4|If-Range: "a"`, want: 206},
	{name: "If-Range with another tag", etag: `"a"`, in: `Range: bytes=2-4|If-Range: "b"`, want: 200},
	{name: "If-Range compares strongly", etag: `W/"a"`, in: `Range: bytes=2-4|If-Range: W/"a"`, want: 200},
	{name: "If-Range with the date", last: moment, in: "Range: bytes=2-4|If-Range: " + moment, want: 206},
	{name: "If-Range must be the very date", last: moment, in: "Range: bytes=2-4|If-Range: " + after, want: 200},
	{name: "a bad If-Range", last: moment, in: "Range: bytes=2-4|If-Range: nonsense GMT", want: 200},
	{name: "an If-Range that fails hides a 416", in: `Range: bytes=20-|If-Range: "x"`, want: 200},
	{name: "no byte in range", in: "Range: bytes=10-", want: 416},
	{name: "a suffix of no bytes", in: "Range: bytes=-0", want: 416},
	{name: "a range without numbers is ignored", in: "Range: bytes=-", want: 200},
	{name: "another unit is ignored", in: "Range: lines=1-2", want: 200},
	{name: "numbers beyond 63 bits are ignored", in: "Range: bytes=0-99999999999999999999", want: 200},
	{name: "too many ranges are ignored", in: "Range: bytes=" + strings.Repeat("0-0,", 200) + "1-1", want: 200},
}

// asking makes a request with fields divided by |.
func asking(method, fields string) *http.Request {
	r := httptest.NewRequest(method, "/", nil)
	for field := range strings.SplitSeq(fields, "|") {
		if name, value, ok := strings.Cut(field, ": "); ok {
			r.Header.Add(name, value)
		}
	}
	return r
}

// conditionally sends p to r and gives what the client gets.
func conditionally(p *Response, r *http.Request) (*http.Response, string) {
	w := httptest.NewRecorder()
	Serve(respond(func(*Request) *Response { return p }), w, r)
	return w.Result(), w.Body.String()
}

// spec 4.7
func TestConditions(t *testing.T) {
	for kind, body := range heldBodies {
		for _, row := range conditionRows {
			t.Run(kind+"/"+row.name, func(t *testing.T) {
				if row.method == "" {
					row.method = http.MethodGet
				}
				p := NewResponse(200)
				if row.status != 0 {
					p.SetStatus(row.status)
				}
				if row.etag != "" {
					p.Header().Set("ETag", row.etag)
				}
				if row.last != "" {
					p.Header().Set("Last-Modified", row.last)
				}
				p.Header().Set("Cache-Control", "max-age=5")
				p.Header().Set("Content-Language", "en")
				p.Header().Add("Set-Cookie", "a=1")
				p.Header().Set("Content-Type", "text/x-digits")
				body(t, p)
				closed := false
				p.OnClose(func() { closed = true })
				p.Conditional(true)
				resp, content := conditionally(p, asking(row.method, row.in))
				require.Equal(t, row.want, resp.StatusCode)
				assert.True(t, closed, "the body's owner is closed")
				assert.Equal(t, "a=1", resp.Header.Get("Set-Cookie"))
				assert.Equal(t, row.etag, resp.Header.Get("ETag"))
				switch row.want {
				case 304:
					assert.Empty(t, content)
					assert.NotContains(t, resp.Header, "Content-Length")
					assert.Empty(t, resp.Header["Content-Type"])
					assert.Equal(t, "max-age=5", resp.Header.Get("Cache-Control"))
				case 412, 416:
					if row.method != "HEAD" {
						assert.Equal(t, http.StatusText(row.want)+"\n", content)
					}
					assert.Equal(t, "text/plain; charset=utf-8", resp.Header.Get("Content-Type"))
					assert.NotContains(t, resp.Header, "Cache-Control", "an error is not cached as the success would be")
					assert.NotContains(t, resp.Header, "Content-Language")
					if row.want == 416 {
						assert.Equal(t, "bytes */10", resp.Header.Get("Content-Range"))
					}
				case 206:
					assert.Equal(t, "234", content)
					assert.Equal(t, "bytes 2-4/10", resp.Header.Get("Content-Range"))
					assert.Equal(t, "3", resp.Header.Get("Content-Length"))
				default:
					if row.method != "HEAD" {
						assert.Equal(t, tenBytes, content)
					}
					assert.Equal(t, "10", resp.Header.Get("Content-Length"))
				}
			})
		}
	}
}

// spec 4.7
func TestNotConditionalUnlessAsked(t *testing.T) {
	p := Text(tenBytes)
	p.Header().Set("ETag", `"a"`)
	resp, _ := conditionally(p, asking("GET", `If-None-Match: "a"|Range: bytes=1-2`))
	assert.Equal(t, 200, resp.StatusCode)
}

func TestRanges(t *testing.T) {
	rows := []struct{ name, in, want, span string }{
		{"first bytes", "bytes=0-3", "0123", "bytes 0-3/10"},
		{"to the end", "bytes=7-", "789", "bytes 7-9/10"},
		{"last bytes", "bytes=-2", "89", "bytes 8-9/10"},
		{"one byte", "bytes=4-4", "4", "bytes 4-4/10"},
		{"the end is cut to the length", "bytes=8-50", "89", "bytes 8-9/10"},
		{"a suffix longer than the whole is the whole", "bytes=-50", tenBytes, "bytes 0-9/10"},
		{"all", "bytes=0-", tenBytes, "bytes 0-9/10"},
		{"the unit has no case", "BYTES=0-0", "0", "bytes 0-0/10"},
		{"ranges that touch nothing are left out", "bytes=20-30, 1-2", "12", "bytes 1-2/10"},
		{"overlapping ranges are one part", "bytes=1-5,3-7", "1234567", "bytes 1-7/10"},
		{"the same bytes a hundred times are sent once", "bytes=" + strings.Repeat("0-,", 99) + "0-", tenBytes, "bytes 0-9/10"},
	}
	for kind, body := range heldBodies {
		for _, row := range rows {
			t.Run(kind+"/"+row.name, func(t *testing.T) {
				p := NewResponse(200)
				body(t, p)
				p.Conditional(true)
				resp, content := conditionally(p, asking("GET", "Range: "+row.in))
				assert.Equal(t, 206, resp.StatusCode)
				assert.Equal(t, row.want, content)
				assert.Equal(t, row.span, resp.Header.Get("Content-Range"))
				assert.Equal(t, fmt.Sprint(len(row.want)), resp.Header.Get("Content-Length"))
			})
		}
	}
}

func TestSeveralRanges(t *testing.T) {
	rows := []struct {
		name, in string
		ordered  bool
		want     []string // span, content
	}{
		{"two", "bytes=0-0,-1", true, []string{"bytes 0-0/10", "0", "bytes 9-9/10", "9"}},
		{"three with one beyond the end", "bytes=0-1, 50-60, 4-5, 8-", true, []string{
			"bytes 0-1/10", "01", "bytes 4-5/10", "45", "bytes 8-9/10", "89"}},
		{"two that overlap and one apart", "bytes=6-7,0-2,1-3", true, []string{"bytes 0-3/10", "0123", "bytes 6-7/10", "67"}},
		{"in the order asked for", "bytes=5-6,0-1", false, []string{"bytes 5-6/10", "56", "bytes 0-1/10", "01"}},
	}
	for kind, body := range heldBodies {
		for _, row := range rows {
			t.Run(kind+"/"+row.name, func(t *testing.T) {
				p := NewResponse(200)
				p.Header().Set("Content-Type", "text/x-digits")
				body(t, p)
				p.Conditional(true)
				resp, content := conditionally(p, asking("GET", "Range: "+row.in))
				if !row.ordered && strings.Contains(kind, "length") { // can be read forward only
					assert.Equal(t, 200, resp.StatusCode)
					assert.Equal(t, tenBytes, content)
					return
				}
				assert.Equal(t, 206, resp.StatusCode)
				assert.NotContains(t, resp.Header, "Content-Range", "that is in the parts")
				assert.Equal(t, fmt.Sprint(len(content)), resp.Header.Get("Content-Length"))
				assert.Equal(t, row.want, partsOf(t, resp.Header.Get("Content-Type"), content))
			})
		}
	}
}

// partsOf reads a multipart answer.
func partsOf(t *testing.T, ctype, content string) []string {
	media, params, err := mime.ParseMediaType(ctype)
	require.NoError(t, err)
	require.Equal(t, "multipart/byteranges", media)
	var got []string
	parts := multipart.NewReader(strings.NewReader(content), params["boundary"])
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			return got
		}
		require.NoError(t, err)
		b, err := io.ReadAll(part)
		require.NoError(t, err)
		assert.Equal(t, "text/x-digits", part.Header.Get("Content-Type"))
		got = append(got, part.Header.Get("Content-Range"), string(b))
	}
}

func TestNoRangeFor(t *testing.T) {
	rows := map[string]func(p *Response){
		"a body of unknown length":  func(p *Response) { p.SetChunks(pieces(tenBytes)) },
		"a part already":            func(p *Response) { p.SetText(tenBytes); p.Header().Set("Content-Range", "bytes 0-9/20") },
		"a 206 of the app's making": func(p *Response) { p.SetText(tenBytes); p.SetStatus(206) },
	}
	for name, change := range rows {
		t.Run(name, func(t *testing.T) {
			p := NewResponse(200)
			change(p)
			p.Conditional(true)
			_, content := conditionally(p, asking("GET", "Range: bytes=1-2"))
			assert.Equal(t, tenBytes, content)
		})
	}
}

func TestConditionedLeavesTheResponseAlone(t *testing.T) {
	p := Text(tenBytes)
	p.Header().Set("ETag", `"a"`)
	p.Conditional(true)
	for _, in := range []string{`If-None-Match: "a"`, `If-Match: "b"`, "Range: bytes=1-2", "Range: bytes=20-"} {
		q := p.conditioned(asking("GET", in))
		require.NotSame(t, p, q, in)
	}
	b, err := p.Bytes()
	require.NoError(t, err)
	assert.Equal(t, tenBytes, string(b))
	assert.Equal(t, 200, p.Status())
	assert.Equal(t, `"a"`, p.Header().Get("ETag"))
}

func TestAConditionalResponseIsAnApp(t *testing.T) {
	p := Text(tenBytes)
	p.Header().Set("ETag", `"a"`)
	p.Conditional(true)
	for range 2 {
		got := NewRequest(asking("GET", `If-None-Match: "a"`)).GetResponse(p)
		assert.Equal(t, 304, got.Status())
		got = NewRequest(asking("GET", "Range: bytes=-3")).GetResponse(p)
		b, err := got.Bytes()
		require.NoError(t, err)
		assert.Equal(t, "789", string(b))
	}
}

// A 206 of a body that turns out short must not look whole.
func TestAShortPartBreaksTheConnection(t *testing.T) {
	srv := httptest.NewServer(respond(func(*Request) *Response {
		p := NewResponse(200)
		p.SetBody(iotest.OneByteReader(strings.NewReader("0123")))
		p.Header().Set("Content-Length", "99")
		p.Conditional(true)
		return p
	}))
	defer srv.Close()
	r, err := http.NewRequest("GET", srv.URL, nil)
	require.NoError(t, err)
	r.Header.Set("Range", "bytes=2-50")
	resp, err := srv.Client().Do(r)
	if err == nil {
		defer resp.Body.Close()
		_, err = io.ReadAll(resp.Body)
	}
	assert.ErrorContains(t, err, "EOF")
}

func TestAPartOfAPartIsCopied(t *testing.T) {
	p := NewResponse(200)
	p.SetStream(func(w StreamWriter) error { _, err := io.WriteString(w, tenBytes); return err })
	p.Header().Set("Content-Length", "10")
	q := p.conditioned(asking("GET", "Range: bytes=2-4"))
	for _, r := range []*Response{q.Copy(), q.Copy(), q} {
		b, err := r.Bytes()
		require.NoError(t, err)
		assert.Equal(t, "234", string(b))
	}
}

func TestConditionsCostNothingWhereThereAreNone(t *testing.T) {
	p := Text(tenBytes)
	p.Header().Set("ETag", `"a"`)
	p.Header().Set("Last-Modified", moment)
	r := asking("GET", "Accept: */*")
	assert.Zero(t, testing.AllocsPerRun(100, func() { p.conditioned(r) }))
}

// A 304 shows the fields of the Response where they lie, but for those of the body.
func TestNotModifiedCopiesNoFields(t *testing.T) {
	p := Text(tenBytes)
	p.Header().Set("ETag", `"a"`)
	r := asking("GET", `If-None-Match: "a"`)
	assert.LessOrEqual(t, testing.AllocsPerRun(100, func() { p.conditioned(r) }), 1.0, "the Response alone")

	p.Header().Set("Content-Length", "10")
	q := p.conditioned(r)
	assert.Equal(t, http.Header{"Etag": {`"a"`}}, q.Header().HTTPHeader())
	assert.Equal(t, 3, p.Header().Len())
}

// The 304 that is sent without a Response of its own is the one that notModified makes.
func TestNotModifiedSentTheShortWay(t *testing.T) {
	rows := []struct {
		name, in string
		fields   []string
		short    bool
	}{
		{"a tag", `If-None-Match: "a"`, nil, true},
		{"fields beside it", `If-None-Match: "a"`, []string{"Vary", "Accept", "Cache-Control", "no-cache", "Set-Cookie", "a=1"}, true},
		{"a date", "If-Modified-Since: " + moment, nil, true},
		{"a tag of a coding", `If-None-Match: "a-gzip"`, nil, false},
		{"a length", `If-None-Match: "a"`, []string{"Content-Length", "10"}, false},
		{"two fields of a name", `If-None-Match: "a"`, []string{"Link", "<b>", "Link", "<c>"}, false},
		{"a trailer", `If-None-Match: "a"`, []string{"Trailer", "X"}, false},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			make304 := func() (*Response, *http.Request) {
				p := Text(tenBytes)
				p.Header().Set("ETag", `"a"`)
				p.Header().Set("Last-Modified", moment)
				for i := 0; i < len(row.fields); i += 2 {
					p.Header().Add(row.fields[i], row.fields[i+1])
				}
				p.Conditional(true)
				r := asking("GET", row.in)
				r.Header.Set("Accept-Encoding", "gzip")
				return p, r
			}
			already := http.Header{"Vary": {"Cookie"}, "Content-Length": {"7"}, "X-Old": {"o"}}
			short, long := httptest.NewRecorder(), httptest.NewRecorder()
			maps.Copy(short.Header(), already)
			maps.Copy(long.Header(), already)
			p, r := make304()
			v := p.verdict(r)
			require.Equal(t, 304, v.status)
			if assert.Equal(t, row.short, p.sendNotModified(short, v)); !row.short {
				assert.Equal(t, already, short.Header(), "untouched")
				return
			}
			p.conditioned(r).transmit(long, NewRequest(r), nil)
			want := long.Result()
			assert.Empty(t, want.Header["Content-Type"])
			delete(want.Header, "Content-Type") // it keeps net/http from guessing, which needs a body
			assert.Equal(t, want.Header, short.Result().Header)
			assert.Equal(t, want.StatusCode, short.Result().StatusCode)
		})
	}
}

func BenchmarkConditional(b *testing.B) {
	rows := []struct{ name, in string }{
		{"none", ""},
		{"304 by tag", `If-None-Match: "a"`},
		{"304 by date", "If-Modified-Since: " + moment},
		{"one range", "Range: bytes=2-4"},
		{"two ranges", "Range: bytes=0-0,-1"},
	}
	for _, row := range rows {
		b.Run(row.name, func(b *testing.B) {
			p := Bytes("text/x-digits", bytes.Repeat([]byte(tenBytes), 100))
			p.Header().Set("ETag", `"a"`)
			p.Header().Set("Last-Modified", moment)
			r := asking("GET", row.in)
			b.ReportAllocs()
			for b.Loop() {
				p.conditioned(r)
			}
		})
	}
}

// A filter may make a foreign handler's answer conditional; the handler is stopped
// when what is asked for has been sent.
func TestRangesOfAForeignHandler(t *testing.T) {
	whole := strings.Repeat(tenBytes, 100_000)
	ended := make(chan error, 1)
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(len(whole)))
		w.Header().Set("Content-Type", "text/x-digits")
		w.Header().Set("ETag", `"a"`)
		var err error
		for i := 0; i < len(whole) && err == nil; i += 1000 {
			_, err = io.WriteString(w, whole[i:i+1000])
		}
		ended <- err
	})
	srv := httptest.NewServer(respond(func(r *Request) *Response {
		p := r.GetResponse(handler)
		p.Conditional(true)
		return p
	}))
	defer srv.Close()
	get := func(name, value string) (*http.Response, string) {
		r, err := http.NewRequest("GET", srv.URL, nil)
		require.NoError(t, err)
		r.Header.Set(name, value)
		resp, err := srv.Client().Do(r)
		require.NoError(t, err)
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		return resp, string(b)
	}
	resp, body := get("Range", "bytes=50005-50009")
	assert.Equal(t, 206, resp.StatusCode)
	assert.Equal(t, "56789", body)
	assert.Equal(t, "bytes 50005-50009/1000000", resp.Header.Get("Content-Range"))
	assert.ErrorIs(t, <-ended, ErrBodyClosed, "the handler is stopped")

	resp, body = get("Range", "bytes=0-1,500003-500005,-1")
	assert.Equal(t, 206, resp.StatusCode)
	assert.Equal(t, []string{"bytes 0-1/1000000", "01", "bytes 500003-500005/1000000", "345", "bytes 999999-999999/1000000", "9"},
		partsOf(t, resp.Header.Get("Content-Type"), body))
	<-ended

	resp, body = get("If-None-Match", `"a"`)
	assert.Equal(t, 304, resp.StatusCode)
	assert.Empty(t, body)
	assert.ErrorIs(t, <-ended, ErrBodyClosed)

	_, body = get("Range", "bytes=2-1,5-6")
	assert.Len(t, body, len(whole), "a bad range is ignored")
	assert.NoError(t, <-ended)
}
