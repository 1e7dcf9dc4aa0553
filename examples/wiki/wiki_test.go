package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// testWiki is the app over a folder of its own.
func testWiki(t *testing.T) http.Handler {
	t.Helper()
	app, err := newApp(testRoot(t))
	require.NoError(t, err)
	return app
}

func testRoot(t *testing.T) *os.Root {
	t.Helper()
	root, err := os.OpenRoot(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { root.Close() })
	return root
}

// get asks the app in process, as a browser would.
func get(app http.Handler, target string, opts ...webob.BlankOption) *webob.Response {
	req := webob.Blank(target, append([]webob.BlankOption{webob.WithHeader("Accept", "text/html")}, opts...)...)
	return req.GetResponse(app)
}

// post sends a form.
func post(app http.Handler, target string, keysAndValues ...string) *webob.Response {
	return get(app, target, webob.WithForm(keysAndValues...))
}

func text(t *testing.T, resp *webob.Response) string {
	t.Helper()
	s, err := resp.Text()
	require.NoError(t, err)
	return s
}

// mustSave writes a page through the form.
func mustSave(t *testing.T, app http.Handler, title, base, content string) {
	t.Helper()
	resp := post(app, Title(title).at("/edit/"), "text", content, "base", base, "do", "save")
	require.Equal(t, 303, resp.Status(), text(t, resp))
}

func TestRoutes(t *testing.T) {
	app := testWiki(t)
	mustSave(t, app, "Home", "0", "first")
	mustSave(t, app, "Home", "1", "second")
	rows := []struct {
		name, method, target string
		status               int
		location, contains   string
	}{
		{"the root leads to the first page", "GET", "/", 302, "/wiki/Home", ""},
		{"a page shows its text", "GET", "/wiki/Home", 200, "", "<p>second</p>"},
		{"a page says its version", "GET", "/wiki/Home", 200, "", "Version 2, saved"},
		{"a page has a comment box", "GET", "/wiki/Home", 200, "", `action="/.comments"`},
		{"a page has no banner of an old version", "GET", "/wiki/Home", 200, "", "</html>"},
		{"an absent page offers to create it", "GET", "/wiki/AC%2FDC", 404, "", `href="/edit/AC%2FDC"`},
		{"an absent page names it", "GET", "/wiki/AC%2FDC", 404, "", "There is no page &#34;AC/DC&#34; yet."},
		{"the form of a page has its text", "GET", "/edit/Home", 200, "", "second</textarea>"},
		{"the form says what it started from", "GET", "/edit/Home", 200, "", `name="base" value="2"`},
		{"the form of a new page starts from 0", "GET", "/edit/New", 200, "", `name="base" value="0"`},
		{"an old version can be edited", "GET", "/edit/Home?from=1", 200, "", "first</textarea>"},
		{"an old version is edited on top of the newest", "GET", "/edit/Home?from=1", 200, "", `name="base" value="2"`},
		{"to edit a version that is not there", "GET", "/edit/Home?from=9", 404, "", "no version 9"},
		{"the history lists versions", "GET", "/history/Home", 200, "", `href="/history/Home/1"`},
		{"the history says when", "GET", "/history/Home", 200, "", "<time datetime="},
		{"the history of an absent page", "GET", "/history/Nope", 404, "", "Create this page"},
		{"an old version shows its text", "GET", "/history/Home/1", 200, "", "<p>first</p>"},
		{"an old version says that it is one", "GET", "/history/Home/1", 200, "", "version 1 of 2"},
		{"a version that is not there", "GET", "/history/Home/3", 404, "", "no version 3"},
		{"a version that is no number", "GET", "/history/Home/x", 404, "", "is no version"},
		{"a version below one", "GET", "/history/Home/-1", 404, "", "is no version"},
		{"a version of an absent page", "GET", "/history/Nope/1", 404, "", "Create this page"},
		{"all pages", "GET", "/pages", 200, "", `<a href="/wiki/Home">Home</a>`},
		{"a typed title leads to its page", "GET", "/go?title=+A+b%2Fc+", 302, "/wiki/A%20b%2Fc", ""},
		{"a typed title that is a URL stays here", "GET", "/go?title=%2F%2Fevil.example", 302, "/wiki/%2F%2Fevil.example", ""},
		{"no typed title", "GET", "/go", 400, "", "a page needs a title"},
		{"a query that is no UTF-8", "GET", "/go?title=%FF", 400, "", "400"},
		{"the stylesheet", "GET", "/style.css", 200, "", "color-scheme"},
		{"a path that is nothing", "GET", "/nothing", 404, "", "Back to the first page"},
		{"a form can be previewed without a page", "POST", "/edit/New", 422, "", "A page needs some text."},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			opts := []webob.BlankOption{webob.WithMethod(row.method)}
			if row.method == "POST" {
				opts = append(opts, webob.WithForm("text", " "))
			}
			resp := get(app, row.target, opts...)
			assert.Equal(t, row.status, resp.Status())
			assert.Equal(t, row.location, resp.Header().Get("Location"))
			assert.Contains(t, text(t, resp), row.contains)
			assert.NotContains(t, text(t, resp), "ZgotmplZ")
			assert.Contains(t, resp.Header().Get("Content-Security-Policy"), "default-src 'none'", "on errors too")
		})
	}
}

