package webob

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const multipartB = "multipart/form-data; boundary=B"

func disposition(params string) string { return "Content-Disposition: form-data; " + params }

// inPieces is a request whose body comes in small pieces.
func inPieces(ctype, body string, wrap func(io.Reader) io.Reader) *Request {
	req := post(ctype, "")
	req.Body, req.ContentLength = io.NopCloser(wrap(strings.NewReader(body))), -1
	return req
}

// gather reads all parts: "name|file|type|content", and the error that ended them.
func gather(req *Request) (got []string, err error) {
	for part, err := range req.Parts() {
		if err != nil {
			return got, err
		}
		b, err := io.ReadAll(part)
		if err != nil {
			return got, err
		}
		got = append(got, strings.Join([]string{part.Name, part.Filename, part.ContentType, string(b)}, "|"))
	}
	return got, nil
}

func TestPartsOfAStream(t *testing.T) {
	long := strings.Repeat("0123456789abcde\r", 5000)
	for _, tt := range []struct {
		name, body string
		want       []string
	}{
		{"texts and uploads in order",
			partOf(disposition(`name="a"`), "1") + partOf(disposition(`name="f"; filename="x.png"`)+"\r\nContent-Type: image/png; q=1", "\x00\r\n\r\n") + "--B--",
			[]string{"a||text/plain|1", "f|x.png|image/png|\x00\r\n\r\n"}},
		{"an empty part", partOf(disposition(`name=a`), "") + "--B--\r\nepilogue", []string{"a||text/plain|"}},
		{"line breaks that are LF alone", "--B\n" + disposition("name=a") + "\n\n1\r\n\r\r\n2\n--B--", []string{"a||text/plain|1\r\n\r\r\n2"}},
		{"what only looks like a delimiter", partOf(disposition("name=a"), "--BB\r\n --B\r\n--B -\r\nx--B--") + "--B--",
			[]string{"a||text/plain|--BB\r\n --B\r\n--B -\r\nx--B--"}},
		{"a preamble, and white space behind delimiters", "hello\r\n--B \t\r\n" + disposition("name=a") + "\r\n\r\n1\r\n--B--  ", []string{"a||text/plain|1"}},
		{"a line longer than any buffer", partOf(disposition("name=a"), long) + "--B--", []string{"a||text/plain|" + long}},
		{"a part without a name is passed over", partOf("X: y", "1") + partOf(disposition("name=b"), "2") + "--B--", []string{"b||text/plain|2"}},
		{"a transfer encoding is undone",
			partOf(disposition("name=a")+"\r\nContent-Transfer-Encoding: base64", "aGVs\r\nbG8=") +
				partOf(disposition("name=b")+"\r\nContent-Transfer-Encoding: quoted-printable", "a=3Db") + "--B--",
			[]string{"a||text/plain|hello", "b||text/plain|a=b"}},
	} {
		for how, wrap := range map[string]func(io.Reader) io.Reader{
			"at once": func(r io.Reader) io.Reader { return r }, "byte by byte": iotest.OneByteReader,
			"with the error beside": iotest.DataErrReader,
		} {
			t.Run(tt.name+", "+how, func(t *testing.T) {
				got, err := gather(inPieces(multipartB, tt.body, wrap))
				require.NoError(t, err)
				assert.Equal(t, tt.want, got)
			})
		}
	}
}

