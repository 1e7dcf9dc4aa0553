package webob_test

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/gowebob/gowebob/webob"
)

// One cookie that nobody can read hides none of the others.
func ExampleRequest_CookieDict() {
	req := webob.Blank("/", webob.WithHeader("Cookie", `theme=dark; junk; prefs={"n": 1}; name="caf\303\251"`))
	cookies := req.CookieDict()
	for name, value := range cookies.All() {
		fmt.Println(name, value)
	}
	fmt.Println(cookies.Err())
	// Output:
	// theme dark
	// prefs {"n": 1}
	// name café
	// webob: not a cookie: "junk"
}

func ExampleCookieDict_Lookup() {
	cookies := webob.Blank("/", webob.WithCookie("theme", "dark")).CookieDict()
	theme, ok := cookies.Lookup("theme")
	fmt.Println(theme, ok)
	_, ok = cookies.Lookup("lang")
	fmt.Println(ok)
	// Output:
	// dark true
	// false
}

// Setting writes the Cookie field, in place.
func ExampleCookieDict_Set() {
	req := webob.Blank("/", webob.WithHeader("Cookie", "a=1; b=2; a=3"))
	cookies := req.CookieDict()
	cookies.Set("a", "x y")
	cookies.Set("c", "4")
	cookies.Del("b")
	fmt.Println(req.Header.Get("Cookie"))
	fmt.Println(errors.Is(cookies.Set("c", "\r\n"), webob.CookieValue))
	// Output:
	// a="x y"; c=4
	// true
}

func ExampleCookieDict_Pop() {
	req := webob.Blank("/", webob.WithCookie("a", "1"))
	value, err := req.CookieDict().Pop("a")
	fmt.Println(value, err)
	_, err = req.CookieDict().Pop("a")
	fmt.Println(errors.Is(err, webob.ErrNoKey))
	// Output:
	// 1 <nil>
	// true
}

func ExampleCookieDict_SetDefault() {
	req := webob.Blank("/")
	value, _ := req.CookieDict().SetDefault("lang", "en")
	fmt.Println(value, req.Header.Get("Cookie"))
	// Output: en lang=en
}

func ExampleCookieDict_Clear() {
	req := webob.Blank("/", webob.WithCookie("a", "1"))
	req.CookieDict().Clear()
	fmt.Println(req.CookieDict().Len())
	// Output: 0
}

func ExampleParseCookies() {
	list := webob.ParseCookies("a=1; b=2; a=3")
	fmt.Println(list.Keys(), list.Values("a"))
	// Output: [a b a] [1 3]
}

func ExampleParseSetCookie() {
	c, err := webob.ParseSetCookie(`lang="caf\303\251"; Path="/x y"; Max-Age=60; Secure; Priority=High`)
	fmt.Println(c.Value, c.Path, c.MaxAge, c.Secure, c.Unparsed, err)
	// Output: café /x y 60 true [Priority=High] <nil>
}

// A cookie that a browser would drop is refused, with the rule.
func ExampleCookieRule() {
	resp := webob.Text("hello")
	err := resp.SetCookie(&http.Cookie{Name: "__Host-session", Value: "1", Path: "/app", Secure: true})
	fmt.Println(err)
	fmt.Println(errors.Is(err, webob.CookieHostPrefix))
	// Output:
	// webob: cookie "__Host-session": a name with __Host- needs Secure, the path / and no domain
	// true
}

func ExampleNewCookie() {
	c := webob.NewCookie("session", "abc")
	c.MaxAge = 60
	text, _ := webob.FormatCookie(c, time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	fmt.Println(text)
	// Output: session=abc; Max-Age=60; Path=/; Expires=Fri, 02 Jan 2026 03:05:05 GMT; Secure; HttpOnly; SameSite=Lax
}

func ExampleAppendCookie() {
	b, err := webob.AppendCookie([]byte("Set-Cookie: "), &http.Cookie{Name: "a", Value: "1"}, time.Now())
	fmt.Println(string(b), err)
	// Output: Set-Cookie: a=1; Path=/ <nil>
}
