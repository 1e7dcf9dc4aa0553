package middleware

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// seen is what an app sees of its client and of itself.
var seen = respond(func(req *webob.Request) *webob.Response {
	return webob.Text(req.ClientAddr() + " " + req.PathURL())
})

func nets(list ...string) (ps []netip.Prefix) {
	for _, s := range list {
		ps = append(ps, netip.MustParsePrefix(s))
	}
	return ps
}

func TestForwarded(t *testing.T) {
	inner := nets("10.0.0.0/8")
	std := webob.TrustedProxies{Networks: inner}
	xff := webob.TrustedProxies{Networks: inner, Field: "X-Forwarded-For"}
	for _, row := range []struct {
		rule    string
		proxies webob.TrustedProxies
		peer    string
		fields  []string
		want    string
	}{
		{"nobody is believed", webob.TrustedProxies{}, "10.0.0.1", []string{"Forwarded", "for=1.1.1.1;proto=https;host=evil", "X-Forwarded-Proto", "https"}, "10.0.0.1 http://h/x"},
		{"a stranger is not", std, "192.0.2.1", []string{"Forwarded", "for=1.1.1.1;proto=https;host=evil"}, "192.0.2.1 http://h/x"},
		{"a proxy is", std, "10.0.0.1", []string{"Forwarded", "for=1.1.1.1;proto=https;host=shop.example"}, "1.1.1.1 https://shop.example/x"},
		{"what stands before a stranger is his own", std, "10.0.0.1", []string{"Forwarded", "for=6.6.6.6;host=evil, for=1.1.1.1;host=good"}, "1.1.1.1 http://good/x"},
		{"two proxies: the outer one counts", std, "10.0.0.1", []string{"Forwarded", "for=1.1.1.1;host=front;proto=https", "Forwarded", "for=10.9.9.9;host=mid"}, "1.1.1.1 https://front/x"},
		{"by number", webob.TrustedProxies{Hops: 1}, "1.2.3.4", []string{"Forwarded", "for=6.6.6.6;host=evil, for=10.0.0.2;host=good"}, "10.0.0.2 http://good/x"},
		{"a malformed field is none", std, "10.0.0.1", []string{"Forwarded", "for=1.1.1.1;host=good, ;=x"}, " http://h/x"},
		{"a host that is none", std, "10.0.0.1", []string{"Forwarded", `for=1.1.1.1;host="a b/c"`}, "1.1.1.1 http://h/x"},
		{"a scheme that is none", std, "10.0.0.1", []string{"Forwarded", "for=1.1.1.1;proto=javascript"}, "1.1.1.1 http://h/x"},
		{"the older fields", xff, "10.0.0.1", []string{"X-Forwarded-For", "1.1.1.1", "X-Forwarded-Proto", "HTTPS", "X-Forwarded-Host", "shop.example:8443"}, "1.1.1.1 https://shop.example:8443/x"},
		{"a list that a client has begun", xff, "10.0.0.1", []string{"X-Forwarded-For", "6.6.6.6, 1.1.1.1", "X-Forwarded-Host", "evil, good"}, "1.1.1.1 http://good/x"},
		{"a field set anew by the outer of two", xff, "10.0.0.1", []string{"X-Forwarded-For", "1.1.1.1, 10.9.9.9", "X-Forwarded-Host", "good"}, "1.1.1.1 http://good/x"},
		{"the other field is not looked at", xff, "10.0.0.1", []string{"Forwarded", "for=6.6.6.6;host=evil"}, "10.0.0.1 http://h/x"},
		{"IPv6", webob.TrustedProxies{Networks: nets("fd00::/8")}, "fd00::1", []string{"Forwarded", `for="[2001:db8::1]:4711";proto=https`}, "2001:db8::1 https://h/x"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			opts := []webob.BlankOption{webob.WithHeader("Host", "h"), webob.WithEnviron("REMOTE_ADDR", row.peer)}
			req := webob.Blank("/x", opts...)
			for i := 0; i < len(row.fields); i += 2 {
				req.Header.Add(row.fields[i], row.fields[i+1])
			}
			peer := req.RemoteAddr
			text, err := req.GetResponse(Forwarded(ForwardedOptions{Proxies: row.proxies})(seen)).Text()
			assert.NoError(t, err)
			assert.Equal(t, row.want, text)
			assert.Equal(t, peer, req.RemoteAddr)
		})
	}
	none := Forwarded(ForwardedOptions{Proxies: xff, SchemeField: "-", HostField: "X-Host"})(seen)
	_, text := answer(t, none, "/x", webob.WithEnviron("REMOTE_ADDR", "10.0.0.1"), webob.WithHeader("X-Forwarded-For", "1.1.1.1"),
		webob.WithHeader("X-Forwarded-Proto", "https"), webob.WithHeader("X-Host", "mine"))
	assert.Equal(t, "1.1.1.1 http://mine/x", text)
	assert.Panics(t, func() { Forwarded(ForwardedOptions{Proxies: webob.TrustedProxies{Hops: -1}}) })
	assert.Error(t, ForwardedOptions{Proxies: webob.TrustedProxies{Networks: []netip.Prefix{{}}}}.Validate())
}

