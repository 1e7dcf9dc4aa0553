package dec_test

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/webob"
)

// A struct filled from path, query and body. The body cannot reach Project.
func ExampleBind() {
	type input struct {
		Project string   `path:"project"`
		DryRun  bool     `query:"dry-run"`
		Name    string   `json:"name" form:"name"`
		Tags    []string `json:"tags" form:"tag"`
	}
	mux := http.NewServeMux()
	mux.Handle("POST /{project}/servers", dec.Bind(func(_ *webob.Request, in input) (string, error) {
		return fmt.Sprintf("%+v", in), nil
	}))

	show(webob.Blank("/blue/servers?dry-run=true", webob.WithForm("name", "web-1", "tag", "a", "tag", "b", "project", "red")).GetResponse(mux))

	resp := webob.Blank("/blue/servers?dry-run=perhaps", webob.WithJSON(map[string]any{"name": 7})).GetResponse(mux)
	var faults webob.FieldErrors
	fmt.Println(resp.Status(), errors.As(resp.Err(), &faults), len(faults))
	for _, fault := range faults {
		fmt.Println(fault.Source, fault.Pointer)
	}
	// Output:
	// 200 text/plain; charset=utf-8 {Project:blue DryRun:true Name:web-1 Tags:[a b]}
	// 422 true 2
	// query /dry-run
	// json /name
}

// With Strict, what the struct has no field for is a fault.
func ExampleStrict() {
	type input struct {
		Name string `json:"name"`
	}
	app := dec.Bind(func(_ *webob.Request, in input) (string, error) { return in.Name, nil }, dec.Strict)
	resp := app.Request("/", webob.WithJSON(map[string]any{"name": "web-1", "nmae": "web-2"}))
	fmt.Println(resp.Status())
	// Output: 422
}
