package webob_test

import (
	"errors"
	"fmt"
	"io"
	"log"
	"maps"

	"github.com/gowebob/gowebob/webob"
)

func ExampleMultiDict() {
	d := webob.NewMultiDict("tag", "go", "page", "2", "tag", "web")
	fmt.Println(d.Get("tag"), d.Values("tag"), d.Len())
	d.Set("page", "3")
	d.Add("tag", "http")
	fmt.Println(d.Encode())
	// Output:
	// web [go web] 3
	// tag=go&tag=web&page=3&tag=http
}

func ExampleMultiDict_GetOne() {
	_, err := webob.NewMultiDict("id", "1", "id", "2").GetOne("id")
	fmt.Println(errors.Is(err, webob.ErrManyValues), err)
	// Output: true webob: more than one value: "id"
}

func ExampleMultiDict_Masked() {
	d := webob.NewMultiDict("user", "anna", "Password", "geheim")
	fmt.Println(d)
	// Output: {"user": "anna", "Password": "******"}
}

func ExampleMultiDict_Freeze() {
	err := webob.NewMultiDict("a", "1").Freeze("settings are fixed").Set("a", "2")
	fmt.Println(errors.Is(err, webob.ErrReadOnly), err)
	// Output: true webob: read-only variables: settings are fixed
}

func ExampleMultiDict_File() {
	form := webob.NewMultiDict("title", "A cat")
	form.AddFile(webob.NewUpload("photo", "cat.jpg", "image/jpeg", []byte("meow")))

	u := form.File("photo")
	r, err := u.Open()
	if err != nil {
		log.Fatal(err)
	}
	defer r.Close()
	content, _ := io.ReadAll(r)
	fmt.Printf("%s, %d bytes: %s\n", u.Filename, u.Size, content)
	// Output: cat.jpg, 4 bytes: meow
}

func ExampleNestedMultiDict() {
	query := webob.ParseQuery("id=7")
	form := webob.ParseQuery("id=8&name=x")
	both := webob.NestedMultiDict(query, form)
	fmt.Println(both.Get("id"), both.Values("id"), both.Get("name"))
	// Output: 7 [7 8] x
}

func ExampleNoVars() {
	post := webob.NoVars("not a form request")
	fmt.Println(post.Len(), post.Add("a", "1"))
	// Output: 0 webob: read-only variables: not a form request
}

func ExampleParseQuery() {
	d := webob.ParseQuery("q=caf%C3%A9+noir&sale=50%&debug&q=th%E9")
	for key, value := range d.All() {
		fmt.Printf("%s: %q\n", key, value)
	}
	fmt.Println(errors.Is(d.Err(), webob.ErrNotUTF8))
	// Output:
	// q: "café noir"
	// sale: "50%"
	// debug: ""
	// q: "th�"
	// true
}

func ExampleCollectPairs() {
	d := webob.CollectPairs(maps.All(map[string]string{"a": "1"}))
	fmt.Println(d.Encode())
	// Output: a=1
}

// Dicts are equal with the same pairs in the same order.
func ExampleMultiDict_Equal() {
	a, b := webob.NewMultiDict("x", "1", "y", "2"), webob.NewMultiDict("y", "2", "x", "1")
	fmt.Println(a.Equal(b), a.Equal(webob.NewMultiDict("x", "1", "y", "2")))
	last, err := b.PopItem()
	fmt.Println(last.Key, last.Value, err)
	// Output:
	// false true
	// x 1 <nil>
}
