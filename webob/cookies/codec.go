package cookies

import (
	"errors"
	"fmt"
	"strings"

	"encoding/base64"
)

// Errors of this package, to be told apart by errors.Is. A request that brings any
// of the first three has a cookie that says nothing: treat it as none.
var (
	// ErrMalformed: the text was not written by such a codec, or its payload is not
	// what the serializer reads.
	ErrMalformed = errors.New("cookies: malformed value")
	// ErrForged: no key has made the value. It was changed, or is of another
	// cookie, or the key has been retired.
	ErrForged = errors.New("cookies: not made with any of the keys")
	// ErrExpired: the value is genuine, and too old.
	ErrExpired = errors.New("cookies: expired value")
	// ErrTooLong: the value does not fit into a cookie.
	ErrTooLong = errors.New("cookies: value too long for a cookie")
	// ErrSecret: a secret is missing or too short.
	ErrSecret = errors.New("cookies: unfit secret")
)

// Codec turns values into the text of a cookie and back. NewSigned, NewSealed and
// NewBase64 make one; it is safe for concurrent use. The name is that of the
// cookie: a sealed value is bound to it, the others do not look at it.
type Codec[T any] interface {
	// Encode gives the text for a value. Whatever the value, the text needs no quotes.
	Encode(name string, v T) (string, error)
	// Decode gives the value back. The error is ErrMalformed, ErrForged or
	// ErrExpired, and never tells what was in the text.
	Decode(name, text string) (T, error)
}

// urlBase64 and paddedBase64 take one spelling of a value only: no other letters
// (base64 itself would pass over line breaks), no bits left over.
var (
	urlBase64    = base64.RawURLEncoding.Strict()
	paddedBase64 = base64.URLEncoding.Strict()
)

// appendDecode decodes text strictly. Its bytes go through a buffer, lest they
// are allocated.
func appendDecode(dst []byte, enc *base64.Encoding, text string, buf *[]byte) ([]byte, error) {
	if strings.ContainsAny(text, "\r\n") {
		return dst, ErrMalformed
	}
	*buf = append((*buf)[:0], text...)
	dst, err := enc.AppendDecode(dst, *buf)
	if err != nil {
		return dst, ErrMalformed
	}
	return dst, nil
}

// malformed is an error of the serializer, told as ErrMalformed.
func malformed(err error) error { return fmt.Errorf("%w: %w", ErrMalformed, err) }
