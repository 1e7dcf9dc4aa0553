package header

import (
	"net/http"
	"slices"
)

// LendTo is AppendTo without a copy: the slices put into h show the List's own
// fields. It is for a header that is being sent and not changed any more, since
// who assigns to an element of such a slice changes the List; Add and Set on h do
// not. net/http takes a copy at WriteHeader. Nothing is allocated.
func (l *List) LendTo(h http.Header) {
	if l.more != nil && !l.distinct() {
		l.AppendTo(h)
		return
	}
	if l.ctype[0] != "" {
		ready := readyType(l.ctype[0])
		if ready == nil {
			ready = l.ctype[:1:1]
		}
		h[contentType] = ready
	}
	list := l.pairs()
	for i := range list {
		put(h, list[i].name, list[i].value[:1:1])
	}
}

// LendWithout is a List of the same fields but for those of the given canonical
// names. Both show the same storage if they can, so that neither may be changed any
// more: it is for a header that is sent in another's place, as a 304 is. Nothing
// is allocated where no more than a Content-Type goes.
func (l *List) LendWithout(names ...string) List {
	c := List{l.ctype, l.more}
	for _, name := range names {
		if name == contentType {
			c.ctype[0] = ""
		}
		if c.exact(name) != nil {
			c = l.Clone()
			c.DeleteFunc(func(n, _ string) bool { return slices.Contains(names, n) })
			return c
		}
	}
	return c
}

// LendFieldsTo is LendTo without the Content-Type, for an answer that has no body, as a
// 304 is. Where a field says how a body is framed (see Framing), a name comes twice or
// something was refused, it does nothing and gives false. Nothing is allocated.
func (l *List) LendFieldsTo(h http.Header) bool {
	if l.more == nil {
		return true
	}
	if length, chunked := l.Framing(); length != "" || chunked || l.more.err != nil || l.hasSecondType() || !l.distinct() {
		return false
	}
	list := l.more.list
	for i := range list {
		put(h, list[i].name, list[i].value[:1:1])
	}
	return true
}

// LendTypeTo is LendTo for a List of a Content-Type alone; for any other it does
// nothing and gives false.
func (l *List) LendTypeTo(h http.Header) bool {
	if l.more != nil && (len(l.more.list) > 0 || l.more.err != nil) || l.ctype[0] == "" {
		return false
	}
	ready := readyType(l.ctype[0])
	if ready == nil {
		ready = l.ctype[:1:1]
	}
	h[contentType] = ready
	return true
}
