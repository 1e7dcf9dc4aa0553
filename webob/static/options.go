package static

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/gowebob/gowebob/webob"
)

// Options say how files are served. The zero value lists no directory, hides names
// that begin with a dot, and says nothing of caching.
type Options struct {
	// Index is the name of the page that a directory shows: index.html.
	Index string
	// NoIndex has directories show no page. WebOb: index_page=None.
	NoIndex bool
	// HideIndex sends requests for the index page by its name to the directory.
	// WebOb: hide_index_with_redirect.
	HideIndex bool
	// List shows a directory without an index page as a list of its files.
	List bool
	// Dotfiles serves names that begin with a dot, such as .git and .env. Without
	// it only the directory .well-known at the top is served (RFC 8615).
	Dotfiles bool

	// Precompressed are the content codings that files may lie beside in, the
	// dearest first: br (style.css.br), zstd (.zst) and gzip (.gz). The request's
	// Accept-Encoding chooses, Vary says so. A sibling older than its file is stale
	// and passed over.
	Precompressed []string
	// Tags gives an ETag to every file. Files without a modification time, and all
	// where Precompressed is set, have one anyway.
	Tags bool
	// CacheControl is the Cache-Control of all files, empty for none.
	CacheControl string
	// Immutable tells the names whose content never changes, as Hashed does: they
	// have the Cache-Control of the constant Forever.
	Immutable func(name string) bool

	// Fallback is a file that answers, with status 200, for pages that are not
	// there: the page of an application that runs in the browser and knows its own
	// paths. A path whose last segment has an extension is no page but an asset, and
	// stays a 404.
	Fallback string

	// Types are media types by the extension in lower case, ".md" for example,
	// before those of Type.
	Types map[string]string
	// Prepare has the last word on the answer of each file. name is that of the file
	// served, relative to the directory; conditions and ranges are looked at after.
	// An error is answered instead. WebOb: the keyword arguments, make_fileapp.
	Prepare func(req *webob.Request, name string, resp *webob.Response) error
}

// Forever is the Cache-Control of what never changes: a year, without asking again.
const Forever = "public, max-age=31536000, immutable"

// filled checks the options and puts the defaults in.
func (o Options) filled() (Options, error) {
	if o.Index == "" {
		o.Index = "index.html"
	}
	switch {
	case o.NoIndex:
		o.Index = ""
	case strings.Contains(o.Index, "/") || !fs.ValidPath(o.Index):
		return o, fmt.Errorf("static: index page %q is no file name", o.Index)
	}
	if o.Fallback != "" && !fs.ValidPath(o.Fallback) {
		return o, fmt.Errorf("static: fallback %q is no path in the directory", o.Fallback)
	}
	for ext := range o.Types {
		if !strings.HasPrefix(ext, ".") || strings.ToLower(ext) != ext {
			return o, fmt.Errorf("static: extension %q is not in lower case behind a dot", ext)
		}
	}
	o.Types = maps.Clone(o.Types)
	o.Precompressed = slices.Clone(o.Precompressed)
	return o, nil
}

// ErrNotDir is a root that is no directory.
var ErrNotDir = errors.New("not a directory")

// Hashed tells names that carry a hash of their content, as bundlers write them:
// app.3f9a2b1c.js, logo-5d41402abc4b2a76.svg. It looks for eight or more hexadecimal
// digits between dots, hyphens or underscores before the extension, letters and
// figures among them, so that a date is none. It is for Options.Immutable.
func Hashed(name string) bool {
	name = name[strings.LastIndexByte(name, '/')+1:]
	end := strings.LastIndexByte(name, '.')
	if end < 0 {
		return false
	}
	parts := strings.FieldsFunc(name[:end], func(r rune) bool { return r == '.' || r == '-' || r == '_' })
	return len(parts) > 1 && slices.ContainsFunc(parts[1:], isHash)
}

func isHash(s string) bool {
	if len(s) < 8 || strings.Trim(s, "0123456789abcdefABCDEF") != "" {
		return false
	}
	return strings.ContainsAny(s, "0123456789") && strings.ContainsAny(s, "abcdefABCDEF")
}
