package webob_test

import (
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"strings"

	"github.com/gowebob/gowebob/webob"
)

func formRequest(body string) *webob.Request {
	r := httptest.NewRequest("POST", "/?page=2", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return webob.NewRequest(r)
}

// Changing the variables changes the query string.
func ExampleRequest_GET() {
	req := webob.NewRequest(httptest.NewRequest("GET", "/?q=tea&page=2", nil))
	vars := req.GET()
	fmt.Println(vars.Get("q"), vars.Has("lang"))
	vars.Set("page", "3")
	fmt.Println(req.URL)
	// Output:
	// tea false
	// /?q=tea&page=3
}

func ExampleRequest_Query() {
	_, err := webob.NewRequest(httptest.NewRequest("GET", "/?q=%FF", nil)).Query()
	fmt.Println(err.(*webob.InputError).Status)
	// Output:
	// 400
}

func ExampleRequest_POST() {
	req := formRequest("name=Ada&lang=en&lang=fr")
	form := req.POST()
	fmt.Println(form.Get("name"), form.Values("lang"), form.Err())
	// Output:
	// Ada [en fr] <nil>
}

// Uploads stand beside the text fields.
func ExampleRequest_ReadForm() {
	r := httptest.NewRequest("POST", "/", strings.NewReader(strings.ReplaceAll(`--B
Content-Disposition: form-data; name="title"

Notes
--B
Content-Disposition: form-data; name="file"; filename="notes.txt"
Content-Type: text/plain

remember the milk
--B--
`, "\n", "\r\n")))
	r.Header.Set("Content-Type", "multipart/form-data; boundary=B")
	form, err := webob.NewRequest(r).ReadForm()
	if err != nil {
		fmt.Println(err)
		return
	}
	u := form.File("file")
	f, err := u.Open()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer f.Close()
	content, _ := io.ReadAll(f)
	fmt.Println(form.Get("title"), u.Filename, u.Size, string(content))
	// Output:
	// Notes notes.txt 17 remember the milk
}

func ExampleRequest_Params() {
	req := formRequest("page=9&name=Ada")
	fmt.Println(req.Params().Get("page"), req.Params().Values("page"), req.Params().Get("name"))
	// Output:
	// 2 [2 9] Ada
}

func ExampleRequest_Decode() {
	type Line struct {
		Item string `form:"item"`
		N    int    `form:"n"`
	}
	var order struct {
		Name  string `form:"name"`
		Lines []Line `form:"lines"`
	}
	err := formRequest("name=Ada&lines[0].item=tea&lines[0].n=2").Decode(&order)
	fmt.Println(order, err)

	err = formRequest("lines[0].n=two&lines[1].n=three").Decode(&order)
	var faults webob.FieldErrors
	if errors.As(err, &faults) {
		for _, f := range faults {
			fmt.Println(f.Pointer, f.Message)
		}
	}
	// Output:
	// {Ada [{tea 2}]} <nil>
	// /lines/0/n must be a whole number
	// /lines/1/n must be a whole number
}

func ExampleRequest_DecodeStrict() {
	var in struct {
		Name string `form:"name"`
	}
	fmt.Println(formRequest("name=Ada&admin=true").DecodeStrict(&in).(*webob.InputError).Public)
	// Output:
	// form /admin is not known
}

func ExampleRequest_DecodeQuery() {
	var in struct {
		Page int `form:"page"`
	}
	fmt.Println(formRequest("").DecodeQuery(&in), in.Page)
	// Output:
	// <nil> 2
}

// Checks of one's own are answered like those of Decode.
func ExampleFieldErrors() {
	var faults webob.FieldErrors
	if form := formRequest("age=-1").POST(); form.Get("age") < "0" {
		faults = append(faults, webob.FieldError{Source: webob.InForm, Pointer: "/age", Message: "must not be negative"})
	}
	if err := faults.InputError(); err != nil { // a function returns this
		fmt.Println(err.(*webob.InputError).Status, err.(*webob.InputError).Public)
	}
	// Output:
	// 422 form /age must not be negative
}
