package static

import (
	"bufio"
	"bytes"
	"embed"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

//go:embed testdata
var embedded embed.FS

var old = time.Date(2011, 3, 13, 7, 6, 40, 0, time.UTC)

// plant makes files, "dir/" for a directory, and gives the root.
func plant(t testing.TB, files map[string]string) string {
	top := filepath.Join(t.TempDir(), "top")
	require.NoError(t, os.Mkdir(top, 0o755))
	for name, content := range files {
		place := filepath.Join(top, filepath.FromSlash(name))
		if strings.HasSuffix(name, "/") {
			require.NoError(t, os.MkdirAll(place, 0o755))
			continue
		}
		require.NoError(t, os.MkdirAll(filepath.Dir(place), 0o755))
		require.NoError(t, os.WriteFile(place, []byte(content), 0o644))
		require.NoError(t, os.Chtimes(place, old, old))
	}
	return top
}

func opened(t testing.TB, path string, o Options) *Dir {
	d, err := OpenDir(path, o)
	require.NoError(t, err)
	t.Cleanup(func() { d.Close() })
	return d
}

// got is an answer as it goes over the wire.
type got struct {
	*http.Response
	body string
}

func fetch(t testing.TB, h http.Handler, method, path string, fields ...string) got {
	return fetchRequest(t, h, httptest.NewRequest(method, path, nil), fields...)
}

func fetchRequest(t testing.TB, h http.Handler, r *http.Request, fields ...string) got {
	for i := 0; i < len(fields); i += 2 {
		r.Header.Add(fields[i], fields[i+1])
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	return got{rec.Result(), rec.Body.String()}
}

// decoded asks for a path as net/http hands it over, after decoding.
func decoded(t testing.TB, h http.Handler, path string) got {
	r := httptest.NewRequest("GET", "/", nil)
	r.URL.Path, r.RequestURI = path, ""
	return fetchRequest(t, h, r)
}

// wire is a request as a server reads it.
func wire(t testing.TB, text string) *http.Request {
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(text)))
	require.NoError(t, err)
	return r
}

// Nothing outside the root, by whatever name. Each row has the advisory whose hole it
// would be.
func TestNothingOutsideTheRoot(t *testing.T) {
	top := plant(t, map[string]string{
		"secret.txt": "SECRET", "index.html": "SECRET", "pub2/x.txt": "SECRET", "pub/a.txt": "a", "pub/sub/index.html": "sub", "pub/..x": "dots",
	})
	pub := filepath.Join(top, "pub")
	require.NoError(t, os.Symlink("../secret.txt", filepath.Join(pub, "link.txt")))
	require.NoError(t, os.Symlink("..", filepath.Join(pub, "up")))
	require.NoError(t, os.Symlink(filepath.Join(top, "secret.txt"), filepath.Join(pub, "absolute.txt")))
	require.NoError(t, os.Symlink("a.txt", filepath.Join(pub, "inner.txt")))
	require.NoError(t, os.Symlink("loop", filepath.Join(pub, "loop")))
	for _, row := range []struct {
		name, path string
		status     int
	}{
		{"the parent", "/../secret.txt", 403},
		{"the parent's index page (WebOb checks too late)", "/../", 403},
		{"a sibling whose name begins alike (Starlette, CVE-2023-29159)", "/../pub2/x.txt", 403},
		{"out and in again", "/../pub/a.txt", 403},
		{"out from below", "/sub/../../secret.txt", 403},
		{"whether it is there or not", "/../nothing", 403},
		{"out behind slashes", "//..//secret.txt", 403},
		{"an absolute path", "/etc/passwd", 404},
		{"an absolute path behind a slash", "//etc/passwd", 404},
		{"escapes are not decoded again (Apache, CVE-2021-42013)", "/%2e%2e/secret.txt", 404},
		{"nor slashes", "/..%2fsecret.txt", 404},
		{"a backslash (echo, CVE-2020-36565)", `/..\secret.txt`, 404},
		{"a backslash inside", `/sub\..\..\secret.txt`, 404},
		{"a drive", `/C:/secret.txt`, 404},
		{"a share (Werkzeug, CVE-2024-49766)", `//host/share/secret.txt`, 404},
		{"NUL cuts no name off", "/a.txt\x00.png", 404},
		{"NUL alone", "/\x00", 404},
		{"bytes that are no UTF-8", "/\xc0\xae\xc0\xae/secret.txt", 404},
		{"dots that are none", "/....//secret.txt", 404},
		{"dots of another alphabet", "/\u2025/secret.txt", 404},
		{"a slash behind a file", "/a.txt/", 404},
		{"a path through a file", "/a.txt/x", 404},
		{"a name too long", "/" + strings.Repeat("x", 300), 404},
		{"a path too long", strings.Repeat("/xxxxxxxxx", 500), 404},
		{"a symbolic link to outside (aiohttp, CVE-2024-23334)", "/link.txt", 404},
		{"a symbolic link to the parent", "/up/secret.txt", 404},
		{"and its index page", "/up/", 404},
		{"an absolute symbolic link", "/absolute.txt", 404},
		{"a symbolic link to itself", "/loop", 404},
		{"a symbolic link within", "/inner.txt", 200},
		{"dots within", "/sub/../a.txt", 200},
		{"a name that begins with dots", "/..x", 200},
	} {
		t.Run(row.name, func(t *testing.T) {
			for name, d := range map[string]*Dir{"plain": opened(t, pub, Options{Dotfiles: true}), "all options": opened(t, pub,
				Options{Dotfiles: true, List: true, HideIndex: true, Precompressed: []string{"gzip"}})} {
				resp := decoded(t, d, row.path)
				assert.Equal(t, row.status, resp.StatusCode, name)
				assert.NotContains(t, resp.body, "SECRET", name)
				assert.NotContains(t, resp.body, top, name)
			}
		})
	}
}

