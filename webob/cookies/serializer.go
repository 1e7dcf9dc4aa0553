package cookies

import (
	"bytes"
	"encoding/json"
	"errors"
	"sync"
	"unicode/utf8"
)

// Serializer turns values into bytes and back. JSON and Text make one; others are
// yours to write. It must be safe for concurrent use. WebOb: serializer.
type Serializer[T any] interface {
	// Dumps appends the bytes of a value to dst.
	Dumps(dst []byte, v T) ([]byte, error)
	// Loads reads them. It must not keep data, nor let the value point into it.
	Loads(data []byte) (T, error)
}

// JSON is the serializer that WebOb uses by default. What it writes is what Python's
// json.dumps writes of the same value, byte for byte: spaces behind commas and
// colons, \u escapes for everything that is not ASCII, floating point numbers as
// Python spells them. (A Go float64 without a fraction is written as an integer, as
// encoding/json does it.) Members of an object come in Go's order. It reads any
// JSON that is UTF-8.
func JSON[T any]() Serializer[T] { return jsonSerializer[T]{} }

type jsonSerializer[T any] struct{}

// jsonBuffer is an encoder with the buffer it writes to.
type jsonBuffer struct {
	bytes.Buffer
	enc *json.Encoder
}

var jsonBuffers = sync.Pool{New: func() any {
	b := new(jsonBuffer)
	b.enc = json.NewEncoder(&b.Buffer)
	b.enc.SetEscapeHTML(false)
	return b
}}

func (jsonSerializer[T]) Dumps(dst []byte, v T) ([]byte, error) {
	b := jsonBuffers.Get().(*jsonBuffer)
	defer func() {
		if b.Cap() <= maxPooled {
			b.Reset()
			jsonBuffers.Put(b)
		}
	}()
	if err := b.enc.Encode(v); err != nil {
		return dst, err
	}
	return appendPython(dst, b.Bytes()), nil
}

// maxPooled is the size of buffers worth keeping: a cookie has 4 KiB.
const maxPooled = 16 << 10

var errNotUTF8 = errors.New("not UTF-8")

func (jsonSerializer[T]) Loads(data []byte) (v T, err error) {
	if !utf8.Valid(data) {
		return v, errNotUTF8 // encoding/json would mend it
	}
	err = json.Unmarshal(data, &v)
	return v, err
}

// Text is the serializer for values that are text or bytes already.
func Text[T ~string | ~[]byte]() Serializer[T] { return textSerializer[T]{} }

type textSerializer[T ~string | ~[]byte] struct{}

func (textSerializer[T]) Dumps(dst []byte, v T) ([]byte, error) { return append(dst, v...), nil }

func (textSerializer[T]) Loads(data []byte) (T, error) { return T(string(data)), nil }
