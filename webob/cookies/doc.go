// Package cookies keeps values in cookies that a client cannot forge. Signed values
// are those of WebOb, byte for byte, so that a Go and a Python application on one
// site share a login; sealed values cannot be read by the client either, belong to
// one cookie and expire. A profile joins such a codec with the attributes of the
// cookie.
//
//	type Session struct{ User string }
//
//	codec, err := cookies.NewSealed[Session](cookies.Sealing{Secrets: [][]byte{secret}})
//	...
//	session, err := cookies.NewProfile(cookies.Options{Name: "__Host-session"}, codec)
//	...
//	app := dec.Wsgify(func(req *webob.Request) (string, error) {
//		s, ok := session.Get(req)
//		if !ok {
//			s.User = "stranger"
//		}
//		return "hello, " + s.User, session.SetCookies(req.Response(), s)
//	})
//
// # Codecs
//
// A Codec[T] turns values of one Go type into text and back. NewSigned writes
// url-safe base64 of HMAC and JSON, as WebOb's SignedSerializer does; NewSealed
// encrypts and authenticates with XAES-256-GCM; NewBase64 does neither. Each takes a
// Serializer of your own through NewSignedWith and its sisters.
//
// # Keys
//
// A codec has as many secrets as you give it. The first one writes and all of them
// read, so that a secret is changed without logging anybody out. Signatures are
// compared in constant time.
//
// # Profiles
//
// A Profile reads its cookie with Get, which says yes or no, or Lookup, which says
// why not; SetCookies and DeleteCookies write. Its Options are safe as they are: what
// makes a cookie weaker has to be said. With gives a variant. Bind puts profile and
// request together.
//
// # Limits and errors
//
// A value may have 4093 bytes as text, ErrTooLong otherwise. What a request brings is
// never an error of the program: ErrMalformed, ErrForged and ErrExpired tell why a
// value does not count. Reading is strict: base64 with odd letters, padding or
// bits left over is malformed, so that a value has one spelling.
//
// Plain cookies are in package webob: Request.CookieDict and Response.SetCookie.
package cookies