func TestPrefix(t *testing.T) {
	paths := respond(func(req *webob.Request) *webob.Response {
		return webob.Text(fmt.Sprintf("%q %q %s", req.ScriptPath(), req.RestPath(), req.ApplicationURL()))
	})
	for _, row := range []struct {
		rule   string
		o      PrefixOptions
		target string
		opts   []webob.BlankOption
		want   string
	}{
		{"left in the path", PrefixOptions{Prefix: "/shop"}, "/shop/x", nil, `"/shop" "/x" http://h/shop`},
		{"taken off by the proxy", PrefixOptions{Prefix: "/shop"}, "/x", nil, `"/shop" "/x" http://h/shop`},
		{"the prefix alone", PrefixOptions{Prefix: "/shop/"}, "/shop", nil, `"/shop" "/" http://h/shop`},
		{"the root", PrefixOptions{Prefix: "/shop"}, "/", nil, `"/shop" "/" http://h/shop`},
		{"whole segments", PrefixOptions{Prefix: "/shop"}, "/shops", nil, `"/shop" "/shops" http://h/shop`},
		{"text, not a pattern", PrefixOptions{Prefix: "/a.b"}, "/axb/c", nil, `"/a.b" "/axb/c" http://h/a.b`},
		{"escapes stay", PrefixOptions{Prefix: "/shop"}, "/shop/a%2Fb", nil, `"/shop" "/a%2Fb" http://h/shop`},
		{"behind a mount", PrefixOptions{Prefix: "/shop"}, "/shop/x", []webob.BlankOption{webob.WithBaseURL("http://h/outer")}, `"/outer/shop" "/x" http://h/outer/shop`},
		{"none", PrefixOptions{Prefix: "/"}, "/x", nil, `"" "/x" http://h`},
		{"the scheme", PrefixOptions{Scheme: "https"}, "/x", nil, `"" "/x" https://h`},
		{"the port", PrefixOptions{Port: "8080"}, "/x", nil, `"" "/x" http://h:8080`},
		{"the port of the scheme", PrefixOptions{Port: "default", Scheme: "https"}, "/x", []webob.BlankOption{webob.WithBaseURL("http://h:81")}, `"" "/x" https://h`},
		{"proxies are not believed unasked", PrefixOptions{}, "/x", []webob.BlankOption{webob.WithHeader("X-Forwarded-Proto", "https")}, `"" "/x" http://h`},
	} {
		t.Run(row.rule, func(t *testing.T) {
			opts := append([]webob.BlankOption{webob.WithHeader("Host", "h")}, row.opts...)
			_, text := answer(t, Prefix(row.o)(paths), row.target, opts...)
			assert.Equal(t, row.want, text)
		})
	}
	for rule, o := range map[string]PrefixOptions{"prefix": {Prefix: "shop"}, "slashes": {Prefix: "/a//b"}, "scheme": {Scheme: "ftp"}, "port": {Port: "80x"}, "port 0": {Port: "0"}} {
		assert.Error(t, o.Validate(), rule)
		assert.Panics(t, func() { Prefix(o) }, rule)
	}
}

func TestPrintDebug(t *testing.T) {
	bug := errors.New("the cause")
	chatty := respond(func(req *webob.Request) *webob.Response {
		Debugf(req, "a %d <b>", 1)
		switch req.PathInfo() {
		case "/html":
			return webob.HTML("<p>page</p>")
		case "/json":
			p, _ := webob.JSON(1)
			return p
		case "/fail":
			return exc.Page(req, exc.BadGateway.Wrap(fmt.Errorf("asking: %w", bug)))
		case "/panic":
			panic("oh")
		}
		return webob.Text("page")
	})
	app := PrintDebug(PrintDebugOptions{Secrets: []string{"X-Mine"}})(Recover(RecoverOptions{})(chatty))
	local := webob.WithEnviron("REMOTE_ADDR", "127.0.0.1")
	for _, row := range []struct {
		rule, target string
		opts         []webob.BlankOption
		want         string
	}{
		{"text", "/", []webob.BlankOption{local}, "page\n-- printed --\na 1 <b>\n"},
		{"HTML", "/html", []webob.BlankOption{local}, "<p>page</p>\n<pre class=\"printdebug\">a 1 &lt;b&gt;\n</pre>\n"},
		{"data stays", "/json", []webob.BlankOption{local}, "1"},
		{"another machine", "/", []webob.BlankOption{webob.WithEnviron("REMOTE_ADDR", "192.0.2.1")}, "page"},
		{"no peer", "/", nil, "page"},
		{"a proxy on this machine", "/", []webob.BlankOption{local, webob.WithHeader("X-Forwarded-For", "127.0.0.1")}, "page"},
		{"a name that was rebound", "/", []webob.BlankOption{local, webob.WithHeader("Host", "evil.example")}, "page"},
	} {
		_, text := answer(t, app, row.target, row.opts...)
		assert.Equal(t, row.want, text, row.rule)
	}
	resp, text := answer(t, app, "/fail?a=1&token=abc", local, webob.WithHeader("Authorization", "Basic xyz"), webob.WithHeader("Cookie", "c=xyz"),
		webob.WithHeader("X-Mine", "xyz"), webob.WithHeader("X-Other", "shown"))
	assert.Equal(t, 502, resp.Status())
	assert.ErrorIs(t, resp.Err(), bug)
	assert.Equal(t, "text/plain; charset=utf-8", resp.Header().Get("Content-Type"))
	for _, part := range []string{"the cause", "*errors.errorString", "a 1 <b>", "X-Other: shown", "Authorization: ******", "token=******", "a=1"} {
		assert.Contains(t, text, part)
	}
	assert.NotContains(t, text, "xyz")
	_, text = answer(t, app, "/panic", local)
	assert.Contains(t, text, "goroutine")
	_, text = answer(t, app, "/fail")
	assert.NotContains(t, text, "the cause", "strangers see nothing")

	limited := PrintDebug(PrintDebugOptions{Limit: 10})(respond(func(req *webob.Request) *webob.Response {
		Debugf(req, "%s", strings.Repeat("x", 100))
		return webob.Text("p")
	}))
	_, text = answer(t, limited, "/", local)
	assert.Equal(t, "p\n-- printed --\nxxxxxxxxxx\n...\n", text)
	Debugf(webob.Blank("/"), "nobody listens")
}
