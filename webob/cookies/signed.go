package cookies

import (
	"crypto/hmac"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"hash"
	"slices"
	"sync"
)

// Signing says how values are signed.
type Signing struct {
	// Secrets are random bytes, as long as the hash's block best (128 for SHA-512).
	// The first one signs, all of them verify: to change a secret put the new one
	// in front, and drop the old one when its cookies have expired. WebOb: secret.
	Secrets [][]byte

	// Salt is put in front of the secret. It keeps values of one purpose from being
	// taken for another's; but nothing stands between salt and secret, as WebOb
	// has it, so that ("ab", "c") and ("a", "bc") are one key. Give all
	// purposes salts of the same length, or secrets of their own. WebOb: salt.
	Salt []byte

	// Hash is the hash for HMAC, SHA-512 if nil. HashNamed finds it by its name.
	// WebOb: hashalg.
	Hash func() hash.Hash
}

// NewSigned makes a codec whose values can be read by anybody and made only by who
// has the secret. They are those of WebOb's SignedSerializer with JSON, byte for
// byte: url-safe base64 without padding of HMAC and payload. An application in Python
// with the same secret, salt and hash reads what Go has signed, and the other way
// round.
//
// A signed value does not expire and is not bound to the name of its cookie: put a
// time into it where that matters, use a salt for each purpose, or take NewSealed.
// The error is ErrSecret: there is no secret, or an empty one without a salt.
//
// In Python, secret and salt are text, encoded as latin-1 if that can hold both,
// else as UTF-8. For ASCII this makes no difference.
func NewSigned[T any](s Signing) (Codec[T], error) { return NewSignedWith(s, JSON[T]()) }

// NewSignedWith is NewSigned with a serializer of one's own.
func NewSignedWith[T any](s Signing, serializer Serializer[T]) (Codec[T], error) {
	if len(s.Secrets) == 0 {
		return nil, fmt.Errorf("%w: none given", ErrSecret)
	}
	newHash := s.Hash
	if newHash == nil {
		newHash = sha512.New
	}
	c := &signed[T]{serializer: serializer, size: newHash().Size()}
	for i, secret := range s.Secrets {
		key := slices.Concat(s.Salt, secret)
		if len(key) == 0 {
			return nil, fmt.Errorf("%w: number %d is empty", ErrSecret, i)
		}
		k := new(signer)
		k.states.New = func() any { return &signState{mac: hmac.New(newHash, key)} }
		c.keys = append(c.keys, k)
	}
	return c, nil
}

type signed[T any] struct {
	serializer Serializer[T]
	keys       []*signer
	size       int // of an HMAC
}

// signer is a key with HMACs that have taken it in already: Reset keeps that.
type signer struct{ states sync.Pool }

// signState is what one call needs. All of its buffers live on the heap, since
// hash.Hash makes whatever it is given escape.
type signState struct {
	mac            hash.Hash
	buf, text, sum []byte
}

func (k *signer) get() *signState { return k.states.Get().(*signState) }

func (k *signer) put(st *signState) {
	if cap(st.buf) <= maxPooled && cap(st.text) <= maxPooled {
		k.states.Put(st)
	}
}

func (c *signed[T]) Encode(_ string, v T) (string, error) {
	k := c.keys[0]
	st := k.get()
	defer k.put(st)
	st.buf = slices.Grow(st.buf[:0], c.size)[:c.size]
	buf, err := c.serializer.Dumps(st.buf, v)
	if err != nil {
		return "", err
	}
	st.buf = buf
	st.mac.Reset()
	st.mac.Write(buf[c.size:])
	st.mac.Sum(buf[:0]) // into the room in front
	st.text = base64.RawURLEncoding.AppendEncode(st.text[:0], buf)
	return string(st.text), nil
}

func (c *signed[T]) Decode(_, text string) (v T, err error) {
	first := c.keys[0].get()
	defer c.keys[0].put(first)
	first.buf, err = appendDecode(first.buf[:0], urlBase64, text, &first.text)
	if err != nil {
		return v, err
	}
	if len(first.buf) < c.size {
		return v, ErrMalformed
	}
	sum, payload := first.buf[:c.size], first.buf[c.size:]
	if !first.verify(sum, payload) && !c.olderVerify(sum, payload) {
		return v, ErrForged
	}
	if v, err = c.serializer.Loads(payload); err != nil {
		var none T
		return none, malformed(err)
	}
	return v, nil
}

// verify compares in constant time.
func (st *signState) verify(sum, payload []byte) bool {
	st.mac.Reset()
	st.mac.Write(payload)
	st.sum = st.mac.Sum(st.sum[:0])
	return hmac.Equal(st.sum, sum)
}

// olderVerify tries the keys that sign no more.
func (c *signed[T]) olderVerify(sum, payload []byte) bool {
	for _, k := range c.keys[1:] {
		st := k.get()
		ok := st.verify(sum, payload)
		k.put(st)
		if ok {
			return true
		}
	}
	return false
}
