package webob

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// FuzzDecode: whatever a client sends is decoded or is its own fault, in bounded
// time, and can be read again.
func FuzzDecode(f *testing.F) {
	for _, seed := range [][2]string{
		{formType, "id=1&tags=a&lines[0].name=x"},
		{formType, "A[0=1"},
		{formType, "A]0[=1"},
		{formType, "tags[9999]=1&tags[99999999999999999999]=1"},
		{formType, "lines[0].name=1&lines[0].price=2&lines[0][1].name=3"},
		{formType, "tags[-1]=1&tags[+1]=1&three[-0]=2&three[1]=3"},
		{formType, "notes[]=1&notes[a][b]=2&deep[k][0].name=3&deep[k][x]=4"},
		{formType, "next.next.next.id=1&next.next.next.when=x"},
		{formType, "when=&when=x&paid=maybe&any=1&any[0]=2"},
		{formType, strings.Repeat("[", 1000) + "=" + strings.Repeat("]", 1000)},
		{formType, "\x00=\xff&%00=%FF&a=%zz"},
		{formType + "; charset=iso-2022-jp", "id=\x1b$B\x30"},
		{"multipart/form-data; boundary=B", partOf(`Content-Disposition: form-data; name="id"`, "1") + "--B--"},
		{"multipart/form-data; boundary=B", partOf(`Content-Disposition: form-data; name=photo; filename=x`, "1") + "--B--"},
		{"multipart/form-data; boundary=B", "--B\r\n\r\n--B\r\n--B--"},
		{"multipart/form-data; boundary=\"", "--\r\n"},
		{"multipart/form-data; boundary=", "--"},
		{"application/json", `{"id": 1, "lines": [{"name": "x"}], "next": {"id": "x"}}`},
		{"application/json", strings.Repeat("[", 1000)},
		{"application/json", "{\"\xff\": 1}"},
		{"a/b+json;;;=\"\x00", `null`},
		{"", "id=1"},
		{"\xff\x00;/", "x"},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, contentType, body string) {
		req := post(contentType, body)
		req.SetLimits(Limits{Memory: 100})
		defer req.Release()
		begin := time.Now()
		for _, decode := range []func(any) error{req.Decode, req.DecodeStrict} {
			var in *InputError
			if err := decode(new(order)); err != nil && !errors.As(err, &in) {
				t.Fatalf("not the client's fault: %v", err)
			} else if err != nil && (in.Status < 400 || in.Status > 499 || !utf8.ValidString(in.Public)) {
				t.Fatalf("%d %q", in.Status, in.Public)
			}
		}
		if d := time.Since(begin); d > 5*time.Second {
			t.Fatalf("took %v", d)
		}
		for range 2 {
			if b, err := req.Bytes(); err != nil || string(b) != body {
				t.Fatalf("the body is %q, %v", b, err)
			}
			if b, err := io.ReadAll(req.Body); err != nil || string(b) != body {
				t.Fatalf("the body is %q, %v", b, err)
			}
		}
	})
}

// FuzzMultipart: what mime/multipart writes is read back.
func FuzzMultipart(f *testing.F) {
	f.Add("a", "x.txt", []byte("content"), []byte("text"))
	f.Add("a b;=", `C:\a"b`, []byte("\r\n--B\n--"), []byte(""))
	f.Add("", ";", []byte("\n"), []byte("\r"))
	f.Add("\u00e9", "..", []byte("--"), []byte("\r\n\r\n"))
	f.Fuzz(func(t *testing.T, name, filename string, content, text []byte) {
		const boundary = "0123456789abcdef"
		if strings.ContainsAny(name+filename, "\r\n\x00") || !utf8.ValidString(name) || !utf8.ValidString(filename) || filename == "" || !utf8.Valid(text) ||
			bytes.Contains(content, []byte(boundary)) || bytes.Contains(text, []byte(boundary)) {
			return
		}
		for _, r := range name + filename {
			if r < ' ' || r == 0x7f { // the header would be malformed
				return
			}
		}
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		w.SetBoundary(boundary)
		file, _ := w.CreateFormFile(name, filename)
		file.Write(content)
		w.WriteField(name, string(text))
		w.Close()
		d, err := post(w.FormDataContentType(), b.String()).ReadForm()
		if err != nil {
			t.Fatal(err)
		}
		u := d.File(name)
		if u == nil || u.Filename != filename || d.Len() != 2 {
			t.Fatalf("%#v", d)
		}
		r, _ := u.Open()
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, content) {
			t.Fatalf("%q, %v", got, err)
		}
		if d.Get(name) != string(text) {
			t.Fatalf("%q", d.Get(name))
		}
	})
}

var closing = regexp.MustCompile(`(?m)^--B--[ \t]*\r?$`)

// FuzzMultipartAgrees: where mime/multipart reads a form without complaint, we see
// the same parts.
func FuzzMultipartAgrees(f *testing.F) {
	f.Add(partOf("Content-Disposition: form-data; name=a", "1") + "--B--")
	f.Add("x\n--B\nContent-Disposition: form-data; name=a; filename=b\n\n1\n--B--")
	f.Add("--B \r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n--B--\r\ny")
	f.Fuzz(func(t *testing.T, body string) {
		if !closing.MatchString(body) {
			return // mime/multipart takes the end of the body right behind a delimiter for the end of the form
		}
		if n := strings.Count(body, "\r"); n > 0 && (n != strings.Count(body, "\r\n") || n != strings.Count(body, "\n")) {
			return // it goes by the first line break alone, and knows no CR at the end of a delimiter
		}
		var want []string
		r := multipart.NewReader(strings.NewReader(body), "B")
		for {
			p, err := r.NextRawPart()
			if err == io.EOF {
				break
			}
			if err != nil {
				return
			}
			content, err := io.ReadAll(p)
			if err != nil {
				return
			}
			if p.Header.Get("Content-Transfer-Encoding")+p.Header.Get("Content-Type") != "" || p.FileName() != "" || p.FormName() == "" {
				return
			}
			want = append(want, mendUTF8(string(content)))
		}
		d := post("multipart/form-data; boundary=B", body).POST()
		if d.Err() != nil && !errors.Is(d.Err(), ErrNotUTF8) {
			t.Fatalf("%v, but mime/multipart reads %q", d.Err(), want)
		}
		var got []string
		for _, v := range d.All() {
			got = append(got, v)
		}
		if strings.Join(got, "|") != strings.Join(want, "|") {
			t.Fatalf("%q, but mime/multipart reads %q", got, want)
		}
	})
}
