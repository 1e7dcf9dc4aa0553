package webob

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const formType = "application/x-www-form-urlencoded"

func TestGETWritesThrough(t *testing.T) {
	req := NewRequest(httptest.NewRequest("GET", "/?a=1&b=2", nil))
	vars := req.GET()
	assert.Same(t, vars, req.GET(), "kept while the query string is the same")
	require.NoError(t, vars.Set("a", "x y"))
	assert.Equal(t, "b=2&a=x+y", req.URL.RawQuery)
	assert.Same(t, vars, req.GET(), "its own change is no reason to parse anew")
	req.URL.RawQuery = "c=3"
	assert.Equal(t, []string{"c"}, req.GET().Keys(), "setting the query string makes other variables")
}

func TestGETOfACopyWritesToTheCopy(t *testing.T) {
	outer := NewRequest(httptest.NewRequest("GET", "/?a=1", nil))
	outer.GET()
	inner := outer.Clone(t.Context())
	require.NoError(t, inner.GET().Set("a", "2"))
	assert.Equal(t, "a=2", inner.URL.RawQuery)
	assert.Equal(t, "a=1", outer.URL.RawQuery)
	assert.Equal(t, "1", outer.GET().Get("a"))
}

func TestQueryIsStrict(t *testing.T) {
	_, err := NewRequest(httptest.NewRequest("GET", "/?a=%FF", nil)).Query()
	wantInput(t, err, 400)
	req := NewRequest(httptest.NewRequest("GET", "/?a&b&c", nil))
	req.SetLimits(Limits{Pairs: 2})
	_, err = req.Query()
	wantInput(t, err, 414)
	assert.ErrorIs(t, req.GET().Set("x", "y"), ErrReadOnly, "writing it back would lose the rest")
	assert.Equal(t, "a&b&c", req.URL.RawQuery)
}

func TestPOSTMethodsAndTypes(t *testing.T) {
	for _, tt := range []struct {
		name, method, ctype string
		form                bool
		vars                string
	}{
		{"POST urlencoded", "POST", formType, true, "a=1"},
		{"POST without a type is a form", "POST", "", true, "a=1"},
		{"PUT without a type is none", "PUT", "", false, ""},
		{"DELETE with one is a form", "DELETE", formType, true, "a=1"},
		{"an unknown method too", "WTF", formType, true, "a=1"},
		{"GET has an empty one", "GET", formType, true, ""},
		{"HEAD has an empty one", "HEAD", formType, true, ""},
		{"JSON is none", "POST", "application/json", false, ""},
		{"capitals and spaces do not count", "POST", " APPLICATION/x-www-form-urlencoded ; charset=UTF-8", true, "a=1"},
		{"another character set is decoded", "POST", formType + "; charset=iso-8859-1", true, "a=1"},
		{"parameters that are none do not hinder", "POST", formType + "; charset", true, "a=1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			req := post(tt.ctype, "a=1")
			req.Method = tt.method
			d := req.POST()
			require.NoError(t, d.Err())
			assert.Equal(t, tt.vars, d.Encode())
			b, err := req.Bytes()
			require.NoError(t, err)
			assert.Equal(t, "a=1", string(b), "the body is still there")
			_, err = req.ReadForm()
			if tt.form {
				assert.NoError(t, err)
				assert.NoError(t, d.Add("x", "y"))
			} else {
				wantInput(t, err, 415)
				assert.ErrorIs(t, d.Add("x", "y"), ErrReadOnly)
			}
		})
	}
}

func TestPOSTCharset(t *testing.T) {
	d := post(formType+"; charset=iso-8859-1", "caf%E9=%A3").POST()
	assert.Equal(t, "\u00a3", d.Get("caf\u00e9"))
	d = post(formType, "a=%E9").POST()
	assert.Equal(t, "\uFFFD", d.Get("a"), "lenient")
	assert.ErrorIs(t, d.Err(), ErrNotUTF8)
	_, err := post(formType, "a=%E9").ReadForm()
	wantInput(t, err, 400)
	assert.ErrorIs(t, err, ErrNotUTF8)
	_, err = post(formType+"; charset=klingon", "a=1").ReadForm()
	wantInput(t, err, 415)
}

