package middleware_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"os"
	"strings"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/middleware"
	"github.com/gowebob/gowebob/webob"
)

// get shows status, the fields named and the first line of the body.
func get(app http.Handler, url string, opts ...webob.BlankOption) {
	resp := webob.Blank(url, opts...).GetResponse(app)
	text, _ := resp.Text()
	line, _, _ := strings.Cut(text, "\n")
	fmt.Println(resp.StatusText(), "|", line)
}

func ExampleErrorPage() {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /hello", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "hello") })
	app := middleware.ErrorPage(middleware.ErrorPageOptions{Pages: exc.NewPages(exc.Problem)})(mux)

	resp := webob.Blank("/none").GetResponse(app)
	text, _ := resp.Text()
	fmt.Println(text)
	resp = webob.Blank("/hello", webob.WithMethod("PUT")).GetResponse(app)
	fmt.Println(resp.StatusText(), resp.Header().Get("Allow"))
	// Output:
	// {"type":"about:blank","title":"Not Found","status":404,"detail":"The resource could not be found."}
	// 405 Method Not Allowed GET, HEAD
}

func ExampleHTTPExceptions() {
	deep := func() { panic(exc.Forbidden.With("Not for you.")) }
	app := dec.Wsgify(func(*webob.Request) (string, error) {
		deep()
		return "unreachable", nil
	})
	get(middleware.HTTPExceptions(middleware.HTTPExceptionsOptions{})(app), "/")
	// Output: 403 Forbidden | 403 Forbidden
}

func ExampleRecover() {
	app := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("oh") })
	resp := webob.Blank("/").GetResponse(middleware.Recover(middleware.RecoverOptions{})(app))
	fmt.Println(resp.Status(), resp.Err())
	// Output: 500 panic: oh
}

func ExampleErrorDocument() {
	site := dec.Wsgify(func(req *webob.Request) (string, error) {
		if req.PathInfo() == "/sorry" {
			return "We have no " + middleware.Failed.Value(req).Path, nil
		}
		return "", exc.NotFound
	})
	app := middleware.ErrorDocument(middleware.ErrorDocumentOptions{Paths: map[int]string{404: "/sorry"}})(site)
	get(app, "/tea?with=milk")
	// Output: 404 Not Found | We have no /tea?with=milk
}

func ExampleForward() {
	site := dec.Wsgify(func(req *webob.Request) (string, error) {
		if req.PathInfo() == "/login" {
			return "Who are you?", nil
		}
		return "", middleware.Forward("/login")
	})
	get(middleware.Recursive()(site), "/secret")
	// Output: 200 OK | Who are you?
}

func ExampleInclude() {
	site := dec.Wsgify(func(req *webob.Request) (string, error) {
		if req.PathInfo() == "/news" {
			return "no news", nil
		}
		part, err := middleware.Include(req, "/news")
		if err != nil {
			return "", err
		}
		text, err := part.Text()
		return "Today: " + text, err
	})
	get(middleware.Recursive()(site), "/")
	// Output: 200 OK | Today: no news
}

func ExampleGzip() {
	app := middleware.Gzip(middleware.GzipOptions{})(webob.Text(strings.Repeat("to and fro ", 1000)))
	for _, accept := range []string{"gzip, br", "gzip;q=0"} {
		resp := webob.Blank("/", webob.WithHeader("Accept-Encoding", accept)).GetResponse(app)
		n, _ := resp.ContentLength()
		fmt.Printf("%q %t %s\n", resp.Header().Get("Content-Encoding"), n < 1000, resp.Header().Get("Vary"))
	}
	// Output:
	// "gzip" true Accept-Encoding
	// "" false Accept-Encoding
}

func ExampleAccessLog() {
	format, err := middleware.ParseAccessFormat("%(REQUEST_METHOD)s %(REQUEST_URI)s %(status)s %(bytes)s %(error)s")
	if err != nil {
		panic(err)
	}
	app := middleware.AccessLog(middleware.AccessLogOptions{Writer: os.Stdout, Format: format})(webob.Text("hello"))
	server := webob.Blank("/a?b=c")
	resp := server.GetResponse(app)
	resp.Close() // a server does so when it has sent it
	// Output: GET /a?b=c 200 5 -
}

