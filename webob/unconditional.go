package webob

import (
	"maps"
	"slices"
)

// conditionals are the fields that let an answer be less than the whole plain
// representation.
var conditionals = [...]string{"If-None-Match", "If-Modified-Since", "If-Range", "Range", "Accept-Encoding"}

// RemoveConditionalHeaders makes the request ask for the whole representation,
// uncoded: for a filter that needs all of the answer. If-None-Match,
// If-Modified-Since, If-Range, Range and Accept-Encoding go, but for those named
// in keep; If-Range goes and stays with Range. If-Match and If-Unmodified-Since
// always stay: they guard against changing what the client has not seen.
//
// The header becomes a copy: other views of the request keep theirs. WebOb:
// Request.remove_conditional_headers.
func (r *Request) RemoveConditionalHeaders(keep ...string) {
	h := maps.Clone(r.Header)
	for _, name := range conditionals {
		if !slices.Contains(keep, name) && (name != "If-Range" || !slices.Contains(keep, "Range")) {
			delete(h, name)
		}
	}
	r.Header = h
}
