package middleware

import (
	"compress/flate"
	"fmt"
	"net/http"
	"strings"

	"github.com/gowebob/gowebob/contentneg"
	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/webob"
)

// GzipOptions are settings of Gzip.
type GzipOptions struct {
	// Level is how hard to try: 1, the fastest, to 9, the smallest. 0 is 6, as in zlib.
	Level int
	// MinSize is from how many bytes on a body is compressed whose length is known.
	// 0 is 1024: below that it saves no packet; below 0 all are.
	MinSize int64
	// Types are the media types to compress: "text/html", "text/*", "*/*". nil is text,
	// and what is like it: text/*, application/* but for archives and what is compressed
	// already, image/svg+xml, image/bmp, fonts that are not.
	Types []string
	// Codings are the content codings to offer, the dearest first, of gzip and deflate;
	// nil is gzip alone, which everybody knows.
	Codings []string
}

// Validate says what is wrong with the options.
func (o GzipOptions) Validate() error {
	if o.Level < 0 || o.Level > 9 {
		return fmt.Errorf("middleware: gzip: the level is 1 to 9, not %d", o.Level)
	}
	for _, c := range o.Codings {
		if c != "gzip" && c != "deflate" {
			return fmt.Errorf("middleware: gzip: the coding %q is neither gzip nor deflate", c)
		}
	}
	for _, t := range o.Types {
		if _, sub, ok := strings.Cut(t, "/"); !ok || sub == "" {
			return fmt.Errorf("middleware: gzip: %q is no media type", t)
		}
	}
	return nil
}

// Gzip compresses answers for clients that take it (RFC 9110 section 12.5.3): the weights
// of Accept-Encoding count, and so do * and x-gzip. Whatever might be compressed says Vary:
// Accept-Encoding, whether it is or not. An entity tag gets the coding as a suffix, which is
// known again when the client sends it back (see webob.Response.EncodeContent).
//
// A 304, and a 206 of a type to compress, have the Vary as well.
//
// Left alone are other types, what has a content coding already, parts (Content-Range),
// answers with Cache-Control: no-transform, without a body (204, 304) or shorter than
// MinSize. A stream is compressed as it comes, and flushed where it is flushed; of a HEAD
// the header says what that of GET would. Ranges are those of the compressed bytes (RFC 9110
// section 14.2), and are not offered.
//
// Compression next to secrets in the same answer lets an attacker who can have the victim
// send requests guess them by the length (BREACH): mask such tokens, or leave those
// answers out by Types. Paste: gzip. It panics if Validate has an error.
func Gzip(o GzipOptions) func(http.Handler) http.Handler {
	g, err := newGzip(o)
	if err != nil {
		panic(err)
	}
	return dec.Middleware(func(req *webob.Request, app http.Handler) (*webob.Response, error) {
		resp := req.GetResponse(app)
		fits := g.fits(resp)
		if fits || g.ofFitting(resp) {
			resp.AddVary("Accept-Encoding")
		}
		if !fits {
			return resp, nil
		}
		coding := g.choose(req.Header)
		if coding == "identity" {
			return resp, nil
		}
		return resp, resp.EncodeContentLevel(coding, g.level)
	})
}

type gzipper struct {
	level  int
	min    int64
	types  map[string]bool // nil for those that suggest themselves
	offers *contentneg.Encodings
}

func newGzip(o GzipOptions) (*gzipper, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	g := &gzipper{level: o.Level, min: o.MinSize}
	if g.level == 0 {
		g.level = flate.DefaultCompression
	}
	if g.min == 0 {
		g.min = 1024
	}
	codings := o.Codings
	if codings == nil {
		codings = []string{"gzip"}
	}
	g.offers = contentneg.MustEncodings(append(codings[:len(codings):len(codings)], "identity")...)
	if o.Types != nil {
		g.types = make(map[string]bool, len(o.Types))
		for _, t := range o.Types {
			g.types[strings.ToLower(t)] = true
		}
	}
	return g, nil
}

// choose is the coding for a request. Without the field nobody has asked for one.
func (g *gzipper) choose(h http.Header) string {
	if h["Accept-Encoding"] == nil {
		return "identity"
	}
	i, ok := g.offers.Best(h)
	if !ok {
		return "identity" // not acceptable either, but better than no answer
	}
	return g.offers.Value(i)
}

// fits says whether an answer is one to compress.
func (g *gzipper) fits(resp *webob.Response) bool {
	switch status := resp.Status(); {
	case status < 200, status == http.StatusNoContent, status == http.StatusResetContent, status == http.StatusNotModified:
		return false
	case resp.Hijacked():
		return false
	}
	h := resp.Header()
	if h.Has("Content-Encoding") || h.Has("Content-Range") || !g.isType(h.Get("Content-Type")) {
		return false
	}
	if length, known := resp.ContentLength(); known && (length < g.min || length == 0) {
		return false
	}
	return !strings.Contains(strings.ToLower(strings.Join(h.Values("Cache-Control"), ",")), "no-transform")
}

// ofFitting tells what may stand for an answer to compress, and has to vary as that does
// (RFC 9110 sections 15.3.7 and 15.4.5): a part of it, and the news that it has not changed,
// which does not say of what type it is.
func (g *gzipper) ofFitting(resp *webob.Response) bool {
	switch resp.Status() {
	case http.StatusNotModified:
		return true
	case http.StatusPartialContent:
		h := resp.Header()
		return h.Has("Content-Range") && !h.Has("Content-Encoding") && g.isType(h.Get("Content-Type"))
	}
	return false
}

func (g *gzipper) isType(contentType string) bool {
	media, _, _ := strings.Cut(contentType, ";")
	media = strings.ToLower(strings.TrimSpace(media))
	kind, sub, ok := strings.Cut(media, "/")
	if !ok {
		return false
	}
	if g.types != nil {
		return g.types[media] || g.types[kind+"/*"] || g.types["*/*"]
	}
	switch kind {
	case "text":
		return true
	case "application":
		return !isPacked(sub)
	case "image":
		return sub == "svg+xml" || sub == "bmp" || sub == "x-icon" || sub == "vnd.microsoft.icon"
	case "font":
		return sub == "ttf" || sub == "otf" || sub == "sfnt"
	}
	return false
}

// isPacked tells subtypes of application that compression makes no smaller.
func isPacked(sub string) bool {
	for _, mark := range [...]string{"zip", "rar", "7z", "zstd", "lzma", "x-xz", "x-lz4", "brotli", "compress", "java-archive", "woff", "openxmlformats", "oasis.opendocument"} {
		if strings.Contains(sub, mark) {
			return true
		}
	}
	return false
}