func TestErrorsAreSeenByFilters(t *testing.T) {
	d := opened(t, plant(t, map[string]string{"a.txt": "a"}), Options{})
	assert.ErrorIs(t, webob.Blank("/b.txt").GetResponse(d).Err(), exc.NotFound)
	assert.ErrorIs(t, webob.Blank("/a.txt", webob.WithMethod("DELETE")).GetResponse(d).Err(), exc.MethodNotAllowed)
	assert.NoError(t, webob.Blank("/a.txt").GetResponse(d).Err())
	require.NoError(t, d.Close())
	assert.Equal(t, 500, webob.Blank("/a.txt").GetResponse(d).Status(), "a closed directory is the program's fault")
}

func TestDotfiles(t *testing.T) {
	top := plant(t, map[string]string{".env": "x", ".git/config": "x", "a/.b/c.txt": "x", ".well-known/security.txt": "x", ".well-known/.env": "x", "b/.well-known/x": "x"})
	for path, status := range map[string]int{
		"/.env": 404, "/.git/config": 404, "/.git/": 404, "/a/.b/c.txt": 404, "/.well-known/security.txt": 200, "/.well-known/.env": 404, "/b/.well-known/x": 404,
	} {
		assert.Equal(t, status, fetch(t, opened(t, top, Options{}), "GET", path).StatusCode, path)
		if !strings.HasSuffix(path, "/") {
			assert.Equal(t, 200, fetch(t, opened(t, top, Options{Dotfiles: true}), "GET", path).StatusCode, path)
		}
	}
}

// Go's os.DirFS (CVE-2022-41720) and Werkzeug (CVE-2025-66221) have opened devices.
func TestWindowsTraps(t *testing.T) {
	for _, name := range []string{
		"nul", "NUL.txt", "sub/con", "aux.tar.gz", "COM1", "lpt9.log", "com¹", "conin$", "a.txt.", "a.txt ", "sub./x", "a.txt::$DATA", "C:x", "GIT~1", "web~1.con",
		"a<b", "a?b", "a*b", "a\x1fb", `a"b`, "a|b", "nul .txt",
	} {
		assert.True(t, windowsTrap(name), name)
		_, err := resolve("/"+name, true)
		assert.ErrorIs(t, err, exc.NotFound, name)
	}
	for _, name := range []string{".", "a.txt", "console", "com", "com10", "nulls.txt", "a~b.txt", "draft~final.txt", "a b.txt", "sub/.x"} {
		assert.False(t, windowsTrap(name), name)
	}
}

