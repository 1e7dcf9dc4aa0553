package contentneg

import "net/http"

// BestUncached is Best past the cache, for benchmarks.
func (t *Types) BestUncached(h http.Header) (int, bool) {
	field := h["Accept"][0]
	if field == "*/*" {
		return first(t.values)
	}
	index := t.choose(field)
	return index, index >= 0
}
