package webob_test

import (
	"fmt"

	"github.com/gowebob/gowebob/webob"
)

// Mixed and DictOfLists hand the pairs to what takes maps.
func ExampleMultiDict_Mixed() {
	d := webob.NewMultiDict("a", "1", "b", "2", "a", "3")
	fmt.Println(d.Mixed(), d.DictOfLists())
	// Output:
	// map[a:[1 3] b:2] map[a:[1 3] b:[2]]
}

// Extend appends, Update sets.
func ExampleMultiDict_Update() {
	defaults := webob.NewMultiDict("page", "1", "sort", "name")
	asked := webob.NewMultiDict("page", "7")
	if err := defaults.Update(asked); err != nil {
		fmt.Println(err)
	}
	fmt.Println(defaults.Encode())
	if err := defaults.Extend(asked); err != nil {
		fmt.Println(err)
	}
	last, err := defaults.PopDefault("order", "up")
	fmt.Println(defaults.Encode(), last, err)
	// Output:
	// sort=name&page=7
	// sort=name&page=7&page=7 up <nil>
}
