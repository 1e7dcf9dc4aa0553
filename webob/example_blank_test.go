package webob_test

import (
	"fmt"
	"io"

	"github.com/gowebob/gowebob/webob"
)

// A request from nothing: what a client would send, without a client.
func ExampleBlank() {
	req := webob.Blank("/articles?page=2",
		webob.WithMethod("PUT"),
		webob.WithHeader("Accept", "application/json"),
		webob.WithCookie("session", "s3cret"))
	fmt.Println(req.Method, req.FullURL(), req.Proto)
	fmt.Println(req.Header.Get("Accept"), req.Header.Get("Cookie"))
	// Output:
	// PUT http://localhost/articles?page=2 HTTP/1.0
	// application/json session=s3cret
}

func ExampleWithForm() {
	req := webob.Blank("/login", webob.WithForm("user", "ada", "note", "a & b"))
	body, _ := io.ReadAll(req.Body)
	fmt.Println(req.Method, req.ContentType(), string(body))
	// Output: POST application/x-www-form-urlencoded user=ada&note=a+%26+b
}

func ExampleWithJSON() {
	req := webob.Blank("/articles", webob.WithJSON(map[string]string{"title": "x"}))
	body, _ := io.ReadAll(req.Body)
	fmt.Println(req.Method, req.ContentType(), string(body))
	// Output: POST application/json {"title":"x"}
}

func ExampleWithFiles() {
	req := webob.Blank("/upload",
		webob.WithForm("title", "A picture"),
		webob.WithFiles(webob.NewUpload("picture", "a.png", "", []byte("\x89PNG"))))
	if err := req.ParseMultipartForm(1 << 20); err != nil {
		fmt.Println(err)
	}
	file := req.MultipartForm.File["picture"][0]
	fmt.Println(req.PostFormValue("title"), file.Filename, file.Size, file.Header.Get("Content-Type"))
	// Output: A picture a.png 4 image/png
}

// Options of one's own are made of those there are.
func ExampleWithAll() {
	asAda := webob.WithAll(
		webob.WithHeader("X-Auth-Token", "t0k3n"),
		webob.WithEnviron("REMOTE_USER", "ada"))
	req := webob.Blank("/", asAda, webob.WithBaseURL("https://api.example/v1"))
	fmt.Println(req.ApplicationURL(), req.Environ().String("REMOTE_USER"), req.Header.Get("X-Auth-Token"))
	// Output: https://api.example/v1 ada t0k3n
}

// NewBlank is for targets that come from somebody else.
func ExampleNewBlank() {
	_, err := webob.NewBlank("http://a:b:c/")
	fmt.Println(err)
	// Output: webob: request for "http://a:b:c/": webob: authority "a:b:c": the Host is not host[:port]
}

// A form with an upload is posted as multipart/form-data; WithMultipart does so
// without one.
func ExampleWithMultipart() {
	req := webob.Blank("/", webob.WithForm("name", "Ada"), webob.WithMultipart())
	fmt.Println(req.Method, req.ContentType(), req.POST().Get("name"))
	// Output:
	// POST multipart/form-data Ada
}
