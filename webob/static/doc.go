// Package static serves files: a directory, one file, or what is embedded in the
// program. Nothing outside the directory is ever opened, the zero Options are the
// safe ones, and an answer is a *webob.Response like any other, so that filters
// see it, change it, and see why there was none.
//
//	//go:embed assets
//	var assets embed.FS
//
//	uploads, err := static.OpenDir("/srv/uploads", static.Options{})
//	...
//	site, _ := fs.Sub(assets, "assets")
//	pages, err := static.NewDir(site, static.Options{Precompressed: []string{"br", "gzip"}})
//	...
//	mux.Handle("/uploads/", http.StripPrefix("/uploads", uploads))
//	mux.Handle("/", pages)
//
// # Where files come from
//
// OpenDir and NewRootDir serve an os.Root: the kernel sees to it that no name and
// no symbolic link leads outside, whatever the path looks like. NewDir serves any
// fs.FS, which decides for itself; os.DirFS follows symbolic links to everywhere.
// NewFile and NewFSFile serve one file whatever the path of the request is.
//
// # Paths
//
// net/http has decoded the path, once, and it is not decoded again. Empty and dot
// segments are resolved; a path that leaves the directory is a 403, even if it
// would come back. NUL, backslashes, bytes that are no UTF-8 and, on Windows, what
// names a device or another file than it seems to, are a 404, and so are names that
// begin with a dot, unless Options.Dotfiles is set or they lie in /.well-known/.
//
// # Answers
//
// A file is answered with its type, length and time, a range or several, or a 304,
// 412 or 416, as RFC 9110 asks. A directory leads to its URL with a slash and to
// its index page there. Files without a time, such as embedded ones, have a strong
// ETag made of their content, once. GET and HEAD are known, other methods a 405.
// What is not there is exc.NotFound, what may not be read exc.Forbidden; no answer
// says where a file lies.
//
// WebOb: the module webob.static.
package static
