package benchmarks

import (
	"crypto/hmac"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"hash"
	"net/http"
	"sync"
)

// minSigner is WebOb's SignedCookieProfile by hand: HMAC-SHA512 over JSON, the
// signature first, URL-safe base64 without padding. It is the floor for a toolkit
// that keeps WebOb's wire format.
type minSigner struct {
	macs   sync.Pool
	sample string // a cookie to send
}

func newMinSigner() *minSigner {
	s := &minSigner{}
	key := []byte("salt0123456789abcdef0123456789abcdef")
	s.macs.New = func() any { return hmac.New(sha512.New, key) }
	v, err := s.sign(session{"alice", 7})
	if err != nil {
		panic(err)
	}
	s.sample = v
	return s
}

func (s *minSigner) sign(v any) (string, error) {
	js, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	mac := s.macs.Get().(hash.Hash)
	defer s.macs.Put(mac)
	mac.Reset()
	mac.Write(js)
	var stack [256]byte
	return base64.RawURLEncoding.EncodeToString(append(mac.Sum(stack[:0]), js...)), nil
}

func (s *minSigner) verify(text string, v any) error {
	var stack [256]byte
	buf, err := base64.RawURLEncoding.AppendDecode(stack[:0], []byte(text))
	if err != nil {
		return err
	}
	if len(buf) < sha512.Size {
		return errors.New("signed cookie too short")
	}
	mac := s.macs.Get().(hash.Hash)
	defer s.macs.Put(mac)
	mac.Reset()
	mac.Write(buf[sha512.Size:])
	var sum [sha512.Size]byte
	if !hmac.Equal(mac.Sum(sum[:0]), buf[:sha512.Size]) {
		return errors.New("bad signature")
	}
	return json.Unmarshal(buf[sha512.Size:], v)
}

func (s *minSigner) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c, err := r.Cookie("auth")
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	var v session
	if err := s.verify(c.Value, &v); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	v.N++
	text, err := s.sign(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	http.SetCookie(w, &http.Cookie{Name: "auth", Value: text, Path: "/", HttpOnly: true})
	writeText(w, v.User)
}
