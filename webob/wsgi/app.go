package wsgi

import (
	"iter"

	"github.com/gowebob/gowebob/webob"
)

// App is an application in the shape of PEP 3333: application(environ,
// start_response) returns an iterable of bytestrings. It has to call start before
// its first chunk, here or in the iterator. The iterator is run once; an error in
// it, which ends it, stands for a raised exception. A nil iterator is a violation.
//
// A chunk may be reused as soon as yield or write has returned.
type App func(env webob.Environ, start StartResponse) iter.Seq2[[]byte, error]

// StartResponse begins the answer: a status "200 OK" and the header fields, in
// order. It may be called again only with excInfo, the error that made the
// application change its mind: before the first chunk that replaces the head,
// after it start returns excInfo, and the application has to stop.
//
// The error is a *Violation if the head is refused. The head is not sent before the first
// chunk. The headers belong to the server from then on.
type StartResponse func(status string, headers Headers, excInfo error) (Write, error)

// Headers are the header fields of an answer: pairs of name and value.
type Headers [][2]string

// Write sends a chunk from within the application function, before it returns
// its iterator. The PEP keeps it for code that cannot be written otherwise.
type Write func(chunk []byte) error
