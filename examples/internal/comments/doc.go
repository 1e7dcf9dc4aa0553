// Package comments puts comments, and a form for more, below every HTML page of any
// app. It is WebOb's tutorial of a comment middleware, with what the tutorial left
// out: conditional requests, HEAD, ranges, charsets, limits, and comments only on pages
// that exist.
//
//	store := comments.NewStore(root)                  // a folder, as os.Root
//	http.ListenAndServe(addr, store.Filter(anyApp))
//
// The app knows nothing of it. One that wants a say tells the Topic. The filter
// answers one path by itself, Path, to which the form is sent; put it behind
// http.CrossOriginProtection, so that no other site can post in a visitor's name.
//
// The files: filter.go is what happens to a page, add.go what happens to the form,
// store.go where comments are kept.
package comments
