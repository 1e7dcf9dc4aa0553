package webob

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/gowebob/gowebob/webob/header"
)

// DecodeBody undoes the Content-Encoding of the body: gzip, deflate (in zlib's
// wrapping, as RFC 9110 section 8.4.1.2 has it, or bare, as some send it), and
// what o adds. From then on the request is one that was never coded: there is no
// Content-Encoding, the length is unknown, digests of the coded bytes are gone, an
// entity tag is weak. Nothing is read before somebody reads the body, so a client
// that expects 100-continue is not asked for it yet. A request without a coding
// is left alone. Filters call it for the apps behind them.
//
// An unknown coding is an *InputError of 415 whose answer lists those known, in
// Accept-Encoding (RFC 9110 section 15.5.16). While the body is read, what is
// beyond a limit is one of 413, as soon as it is seen, and what does not decode or is
// cut short one of 400.
func (r *Request) DecodeBody(o BodyDecoding) error {
	codings := contentCodings(r.Header["Content-Encoding"])
	if len(codings) == 0 {
		return nil
	}
	if len(codings) > mostCodings {
		return tooLarge("the list of content codings", mostCodings, "codings")
	}
	if coding := o.unknown(codings); coding != "" {
		return o.refusal(coding)
	}
	if r.Header["Content-Range"] != nil {
		return badInput(ErrPartial, "a part of a body cannot be decoded by itself")
	}
	if r.IsBodyReadable() {
		most := r.Limits().Body
		b := &inputDecoder{o.decoder(r.Body, codings, most), limit(o.Max, most), o.ratio()}
		if len(o.Codings) > 0 {
			r.own(b) // their readers may hold something
		}
		r.Body = b
		r.ContentLength, r.TransferEncoding, r.GetBody = -1, nil, nil
		r.Form, r.PostForm, r.MultipartForm = nil, nil, nil
	}
	// Other views of the request may have the coded body still.
	h := maps.Clone(r.Header)
	for _, name := range [...]string{"Content-Encoding", "Content-Md5", "Content-Digest", "Repr-Digest", "Digest"} {
		delete(h, name)
	}
	if r.ContentLength < 0 {
		delete(h, "Content-Length")
	}
	if tag, ok := header.ETag.Get(h); ok {
		h["Etag"] = []string{"W/" + strings.TrimPrefix(tag.String(), "W/")}
	}
	r.Header = h
	return nil
}

// refusal is the 415 of a coding.
func (o BodyDecoding) refusal(coding string) *InputError {
	known := make([]string, 0, len(o.Codings)+2)
	for _, name := range slices.Sorted(maps.Keys(o.Codings)) {
		if o.knows(name) {
			known = append(known, name)
		}
	}
	for _, name := range []string{"gzip", "deflate"} {
		if o.Codings[name] == nil && o.knows(name) {
			known = append(known, name)
		}
	}
	if len(known) == 0 {
		known = append(known, "identity")
	}
	return codingFault(coding, strings.Join(known, ", "))
}

func codingFault(coding, accept string) *InputError {
	return &InputError{
		Status: http.StatusUnsupportedMediaType,
		Public: "the content coding " + quoteShort(mendUTF8(coding)) + " is not taken here",
		Err:    ErrCoding,
		Header: http.Header{"Accept-Encoding": {accept}},
	}
}

// stillCoded is the 415 of a body in a coding that nobody has undone, for those
// who would read nonsense.
func (r *Request) stillCoded() error {
	if r.Header["Content-Encoding"] == nil {
		return nil
	}
	if codings := contentCodings(r.Header["Content-Encoding"]); len(codings) > 0 {
		return codingFault(codings[len(codings)-1], "identity")
	}
	return nil
}

// inputDecoder tells what is wrong with a coded body as the client's mistake.
type inputDecoder struct {
	*decodedBody
	max, ratio int64
}

func (d *inputDecoder) Read(p []byte) (int, error) {
	n, err := d.decodedBody.Read(p)
	if err == nil || err == io.EOF {
		return n, err
	}
	return n, d.fault(err)
}

// fault gives an error its status.
func (d *inputDecoder) fault(err error) error {
	var src sourceError
	var bad *codingError
	switch {
	case errors.As(err, &src):
		return src.error // as whoever reads a body expects it
	case errors.Is(err, errRatio):
		return &InputError{Status: http.StatusRequestEntityTooLarge,
			Public: fmt.Sprintf("the body decodes to more than %d times its size", d.ratio)}
	case errors.Is(err, ErrTooLarge):
		return tooLarge("the decoded body", d.max, "bytes")
	case !errors.As(err, &bad):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return badInput(err, "the body is cut short in its content coding %s", bad.coding)
	}
	return badInput(err, "the body is not in its content coding %s", bad.coding)
}