func TestPOSTUnreadableIsEmptyAndSaysSo(t *testing.T) {
	for _, tt := range []struct {
		name, ctype, body string
		limits            Limits
		status            int
	}{
		{"too large", formType, "a=123456", Limits{Body: 3}, 413},
		{"too many variables", formType, "a=1&b=2&c=3", Limits{Pairs: 2}, 413},
		{"multipart without a boundary", "multipart/form-data", "x", Limits{}, 400},
	} {
		t.Run(tt.name, func(t *testing.T) {
			req := post(tt.ctype, tt.body)
			req.SetLimits(tt.limits)
			d := req.POST()
			assert.Zero(t, d.Len())
			assert.ErrorIs(t, d.Add("x", "y"), ErrReadOnly)
			wantInput(t, d.Err(), tt.status)
			wantInput(t, req.Params().Err(), tt.status)
			assert.Same(t, d, req.POST(), "it is logged once")
			_, err := req.ReadForm()
			wantInput(t, err, tt.status)
			req.SetLimits(Limits{})
			if tt.status == 413 {
				assert.NoError(t, req.POST().Err(), "a wider limit lets it in")
			}
		})
	}
}

func TestPOSTTakesWhatNetHTTPHasParsed(t *testing.T) {
	t.Run("urlencoded", func(t *testing.T) {
		req := post(formType, "b=2&a=1&a=3")
		require.NoError(t, req.ParseForm())
		assert.Equal(t, "a=1&a=3&b=2", req.POST().Encode())
		assert.Same(t, req.POST(), req.POST())
	})
	t.Run("multipart", func(t *testing.T) {
		req := post("multipart/form-data; boundary=B", "--B\r\nContent-Disposition: form-data; name=f; filename=x.txt\r\n\r\nhello\r\n--B--\r\n")
		require.NoError(t, req.ParseMultipartForm(1000))
		u := req.POST().File("f")
		require.NotNil(t, u)
		f, err := u.Open()
		require.NoError(t, err)
		b, err := io.ReadAll(f)
		require.NoError(t, err)
		assert.Equal(t, "hello", string(b))
	})
	t.Run("a query parsed by a method that net/http gives no form", func(t *testing.T) {
		req := post(formType, "a=1")
		req.Method = "DELETE"
		require.NoError(t, req.ParseForm())
		assert.Equal(t, "a=1", req.POST().Encode(), "the body was left alone")
	})
	t.Run("after us, net/http reads the same body", func(t *testing.T) {
		req := post(formType, "a=1")
		d := req.POST()
		assert.Equal(t, "1", req.FormValue("a"))
		assert.Same(t, d, req.POST())
	})
}

func TestParams(t *testing.T) {
	req := post(formType, "a=2&b=3")
	req.URL.RawQuery = "a=1"
	p := req.Params()
	assert.Equal(t, "1", p.Get("a"), "the query first")
	assert.Equal(t, []string{"1", "2"}, p.Values("a"))
	assert.Equal(t, "3", p.Get("b"))
	assert.ErrorIs(t, p.Add("x", "y"), ErrReadOnly)
}

func TestMultipartWrittenByNetHTTP(t *testing.T) {
	var b strings.Builder
	w := multipart.NewWriter(&b)
	require.NoError(t, w.WriteField("title", "caf\u00e9\r\n--"+w.Boundary()+"x"))
	f, err := w.CreateFormFile("photo", `C:\dir\a "b".png`)
	require.NoError(t, err)
	f.Write([]byte("\x00\xff\r\n"))
	require.NoError(t, w.Close())
	req := post(w.FormDataContentType(), b.String())
	d, err := req.ReadForm()
	require.NoError(t, err)
	assert.Equal(t, "caf\u00e9\r\n--"+w.Boundary()+"x", d.Get("title"))
	u := d.File("photo")
	require.NotNil(t, u)
	assert.Equal(t, `C:\dir\a "b".png`, u.Filename)
	assert.Equal(t, "application/octet-stream", u.ContentType)
	assert.EqualValues(t, 4, u.Size)
	for range 2 {
		r, err := u.Open()
		require.NoError(t, err)
		got, err := io.ReadAll(r)
		require.NoError(t, err)
		assert.Equal(t, "\x00\xff\r\n", string(got))
		require.NoError(t, r.Close())
	}
	body, err := req.Bytes()
	require.NoError(t, err)
	assert.Equal(t, b.String(), string(body))
}

func partOf(headers, content string) string {
	return "--B\r\n" + headers + "\r\n\r\n" + content + "\r\n"
}

