// Package heard tells an error of what is read from one of where it is copied to.
package heard

import "io"

// Reader is a reader whose error is remembered.
type Reader struct {
	io.Reader
	Err error // the last one, but for io.EOF
}

// Read reads, and keeps the error.
func (r *Reader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err != io.EOF {
		r.Err = err
	}
	return n, err
}
