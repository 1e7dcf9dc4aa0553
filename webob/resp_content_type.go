package webob

import (
	"errors"
	"slices"
	"strings"

	"github.com/gowebob/gowebob/webob/header"
)

// ErrNoContentType is a charset or a parameter set where there is no Content-Type
// that it could belong to.
var ErrNoContentType = errors.New("webob: no Content-Type to set a charset or parameters of")

// ContentType is the media type of the body without its parameters, as it is
// written, "" where there is none. WebOb: Response.content_type.
func (p *Response) ContentType() string {
	media, _, _ := strings.Cut(p.header.ContentType(), ";")
	return strings.Trim(media, " \t")
}

// SetContentType changes the media type. All parameters that were there go; text
// and XML types that come without a charset get charset=utf-8, and no others: JSON
// has none (RFC 8259 §11). "" takes the field away. What is no media type (RFC
// 9110 §8.3.1) is an error, and changes nothing. WebOb: Response.content_type.
func (p *Response) SetContentType(t string) error {
	if t = strings.Trim(t, " \t"); t == "" {
		p.header.Del("Content-Type")
		return nil
	}
	m, err := header.ParseMediaType(t)
	if err != nil {
		return err
	}
	if _, ok := m.Params.Lookup("charset"); !ok && takesCharset(m.Type) {
		t = strings.TrimRight(t, " \t;") + "; charset=utf-8"
	}
	p.header.SetContentType(t)
	return nil
}

// takesCharset says which types are sent with a charset: text, and XML, which
// would else be read by its own rules of guessing.
func takesCharset(media string) bool {
	main, sub, _ := strings.Cut(strings.ToLower(media), "/")
	switch main {
	case "text":
		return true
	case "application":
		return strings.HasPrefix(sub, "xml") || strings.HasSuffix(sub, "+xml")
	case "image":
		return strings.HasSuffix(sub, "+xml")
	}
	return false
}

// Charset is the charset of the Content-Type as it is written, without quotes, ""
// where there is none; of two the first counts. WebOb: Response.charset.
func (p *Response) Charset() string { return mediaParams(p.header.ContentType()).Get("charset") }

// SetCharset puts a charset at the end of the Content-Type in place of the one
// there, "" takes it away. The body is not changed. Without a Content-Type a charset
// is ErrNoContentType. WebOb: Response.charset.
func (p *Response) SetCharset(charset string) error {
	params := p.ContentTypeParams()
	params.Del("charset")
	if charset != "" {
		params = append(params, header.Param{Name: "charset", Value: charset})
	}
	return p.setParams(params)
}

// ContentTypeParams are the parameters of the Content-Type, charset included, in
// their order. What is no parameter is passed over. WebOb:
// Response.content_type_params.
func (p *Response) ContentTypeParams() header.Params { return mediaParams(p.header.ContentType()) }

// SetContentTypeParams replaces all parameters, the charset too, sorted by name;
// none takes them all away. WebOb: Response.content_type_params.
func (p *Response) SetContentTypeParams(params header.Params) error {
	sorted := slices.Clone(params)
	slices.SortStableFunc(sorted, func(a, b header.Param) int { return strings.Compare(a.Name, b.Name) })
	return p.setParams(sorted)
}

func (p *Response) setParams(params header.Params) error {
	media := p.ContentType()
	if media == "" {
		if len(params) == 0 {
			return nil
		}
		return ErrNoContentType
	}
	return header.ContentType.Set(&p.header, header.MediaType{Type: media, Params: params})
}

// HasBody says whether there may be a body: false only for one in memory that is
// empty. A stream is not looked into. WebOb: Response.has_body.
func (p *Response) HasBody() bool {
	p.render()
	return p.has(streamed) || len(p.mem) > 0
}
