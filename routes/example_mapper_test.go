package routes_test

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/routes"
	"github.com/gowebob/gowebob/webob"
)

var server = dec.Wsgify(func(req *webob.Request) (string, error) {
	return "server " + req.URLVars()["id"] + " of " + req.PathValue("project"), nil
})

func ExampleMapper() {
	m := routes.NewMapper()
	m.Connect("/v1/{project}/servers/{id}", server, routes.Name("server"), routes.Methods("GET"))
	m.Connect("/v1/{project}/servers/{id:[0-9]+}/ips", http.NotFoundHandler(), routes.Name("ips"))
	if err := m.Err(); err != nil {
		fmt.Println(err)
		return
	}
	resp := webob.Blank("/v1/acme/servers/web1").GetResponse(m)
	text, _ := resp.Text()
	fmt.Println(resp.Status(), text)

	u, err := m.URL("ips", routes.Values{"project": "acme", "id": 7, "version": 4})
	fmt.Println(u, err)
	_, err = m.URL("ips", routes.Values{"project": "acme", "id": "web1"})
	fmt.Println(errors.Is(err, routes.ErrBadValue), err)

	resp = webob.Blank("/v1/acme/servers/web1", webob.WithMethod("DELETE")).GetResponse(m)
	fmt.Println(resp.Status(), resp.Header().Get("Allow"))
	// Output:
	// 200 server web1 of acme
	// /v1/acme/servers/7/ips?version=4 <nil>
	// true routes: URL of "ips": bad value: it has to match [0-9]+: id is "web1"
	// 405 GET, HEAD
}
