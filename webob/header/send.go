package header

import "net/http"

// smallList is up to how many fields AppendTo looks for equal names by
// comparing each with each.
const smallList = 32

// HTTPHeader is a copy as a map, for those who need one. It shares nothing
// with the List.
func (l *List) HTTPHeader() http.Header {
	h := make(http.Header, l.Len())
	l.send(h, nil)
	return h
}

// AppendTo writes the fields into a map, usually that of a ResponseWriter.
// They replace the fields of the same names that are there, except Set-Cookie
// and Vary, which add up; equal names of the List add up. The map must not be nil.
//
// All values share one allocation, each behind a slice of capacity one, so
// that an Add further out takes nothing from its neighbour; a common
// Content-Type by itself needs none, its slice is shared by all answers. So
// change a header by Set and Add, as everybody does, and not by assigning to
// elements of its slices. Nothing in h aliases the List.
func (l *List) AppendTo(h http.Header) { l.send(h, readyType(l.ctype[0])) }

// send is AppendTo with a ready slice for the Content-Type, or nil.
func (l *List) send(h http.Header, ready []string) {
	list := l.pairs()
	n := len(list)
	if l.ctype[0] != "" && ready == nil {
		n++
	}
	if n == 0 && ready == nil {
		return
	}
	var vals []string
	if n > 0 {
		vals = make([]string, 0, n)
	}
	if l.ctype[0] != "" {
		if ready == nil {
			vals = append(vals, l.ctype[0])
			ready = vals[:1:1]
		}
		h[contentType] = ready
	}
	switch {
	case len(list) == 0:
	case l.distinct():
		for i := range list {
			vals = append(vals, list[i].value[0])
			put(h, list[i].name, vals[len(vals)-1:len(vals):len(vals)])
		}
	case len(list) <= smallList:
		l.sendGathered(h, vals)
	default:
		l.sendMany(h)
	}
}

// put stores the values of one name, by the rule of AppendTo.
func put(h http.Header, name string, vals []string) {
	if addsUp(name) {
		if prev := h[name]; len(prev) > 0 {
			vals = append(prev[:len(prev):len(prev)], vals...)
		}
	}
	h[name] = vals
}

// addsUp tells the fields in which two speakers do not contradict each other.
func addsUp(name string) bool { return name == "Set-Cookie" || name == "Vary" }

// distinct tells whether no two pairs have the same name (and none is a second
// Content-Type). It may say no where the answer is yes, never the other way.
func (l *List) distinct() bool {
	var seen uint64
	if l.ctype[0] != "" {
		seen = nameBit(contentType)
	}
	list := l.pairs()
	for i := range list {
		bit := nameBit(list[i].name)
		if seen&bit != 0 && l.knownBefore(i) {
			return false
		}
		seen |= bit
	}
	return true
}

// nameBit spreads names over 64 bits.
func nameBit(name string) uint64 {
	n := len(name)
	return 1 << ((uint(n)*5 ^ uint(name[n-1])) & 63)
}

// knownBefore tells whether the name of pair i came before. Long lists are not
// searched: they have the slow way to go.
func (l *List) knownBefore(i int) bool {
	list := l.pairs()
	if len(list) > smallList {
		return true
	}
	name := list[i].name
	if name == contentType && l.ctype[0] != "" {
		return true
	}
	for _, p := range list[:i] {
		if p.name == name {
			return true
		}
	}
	return false
}

// sendGathered puts the values of equal names side by side.
func (l *List) sendGathered(h http.Header, vals []string) {
	list := l.pairs()
	for i := range list {
		name := list[i].name
		if name == contentType && l.ctype[0] != "" {
			h[name] = append(h[name], list[i].value[0])
			continue
		}
		if l.knownBefore(i) {
			continue
		}
		from := len(vals)
		for _, p := range list[i:] {
			if p.name == name {
				vals = append(vals, p.value[0])
			}
		}
		put(h, name, vals[from:len(vals):len(vals)])
	}
}

// sendMany is for long lists with equal names: linear, at the price of
// an allocation for each name.
func (l *List) sendMany(h http.Header) {
	list := l.pairs()
	for _, p := range list {
		if !addsUp(p.name) && !(p.name == contentType && l.ctype[0] != "") {
			delete(h, p.name)
		}
	}
	for _, p := range list {
		prev := h[p.name]
		h[p.name] = append(prev[:len(prev):len(prev)], p.value[0])
	}
}

// Slices of common content types, shared by all answers and never changed.
var (
	typeText    = []string{"text/plain; charset=utf-8"}
	typeHTML    = []string{"text/html; charset=utf-8"}
	typeJSON    = []string{"application/json"}
	typeBytes   = []string{"application/octet-stream"}
	typeProblem = []string{"application/problem+json"}
	typeCSS     = []string{"text/css; charset=utf-8"}
	typeScript  = []string{"text/javascript; charset=utf-8"}
	typePNG     = []string{"image/png"}
)

// readyType is the shared slice of a content type, or nil.
func readyType(s string) []string {
	switch s {
	case "text/plain; charset=utf-8":
		return typeText[:1:1]
	case "text/html; charset=utf-8":
		return typeHTML[:1:1]
	case "application/json":
		return typeJSON[:1:1]
	case "application/octet-stream":
		return typeBytes[:1:1]
	case "application/problem+json":
		return typeProblem[:1:1]
	case "text/css; charset=utf-8":
		return typeCSS[:1:1]
	case "text/javascript; charset=utf-8":
		return typeScript[:1:1]
	case "image/png":
		return typePNG[:1:1]
	}
	return nil
}