func TestMethods(t *testing.T) {
	d := opened(t, plant(t, map[string]string{"a.txt": "content", "sub/index.html": "x"}), Options{})
	for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS", "get", "PROPFIND"} {
		resp := fetch(t, d, method, "/a.txt")
		assert.Equal(t, 405, resp.StatusCode, method)
		assert.Equal(t, "GET, HEAD", resp.Header.Get("Allow"), method)
	}
	head, get := fetch(t, d, "HEAD", "/a.txt"), fetch(t, d, "GET", "/a.txt")
	assert.Equal(t, get.Header, head.Header)
	assert.Equal(t, "7", head.Header.Get("Content-Length"))
	assert.Empty(t, head.body)
	assert.Equal(t, 404, fetch(t, d, "POST", "/none").StatusCode)
}

// A redirect leads to the directory of this site, whatever the path says.
func TestRedirects(t *testing.T) {
	d := opened(t, plant(t, map[string]string{"sub/index.html": "x", "a:b/index.html": "x", "x y/index.html": "x", "index.html": "x", "evil.example/index.html": "x"}), Options{HideIndex: true})
	for _, row := range []struct{ name, path, location string }{
		{"a directory", "/sub", "./sub/"},
		{"with its query", "/sub?a=b", "./sub/?a=b"},
		{"from below", "/sub/../sub", "./sub/"},
		{"another host it is not (aiohttp, CVE-2021-21330)", "//evil.example", "./evil.example/"},
		{"nor by dots", "//evil.example/..//sub", "./sub/"},
		{"a colon makes no scheme", "/a:b", "./a:b/"},
		{"a space stays escaped", "/x%20y", "./x%20y/"},
		{"the index page by its name", "/index.html", "./"},
		{"that of a directory", "/sub/index.html?q", "./?q"},
		{"with an escaped slash", "/sub%2findex.html", "./sub/"},
		{"escaped", "/sub/%69ndex.html", "./"},
	} {
		t.Run(row.name, func(t *testing.T) {
			resp := fetchRequest(t, d, wire(t, "GET "+row.path+" HTTP/1.1\r\nHost: example.com\r\n\r\n"))
			assert.Equal(t, 301, resp.StatusCode)
			assert.Equal(t, row.location, resp.Header.Get("Location"))
		})
	}
	mounted := http.StripPrefix("/files", d)
	assert.Equal(t, "./files/", fetch(t, mounted, "GET", "/files").Header.Get("Location"), "behind a mount, too")
	assert.Equal(t, "./sub/", fetch(t, mounted, "GET", "/files/sub").Header.Get("Location"))
}

func TestEmbeddedFiles(t *testing.T) {
	sub, err := fs.Sub(embedded, "testdata/site")
	require.NoError(t, err)
	d, err := NewDir(sub, Options{})
	require.NoError(t, err)
	resp := fetch(t, d, "GET", "/hello.txt")
	tag := resp.Header.Get("Etag")
	assert.Equal(t, "hello, world\n", resp.body)
	assert.Regexp(t, `^"[A-Za-z0-9_-]{24}"$`, tag, "strong, of the content")
	assert.Empty(t, resp.Header.Get("Last-Modified"))
	assert.Equal(t, 304, fetch(t, d, "GET", "/hello.txt", "If-None-Match", tag).StatusCode)
	part := fetch(t, d, "GET", "/hello.txt", "Range", "bytes=0-4", "If-Range", tag)
	assert.Equal(t, 206, part.StatusCode)
	assert.Equal(t, "hello", part.body)
	several := fetch(t, d, "GET", "/hello.txt", "Range", "bytes=7-8,0-1")
	assert.Equal(t, 206, several.StatusCode)
	assert.Contains(t, several.body, "\r\n\r\nwo\r\n")
	assert.Contains(t, several.body, "\r\n\r\nhe\r\n")
}