func TestMethods(t *testing.T) {
	server := httptest.NewServer(testWiki(t))
	defer server.Close()
	rows := []struct{ name, method, path, allow string }{
		{"POST to a page", "POST", "/wiki/Home", "GET, HEAD"},
		{"DELETE of a form", "DELETE", "/edit/Home", "GET, HEAD, POST"},
		{"PUT of the stylesheet", "PUT", "/style.css", "GET, HEAD"},
		{"GET of the place for comments", "GET", "/.comments", "POST"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			resp, body := send(t, server, row.method, row.path, nil)
			assert.Equal(t, 405, resp.StatusCode)
			assert.Equal(t, row.allow, resp.Header.Get("Allow"))
			assert.Contains(t, body, "Back to the first page", "in the wiki's clothes")
		})
	}
}

// send makes a request over a socket and reads the answer; redirects are answers.
func send(t *testing.T, server *httptest.Server, method, path string, header http.Header) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequest(method, server.URL+path, nil)
	require.NoError(t, err)
	req.Header = http.Header{"Accept": {"text/html"}}
	for name, values := range header {
		req.Header[name] = values
	}
	resp, err := server.Client().Transport.RoundTrip(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp, string(body)
}

func TestHeadHasTheHeaderOfGet(t *testing.T) {
	app := testWiki(t)
	mustSave(t, app, "Home", "0", "text")
	server := httptest.NewServer(app)
	defer server.Close()
	for _, path := range []string{"/wiki/Home", "/wiki/Nope", "/style.css", "/pages", "/edit/Home", "/"} {
		t.Run(path, func(t *testing.T) {
			got, body := send(t, server, "GET", path, nil)
			head, none := send(t, server, "HEAD", path, nil)
			got.Header.Del("Date")
			head.Header.Del("Date")
			assert.Equal(t, got.StatusCode, head.StatusCode)
			assert.Equal(t, got.Header, head.Header)
			assert.EqualValues(t, len(body), head.ContentLength)
			assert.Empty(t, none)
		})
	}
}

