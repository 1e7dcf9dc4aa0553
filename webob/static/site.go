package static

import (
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"time"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/internal/filetype"
	"github.com/gowebob/gowebob/webob"
	"github.com/gowebob/gowebob/webob/header"
)

// site is what File and Dir have in common.
type site struct {
	source   source
	o        Options
	variants *variants
	tags     tags
}

func (s *site) set(src source, o Options) (err error) {
	s.source = src
	if s.o, err = o.filled(); err != nil {
		return err
	}
	s.variants, err = newVariants(s.o.Precompressed)
	return err
}

// allowed says no to all methods but GET and HEAD.
func allowed(req *webob.Request) error {
	if req.Method == http.MethodGet || req.Method == http.MethodHead || req.Method == "" {
		return nil
	}
	return exc.MethodNotAllowed.Allow(http.MethodGet, http.MethodHead)
}

// file answers with a regular file, which it closes unless it becomes the body.
func (s *site) file(req *webob.Request, f fs.File, info fs.FileInfo, name string) (*webob.Response, error) {
	if err := allowed(req); err != nil {
		f.Close()
		return nil, err
	}
	mediaType, coding := filetype.Of(name, s.o.Types)
	body := variant{File: f, info: info, name: name}
	varies := s.variants != nil && coding == ""
	if varies {
		if v, ok := s.variants.find(s.source, name, info, req.Header); ok {
			f.Close()
			body, coding = v, v.coding
		}
	}
	p := webob.NewResponse(http.StatusOK)
	if err := setBody(p, body); err != nil {
		return nil, answerable(err)
	}
	h := p.Header()
	if mediaType == "" {
		mediaType = unknownType
		h.Set("X-Content-Type-Options", "nosniff")
	}
	h.Set("Content-Type", mediaType)
	if coding != "" {
		h.Set("Content-Encoding", coding)
	}
	h.Set("Accept-Ranges", "bytes")
	if varies {
		p.AddVary("Accept-Encoding")
	}
	s.setCaching(h, name)
	if err := s.setTag(h, body, varies); err != nil {
		p.Close()
		return nil, err
	}
	p.Conditional(true)
	if s.o.Prepare != nil {
		if err := s.o.Prepare(req, name, p); err != nil {
			p.Close()
			return nil, err
		}
	}
	return p, nil
}

func (s *site) setCaching(h *header.List, name string) {
	switch {
	case s.o.Immutable != nil && s.o.Immutable(name):
		h.Set("Cache-Control", Forever)
	case s.o.CacheControl != "":
		h.Set("Cache-Control", s.o.CacheControl)
	}
}

// setTag gives the file its ETag, where it is to have one. Files in several codings
// have one each: a Last-Modified alone could join parts of two (RFC 9110 §8.8.3.3).
func (s *site) setTag(h *header.List, v variant, varies bool) error {
	changed := v.info.ModTime()
	if !changed.IsZero() && !s.o.Tags && !varies {
		return nil
	}
	if changed.After(noTime) {
		h.Set("ETag", timeTag(v.info, v.coding, time.Now()))
		return nil
	}
	tag, err := s.tags.tag(s.source, v.name, v.info.Size())
	if err != nil {
		return fmt.Errorf("static: tag of %q: %w", v.name, err)
	}
	h.Set("ETag", tag)
	return nil
}

// noTime is what images and packages that are built alike each time give all of
// their files.
var noTime = time.Unix(1, 0)

// setBody makes a file the body and its time the Last-Modified. The file is closed
// with the Response or, with an error, now.
func setBody(p *webob.Response, v variant) error {
	switch f := v.File.(type) {
	case *os.File:
		return p.SetFile(f) // sendfile
	case io.ReaderAt:
		p.SetBody(io.NewSectionReader(f, 0, v.info.Size()))
		p.OnClose(func() { v.File.Close() })
	default:
		p.SetBody(f)
		if err := header.ContentLength.Set(p.Header(), v.info.Size()); err != nil {
			p.Close()
			return err
		}
	}
	if v.info.ModTime().IsZero() {
		return nil
	}
	if err := header.LastModified.Set(p.Header(), v.info.ModTime()); err != nil {
		p.Close()
		return err
	}
	return nil
}
