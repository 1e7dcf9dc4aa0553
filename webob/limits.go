package webob

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
)

// Limits bound what a request may make the server read, keep and work on. The
// zero value of each field is the default named beside it, a negative one means
// no limit. What goes beyond is answered with 413, as an *InputError.
type Limits struct {
	// Body is how many bytes a body may have for Bytes, Text, JSON, Decode and
	// forms, uploads included: 10 MiB. Whoever reads Body itself is not bound.
	Body int64
	// Memory is how many bytes of a multipart form, or of a body made seekable,
	// are kept in memory; what is larger goes to a temporary file: 1 MiB.
	Memory int64
	// Pairs is how many variables a query or a urlencoded form may have: 10,000.
	Pairs int
	// Parts is how many parts a multipart form may have: 1,000.
	Parts int
	// PartHeader is how many bytes the header of one part may have: 8 KiB.
	PartHeader int
	// Field is how many bytes one text field of a multipart form may have: 1 MiB.
	Field int64
	// Part is how many bytes one upload may have: as many as Body leaves.
	Part int64
	// Key is how many bytes a key may have that is decoded into a struct: 256.
	Key int
	// Depth is how deep JSON may be nested, and keys such as a[0].b: 64.
	Depth int
	// Index is the largest index in keys such as a[7], and how many elements
	// all indexes of a form may ask for together: 1,000.
	Index int
}

// defaultLimits are what the zero values stand for; never changed.
var defaultLimits = Limits{
	Body: 10 << 20, Memory: 1 << 20, Pairs: MaxPairs, Parts: 1000,
	PartHeader: 8 << 10, Field: 1 << 20, Part: math.MaxInt64, Key: 256, Depth: 64, Index: 1000,
}

// filled puts the defaults in.
func (l Limits) filled() Limits {
	d := &defaultLimits
	return Limits{
		Body: limit(l.Body, d.Body), Memory: limit(l.Memory, d.Memory),
		Pairs: limit(l.Pairs, d.Pairs), Parts: limit(l.Parts, d.Parts),
		PartHeader: limit(l.PartHeader, d.PartHeader), Field: limit(l.Field, d.Field), Part: limit(l.Part, d.Part),
		Key: limit(l.Key, d.Key), Depth: limit(l.Depth, d.Depth), Index: limit(l.Index, d.Index),
	}
}

// limit is n, or the default, or the largest number there is.
func limit[T int | int64](n, byDefault T) T {
	switch {
	case n == 0:
		return byDefault
	case n < 0:
		return T(math.MaxInt)
	}
	return n
}

// SetLimits sets the limits of this request, for whatever reads its body or its
// variables from now on: a filter does so for an application, a function for
// itself. What has been read already stays.
func (r *Request) SetLimits(l Limits) {
	l = l.filled()
	r.input().limits.Store(&l)
}

// Limits are the limits of this request, defaults filled in; those that
// SetLimits has taken away are the largest number there is.
func (r *Request) Limits() Limits {
	if r.x == nil {
		return defaultLimits
	}
	return *r.input().filled()
}

// tooLarge is the breach of a limit.
func tooLarge(what string, limit int64, unit string) *InputError {
	return &InputError{
		Status: http.StatusRequestEntityTooLarge,
		Public: what + " is beyond the limit of " + strconv.FormatInt(limit, 10) + " " + unit,
	}
}

// badInput is a 400 with a public text.
func badInput(err error, format string, args ...any) *InputError {
	return &InputError{Status: http.StatusBadRequest, Public: fmt.Sprintf(format, args...), Err: err}
}