func TestPartsFaults(t *testing.T) {
	a := partOf(disposition("name=a"), "1")
	for _, tt := range []struct {
		name, ctype, body string
		limits            Limits
		parts             int
		status            int
	}{
		{"no multipart", "text/plain", "x", Limits{}, 0, 415},
		{"no boundary", "multipart/form-data", a, Limits{}, 0, 400},
		{"cut within a part", multipartB, a + a[:len(a)-1], Limits{}, 1, 400},
		{"cut behind a part", multipartB, a, Limits{}, 0, 400},
		{"cut within a header", multipartB, a + "--B\r\nContent-", Limits{}, 1, 400},
		{"a boundary that never comes", multipartB, "x\r\ny", Limits{}, 0, 400},
		{"a malformed header", multipartB, "--B\r\nnonsense\r\n\r\n", Limits{}, 0, 400},
		{"a name that is no UTF-8", multipartB, partOf(disposition("name=\xff"), "1") + "--B--", Limits{}, 0, 400},
		{"a broken transfer encoding", multipartB, partOf(disposition("name=a")+"\r\nContent-Transfer-Encoding: base64", "!") + "--B--", Limits{}, 0, 400},
		{"too many parts", multipartB, a + a + a + "--B--", Limits{Parts: 2}, 2, 413},
		{"too long a header", multipartB, partOf(disposition("name=a")+"\r\nX: "+strings.Repeat("x", 100), "1") + "--B--", Limits{PartHeader: 100}, 0, 413},
		{"too long a text", multipartB, a + partOf(disposition("name=b"), "12345") + "--B--", Limits{Field: 4}, 1, 413},
		{"a text that just fits", multipartB, partOf(disposition("name=b"), "1234") + "--B--", Limits{Field: 4}, 1, 0},
		{"too large an upload", multipartB, a + partOf(disposition("name=b; filename=x"), "12345") + "--B--", Limits{Part: 4}, 1, 413},
		{"an upload is no text", multipartB, partOf(disposition("name=b; filename=x"), "12345") + "--B--", Limits{Field: 4}, 1, 0},
		{"too large a body", multipartB, a + a + "--B--", Limits{Body: int64(len(a)) + 6}, 1, 413},
	} {
		t.Run(tt.name, func(t *testing.T) {
			req := inPieces(tt.ctype, tt.body, iotest.OneByteReader)
			req.SetLimits(tt.limits)
			got, err := gather(req)
			assert.Len(t, got, tt.parts)
			if tt.status == 0 {
				require.NoError(t, err)
				return
			}
			wantInput(t, err, tt.status)
		})
	}
}

func TestPartsRefusedByLengthAlone(t *testing.T) {
	req := post(multipartB, "")
	req.Body, req.ContentLength = untouchable{t}, 100
	req.SetLimits(Limits{Body: 10})
	_, err := gather(req)
	wantInput(t, err, 413)
	assert.Equal(t, untouchable{t}, req.Body)
}

func TestPartsNotReadAreSkipped(t *testing.T) {
	body := partOf(disposition("name=a; filename=x"), strings.Repeat("abc\r\n", 50000)) + partOf(disposition("name=b"), "2") + "--B--"
	var first *Part
	names := ""
	for part, err := range inPieces(multipartB, body, iotest.HalfReader).Parts() {
		require.NoError(t, err)
		names += part.Name
		if first == nil {
			first = part
			_, err := io.ReadFull(part, make([]byte, 7))
			require.NoError(t, err)
			continue
		}
		_, err = first.Read(make([]byte, 1))
		assert.ErrorIs(t, err, ErrPartOver)
	}
	assert.Equal(t, "ab", names)
}

func TestPartsAfterTheBodyWasRead(t *testing.T) {
	body := partOf(disposition("name=token"), "t") + partOf(disposition("name=f; filename=x"), "y") + "--B--"
	want := []string{"token||text/plain|t", "f|x|text/plain|y"}
	for name, before := range map[string]func(*Request){
		"by a filter that reads the form": func(r *Request) { r.POST().Get("token") },
		"by Bytes":                        func(r *Request) { r.Bytes() },
		"made seekable":                   func(r *Request) { r.MakeBodySeekable() },
		"into a file":                     func(r *Request) { r.SetLimits(Limits{Memory: 1}); r.MakeBodySeekable() },
		"by net/http":                     func(r *Request) { r.ParseMultipartForm(1 << 20) },
	} {
		t.Run(name, func(t *testing.T) {
			req := post(multipartB, body)
			defer req.Release()
			before(req)
			for range 2 {
				got, err := gather(req)
				require.NoError(t, err)
				assert.Equal(t, want, got)
			}
		})
	}
}

func TestPartsGoneBodyIsNeverHalf(t *testing.T) {
	body := partOf(disposition("name=a"), "1") + partOf(disposition("name=b"), "2") + "--B--"
	req := post(multipartB, body)
	for range req.Parts() {
		break
	}
	var in *InputError
	_, err := req.Bytes()
	require.ErrorIs(t, err, errStreamed)
	assert.False(t, errors.As(err, &in), "the server's own fault")
	_, err = io.ReadAll(req.Body)
	require.ErrorIs(t, err, errStreamed)
	_, err = gather(req)
	require.ErrorIs(t, err, errStreamed)
	_, err = req.ReadForm()
	require.ErrorIs(t, err, errStreamed)
}

