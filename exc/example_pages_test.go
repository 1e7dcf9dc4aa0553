package exc_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strings"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// Page answers any error. What is no HTTP error tells the client nothing.
func ExamplePage() {
	req := webob.Blank("/", webob.WithHeader("Accept", "application/json"))
	for _, err := range []error{
		exc.NotFound.With("No such page."),
		&webob.InputError{Status: 400, Public: "The body is no JSON."},
		errors.New("password for db is wrong"),
	} {
		p := exc.Page(req, err)
		b, _ := p.Bytes()
		fmt.Println(p.Status(), string(b), p.Err() == err)
	}
	// Output:
	// 404 {"message":"The resource could not be found.\n\nNo such page.","code":"404 Not Found","title":"Not Found"} true
	// 400 {"message":"The server could not comply with the request since it is either malformed or otherwise incorrect.\n\nThe body is no JSON.","code":"400 Bad Request","title":"Bad Request"} true
	// 500 {"message":"The server has either erred or is incapable of performing the requested operation.","code":"500 Internal Server Error","title":"Internal Server Error"} true
}

// An API that prefers problems offers them first, and leaves plain text out.
func ExampleNewPages() {
	pages := exc.NewPages(exc.Problem, exc.HTML)
	app := dec.Wsgify(func(*webob.Request) (string, error) { return "", exc.NotFound.With("No server 7.") },
		dec.Pages(pages))
	show(app, "GET", "/", "")
	show(app, "GET", "/", "*/*")
	// Output:
	// 404 application/problem+json
	// {"type":"about:blank","title":"Not Found","status":404,"detail":"No server 7."}
	// 404 application/problem+json
	// {"type":"about:blank","title":"Not Found","status":404,"detail":"No server 7."}
}

// A format of one's own is offered beside the others.
func ExampleNewFormat() {
	asXML := exc.NewFormat("application/problem+xml", func(c *exc.Content) ([]byte, error) {
		return xml.Marshal(struct {
			XMLName xml.Name `xml:"urn:ietf:rfc:7807 problem"`
			Type    string   `xml:"type"`
			Title   string   `xml:"title"`
			Status  int      `xml:"status"`
			Detail  string   `xml:"detail"`
		}{Type: c.Type, Title: c.Title, Status: c.Status, Detail: c.Detail})
	})
	req := webob.Blank("/", webob.WithHeader("Accept", "application/problem+xml"))
	b, _ := exc.NewPages(exc.HTML, asXML).Page(req, exc.NotFound.With("No server 7.")).Bytes()
	fmt.Println(string(b))
	// Output: <problem xmlns="urn:ietf:rfc:7807"><type>about:blank</type><title>Not Found</title><status>404</status><detail>No server 7.</detail></problem>
}

// Balance is an extension member with a type.
var Balance = exc.NewMember[int]("balance")

// A problem has members that a program can read, here and at the client.
func ExampleMember() {
	err := Balance.Set(exc.Forbidden.With("That costs 50."), 30).
		WithType("https://example.com/probs/out-of-credit").WithTitle("Not enough credit").WithInstance("/account/12345/msgs/abc")
	show(err, "GET", "/", "application/problem+json")

	n, ok := Balance.Get(fmt.Errorf("buying: %w", err))
	fmt.Println(n, ok)
	// Output:
	// 403 application/problem+json
	// {"type":"https://example.com/probs/out-of-credit","title":"Not enough credit","status":403,"detail":"That costs 50.","instance":"/account/12345/msgs/abc","balance":30}
	// 30 true
}

// From says what an error of the standard library means to a client, where the
// handler knows that it is about what the client asked for.
func ExampleFrom() {
	for _, err := range []error{fs.ErrNotExist, &http.MaxBytesError{Limit: 1024}, errors.New("other")} {
		fmt.Println(exc.From(err))
	}
	// Output:
	// 404 Not Found: file does not exist
	// 413 Content Too Large: At most 1024 bytes are taken.: http: request body too large
	// other
}

// A filter sees the error behind an answer, and its class.
func ExampleClass() {
	app := dec.Wsgify(func(*webob.Request) (string, error) { return "", exc.BadGateway })
	p := webob.Blank("/").GetResponse(app)
	if errors.Is(p.Err(), exc.ServerError) {
		fmt.Println("roll back:", p.Err())
	}
	// Output: roll back: 502 Bad Gateway
}

func ExampleEscapeHTML() {
	fmt.Println(exc.EscapeHTML(`<a href="é">`))
	// Output: &lt;a href=&quot;&#233;&quot;&gt;
}

// A detail written as HTML becomes text, which every format can escape.
func ExamplePlainText() {
	fmt.Println(exc.NotFound.With(exc.PlainText("No <b>such</b> page.<br>Sorry.")).Detail())
	// Output:
	// No such page.
	// Sorry.
}

// A comment stands in the source of the HTML page alone; a member in the JSON formats.
func ExampleError_WithComment() {
	err := exc.ServiceUnavailable.With("Back at noon.").WithComment("node 7")
	for _, accept := range []string{"text/html", "text/plain"} {
		text, _ := exc.Page(webob.Blank("/", webob.WithHeader("Accept", accept)), err).Text()
		fmt.Println(strings.Contains(text, "<!-- node 7 -->"), strings.Contains(text, "Back at noon."))
	}
	// Output:
	// true true
	// false true
}

// What a redirect leads to can be read by a filter.
func ExampleRedirect_Location() {
	var err error = exc.SeeOther.To("/login")
	var redirect *exc.Redirect
	fmt.Println(errors.As(err, &redirect), redirect.Location())
	// Output: true /login
}
