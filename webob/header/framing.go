package header

// Framing is what the List says about how the body is framed: the first
// Content-Length, "" where there is none, and whether a Trailer or a
// Transfer-Encoding field asks for chunks (RFC 9112, section 6). It is one pass
// over the List, for whoever sends it.
func (l *List) Framing() (length string, chunked bool) {
	list := l.pairs()
	for i := range list {
		switch p := &list[i]; len(p.name) {
		case len("Trailer"):
			chunked = chunked || p.name == "Trailer"
		case len("Content-Length"):
			if length == "" && p.name == "Content-Length" {
				length = p.value[0]
			}
		case len("Transfer-Encoding"):
			chunked = chunked || p.name == "Transfer-Encoding"
		}
	}
	return length, chunked
}

// ContentType is Get("Content-Type"), without looking for it.
func (l *List) ContentType() string {
	if l.ctype[0] != "" || l.more == nil {
		return l.ctype[0]
	}
	return l.Get(contentType)
}

// SetContentType is Set("Content-Type", value), without looking for the name
// where its place is free or it is the only one.
func (l *List) SetContentType(value string) {
	if !l.hasSecondType() && (readyType(value) != nil || value != "" && badByte(value) < 0) {
		l.ctype[0] = value
		return
	}
	l.Set(contentType, value)
}
