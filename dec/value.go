package dec

import (
	"fmt"
	"html/template"
	"io"
	"iter"
	"net/http"
	"reflect"

	"github.com/gowebob/gowebob/webob"
)

// valueApp is a function whose values have to be looked at: T is an interface, or a
// type known by its methods.
type valueApp[T any] struct {
	fn func(*webob.Request) (T, error)
	*settings
}

func (a *valueApp[T]) respond(req *webob.Request) *webob.Response {
	v, err := a.fn(req)
	return a.answer(req, v, err)
}

func (a *valueApp[T]) answer(req *webob.Request, v any, err error) *webob.Response {
	if err != nil {
		if p := a.failed(req, err); p != nil {
			drop(v)
			return p
		}
	}
	return a.value(req, v)
}

// drop closes what has been returned beside an error.
func drop(v any) {
	switch v := v.(type) {
	case *webob.Response:
		if v != nil {
			v.Close()
		}
	case io.ReadCloser:
		if !isNil(v) {
			v.Close()
		}
	}
}

// direct answers without a Response what needs none, and hands the real writer to
// a handler.
func (a *valueApp[T]) direct(d webob.Direct) {
	v, err := a.fn(d.Request())
	if err == nil && d.Plain() && a.showValue(d, v) {
		return
	}
	d.Send(a.answer(d.Request(), v, err))
}

// showValue answers without a Response, where that can be.
func (s *settings) showValue(d webob.Direct, v any) bool {
	switch v := v.(type) {
	case string:
		d.Text(readyText, v)
	case []byte:
		d.Bytes(readyBytes, v)
	case template.HTML:
		d.Text(readyHTML, string(v))
	case *webob.Response:
		return false
	case http.Handler:
		if isNil(v) {
			return false
		}
		pass(d, v)
	default:
		if !isData(v) {
			return false
		}
		s.show(d, v)
	}
	return true
}

// pass has another app answer in place of this one. A foreign one gets the real
// writer.
func pass(d webob.Direct, app http.Handler) {
	switch app := app.(type) {
	case *webob.Filter:
		d.Send(app.Respond(d.Request()))
	case interface{ direct(webob.Direct) }: // App, or a filter of this package
		app.direct(d)
	case webob.Responder:
		d.Send(d.Request().GetResponse(app))
	default:
		d.Pass(app)
	}
}

// value answers with v, as Wsgify says.
func (s *settings) value(req *webob.Request, v any) *webob.Response {
	switch v := v.(type) {
	case nil:
		return s.nothing(req)
	case string:
		return s.text(req, typeText, v)
	case []byte:
		return s.bytes(req, v)
	case template.HTML:
		return s.text(req, typeHTML, string(v))
	case *webob.Response:
		return s.response(req, v, nil)
	}
	if isNil(v) {
		return s.nothing(req)
	}
	switch v := v.(type) {
	case http.Handler:
		return req.Settle(req.GetResponse(v), s.page)
	case io.Reader:
		return s.reader(req, v)
	case iter.Seq[[]byte]:
		return s.chunks(req, withErrors(v))
	case iter.Seq2[[]byte, error]:
		return s.chunks(req, v)
	case error:
		return s.failed(req, v)
	}
	// Iterators under another name: a conversion by reflection, for a body that is
	// flushed piece by piece.
	t := reflect.TypeOf(v)
	switch {
	case t.ConvertibleTo(seqType):
		return s.chunks(req, withErrors(reflect.ValueOf(v).Convert(seqType).Interface().(iter.Seq[[]byte])))
	case t.ConvertibleTo(seq2Type):
		return s.chunks(req, reflect.ValueOf(v).Convert(seq2Type).Interface().(iter.Seq2[[]byte, error]))
	}
	if why := refusal(t); why != "" {
		return s.failed(req, fmt.Errorf("dec: a function has returned %v: %s", t, why))
	}
	return s.data(req, v)
}

// isData says whether value renders v.
func isData(v any) bool {
	switch v.(type) {
	case nil, io.Reader, error:
		return false
	}
	switch t := reflect.TypeOf(v); t.Kind() {
	case reflect.Func, reflect.Chan:
		return false
	}
	return !isNil(v)
}

var (
	seqType  = reflect.TypeFor[iter.Seq[[]byte]]()
	seq2Type = reflect.TypeFor[iter.Seq2[[]byte, error]]()
)

// isIterator says whether values of t give the pieces of a body.
func isIterator(t reflect.Type) bool { return t.ConvertibleTo(seqType) || t.ConvertibleTo(seq2Type) }

// withErrors is a sequence whose pieces never fail as one whose may.
func withErrors(seq iter.Seq[[]byte]) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for piece := range seq {
			if !yield(piece, nil) {
				return
			}
		}
	}
}