// A part is there before the next one has been sent, and no file is made.
func TestPartsComeFromTheConnection(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	read := make(chan string)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for part, err := range NewRequest(r).Parts() {
			if err != nil {
				read <- err.Error()
				return
			}
			n, _ := io.Copy(io.Discard, part)
			read <- fmt.Sprint(part.Name, n)
		}
	}))
	defer srv.Close()
	conn, err := net.Dial("tcp", srv.Listener.Addr().String())
	require.NoError(t, err)
	defer conn.Close()
	fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: h\r\nContent-Type: %s\r\nContent-Length: 9000000\r\n\r\n--B\r\n", multipartB)
	big := bytes.Repeat([]byte("0123456789abcde\n"), 1<<17) // 2 MiB
	for _, name := range []string{"a", "b"} {
		fmt.Fprintf(conn, "%s\r\n\r\n", disposition("filename=x; name="+name))
		conn.Write(big)
		fmt.Fprint(conn, "\r\n--B\r\n")
		assert.Equal(t, name+"2097152", <-read)
	}
	conn.(*net.TCPConn).CloseWrite()
	assert.Contains(t, <-read, "cut short")
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Empty(t, left)
}

// FuzzParts: a stream has the parts that POST finds in the whole body.
func FuzzParts(f *testing.F) {
	f.Add(partOf(disposition(`name="a"`), "1")+partOf(disposition("name=f; filename=x"), "\r\n\r")+"--B--", 3)
	f.Add("--B\n"+disposition("name=a")+"\n\n\r\r\n\n--B--", 1)
	f.Add("--B\r\n\r\n--B\r\n--B--", 2)
	f.Add("--B", 1)
	f.Add("x\r\n--B--\r\n--B\r\n", 5)
	f.Fuzz(func(t *testing.T, body string, size int) {
		d, want := post(multipartB, body).ReadForm()
		var wantParts []string
		for p := range d.Pairs() {
			part := []string{p.Key, "", "", p.Value}
			if p.File != nil {
				rc, _ := p.File.Open()
				b, _ := io.ReadAll(rc)
				part = []string{p.Key, p.Value, p.File.ContentType, string(b)}
			}
			wantParts = append(wantParts, strings.Join(part, "|"))
		}
		req := inPieces(multipartB, body, iotest.HalfReader)
		var got []string
		var failed error
		for part, err := range req.Parts() {
			if failed = err; err != nil {
				break
			}
			var b bytes.Buffer
			if _, failed = io.CopyBuffer(&b, struct{ io.Reader }{part}, make([]byte, max(1, size&0xff))); failed != nil {
				break
			}
			p := []string{part.Name, "", "", b.String()}
			if part.Filename != "" {
				p = []string{part.Name, part.Filename, part.ContentType, b.String()}
			}
			got = append(got, strings.Join(p, "|"))
		}
		if body == "" {
			return
		}
		if want == nil && failed == nil {
			if fmt.Sprint(got) != fmt.Sprint(wantParts) {
				t.Fatalf("got %q, want %q", got, wantParts)
			}
			return
		}
		var in *InputError
		if want != nil && failed == nil && !strings.Contains(want.Error(), "character") {
			t.Fatalf("got %q, want %v", got, want)
		}
		if failed != nil && (want == nil || !errors.As(failed, &in)) {
			t.Fatalf("got %v, want %v %q", failed, want, wantParts)
		}
	})
}

func BenchmarkParts(b *testing.B) {
	content := partOf(disposition(`name="f"; filename="x"`), strings.Repeat("0123456789abcde\r\n", 4096)) + partOf(disposition("name=a"), "1") + "--B--"
	b.SetBytes(int64(len(content)))
	benchPost(b, multipartB, content, func(r *Request) error {
		for part, err := range r.Parts() {
			if err != nil {
				return err
			}
			if _, err := io.Copy(io.Discard, part); err != nil {
				return err
			}
		}
		return nil
	})
}