func TestRangesOfFiles(t *testing.T) {
	d := opened(t, plant(t, map[string]string{"a.txt": "0123456789"}), Options{})
	for _, row := range []struct {
		name, field string
		status      int
		body        string
	}{
		{"first", "bytes=0-1", 206, "01"}, {"last", "bytes=-2", 206, "89"}, {"open", "bytes=8-", 206, "89"},
		{"beyond", "bytes=10-", 416, "Range Not Satisfiable\n"}, {"malformed counts for nothing", "bytes=x", 200, "0123456789"},
	} {
		resp := fetch(t, d, "GET", "/a.txt", "Range", row.field)
		assert.Equal(t, row.status, resp.StatusCode, row.name)
		if row.status != 416 {
			assert.Equal(t, row.body, resp.body, row.name)
		}
	}
}

func TestPrecompressed(t *testing.T) {
	files := map[string]string{"a.css": "plain", "a.css.br": "brotli", "a.css.gz": "gzipped", "a.css.zst": "zstd", "b.css": "plain", "b.css.gz": "gzipped", "c.css": "plain", "d.tar.gz": "x", "d.tar.gz.br": "y"}
	top := plant(t, files)
	stale := old.Add(-time.Hour)
	require.NoError(t, os.WriteFile(filepath.Join(top, "c.css.gz"), []byte("stale"), 0o644))
	require.NoError(t, os.Chtimes(filepath.Join(top, "c.css.gz"), stale, stale))
	d := opened(t, top, Options{Precompressed: []string{"br", "zstd", "gzip"}})
	tags := map[string]bool{}
	for _, row := range []struct{ name, path, accept, body, coding string }{
		{"nothing asked", "/a.css", "", "plain", ""},
		{"the dearest", "/a.css", "gzip, br, zstd", "brotli", "br"},
		{"what weighs more", "/a.css", "gzip, br;q=0.5", "gzipped", "gzip"},
		{"one alone", "/a.css", "zstd", "zstd", "zstd"},
		{"an old name", "/a.css", "x-gzip", "gzipped", "gzip"},
		{"none that we have", "/a.css", "deflate", "plain", ""},
		{"none wanted", "/a.css", "gzip;q=0", "plain", ""},
		{"identity before all", "/a.css", "identity, br;q=0.1", "plain", ""},
		{"anything", "/a.css", "*", "brotli", "br"},
		{"what is not there is passed over", "/b.css", "br, gzip;q=0.5", "gzipped", "gzip"},
		{"a stale one, too", "/c.css", "gzip", "plain", ""},
		{"what is compressed already is not again", "/d.tar.gz", "br", "x", "gzip"},
	} {
		t.Run(row.name, func(t *testing.T) {
			var fields []string
			if row.accept != "" {
				fields = []string{"Accept-Encoding", row.accept}
			}
			resp := fetch(t, d, "GET", row.path, fields...)
			assert.Equal(t, row.body, resp.body)
			assert.Equal(t, row.coding, resp.Header.Get("Content-Encoding"))
			if row.path == "/d.tar.gz" {
				return
			}
			assert.Equal(t, "text/css; charset=utf-8", resp.Header.Get("Content-Type"))
			assert.Equal(t, "Accept-Encoding", resp.Header.Get("Vary"), "whatever was chosen")
			tag := resp.Header.Get("Etag")
			assert.NotEmpty(t, tag)
			if row.path == "/a.css" {
				tags[tag] = true
			}
			again := fetch(t, d, "GET", row.path, append(fields, "If-None-Match", tag)...)
			assert.Equal(t, 304, again.StatusCode)
			assert.Equal(t, "Accept-Encoding", again.Header.Get("Vary"))
		})
	}
	assert.Len(t, tags, 4, "each coding has a tag of its own")
}