func TestMultipart(t *testing.T) {
	const a = `Content-Disposition: form-data; name="a"`
	for _, tt := range []struct {
		name, body, want string
		status           int
	}{
		{"a field", partOf(a, "1") + "--B--\r\n", "a=1", 0},
		{"LF alone ends lines", "--B\n" + a + "\n\n1\n--B--\n", "a=1", 0},
		{"no line break at the end", partOf(a, "1") + "--B--", "a=1", 0},
		{"an empty field", partOf(a, "") + "--B--", "a=", 0},
		{"a delimiter right behind the header", "--B\r\n" + a + "\r\n\r\n--B--", "a=", 0},
		{"space after a delimiter", "--B \t\r\n" + a + "\r\n\r\n1\r\n--B-- \r\n", "a=1", 0},
		{"text before and after is ignored", "x\r\n" + partOf(a, "1") + "--B--\r\n--B\r\ny", "a=1", 0},
		{"the boundary within a line is text", partOf(a, "x--B\r\n--Bx") + "--B--", "a=x--B%0D%0A--Bx", 0},
		{"a part without a name is left out", partOf("Content-Disposition: form-data", "1") + "--B--", "", 0},
		{"an empty file name is a text", partOf(a+`; filename=""`, "x") + "--B--", "a=x", 0},
		{"base64", partOf(a+"\r\nContent-Transfer-Encoding: BASE64", "aGVs\r\nbG8=") + "--B--", "a=hello", 0},
		{"base64 that is none", partOf(a+"\r\nContent-Transfer-Encoding: base64", "a") + "--B--", "", 400},
		{"a character set of its own", partOf(a+"\r\nContent-Type: text/plain; charset=iso-8859-1", "\xe9") + "--B--", "a=%C3%A9", 0},
		{"an unknown character set", partOf(a+"\r\nContent-Type: text/plain; charset=x", "\xe9") + "--B--", "", 415},
		{"cut in a part", partOf(a, "1"), "", 400},
		{"cut in a header", "--B\r\n" + a, "", 400},
		{"a header line without a colon", partOf("nocolon", "1") + "--B--", "", 400},
		{"no parts", "--B--\r\n", "", 0},
		{"a wrong boundary", "--C\r\n" + a + "\r\n\r\n1\r\n--C--", "", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := post("multipart/form-data; boundary=B", tt.body).POST()
			if tt.status != 0 {
				wantInput(t, d.Err(), tt.status)
			} else if !errors.Is(d.Err(), errNoParts) {
				require.NoError(t, d.Err())
			}
			assert.Equal(t, tt.want, d.Encode())
		})
	}
	_, err := post("multipart/form-data; boundary=B", "--C--").ReadForm()
	wantInput(t, err, 400)
}

func TestMultipartLimits(t *testing.T) {
	const a = `Content-Disposition: form-data; name="a"`
	body := partOf(a, strings.Repeat("x", 100)) + partOf(a, "y") + "--B--\r\n"
	for name, l := range map[string]Limits{
		"body": {Body: 50}, "parts": {Parts: 1}, "field": {Field: 99}, "header": {PartHeader: 20},
	} {
		t.Run(name, func(t *testing.T) {
			req := post("multipart/form-data; boundary=B", body)
			req.SetLimits(l)
			_, err := req.ReadForm()
			wantInput(t, err, 413)
		})
	}
	req := post("multipart/form-data; boundary=B", body)
	req.SetLimits(Limits{Parts: 2, Field: 100})
	_, err := req.ReadForm()
	require.NoError(t, err)
}

func TestMultipartInAFile(t *testing.T) {
	content := strings.Repeat("0123456789\r\n", 20_000) // longer than the reader's buffer
	req := post("multipart/form-data; boundary=B", partOf(`Content-Disposition: form-data; name=f; filename=x`, content)+
		partOf(`Content-Disposition: form-data; name=g; filename=y`, strings.Repeat("z", 100_000))+"--B--")
	req.SetLimits(Limits{Memory: 1000})
	d, err := req.ReadForm()
	require.NoError(t, err)
	require.IsType(t, (*tempFile)(nil), req.x.in.spool.at)
	f, err := d.File("f").Open()
	require.NoError(t, err)
	got, err := io.ReadAll(f)
	require.NoError(t, err)
	assert.Equal(t, content, string(got))
	assert.EqualValues(t, 100_000, d.File("g").Size)
	req.Release()
	_, err = f.Seek(0, io.SeekStart)
	require.NoError(t, err)
	_, err = f.Read(make([]byte, 1))
	assert.Error(t, err, "uploads end with the request")
}

func TestFormIsSeenBehindForeignHandlers(t *testing.T) {
	inner := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, r.FormValue("a"))
	})
	app := respond(func(r *Request) *Response {
		if r.POST().Get("a") != "1" {
			return NewResponse(400)
		}
		return r.GetResponse(inner)
	})
	srv := httptest.NewServer(app)
	defer srv.Close()
	resp, err := http.PostForm(srv.URL, url.Values{"a": {"1"}})
	require.NoError(t, err)
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	assert.Equal(t, "1", string(b))
}
