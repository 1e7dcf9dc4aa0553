package exc_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// RFC 9110 section 15.5.16: a 415 says which codings would have been taken.
func TestPageOfAnInputErrorHasItsHeader(t *testing.T) {
	req := webob.Blank("/", webob.WithMethod("POST"), webob.WithHeader("Content-Encoding", "br"), webob.WithBody([]byte("x")))
	p := exc.Page(req, req.DecodeBody(webob.BodyDecoding{}))
	assert.Equal(t, http.StatusUnsupportedMediaType, p.Status())
	assert.Equal(t, "gzip, deflate", p.Header().Get("Accept-Encoding"))
}