func ExampleAccessLog_slog() {
	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey || a.Key == "duration" {
			return slog.Attr{}
		}
		return a
	}}))
	app := middleware.AccessLog(middleware.AccessLogOptions{Logger: logger})(exc.NotFound)
	webob.Blank("/x").GetResponse(app).Close()
	// Output: level=INFO msg=request method=GET url=/x status=404 bytes=48 err="404 Not Found"
}

func ExampleParseAccessFormat() {
	_, err := middleware.ParseAccessFormat("%(nothing)s")
	fmt.Println(strings.HasPrefix(err.Error(), `middleware: bad format of an access log: there is no field "nothing"; there are REMOTE_ADDR,`))
	// Output: true
}

func ExampleBasicAuth() {
	who := dec.Wsgify(func(req *webob.Request) (string, error) {
		return "hello " + req.Environ().String("REMOTE_USER"), nil
	})
	app := middleware.BasicAuth(middleware.BasicAuthOptions{
		Realm: "Water works",
		Check: middleware.Users(map[string]string{"alice": "open sesame"}),
	})(who)
	get(app, "/")
	r, _ := http.NewRequest("GET", "/", nil)
	r.SetBasicAuth("alice", "open sesame")
	get(app, "/", webob.WithHeader("Authorization", r.Header.Get("Authorization")))
	// Output:
	// 401 Unauthorized | 401 Unauthorized
	// 200 OK | hello alice
}

func ExampleConfig() {
	app := dec.Wsgify(func(req *webob.Request) (string, error) {
		return middleware.Settings.Value(req)["greeting"], nil
	})
	get(middleware.Config(map[string]string{"greeting": "hello"})(app), "/")
	// Output: 200 OK | hello
}

func ExampleForwarded() {
	app := dec.Wsgify(func(req *webob.Request) (string, error) { return req.ClientAddr() + " " + req.PathURL(), nil })
	filter := middleware.Forwarded(middleware.ForwardedOptions{
		Proxies: webob.TrustedProxies{Networks: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}},
	})
	told := webob.WithHeader("Forwarded", "for=192.0.2.7;proto=https;host=shop.example")
	get(filter(app), "/x", told, webob.WithEnviron("REMOTE_ADDR", "10.1.1.1"))
	get(filter(app), "/x", told, webob.WithEnviron("REMOTE_ADDR", "198.51.100.1"))
	// Output:
	// 200 OK | 192.0.2.7 https://shop.example/x
	// 200 OK | 198.51.100.1 http://localhost/x
}

func ExamplePrefix() {
	app := dec.Wsgify(func(req *webob.Request) (string, error) { return req.ScriptName() + " | " + req.PathInfo(), nil })
	filter := middleware.Prefix(middleware.PrefixOptions{Prefix: "/shop"})
	get(filter(app), "/shop/tea")
	get(filter(app), "/tea")
	// Output:
	// 200 OK | /shop | /tea
	// 200 OK | /shop | /tea
}

func ExampleRequestID() {
	app := dec.Wsgify(func(req *webob.Request) (string, error) { return middleware.ID.Value(req), nil })
	filter := middleware.RequestID(middleware.RequestIDOptions{Trust: true})
	get(filter(app), "/", webob.WithHeader("X-Request-Id", "from-the-proxy"))
	// Output: 200 OK | from-the-proxy
}

func ExamplePrintDebug() {
	app := dec.Wsgify(func(req *webob.Request) (string, error) {
		middleware.Debugf(req, "%d things looked at", 3)
		return "a page", nil
	})
	resp := webob.Blank("/", webob.WithEnviron("REMOTE_ADDR", "127.0.0.1")).GetResponse(middleware.PrintDebug(middleware.PrintDebugOptions{})(app))
	text, _ := resp.Text()
	fmt.Print(text)
	// Output:
	// a page
	// -- printed --
	// 3 things looked at
}

func ExampleAccessFormat() {
	format, err := middleware.ParseAccessFormat(`%(REMOTE_ADDR)s "%(HTTP_USER_AGENT)s" %(status)s`)
	if err != nil {
		panic(err)
	}
	fmt.Println(format.String(&middleware.AccessEntry{Client: "192.0.2.1", Agent: `forged" 200`, Status: 404}))
	// Output: 192.0.2.1 "forged\" 200" 404
}

func ExampleGzipOptions_Validate() {
	fmt.Println(middleware.GzipOptions{Level: 11}.Validate())
	// Output: middleware: gzip: the level is 1 to 9, not 11
}