func TestNotModified(t *testing.T) {
	app := testWiki(t)
	mustSave(t, app, "Home", "0", "one")
	server := httptest.NewServer(app)
	defer server.Close()
	again := func(path, tag string) int {
		resp, body := send(t, server, "GET", path, http.Header{"If-None-Match": {tag}})
		if resp.StatusCode == http.StatusNotModified {
			assert.Empty(t, body)
		}
		return resp.StatusCode
	}
	tagOf := func(path string) string {
		resp, _ := send(t, server, "GET", path, nil)
		tag := resp.Header.Get("ETag")
		require.NotEmpty(t, tag)
		return tag
	}
	for _, path := range []string{"/wiki/Home", "/style.css", "/pages", "/history/Home", "/history/Home/1"} {
		assert.Equal(t, 304, again(path, tagOf(path)), path)
		assert.Equal(t, 200, again(path, `"other"`), path)
	}
	before := tagOf("/wiki/Home")
	mustSave(t, app, "Home", "1", "two, see [[Other]]")
	assert.Equal(t, 200, again("/wiki/Home", before), "after a change")
	before = tagOf("/wiki/Home")
	mustSave(t, app, "Other", "0", "new")
	assert.Equal(t, 200, again("/wiki/Home", before), "after a page it links to has been created")
	before = tagOf("/wiki/Home")
	require.Equal(t, 303, post(app, "/.comments", "page", "/wiki/Home", "name", "Ann", "text", "Hello").Status())
	assert.Equal(t, 200, again("/wiki/Home", before), "after a comment")
}

func TestErrorsInOtherFormats(t *testing.T) {
	app := testWiki(t)
	resp := get(app, "/wiki/No%20such", webob.WithHeader("Accept", "application/problem+json"))
	assert.ErrorIs(t, resp.Err(), exc.NotFound)
	assert.Equal(t, "application/problem+json", resp.Header().Get("Content-Type"))
	assert.Contains(t, text(t, resp), `"create":"/edit/No%20such"`, "a program is told where to create the page")
	create, ok := createAt.Get(resp.Err())
	assert.True(t, ok)
	assert.Equal(t, "/edit/No%20such", create)

	resp = get(app, "/wiki/x", webob.WithHeader("Accept", "text/plain"), webob.WithMethod("POST"))
	assert.Equal(t, 405, resp.Status())
	assert.Equal(t, "text/plain; charset=utf-8", resp.Header().Get("Content-Type"))
}

func TestPreview(t *testing.T) {
	app := testWiki(t)
	resp := post(app, "/edit/New", "text", "so **bold**\r\nand <b>", "base", "0", "do", "preview")
	body := text(t, resp)
	assert.Equal(t, 200, resp.Status())
	assert.Contains(t, body, "<p>so <strong>bold</strong>\nand &lt;b&gt;</p>")
	assert.Contains(t, body, "so **bold**\nand &lt;b&gt;</textarea>", "the text can be changed further")
	assert.Contains(t, body, `name="base" value="0"`)
	assert.NotContains(t, body, "Somebody else")
	assert.Equal(t, 404, get(app, "/wiki/New").Status(), "nothing is saved")
}

func TestConflict(t *testing.T) {
	rows := []struct {
		name, base string
		versions   []string // there already
		status     int
		next       string // the version that the form of the answer starts from
	}{
		{"an editor who started from the newest version saves", "2", []string{"a", "b"}, 303, ""},
		{"a stale version conflicts", "1", []string{"a", "b"}, 409, "2"},
		{"a new page that somebody else has made meanwhile", "0", []string{"a"}, 409, "1"},
		{"a version that is not there yet", "7", []string{"a"}, 409, "1"},
		{"a version of a page that is not there", "1", nil, 409, "0"},
		{"a version below zero", "-1", []string{"a"}, 409, "1"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			app := testWiki(t)
			for i, v := range row.versions {
				mustSave(t, app, "Page", string(rune('0'+i)), "theirs "+v)
			}
			resp := post(app, "/edit/Page", "text", "mine <&>", "base", row.base, "do", "save")
			assert.Equal(t, row.status, resp.Status())
			if row.status == 303 {
				assert.Contains(t, text(t, get(app, "/wiki/Page")), "mine &lt;&amp;&gt;")
				return
			}
			body := text(t, resp)
			assert.Contains(t, body, "mine &lt;&amp;&gt;</textarea>", "my text is kept")
			assert.Contains(t, body, `name="base" value="`+row.next+`"`)
			if n := len(row.versions); n > 0 {
				last := "theirs " + row.versions[n-1]
				assert.Contains(t, body, `<pre id="theirs">`+last+`</pre>`)
				assert.Contains(t, text(t, get(app, "/wiki/Page")), last, "nothing was overwritten")
			}
			mustSave(t, app, "Page", row.next, "both") // the way to go on
			assert.Contains(t, text(t, get(app, "/wiki/Page")), "<p>both</p>")
		})
	}
}

