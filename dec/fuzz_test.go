package dec_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/webob"
)

// Whatever a client sends, Bind fills the struct or answers 4xx, and no body ever
// reaches a field that is not the body's.
func FuzzBind(f *testing.F) {
	f.Add("page=1&where[a]=b", "application/json", `{"Name":"n","ID":"x","page":3}`, "1.5")
	f.Add("page=x&tag=1&tag=2&where[", "application/x-www-form-urlencoded", "Name=n&ID=x&paging.Page=3&Count[1]=2", "")
	f.Add("tag[9999999]=1&a.b.c=1", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=ID\r\n\r\nx\r\n--b--\r\n", "nan")
	f.Add("%ff=%zz&;", "text/plain", "", "\xff")
	f.Add("since=2026-11-21T00:00:00Z&from=::1&level=info", "application/problem+json", `[{"ID":1}]`, "1e999")
	var got everything
	mux := http.NewServeMux()
	mux.Handle("/items/{id}", dec.Bind(func(_ *webob.Request, in everything) (string, error) {
		got = in
		return "", nil
	}))
	f.Fuzz(func(t *testing.T, query, contentType, body, version string) {
		req := webob.Blank("/items/7", webob.WithBody([]byte(body)))
		req.Method = "POST"
		req.URL.RawQuery = query
		req.Header["Content-Type"] = []string{contentType}
		req.Header["X-Api-Version"] = []string{version}
		got = everything{}
		err := req.GetResponse(mux).Err()
		if err == nil {
			if got.ID != "7" || got.Secret != "" || got.hidden != 0 {
				t.Fatalf("%+v", got)
			}
			return
		}
		if in, ok := errors.AsType[*webob.InputError](err); !ok || in.Status < 400 || in.Status > 499 {
			t.Fatal(err)
		}
	})
}
