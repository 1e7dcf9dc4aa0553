package webob

import (
	"bytes"
	"errors"
	"io"
	"net/http"
)

// Upload is a file part of a form. Filename, ContentType and Header are as the
// client sent them: a file name may hold a path, a type may be a lie.
type Upload struct {
	Name        string // of the form field
	Filename    string
	ContentType string // text/plain if the part did not say
	Header      http.Header
	Size        int64 // in bytes

	open func() (io.ReadSeekCloser, error)
}

// NewUpload makes an upload of content held in memory, for requests made by hand.
func NewUpload(name, filename, contentType string, content []byte) *Upload {
	return &Upload{
		Name: name, Filename: filename, ContentType: contentType, Size: int64(len(content)),
		open: func() (io.ReadSeekCloser, error) { return memoryFile{bytes.NewReader(content)}, nil },
	}
}

// memoryFile is content in memory; closing it does nothing.
type memoryFile struct{ *bytes.Reader }

func (memoryFile) Close() error { return nil }

// Open returns the content from its start. Each reader is independent of others
// and must be closed; all end with the request.
func (u *Upload) Open() (io.ReadSeekCloser, error) {
	if u.open == nil {
		return nil, errors.New("webob: upload without content: " + u.Filename)
	}
	return u.open()
}

// AddFile appends an upload under its field name.
func (d *MultiDict) AddFile(u *Upload) error {
	return d.addPair(Pair{Key: u.Name, Value: u.Filename, File: u})
}

// File returns the last upload of that name, or nil. Of a nested MultiDict it is
// the last in the first part that has one.
func (d *MultiDict) File(name string) *Upload {
	for _, part := range d.parts {
		if u := part.File(name); u != nil {
			return u
		}
	}
	files := d.Files(name)
	if len(files) == 0 {
		return nil
	}
	return files[len(files)-1]
}

// Files returns all uploads of that name in their order; nil if there is none.
func (d *MultiDict) Files(name string) []*Upload {
	var files []*Upload
	d.eachOf(name, func(p *Pair) bool {
		if p.File != nil {
			files = append(files, p.File)
		}
		return true
	})
	return files
}