func TestSavingTheSameTextIsNoVersion(t *testing.T) {
	app := testWiki(t)
	mustSave(t, app, "Page", "0", "same")
	mustSave(t, app, "Page", "1", "same")
	assert.Equal(t, 404, get(app, "/history/Page/2").Status())
}

func TestHostileTitles(t *testing.T) {
	app := testWiki(t)
	rows := []struct {
		name, title string
		status      int // of saving
	}{
		{"markup", `<script>alert(1)</script>`, 303},
		{"an attribute's end", `" onmouseover="alert(1)`, 303},
		{"a template", `{{.}}${x}`, 303},
		{"the way up", "../../etc/passwd", 303},
		{"the way up, on Windows", `..\..\x`, 303},
		{"an absolute path", "/etc/passwd", 303},
		{"another host", "//evil.example/", 303},
		{"a scheme", "javascript:alert(1)", 303},
		{"percent signs", "100%41%2e%2e", 303},
		{"a query and a fragment", "a?b=c#d&e;f", 303},
		{"a hidden file", ".htaccess", 303},
		{"other scripts", "Ünïcødé 維基 🙂", 303},
		{"the longest", strings.Repeat("x", maxTitle), 303},
		{"one too long", strings.Repeat("x", maxTitle+1), 400},
		{"NUL", "a\x00b", 400},
		{"a line break", "a\r\nSet-Cookie: x=y", 400},
		{"text turned around", "a\u202eb", 400},
		{"no UTF-8", "a\xff", 400},
		{"spaces alone", "   ", 400},
		{"a space at the end", "a ", 400},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			escaped := url.PathEscape(row.title)
			resp := post(app, "/edit/"+escaped, "text", row.title+"\n\n[["+row.title+"]]", "base", "0", "do", "save")
			require.Equal(t, row.status, resp.Status())
			harmless(t, text(t, resp))
			if row.status != 303 {
				assert.Equal(t, 400, get(app, "/wiki/"+escaped).Status())
				return
			}
			assert.Equal(t, "/wiki/"+escaped, resp.Header().Get("Location"))
			for _, path := range []string{"/wiki/", "/edit/", "/history/"} {
				resp := get(app, path+escaped)
				assert.Equal(t, 200, resp.Status())
				harmless(t, text(t, resp))
			}
			harmless(t, text(t, get(app, "/history/"+escaped+"/1")))
			harmless(t, text(t, get(app, "/wiki/"+escaped+"x")))
		})
	}
	harmless(t, text(t, get(app, "/pages")))
	for _, dots := range []string{"%2e", "%2e%2e"} {
		resp := get(app, "/wiki/"+dots)
		assert.Equal(t, 307, resp.Status(), "the mux takes dots out of a path, as browsers do")
		assert.NotContains(t, resp.Header().Get("Location"), "/wiki/.")
	}
}

func TestHostileText(t *testing.T) {
	app := testWiki(t)
	const text1 = "</textarea></pre></p><script>alert(1)</script>\x00 <img src=x onerror=alert(1)> [[\" onclick=\"x]] `<b>` **<i>** ]]>&amp;&#60;"
	mustSave(t, app, "Page", "0", text1)
	for _, path := range []string{"/wiki/Page", "/edit/Page", "/history/Page/1"} {
		harmless(t, text(t, get(app, path)))
	}
	harmless(t, text(t, post(app, "/edit/Page", "text", text1, "base", "1", "do", "preview")))
	harmless(t, text(t, post(app, "/edit/Page", "text", text1, "base", "0", "do", "save")))
	body := text(t, get(app, "/wiki/Page"))
	assert.NotContains(t, body, "\x00")
	assert.Contains(t, body, "&amp;amp;&amp;#60;", "shown as it was typed")
}

