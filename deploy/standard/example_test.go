package standard_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"

	"github.com/gowebob/gowebob/deploy"
	"github.com/gowebob/gowebob/deploy/standard"
	"github.com/gowebob/gowebob/webob"
)

func Example() {
	dir, err := os.MkdirTemp("", "standard")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	ini := filepath.Join(dir, "shop.ini")
	err = os.WriteFile(ini, []byte(`
[composite:main]
use = egg:gowebob#urlmap
/ = pages
/cart = cart

[app:pages]
use = egg:gowebob#test

[app:cart]
paste.app_factory = shop.cart:make
filter-with = login

[filter:login]
use = egg:gowebob#auth_basic
realm = Shop
authfunc = shop.users:check
`), 0o600)
	if err != nil {
		panic(err)
	}

	registry := standard.Registry(standard.Check("shop.users:check", func(_ *webob.Request, user, password string) (bool, error) {
		return user == "alice" && password == "open sesame", nil
	}))
	registry.App("shop.cart:make", func(deploy.Config) (http.Handler, error) { return webob.Text("an empty cart"), nil })
	app, err := deploy.LoadApp(ini, registry)
	if err != nil {
		panic(err)
	}
	fmt.Println(webob.Blank("/").GetResponse(app).StatusText())
	fmt.Println(webob.Blank("/cart").GetResponse(app).StatusText())
	// Output:
	// 200 OK
	// 401 Unauthorized
}
