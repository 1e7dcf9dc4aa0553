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

// LendPlainTo is LendTo for a List that only has to be stored: it has a Content-Type,
// no name twice, nothing about the framing of the body, nothing that adds up with what
// is there, and no error. For any other it does nothing and gives false.
func (l *List) LendPlainTo(h http.Header) bool {
	if l.ctype[0] == "" || l.more != nil && (l.more.err != nil || !l.plain()) {
		return false
	}
	ready := readyType(l.ctype[0])
	if ready == nil {
		ready = l.ctype[:1:1]
	}
	h[contentType] = ready
	list := l.pairs()
	for i := range list {
		h[list[i].name] = list[i].value[:1:1]
	}
	return true
}

// plain looks at the names for LendPlainTo, once.
func (l *List) plain() bool {
	seen := nameBit(contentType)
	list := l.pairs()
	for i := range list {
		name := list[i].name
		switch len(name) {
		case len("Vary"), len("Trailer"), len("Set-Cookie"), len("Content-Length"), len("Transfer-Encoding"):
			if addsUp(name) || name == "Trailer" || name == "Content-Length" || name == "Transfer-Encoding" {
				return false
			}
		}
		bit := nameBit(name)
		if seen&bit != 0 && l.knownBefore(i) {
			return false
		}
		seen |= bit
	}
	return true
}