var (
	anyTag  = regexp.MustCompile(`<[^>]*>`)
	ownTags = regexp.MustCompile(`^</?(!DOCTYPE|a|article|body|button|code|div|form|h[1-4]|head|header|html|input|label|li|link|main|meta|nav|ol|p|pre|section|span|strong|textarea|time|title|ul)\b`)
	handler = regexp.MustCompile(`(?i)\son\w+\s*=|javascript:|srcdoc`)
)

// harmless checks that all tags of a page are the wiki's own and none has a script.
func harmless(t *testing.T, page string) {
	t.Helper()
	for _, tag := range anyTag.FindAllString(page, -1) {
		assert.Regexp(t, ownTags, tag)
		assert.NotRegexp(t, handler, regexp.MustCompile(`"[^"]*"`).ReplaceAllString(tag, `""`))
		if href := regexp.MustCompile(`(?:href|action)="([^"]*)"`).FindStringSubmatch(tag); href != nil {
			assert.Regexp(t, `^/(?:[^/]|$)`, href[1], "links stay on the site")
		}
	}
}

func TestLimits(t *testing.T) {
	app := testWiki(t)
	long := strings.Repeat("é", maxText/2)
	mustSave(t, app, "Long", "0", long)

	resp := post(app, "/edit/Long", "text", long+"!", "base", "1", "do", "save")
	assert.Equal(t, 413, resp.Status())
	assert.Contains(t, text(t, resp), long+"!</textarea>", "the writer gets the text back")
	assert.Equal(t, 404, get(app, "/history/Long/2").Status())

	resp = post(app, "/edit/Long", "text", strings.Repeat("x", maxBody), "base", "1")
	assert.Equal(t, 413, resp.Status())
	assert.ErrorIs(t, resp.Err(), exc.ContentTooLarge)
}

func TestBadForms(t *testing.T) {
	app := testWiki(t)
	rows := []struct {
		name   string
		opt    webob.BlankOption
		status int
	}{
		{"a base that is no number", webob.WithForm("text", "x", "base", "x"), 422},
		{"a field that is not known", webob.WithForm("text", "x", "evil", "x"), 422},
		{"two texts", webob.WithForm("text", "x", "text", "y"), 422},
		{"a text that is no UTF-8", webob.WithForm("text", "\xff"), 400},
		{"another type", webob.WithAll(webob.WithPost([]byte("x")), webob.WithContentType("text/plain")), 415},
		{"a multipart form that is cut short", webob.WithAll(webob.WithPost([]byte("--x\r\n")), webob.WithContentType("multipart/form-data; boundary=x")), 400},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			assert.Equal(t, row.status, get(app, "/edit/X", row.opt).Status())
			assert.Equal(t, row.status, get(app, "/.comments", row.opt).Status())
			assert.Equal(t, 404, get(app, "/wiki/X").Status())
		})
	}
}

func TestCrossOrigin(t *testing.T) {
	app := testWiki(t)
	form := webob.WithForm("text", "x", "base", "0", "do", "save")
	resp := get(app, "/edit/X", form, webob.WithHeader("Sec-Fetch-Site", "cross-site"))
	assert.ErrorIs(t, resp.Err(), exc.Forbidden)
	assert.Contains(t, text(t, resp), "sent from another site")
	assert.Equal(t, 403, get(app, "/edit/X", form, webob.WithHeader("Origin", "https://evil.example")).Status())
	assert.Equal(t, 303, get(app, "/edit/X", form, webob.WithHeader("Sec-Fetch-Site", "same-origin")).Status())
	assert.Equal(t, 200, get(app, "/wiki/X", webob.WithHeader("Sec-Fetch-Site", "cross-site")).Status(), "reading is free")
}
