package webob

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gowebob/gowebob/contentneg"
)

const sixFields = "name=Ada+Lovelace&email=ada%40example.org&age=36&city=London&note=first+programmer&subscribe=yes"

// fresh gives the request a new body, as a server would.
type fresh struct{ strings.Reader }

func (*fresh) Close() error { return nil }

func benchPost(b *testing.B, contentType, body string, use func(*Request) error) {
	r := httptest.NewRequest("POST", "/", nil)
	r.Header.Set("Content-Type", contentType)
	r.ContentLength = int64(len(body))
	stream := struct{ io.ReadCloser }{}
	reader := new(fresh)
	b.ReportAllocs()
	for b.Loop() {
		reader.Reset(body)
		stream.ReadCloser = reader
		r.Body = &stream
		r.PostForm, r.Form, r.MultipartForm = nil, nil, nil
		if err := use(NewRequest(r)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkForm(b *testing.B) {
	b.Run("POST", func(b *testing.B) {
		benchPost(b, formType, sixFields, func(r *Request) error {
			d := r.POST()
			if d.Get("name") == "" || d.Get("subscribe") == "" {
				return fmt.Errorf("%v", d)
			}
			return nil
		})
	})
	b.Run("Decode", func(b *testing.B) {
		benchPost(b, formType, sixFields, func(r *Request) error {
			var v struct {
				Name, Email, City, Note, Subscribe string
				Age                                int `form:"age"`
			}
			return r.Decode(&v)
		})
	})
	b.Run("net-http", func(b *testing.B) {
		benchPost(b, formType, sixFields, func(r *Request) error { return r.ParseForm() })
	})
}

func BenchmarkMultipartForm(b *testing.B) {
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	for i := range 6 {
		w.WriteField(fmt.Sprintf("field%d", i), "value")
	}
	f, _ := w.CreateFormFile("photo", "a.png")
	f.Write(bytes.Repeat([]byte("0123456789abcdef"), 4096))
	w.Close()
	for name, use := range map[string]func(*Request) error{
		"ReadForm": func(r *Request) error { _, err := r.ReadForm(); return err },
		"net-http": func(r *Request) error { return r.ParseMultipartForm(1 << 20) },
	} {
		b.Run(name, func(b *testing.B) { benchPost(b, w.FormDataContentType(), buf.String(), use) })
	}
}

func BenchmarkBody(b *testing.B) {
	const text = `{"name": "Ada", "price": 1.5}`
	b.Run("Bytes", func(b *testing.B) {
		benchPost(b, "application/json", text, func(r *Request) error { _, err := r.Bytes(); return err })
	})
	b.Run("JSON", func(b *testing.B) {
		benchPost(b, "application/json", text, func(r *Request) error { return r.JSON(new(line)) })
	})
}

func BenchmarkQuery(b *testing.B) {
	r := httptest.NewRequest("GET", "/?"+sixFields, nil)
	b.Run("GET", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if NewRequest(r).GET().Get("age") != "36" {
				b.Fatal()
			}
		}
	})
	b.Run("GET-again", func(b *testing.B) {
		req := NewRequest(r)
		b.ReportAllocs()
		for b.Loop() {
			if req.GET().Get("age") != "36" {
				b.Fatal()
			}
		}
	})
	b.Run("net-url", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if r.URL.Query().Get("age") != "36" {
				b.Fatal()
			}
		}
	})
}

func BenchmarkNegotiate(b *testing.B) {
	offers := contentneg.MustTypes("text/html", "application/json")
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
	req := NewRequest(r)
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := req.Negotiate(offers); !ok {
			b.Fatal()
		}
	}
}

// What is asked again on every request must not allocate.
func TestAskingAgainAllocatesNothing(t *testing.T) {
	req := post(formType, sixFields)
	req.URL.RawQuery = sixFields
	req.GET()
	req.POST()
	offers := contentneg.MustTypes("text/html")
	req.Negotiate(offers)
	req.Header.Set("Accept", "text/html")
	for name, ask := range map[string]func(){
		"GET":       func() { req.GET() },
		"POST":      func() { req.Body = req.x.in.source; req.POST() },
		"Negotiate": func() { req.Negotiate(offers) },
		"Limits":    func() { req.Limits() },
	} {
		want := 0.0
		if name == "POST" {
			want = 1 // a new reader of the body
		}
		if got := testing.AllocsPerRun(100, ask); got > want {
			t.Errorf("%s: %v allocations", name, got)
		}
	}
	plain := NewRequest(httptest.NewRequest("GET", "/", http.NoBody))
	if got := testing.AllocsPerRun(100, func() { plain.Limits(); plain.Bytes() }); got != 0 || plain.x != nil {
		t.Errorf("a request that uses none pays %v allocations", got)
	}
}
