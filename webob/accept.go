package webob

import "github.com/gowebob/gowebob/contentneg"

// Accept is the Accept field, read (RFC 9110 section 12.5.1). Reading it leaves
// no trace on the answer; Negotiate does. WebOb: Request.accept.
func (r *Request) Accept() contentneg.Accept {
	return contentneg.ParseAccept(r.Header["Accept"])
}

// AcceptCharset is the Accept-Charset field, read (RFC 9110 section 12.5.2).
// WebOb: Request.accept_charset.
func (r *Request) AcceptCharset() contentneg.AcceptCharset {
	return contentneg.ParseAcceptCharset(r.Header["Accept-Charset"])
}

// AcceptEncoding is the Accept-Encoding field, read (RFC 9110 section 12.5.3).
// WebOb: Request.accept_encoding.
func (r *Request) AcceptEncoding() contentneg.AcceptEncoding {
	return contentneg.ParseAcceptEncoding(r.Header["Accept-Encoding"])
}

// AcceptLanguage is the Accept-Language field, read (RFC 9110 section 12.5.4).
// WebOb: Request.accept_language.
func (r *Request) AcceptLanguage() contentneg.AcceptLanguage {
	return contentneg.ParseAcceptLanguage(r.Header["Accept-Language"])
}

// Negotiate chooses the media type that suits the client best; offers.Value gives
// it by its index. It is false, with -1, where none is acceptable: that is a 406, or
// answering with something after all. Since the answer now depends on the field, it
// says so: Vary: Accept is added to whatever answers this request.
func (r *Request) Negotiate(offers *contentneg.Types) (index int, ok bool) {
	r.ex().addVary("Accept")
	return offers.Best(r.Header)
}

// NegotiateLanguage is Negotiate for languages (RFC 4647 section 3.4); where it is
// false, most answer in their default language. It adds Vary: Accept-Language.
func (r *Request) NegotiateLanguage(offers *contentneg.Languages) (index int, ok bool) {
	r.ex().addVary("Accept-Language")
	return offers.Best(r.Header)
}

// NegotiateEncoding is Negotiate for content codings such as gzip. It adds
// Vary: Accept-Encoding.
func (r *Request) NegotiateEncoding(offers *contentneg.Encodings) (index int, ok bool) {
	r.ex().addVary("Accept-Encoding")
	return offers.Best(r.Header)
}

// NegotiateCharset is Negotiate for character sets, which RFC 9110 section 12.5.2
// deprecates: UTF-8 is what everybody reads. It adds Vary: Accept-Charset.
func (r *Request) NegotiateCharset(offers *contentneg.Charsets) (index int, ok bool) {
	r.ex().addVary("Accept-Charset")
	return offers.Best(r.Header)
}
