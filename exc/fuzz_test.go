package exc_test

import (
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/exc"
)

var fuzzAccepts = []string{"text/plain", "text/html", "application/json", "application/problem+json", "*/*", ""}

// FuzzCauseStaysPrivate: nothing of the cause is in a status, field or body, in no
// format, whatever the public text is.
func FuzzCauseStaysPrivate(f *testing.F) {
	f.Add("no such <thing>", "${detail}", byte(0))
	f.Add("", "$cause ${error} ${exception}", byte(1))
	f.Add("\xff\x00", "<", byte(2))
	f.Fuzz(func(t *testing.T, detail, template string, accept byte) {
		const secret = "Zq8cause8qZ"
		if strings.Contains(detail+template, secret) {
			t.Skip()
		}
		req := get("/", "Accept", fuzzAccepts[int(accept)%len(fuzzAccepts)])
		cause := errors.New(secret)
		for _, err := range []error{
			cause, exc.BadGateway.With(detail).Wrap(cause), exc.Conflict.With(detail).WithTemplate(template).Wrap(cause),
			exc.Found.To("/x").With(detail).Wrap(cause), exc.Found.To(detail).Wrap(cause), exc.From(cause),
		} {
			p := exc.Page(req, err)
			b, bodyErr := p.Bytes()
			require.NoError(t, bodyErr)
			assert.NotContains(t, string(b), secret)
			for name, value := range p.Header().All() {
				assert.NotContains(t, name+value, secret)
			}
			assert.Error(t, p.Err())
		}
	})
}

// FuzzDetail: public text is escaped for each format and nothing of it is lost.
func FuzzDetail(f *testing.F) {
	for _, s := range []string{"d", "<script>", "&amp;", "café 中", "\xff", "a\nb", `"'`, "<!-- -->", "${explanation}", "\u2028", "</title>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, detail string) {
		err := exc.NotFound.With(detail)
		valid := strings.ToValidUTF8(detail, "\uFFFD")

		text := body(t, exc.Page(get("/"), err))
		assert.True(t, utf8.ValidString(text))
		assert.Contains(t, text, strings.TrimSpace(valid))

		html := body(t, exc.Page(get("/", "Accept", "text/html"), err))
		_, inside, _ := strings.Cut(html, "<br /><br />\n")
		inside = strings.TrimSuffix(inside, "\n\n\n </body>\n</html>")
		assert.NotContains(t, inside, "<", "no markup comes from a detail")
		for i := range len(html) {
			require.Less(t, html[i], byte(0x80))
		}

		for _, accept := range []string{"application/json", "application/problem+json"} {
			var object map[string]any
			require.NoError(t, json.Unmarshal([]byte(body(t, exc.Page(get("/", "Accept", accept), err))), &object))
		}
		var problem struct{ Detail string }
		require.NoError(t, json.Unmarshal([]byte(body(t, exc.Page(get("/", "Accept", "application/problem+json"), err))), &problem))
		if detail != "" && utf8.ValidString(detail) {
			assert.Equal(t, detail, problem.Detail)
		}
	})
}

// FuzzTemplate: no template makes a page fail, and text without $ and < is kept.
func FuzzTemplate(f *testing.F) {
	for _, s := range []string{"$detail", "${detail", "$$", "$", "${}", "<b>${detail}</b>", "$detail_x", "<br><br", "<!--", "${html_comment}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, template string) {
		err := exc.Conflict.With("d").WithTemplate(template)
		html := body(t, exc.Page(get("/", "Accept", "text/html"), err))
		if !strings.Contains(template, "$") {
			assert.Contains(t, html, "</h1>\n  "+template+"\n </body>")
		}
		body(t, exc.Page(get("/"), err))
		body(t, exc.Page(get("/", "Accept", "application/json"), err))
	})
}