func TestOptions(t *testing.T) {
	top := plant(t, map[string]string{"index.html": "app", "app.3f9a2b1c.js": "js", "a.xyzzy": "x", "sub/x.txt": "x", "plain": "x"})
	t.Run("the fallback is for pages", func(t *testing.T) {
		d := opened(t, top, Options{Fallback: "index.html", CacheControl: "no-cache"})
		for path, status := range map[string]int{"/users/7": 200, "/sub/": 200, "/missing.js": 404, "/.git/config": 404, "/sub/x.txt": 200} {
			assert.Equal(t, status, fetch(t, d, "GET", path).StatusCode, path)
		}
		page := fetch(t, d, "GET", "/users/7")
		assert.Equal(t, "app", page.body)
		assert.Equal(t, "text/html; charset=utf-8", page.Header.Get("Content-Type"))
		assert.Equal(t, 404, fetch(t, d, "POST", "/users/7").StatusCode)
	})
	t.Run("immutable names", func(t *testing.T) {
		d := opened(t, top, Options{Immutable: Hashed, CacheControl: "no-cache"})
		assert.Equal(t, Forever, fetch(t, d, "GET", "/app.3f9a2b1c.js").Header.Get("Cache-Control"))
		assert.Equal(t, "no-cache", fetch(t, d, "GET", "/index.html").Header.Get("Cache-Control"))
	})
	t.Run("unknown types are not guessed", func(t *testing.T) {
		resp := fetch(t, opened(t, top, Options{}), "GET", "/plain")
		assert.Equal(t, "application/octet-stream", resp.Header.Get("Content-Type"))
		assert.Equal(t, "nosniff", resp.Header.Get("X-Content-Type-Options"))
		resp = fetch(t, opened(t, top, Options{Types: map[string]string{".xyzzy": "text/x-y"}}), "GET", "/a.xyzzy")
		assert.Equal(t, "text/x-y", resp.Header.Get("Content-Type"))
	})
	t.Run("tags of files on disk", func(t *testing.T) {
		resp := fetch(t, opened(t, top, Options{Tags: true}), "GET", "/plain")
		assert.Regexp(t, `^"[^"]+"$`, resp.Header.Get("Etag"))
		require.NoError(t, os.WriteFile(filepath.Join(top, "new"), nil, 0o644))
		assert.Regexp(t, `^W/"`, fetch(t, opened(t, top, Options{Tags: true}), "GET", "/new").Header.Get("Etag"), "it may still change")
	})
	t.Run("no list unless asked for", func(t *testing.T) {
		assert.Equal(t, 404, fetch(t, opened(t, top, Options{}), "GET", "/sub/").StatusCode)
		assert.Equal(t, 403, fetch(t, opened(t, top, Options{NoIndex: true}), "GET", "/").StatusCode)
	})
	t.Run("the last word", func(t *testing.T) {
		d := opened(t, top, Options{Prepare: func(_ *webob.Request, name string, resp *webob.Response) error {
			if name == "plain" {
				return exc.Unauthorized
			}
			resp.Header().Set("X-Name", name)
			return nil
		}})
		assert.Equal(t, 401, fetch(t, d, "GET", "/plain").StatusCode)
		assert.Equal(t, "sub/x.txt", fetch(t, d, "GET", "/sub/x.txt").Header.Get("X-Name"))
	})
	for _, o := range []Options{{Index: "a/b"}, {Index: ".."}, {Fallback: "/x"}, {Fallback: "../x"}, {Precompressed: []string{"lzma"}}, {Precompressed: []string{"br", "br"}}, {Types: map[string]string{"md": "x/y"}}} {
		_, err := OpenDir(top, o)
		assert.Error(t, err, "%+v", o)
	}
}

func TestList(t *testing.T) {
	top := plant(t, map[string]string{"<b>&.txt": "x", ".hidden": "x", "sub/x": "x", "a b?.txt": "x", ".well-known/x": "x"})
	d := opened(t, top, Options{List: true})
	resp := fetch(t, d, "GET", "/")
	assert.Equal(t, 200, resp.StatusCode)
	assert.Contains(t, resp.body, `<a href="./%3Cb%3E&amp;.txt">&lt;b&gt;&amp;.txt</a>`)
	assert.Contains(t, resp.body, `<a href="./a%20b%3F.txt">a b?.txt</a>`)
	assert.Contains(t, resp.body, `<a href="./sub/">sub/</a>`)
	assert.Contains(t, resp.body, ".well-known/")
	assert.NotContains(t, resp.body, ".hidden")
	assert.Equal(t, "./sub/", fetch(t, d, "GET", "/sub").Header.Get("Location"))
	assert.Equal(t, 405, fetch(t, d, "POST", "/").StatusCode)
}

