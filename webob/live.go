package webob

import (
	"errors"
	"io"
	"net/http"
)

// SetLiveBody makes what r gives the body, as SetBody does, and has each piece sent
// on as soon as it has been read: for events, progress, and what another server
// sends without a length.
func (p *Response) SetLiveBody(r io.Reader) { p.setStream(&live{pulled{r: r}}, -1) }

// live is the body of a reader that may give little at a time.
type live struct{ pulled }

func (b *live) writeTo(s *sink) error {
	var failed error
	err := b.each(func(piece []byte) bool {
		if _, failed = s.Write(piece); failed != nil {
			return false
		}
		if failed = s.Flush(); errors.Is(failed, http.ErrNotSupported) {
			failed = nil
		}
		return failed == nil
	})
	if failed != nil {
		return failed
	}
	return err
}
