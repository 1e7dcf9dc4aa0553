package webob

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestRemoveConditionalHeaders(t *testing.T) {
	all := http.Header{}
	for _, name := range append(conditionals[:], "If-Match", "If-Unmodified-Since", "Accept") {
		all[name] = []string{"x"}
	}
	req := NewRequest(&http.Request{Header: all})
	req.RemoveConditionalHeaders("Range", "Accept-Encoding")
	assert.Equal(t, http.Header{"If-Range": {"x"}, "Range": {"x"}, "Accept-Encoding": {"x"}, "If-Match": {"x"},
		"If-Unmodified-Since": {"x"}, "Accept": {"x"}}, req.Header)
	assert.Len(t, all, 8, "the filter outside still sees them")
	req.RemoveConditionalHeaders()
	assert.Equal(t, http.Header{"If-Match": {"x"}, "If-Unmodified-Since": {"x"}, "Accept": {"x"}}, req.Header)
	NewRequest(&http.Request{}).RemoveConditionalHeaders()
}
