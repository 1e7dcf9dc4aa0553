package dec

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"mime"
	"reflect"

	"github.com/gowebob/gowebob/contentneg"
)

// Renderer writes data in one format. JSON, XML and HTML are there; NewRenderer
// makes others. It is a value; the zero value is of no use.
type Renderer struct {
	contentType string
	ready       []string // contentType as a header value, shared by all answers
	offer       string   // contentType without its charset
	takes       reflect.Type
	render      func(s *sheet, v any) error
	fresh       func(v any) ([]byte, error) // render into a slice of its own, where there is a better way
}

// JSON renders as encoding/json does, without a newline at the end.
var JSON = func() Renderer {
	r := renderer("application/json", reflect.TypeFor[any](), (*sheet).writeJSON)
	r.fresh = json.Marshal
	return r
}()

// XML renders as encoding/xml does, behind an XML declaration.
var XML = renderer("application/xml", reflect.TypeFor[any](), func(s *sheet, v any) error {
	s.buf.WriteString(xml.Header)
	return xml.NewEncoder(&s.buf).Encode(v)
})

// HTML renders as text/html; charset=utf-8, mostly by a template:
//
//	dec.HTML(func(w io.Writer, s *Server) error { return page.Execute(w, s) })
//
// For V see NewRenderer.
func HTML[V any](render func(w io.Writer, v V) error) Renderer {
	return NewRenderer(typeHTML, render)
}

// NewRenderer makes a renderer for a media type, "text/csv; charset=utf-8" say,
// under which the answer is sent; for choosing it stands without its charset. An
// error, or a panic, leaves nothing of what was written before: the answer is a 500,
// or the status of that error. w must not be used after render has returned.
//
// V is what the app's function returns, or an interface that this satisfies, such
// as any; Wsgify panics if it is not. Where the function returns an interface, its
// values are looked at one by one, and one that is no V is answered with a 500.
// NewRenderer panics if contentType is no media type.
func NewRenderer[V any](contentType string, render func(w io.Writer, v V) error) Renderer {
	if render == nil {
		panic("dec: NewRenderer of a nil function")
	}
	return renderer(contentType, reflect.TypeFor[V](), func(s *sheet, v any) error {
		value, ok := v.(V)
		if !ok {
			return fmt.Errorf("dec: the renderer of %s takes %v, not %T", contentType, reflect.TypeFor[V](), v)
		}
		w := &pen{&s.buf}
		defer w.drop()
		return render(w, value)
	})
}

func renderer(contentType string, takes reflect.Type, render func(*sheet, any) error) Renderer {
	media, params, err := mime.ParseMediaType(contentType)
	delete(params, "charset")
	offer := mime.FormatMediaType(media, params)
	if err == nil {
		_, err = contentneg.ParseOffer(offer)
	}
	if err != nil {
		panic(fmt.Sprintf("dec: renderer of %q: %v", contentType, err))
	}
	return Renderer{
		contentType: contentType, ready: []string{contentType}[:1:1],
		offer: offer, takes: takes, render: render,
	}
}

// failure says what could not be rendered.
func (r *Renderer) failure(v any, err error) error {
	return fmt.Errorf("dec: %T as %s: %w", v, r.contentType, err)
}

// marshal is v in a slice of its own.
func (r *Renderer) marshal(v any) ([]byte, error) {
	if r.fresh != nil {
		return r.fresh(v)
	}
	s := newSheet()
	if err := r.render(s, v); err != nil {
		return nil, err
	}
	b := append([]byte(nil), s.buf.Bytes()...)
	s.free()
	return b, nil
}
