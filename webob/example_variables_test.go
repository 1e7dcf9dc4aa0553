package webob_test

import (
	"fmt"
	"net/http"

	"github.com/gowebob/gowebob/webob"
)

// segments is what a small mapper has matched: it makes a map only when one is wanted.
type segments struct{ user, post string }

func (s segments) URLVar(name string) (string, bool) {
	v, ok := s.URLVars()[name]
	return v, ok
}

func (s segments) URLVars() map[string]string {
	return map[string]string{"user": s.user, "post": s.post}
}

func ExampleRequest_SetVariables() {
	req := webob.Blank("/ann/7")
	req.SetVariables("myapp.match", segments{"ann", "7"})
	fmt.Println(req.URLVars()["user"], req.PathValue("post"))

	matched, ok := webob.NewKey[segments]("myapp.match").Get(req)
	fmt.Println(matched.user, ok)
	// Output:
	// ann 7
	// ann true
}

func ExampleRequest_URLVars_pattern() {
	mux := http.NewServeMux()
	mux.HandleFunc("/{user}/{rest...}", func(_ http.ResponseWriter, r *http.Request) {
		fmt.Println(webob.NewRequest(r).URLVars())
	})
	mux.ServeHTTP(nil, webob.Blank("/ann/posts/7").Request)
	// Output: map[rest:posts/7 user:ann]
}
