package webob_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gowebob/gowebob/webob"
	"github.com/gowebob/gowebob/webob/header"
)

// A Response that may be asked for conditions: the client that has it gets 304.
func ExampleResponse_Conditional() {
	p := webob.Text("hello")
	p.MD5ETag()
	p.Conditional(true)

	for _, tag := range []string{`"stale"`, `"XUFAKrxLKna5cZ2REBfFkg"`} {
		req := webob.Blank("/", webob.WithHeader("If-None-Match", tag))
		fmt.Println(req.GetResponse(p).StatusText())
	}
	// Output:
	// 200 OK
	// 304 Not Modified
}

func ExampleResponse_Conditional_range() {
	p := webob.Text("0123456789")
	p.Conditional(true)
	answer := webob.Blank("/", webob.WithHeader("Range", "bytes=-3")).GetResponse(p)
	text, _ := answer.AsText(false)
	fmt.Println(strings.ReplaceAll(text, "\r", ""))
	// Output:
	// 206 Partial Content
	// Content-Type: text/plain; charset=utf-8
	// Content-Range: bytes 7-9/10
	// Content-Length: 3
	//
	// 789
}

func ExampleFile() {
	dir, _ := os.MkdirTemp("", "example")
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "page.html")
	os.WriteFile(path, []byte("<p>hello</p>"), 0o600)

	p, err := webob.File(path)
	fmt.Println(err, p.ContentType(), p.Header().Has("Last-Modified"))
	text, _ := p.Text()
	fmt.Println(text)

	_, err = webob.File(filepath.Join(dir, "none"))
	fmt.Println(err != nil)
	// Output:
	// <nil> text/html true
	// <p>hello</p>
	// true
}

func ExampleResponse_SetFile() {
	f, err := os.CreateTemp("", "example")
	if err != nil {
		panic(err)
	}
	defer os.Remove(f.Name())
	fmt.Fprint(f, "made on the spot")
	p := webob.NewResponse(http.StatusOK)
	fmt.Println(p.SetFile(f), p.SetContentType("text/plain"))
	fmt.Println(p.ContentLength())
	p.Close() // and the file with it
	// Output:
	// <nil> <nil>
	// 16 true
}

func ExampleResponse_SetContentType() {
	p := webob.NewResponse(http.StatusOK)
	p.SetContentType("text/css")
	fmt.Println(p.Header().Get("Content-Type"))
	p.SetContentType("application/json")
	fmt.Println(p.Header().Get("Content-Type"))
	fmt.Println(p.SetContentType("json") != nil)
	// Output:
	// text/css; charset=utf-8
	// application/json
	// true
}

func ExampleResponse_SetCharset() {
	p := webob.NewResponse(http.StatusOK)
	p.SetContentType("text/plain")
	p.SetCharset("iso-8859-1")
	p.SetText("é")
	b, _ := p.Bytes()
	fmt.Printf("%s %x\n", p.Charset(), b)
	// Output: iso-8859-1 e9
}

func ExampleResponse_SetContentTypeParams() {
	p := webob.NewResponse(http.StatusOK)
	p.SetContentType("text/plain")
	p.SetContentTypeParams(append(p.ContentTypeParams(), header.Param{Name: "format", Value: "flowed"}))
	fmt.Println(p.Header().Get("Content-Type"))
	// Output: text/plain; charset=utf-8; format=flowed
}

func ExampleResponse_SetCookie() {
	p := webob.Text("welcome")
	err := p.SetCookie(&http.Cookie{Name: "theme", Value: "dark blue", HttpOnly: true})
	fmt.Println(err, p.Header().Get("Set-Cookie"))
	err = p.SetCookie(&http.Cookie{Name: "tracker", SameSite: http.SameSiteNoneMode})
	fmt.Println(err != nil) // SameSite=None needs Secure
	// Output:
	// <nil> theme="dark blue"; Path=/; HttpOnly
	// true
}

func ExampleResponse_DeleteCookie() {
	p := webob.Text("goodbye")
	p.DeleteCookie("theme", "", "")
	fmt.Println(p.Header().Get("Set-Cookie"))
	// Output: theme=; Max-Age=0; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT
}

func ExampleResponse_UnsetCookie() {
	p := webob.Text("as you were")
	p.SetCookie(&http.Cookie{Name: "a", Value: "1"})
	p.SetCookie(&http.Cookie{Name: "b", Value: "2", Secure: true})
	fmt.Println(p.UnsetCookie("a"), p.Header().Values("Set-Cookie"))
	// Output: true [b=2; Path=/; Secure]
}

func ExampleResponse_MergeCookies() {
	mine, theirs := webob.Text("mine"), webob.Text("theirs")
	mine.SetCookie(&http.Cookie{Name: "a", Value: "1"})
	mine.MergeCookies(theirs)
	fmt.Println(theirs.Header().Values("Set-Cookie"))
	// Output: [a=1; Path=/]
}

func ExampleFormatCookie() {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	v, err := webob.FormatCookie(&http.Cookie{Name: "a", Value: "1", MaxAge: 60}, now)
	fmt.Println(v, err)
	// Output: a=1; Max-Age=60; Path=/; Expires=Fri, 02 Jan 2026 03:05:05 GMT <nil>
}

