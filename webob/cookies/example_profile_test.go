package cookies_test

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/gowebob/gowebob/webob"
	"github.com/gowebob/gowebob/webob/cookies"
)

// sessions keeps a Login in a cookie that no neighbour can set.
func sessions() *cookies.Profile[Login] {
	codec, err := cookies.NewSealed[Login](cookies.Sealing{Secrets: [][]byte{secret}})
	if err != nil {
		panic(err)
	}
	profile, err := cookies.NewProfile(cookies.Options{Name: "__Host-session"}, codec)
	if err != nil {
		panic(err)
	}
	return profile
}

// One request logs in, the next one is known.
func ExampleProfile() {
	session := sessions()
	resp := webob.Text("welcome")
	if err := session.SetCookies(resp, Login{"alice"}); err != nil {
		panic(err)
	}
	field := resp.Header().Get("Set-Cookie")
	pair, attributes, _ := strings.Cut(field, "; ")
	fmt.Println(attributes)

	req := webob.Blank("/", webob.WithHeader("Cookie", pair))
	login, ok := session.Get(req)
	fmt.Println(login.User, ok)
	// Output:
	// Path=/; Secure; HttpOnly; SameSite=Lax
	// alice true
}

// Lookup tells why there is no value, for the log.
func ExampleProfile_Lookup() {
	session := sessions()
	_, err := session.Lookup(webob.Blank("/"))
	fmt.Println(err)
	_, err = session.Lookup(webob.Blank("/", webob.WithCookie("__Host-session", "forged")))
	fmt.Println(err)
	// Output:
	// http: named cookie not present
	// cookies: malformed value
}

func ExampleProfile_DeleteCookies() {
	resp := webob.Text("good bye")
	sessions().DeleteCookies(resp)
	fmt.Println(resp.Header().Get("Set-Cookie"))
	// Output: __Host-session=; Max-Age=0; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Secure; HttpOnly; SameSite=Lax
}

// "Remember me" is a profile with a longer life.
func ExampleProfile_With() {
	remember, err := sessions().With(func(o *cookies.Options) { o.MaxAge = 14 * 24 * time.Hour })
	fmt.Println(remember.Options().MaxAge, err)
	// Output: 336h0m0s <nil>
}

func ExampleProfile_Headers() {
	theme, _ := cookies.NewProfile(cookies.Options{Name: "theme", Scripts: true}, cookies.NewBase64[string]())
	fields, err := theme.Headers("dark", time.Now())
	fmt.Println(fields, err)
	// Output: [theme=ImRhcmsi; Path=/; Secure; SameSite=Lax] <nil>
}

// What is wrong with the attributes is told when the profile is made.
func ExampleNewProfile() {
	_, err := cookies.NewProfile(cookies.Options{
		Name: "session", SameSite: http.SameSiteNoneMode, Insecure: true,
	}, cookies.NewBase64[string]())
	fmt.Println(err)
	// Output: webob: cookie "session": SameSite=None needs Secure
}

// Bind reads from a request, and writes to the response that goes with its answer.
func ExampleProfile_Bind() {
	req := webob.Blank("/")
	theme, _ := cookies.NewProfile(cookies.Options{Name: "theme"}, cookies.NewBase64[string]())
	bound := theme.Bind(req)
	if _, ok := bound.Get(); !ok {
		bound.Set("dark")
	}
	fmt.Println(req.Response().Header().Get("Set-Cookie"))
	// Output: theme=ImRhcmsi; Path=/; Secure; HttpOnly; SameSite=Lax
}