// FuzzPlainText: what comes out has no line ends but those of <br>, and no tag.
func FuzzPlainText(f *testing.F) {
	for _, s := range []string{"a<b>c", "<br>", "<<b>>", "a\r\nb", "<!-- x -->", "<br", "<<!--b>", "<B\rr>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, fragment string) {
		text := exc.PlainText(fragment)
		assert.LessOrEqual(t, len(text), len(fragment))
		if !strings.Contains(strings.ToLower(strings.ReplaceAll(fragment, "\r", "")), "<br") {
			assert.NotContains(t, text, "\n")
		}
		assert.NotContains(t, text, "\r")
	})
}

// FuzzLocation: what To sends leads a browser to the site it came from, as a
// plain second reader after the WHATWG URL standard finds.
func FuzzLocation(f *testing.F) {
	for _, s := range []string{
		"/x", "//e.example", `/\e.example`, "\t//e", "/\t/e", "http:e", "http:/e", "http://localhost/x", "https://localhost", "x:y",
		" //e", "\x01//e", "///e", `\\e`, "http://localhost@e", `http://localhost\@e`, "/é", "#f", "?q", "", "./", ".//e", "/..//e",
		"HTTP://LOCALHOST", "http://[::1]/", "http://localhost:/x", "http://localhost:080/", "http://%6cocalhost/",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, location string) {
		p := exc.Page(get("/a/b"), exc.Found.To(location))
		body(t, p)
		switch p.Status() {
		case 302:
			sent := p.Header().Values("Location")
			require.Len(t, sent, 1)
			assert.Contains(t, []string{"http://localhost", "https://localhost"}, browserSite(sent[0]), "%q", sent[0])
			for i := range len(sent[0]) {
				assert.True(t, sent[0][i] > ' ' && sent[0][i] < 0x7f, "%q", sent[0])
			}
			to, err := url.Parse(sent[0])
			if err == nil && to.Scheme == "" {
				assert.Empty(t, to.Host, "%q", sent[0])
			}
		case 400, 500:
			assert.False(t, p.Header().Has("Location"))
			assert.Error(t, p.Err())
		default:
			t.Fatal(p.Status())
		}
	})
}

// browserSite is the origin a browser goes to from http://localhost/a/b, read
// after https://url.spec.whatwg.org/#url-parsing as far as it matters here.
func browserSite(location string) string {
	s := strings.TrimFunc(location, func(r rune) bool { return r <= ' ' })
	s = strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(s)
	scheme := "http"
	if i := strings.IndexByte(s, ':'); i > 0 && isScheme(s[:i]) {
		given := strings.ToLower(s[:i])
		if given != "http" && given != "https" {
			return given + ":"
		}
		relative := given == "http" && !strings.HasPrefix(slashes(s[i+1:]), "//")
		scheme, s = given, s[i+1:]
		if !relative {
			s = "//" + strings.TrimLeft(slashes(s), "/")
		}
	}
	s = slashes(s)
	if !strings.HasPrefix(s, "//") {
		return scheme + "://localhost"
	}
	authority := strings.TrimLeft(s, "/")
	if i := strings.IndexAny(authority, "/?#"); i >= 0 {
		authority = authority[:i]
	}
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		authority = authority[i+1:]
	}
	host, port, _ := strings.Cut(authority, ":")
	if host, err := url.PathUnescape(host); err == nil {
		if port = strings.TrimLeft(port, "0"); port != "" && port != map[string]string{"http": "80", "https": "443"}[scheme] {
			return scheme + "://" + host + ":" + port
		}
		return scheme + "://" + strings.ToLower(host)
	}
	return scheme + "://" + host
}

// slashes reads backslashes before the query as slashes.
func slashes(s string) string {
	end := len(s)
	if i := strings.IndexAny(s, "?#"); i >= 0 {
		end = i
	}
	return strings.ReplaceAll(s[:end], `\`, "/") + s[end:]
}

func isScheme(s string) bool {
	for i := range len(s) {
		c := s[i] | 0x20
		switch {
		case c >= 'a' && c <= 'z':
		case i > 0 && (s[i] >= '0' && s[i] <= '9' || strings.IndexByte("+-.", s[i]) >= 0):
		default:
			return false
		}
	}
	return true
}