func ExampleResponse_EncodeContent() {
	p := webob.Text(strings.Repeat("hello ", 1000))
	p.EncodeContent("gzip")
	n, _ := p.ContentLength()
	fmt.Println(p.Header().Get("Content-Encoding"), n < 100)

	p.DecodeContent(webob.BodyDecoding{})
	n, _ = p.ContentLength()
	fmt.Println(p.Header().Has("Content-Encoding"), n)
	// Output:
	// gzip true
	// false 6000
}

// A limit keeps a small bomb from becoming a large body.
func ExampleResponse_DecodeContent() {
	p := webob.Text(strings.Repeat("0", 1<<20))
	p.EncodeContent("gzip")
	fmt.Println(p.DecodeContent(webob.BodyDecoding{Max: 1 << 10}))
	// Output: webob: body larger than the limit
}

func ExampleResponse_MD5ETag() {
	p := webob.Text("a body")
	p.MD5ETag()
	fmt.Println(p.Header().Get("ETag"))
	// Output: "df2YmYFQmVh3fN/Nxm4htQ"
}

func ExampleResponse_CacheExpires() {
	p := webob.Text("news")
	p.CacheExpires(time.Hour, header.Directive{Name: "public"})
	fmt.Println(p.Header().Get("Cache-Control"))
	p.CacheExpires(0)
	fmt.Println(p.Header().Get("Cache-Control"))
	// Output:
	// max-age=3600, public
	// max-age=0, must-revalidate, no-cache, no-store, public
}

func ExampleResponse_SetLocation() {
	p := webob.NewResponse(http.StatusFound)
	fmt.Println(p.SetLocation("../next?page=2"))
	fmt.Println(p.SetLocation(`/\evil.example`))
	fmt.Println(p.Header().Get("Location"))
	// Output:
	// <nil>
	// webob: location "/\\evil.example" refused: leads to another host
	// ../next?page=2
}

func ExampleResponse_SetExternalLocation() {
	p := webob.NewResponse(http.StatusFound)
	fmt.Println(p.SetExternalLocation("https://login.example/"))
	fmt.Println(p.SetExternalLocation("javascript:alert(1)"))
	// Output:
	// <nil>
	// webob: location "javascript:alert(1)" refused: scheme javascript
}

func ExampleCheckLocation() {
	for _, next := range []string{"/account", "//evil.example", "\t//evil.example", "https://other.example/"} {
		fmt.Println(webob.CheckLocation(next, false) == nil, webob.CheckLocation(next, true) == nil)
	}
	// Output:
	// true true
	// false true
	// false false
	// false true
}

func ExampleReadResponse() {
	text := "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\ngone"
	p, err := webob.ReadResponse(bufio.NewReader(strings.NewReader(text)), 0)
	if err != nil {
		panic(err)
	}
	body, _ := p.Text()
	fmt.Println(p.Status(), p.ContentType(), body)
	// Output: 404 text/plain gone
}

func ExampleResponse_WriteTo() {
	var b strings.Builder
	webob.Text("hello").WriteTo(&b)
	fmt.Println(strings.ReplaceAll(b.String(), "\r", ""))
	// Output:
	// HTTP/1.1 200 OK
	// Content-Type: text/plain; charset=utf-8
	// Content-Length: 5
	//
	// hello
}

func ExampleResponse_AsText() {
	text, _ := webob.Text("hello").AsText(true)
	fmt.Println(strings.ReplaceAll(text, "\r", ""))
	// Output:
	// 200 OK
	// Content-Type: text/plain; charset=utf-8
	// Content-Length: 5
}

func ExampleResponse_SetStatusText() {
	p := webob.NewResponse(http.StatusOK)
	fmt.Println(p.SetStatusText("404 Nothing here"), p.StatusText())
	fmt.Println(p.SetStatusText("teapot") != nil)
	// Output:
	// <nil> 404 Not Found
	// true
}

func ExampleResponse_HasBody() {
	fmt.Println(webob.NewResponse(http.StatusOK).HasBody(), webob.Text("x").HasBody())
	// Output: false true
}

// What an answer was chosen by stands in Vary, once each.
func ExampleResponse_AddVary() {
	p := webob.Text("bonjour")
	p.AddVary("Accept-Language")
	p.AddVary("Accept", "accept-language")
	fmt.Println(p.Header().Get("Vary"))
	// Output: Accept-Language, Accept
}

// A setter says what the body is; the body alone says nothing.
func ExampleResponse_SetHTML() {
	p := webob.NewResponse(200)
	p.SetHTML("<p>hello")
	fmt.Println(p.Header().Get("Content-Type"))
	// Output: text/html; charset=utf-8
}

// SetStream makes the body while it is sent, and leaves what is said of it alone.
func ExampleResponse_SetStream() {
	p := webob.NewResponse(200)
	p.Header().Set("Content-Type", "text/csv")
	p.SetStream(func(w webob.StreamWriter) error {
		_, err := io.WriteString(w, "1,2\n")
		return err
	})
	fmt.Println(p.Text())
	// Output:
	// 1,2
	//  <nil>
}

func ExampleResponse_EncodeContentLevel() {
	p := webob.Text(strings.Repeat("to and fro ", 1000))
	if err := p.EncodeContentLevel("gzip", 9); err != nil {
		fmt.Println(err)
	}
	n, _ := p.ContentLength()
	fmt.Println(p.Header().Get("Content-Encoding"), n < 1000)
	// Output: gzip true
}