func TestFile(t *testing.T) {
	top := plant(t, map[string]string{"a.css": "content", "a.css.gz": "gz", "d/": ""})
	f, err := NewFile(filepath.Join(top, "a.css"), Options{Precompressed: []string{"gzip"}})
	require.NoError(t, err)
	resp := fetch(t, f, "GET", "/whatever/../x")
	assert.Equal(t, "content", resp.body)
	assert.Equal(t, "text/css; charset=utf-8", resp.Header.Get("Content-Type"))
	assert.Equal(t, old.Format(http.TimeFormat), resp.Header.Get("Last-Modified"))
	assert.Equal(t, "gz", fetch(t, f, "GET", "/", "Accept-Encoding", "gzip").body)
	assert.Equal(t, 405, fetch(t, f, "POST", "/").StatusCode)

	require.NoError(t, os.Remove(filepath.Join(top, "a.css")))
	missing := fetch(t, f, "GET", "/")
	assert.Equal(t, 404, missing.StatusCode)
	assert.NotContains(t, missing.body, top)

	dir, err := NewFile(filepath.Join(top, "d"), Options{})
	require.NoError(t, err)
	assert.Equal(t, 403, fetch(t, dir, "GET", "/").StatusCode)
	_, err = NewFSFile(fstest.MapFS{}, "../x", Options{})
	assert.ErrorIs(t, err, fs.ErrInvalid)
}

// A file that can only be read forward has ranges as well, as long as they ascend.
func TestFilesThatCanOnlyBeRead(t *testing.T) {
	d, err := NewDir(forward{fstest.MapFS{"a.txt": {Data: []byte("0123456789"), ModTime: old}}}, Options{})
	require.NoError(t, err)
	assert.Equal(t, "0123456789", fetch(t, d, "GET", "/a.txt").body)
	assert.Equal(t, "10", fetch(t, d, "HEAD", "/a.txt").Header.Get("Content-Length"))
	part := fetch(t, d, "GET", "/a.txt", "Range", "bytes=5-6")
	assert.Equal(t, 206, part.StatusCode)
	assert.Equal(t, "56", part.body)
	assert.Contains(t, fetch(t, d, "GET", "/a.txt", "Range", "bytes=0-1,8-").body, "\r\n\r\n89\r\n")
	assert.Equal(t, 200, fetch(t, d, "GET", "/a.txt", "Range", "bytes=8-,0-1").StatusCode)
	assert.Equal(t, 304, fetch(t, d, "GET", "/a.txt", "If-Modified-Since", old.Format(http.TimeFormat)).StatusCode)
}

type forward struct{ fs.FS }

func (f forward) Open(name string) (fs.File, error) {
	file, err := f.FS.Open(name)
	return struct{ fs.File }{file}, err
}

// fails is a file system with one error for all names.
type fails struct{ err error }

func (f fails) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: f.err}
}

func TestWhatOpeningSays(t *testing.T) {
	for err, status := range map[error]int{
		fs.ErrNotExist: 404, fs.ErrPermission: 403, fs.ErrInvalid: 404, syscall.ENAMETOOLONG: 404, syscall.EMFILE: 500, syscall.EIO: 500, errors.New("x"): 500,
	} {
		f, ferr := NewFSFile(fails{err}, "a.txt", Options{})
		require.NoError(t, ferr)
		resp := fetch(t, f, "GET", "/")
		assert.Equal(t, status, resp.StatusCode, err)
		assert.NotContains(t, resp.body, "a.txt")
	}
	_, err := NewDir(fails{fs.ErrNotExist}, Options{})
	assert.ErrorIs(t, err, fs.ErrNotExist)
	_, err = NewDir(fstest.MapFS{".": &fstest.MapFile{}}, Options{})
	assert.Error(t, err)
	_, err = OpenDir(filepath.Join(plant(t, map[string]string{"f": ""}), "f"), Options{})
	assert.Error(t, err, "a file is no directory")
}

