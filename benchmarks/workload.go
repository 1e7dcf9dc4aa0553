package benchmarks

import "strings"

// The workloads, by the names that benchmarks and tables give them.
const (
	Hello         = "hello"          // text/plain "hello"; in gowebob a function that returns a string
	HelloResponse = "hello-response" // the same as a *webob.Response
	JSON          = "json"           // TheServer as JSON
	NegotiateHTML = "negotiate-html" // TheServer, HTML wins by Chrome's Accept
	NegotiateJSON = "negotiate-json" // TheServer, JSON wins by its q
	Form          = "form"           // six urlencoded fields into a Boot
	Cookies       = "cookies"        // read three cookies, set one
	SignedCookie  = "signedcookie"   // verify a signed cookie, sign and set a new one
	Pipeline8     = "pipeline8"      // eight middlewares that work on the inner answer
	Pipeline8Err  = "pipeline8err"   // the same, the app says 500, 503 must come out
	Etag200       = "etag200"        // 1 KiB, If-None-Match that does not match
	Etag304       = "etag304"        // 1 KiB, If-None-Match that matches

	// Pipeline8 with something foreign in it. Four of the eight middlewares stand
	// before a router, four behind it; or all eight round a plain net/http handler.
	Pipeline8Mux           = "pipeline8-mux"            // http.ServeMux half way down
	Pipeline8ChiInline     = "pipeline8-chi-inline"     // chi half way down, run inline
	Pipeline8Chi           = "pipeline8-chi"            // chi half way down, as it comes
	Pipeline8ForeignInline = "pipeline8-foreign-inline" // round a net/http handler, run inline
	Pipeline8Foreign       = "pipeline8-foreign"        // round a net/http handler, streaming
)

// Workloads lists every workload of the handlers, in table order.
func Workloads() []string {
	return []string{
		Hello, HelloResponse, JSON, NegotiateHTML, NegotiateJSON, Form, Cookies, SignedCookie,
		Pipeline8, Pipeline8Err, Pipeline8Mux, Pipeline8ChiInline, Pipeline8Chi,
		Pipeline8ForeignInline, Pipeline8Foreign, Etag200, Etag304,
	}
}

// BaseOf names the workload of raw that a workload is compared with: itself,
// except for the variants that only gowebob has.
func BaseOf(work string) string {
	switch {
	case work == HelloResponse:
		return Hello
	case strings.HasPrefix(work, Pipeline8+"-"):
		return Pipeline8
	}
	return work
}

// The Accept fields of the negotiating workloads.
const (
	// ChromeAccept is what Chrome sends for a navigation.
	ChromeAccept = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7"
	// QAccept prefers JSON by q, although HTML comes first.
	QAccept = "text/html;q=0.5, application/xml;q=0.4, application/json;q=0.9, */*;q=0.1"
)

// Offers gives what the negotiating handlers can produce, in server order.
func Offers() []string { return []string{"text/html", "application/json", "application/xml"} }

// PipelineDepth is the number of middlewares in the pipeline workloads.
const PipelineDepth = 8

// ErrorMW is the index of the middleware that turns a status of 500 and above
// into 503.
const ErrorMW = 3

// InKey is the request header that middleware i reads, OutKey the response
// header it adds after the inner app has answered. Both are in net/http's
// canonical form, so that no peer pays for canonicalising.
func InKey(i int) string { return "X-In-" + string(rune('0'+i)) }

// OutKey is the response header that middleware i adds; see InKey.
func OutKey(i int) string { return "X-Out-" + string(rune('0'+i)) }

// pipelineValue is what header InKey(i) carries and OutKey(i) must give back.
func pipelineValue(i int) string { return "value-" + string(rune('0'+i)) }
