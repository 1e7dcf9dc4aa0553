package benchmarks

import (
	"errors"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
	"github.com/gowebob/gowebob/webob/cookies"
)

// gowebobCookies reads three cookies and sets one, on the response that the
// function was given.
func gowebobCookies(req *webob.Request) (string, error) {
	jar := req.CookieDict()
	session, ok1 := jar.Lookup("session")
	theme, ok2 := jar.Lookup("theme")
	lang, ok3 := jar.Lookup("lang")
	if !ok1 || !ok2 || !ok3 {
		return "", exc.BadRequest.With("no cookie")
	}
	return session + "|" + theme + "|" + lang, req.Response().SetCookie(seenCookie())
}

// gowebobSigned keeps the session in a cookie of WebOb's format: HMAC-SHA512 over
// JSON.
type gowebobSigned struct {
	codec   cookies.Codec[session]
	profile *cookies.Profile[session]
}

func newGowebobSigned() gowebobSigned {
	codec, err := cookies.NewSigned[session](cookies.Signing{
		Secrets: [][]byte{[]byte("0123456789abcdef0123456789abcdef")}, Salt: []byte("salt"),
	})
	profile, err2 := cookies.NewProfile(cookies.Options{Name: "auth", Insecure: true}, codec)
	if err := errors.Join(err, err2); err != nil {
		panic(err)
	}
	return gowebobSigned{codec, profile}
}

// sample is a cookie to send.
func (s gowebobSigned) sample() string {
	text, err := s.codec.Encode("auth", session{"alice", 7})
	if err != nil {
		panic(err)
	}
	return text
}

func (s gowebobSigned) answer(req *webob.Request) (string, error) {
	v, err := s.profile.Lookup(req)
	if err != nil {
		return "", exc.BadRequest.Wrap(err)
	}
	v.N++
	return v.User, s.profile.SetCookies(req.Response(), v)
}

// gowebobEtag leaves the conditions to the moment when the Response is sent.
func gowebobEtag(*webob.Request) (*webob.Response, error) {
	p := webob.Bytes(textType, Page)
	p.Conditional(true)
	return p, p.MD5ETag()
}