func TestTagsAreBoundedAndMadeOnce(t *testing.T) {
	var s tags
	reads := 0
	src := fsSource{counting{fstest.MapFS{"a": {Data: []byte("x")}}, &reads}}
	for range 5 {
		_, err := s.tag(src, "a", 1)
		require.NoError(t, err)
	}
	assert.Equal(t, 1, reads)
	for i := range maxTags + 100 {
		s.tag(src, "a", int64(i))
	}
	assert.LessOrEqual(t, len(s.known), maxTags)
	_, err := s.tag(src, "none", 1)
	assert.Error(t, err)
	assert.NotContains(t, s.known, contentKey{"none", 1}, "an error is not remembered")
}

type counting struct {
	fs.FS
	n *int
}

func (c counting) Open(name string) (fs.File, error) {
	*c.n++
	return c.FS.Open(name)
}

func TestBlocks(t *testing.T) {
	for _, row := range []struct {
		name     string
		from, to int64
		size     int
		want     string
	}{
		{"all", 0, -1, 4, "0123|4567|89"}, {"from within", 3, -1, 4, "3456|789"}, {"to within", 0, 5, 4, "0123|4"},
		{"one block", 2, 6, 0, "2345"}, {"beyond the end", 8, 100, 4, "89"}, {"behind the end", 20, -1, 4, ""},
		{"nothing", 5, 5, 4, ""}, {"less than nothing", 5, 2, 4, ""}, {"from below", -3, 2, 4, "01"},
	} {
		var got []string
		for b, err := range Blocks(strings.NewReader("0123456789"), row.from, row.to, row.size) {
			require.NoError(t, err)
			got = append(got, string(b))
		}
		assert.Equal(t, row.want, strings.Join(got, "|"), row.name)
	}
	broken := io.NewSectionReader(readerAtFunc(func([]byte, int64) (int, error) { return 0, syscall.EIO }), 0, 10)
	for _, err := range Blocks(broken, 0, -1, 0) {
		assert.ErrorIs(t, err, syscall.EIO)
	}
}

type readerAtFunc func([]byte, int64) (int, error)

func (f readerAtFunc) ReadAt(p []byte, at int64) (int, error) { return f(p, at) }

func TestTypes(t *testing.T) {
	for name, want := range map[string][2]string{
		"a.html": {"text/html; charset=utf-8"}, "A.HTML": {"text/html; charset=utf-8"}, "a.js": {"text/javascript; charset=utf-8"},
		"a.svg": {"image/svg+xml; charset=utf-8"}, "a.png": {"image/png"}, "a.tar.gz": {"application/x-tar", "gzip"}, "a.tgz": {"application/x-tar", "gzip"},
		"a.svgz": {"image/svg+xml; charset=utf-8", "gzip"}, "a.txt.br": {"text/plain; charset=utf-8", "br"}, "a.gz": {"application/octet-stream", "gzip"},
		"noext": {"application/octet-stream"}, ".profile": {"application/octet-stream"}, "..css": {"application/octet-stream"}, "a.html~": {"application/octet-stream"}, "d/a.json": {"application/json"},
	} {
		mediaType, coding := Type(name)
		assert.Equal(t, want, [2]string{mediaType, coding}, name)
	}
	for name, want := range map[string]bool{
		"app.3f9a2b1c.js": true, "js/logo-5d41402abc4b2a76.svg": true, "x_DEADBEEF01.css": true, "app.js": false, "2024-20240101.txt": false,
		"deadbeef.js": false, "app-facade.js": false, "3f9a2b1c": false, "3f9a2b1c.d/app.js": false,
	} {
		assert.Equal(t, want, Hashed(name), name)
	}
}

// Files leave through the connection's own ReadFrom, which is sendfile.
func TestFilesOverASocket(t *testing.T) {
	content := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	top := plant(t, map[string]string{"big.bin": string(content)})
	srv := httptest.NewServer(opened(t, top, Options{}))
	defer srv.Close()
	resp, err := srv.Client().Get(srv.URL + "/big.bin")
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	assert.True(t, bytes.Equal(content, body))
	assert.EqualValues(t, len(content), resp.ContentLength)
}
