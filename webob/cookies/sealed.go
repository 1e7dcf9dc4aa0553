package cookies

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Sealing says how values are sealed.
type Sealing struct {
	// Secrets are at least 32 random bytes each. The first one seals, all of
	// them open: to change a secret put the new one in front, and drop the old one
	// after MaxAge.
	Secrets [][]byte

	// Purpose keeps values of one kind from being taken for another's. The keys are
	// derived from secret and purpose by HKDF (RFC 5869), so one secret serves many.
	Purpose string

	// MaxAge is how long a value can be opened, by the time inside it: 30 days
	// if 0, for ever below 0. The browser's Max-Age is another matter, which a
	// client may ignore.
	MaxAge time.Duration

	// Now is the clock, time.Now if nil.
	Now func() time.Time
}

const (
	defaultMaxAge = 30 * 24 * time.Hour
	minSecret     = 32
	sealedVersion = 1
	sealedLabel   = "gowebob.cookies.sealed.v1\x00" // in keys and additional data
	expirySize    = 8
)

// NewSealed makes a codec whose values can be neither read nor changed by a client,
// serve for the cookie of one name only, and expire. A value is JSON, the payload of
//
//	base64url(1 | nonce, 24 bytes | XAES-256-GCM(expiry, 8 bytes | payload))
//
// with the cookie's name as additional data. Opening one with a foreign key, name or
// purpose is ErrForged. The error is ErrSecret: there is none, or one is too short.
func NewSealed[T any](s Sealing) (Codec[T], error) { return NewSealedWith(s, JSON[T]()) }

// NewSealedWith is NewSealed with a serializer of one's own.
func NewSealedWith[T any](s Sealing, serializer Serializer[T]) (Codec[T], error) {
	if len(s.Secrets) == 0 {
		return nil, fmt.Errorf("%w: none given", ErrSecret)
	}
	c := &sealed[T]{serializer: serializer, maxAge: s.MaxAge, now: s.Now}
	if c.maxAge == 0 {
		c.maxAge = defaultMaxAge
	}
	if c.now == nil {
		c.now = time.Now
	}
	for i, secret := range s.Secrets {
		if len(secret) < minSecret {
			return nil, fmt.Errorf("%w: number %d has %d bytes, not %d", ErrSecret, i, len(secret), minSecret)
		}
		key, err := hkdf.Key(sha256.New, secret, nil, sealedLabel+s.Purpose, xaesKeySize)
		if err != nil {
			return nil, err
		}
		x, err := newXAES(key)
		if err != nil {
			return nil, err
		}
		c.keys = append(c.keys, x)
	}
	c.states.New = func() any { return new(sealState) }
	return c, nil
}

type sealed[T any] struct {
	serializer Serializer[T]
	keys       []*xaes
	maxAge     time.Duration
	now        func() time.Time
	states     sync.Pool
}

// sealState holds the buffers of one call.
type sealState struct{ plain, box, text, name []byte }

func (c *sealed[T]) put(st *sealState) {
	clear(st.plain[:cap(st.plain)]) // no secret outlives its call
	if cap(st.plain) <= maxPooled && cap(st.text) <= maxPooled {
		c.states.Put(st)
	}
}

// begin takes buffers with the additional data for a name.
func (c *sealed[T]) begin(name string) *sealState {
	st := c.states.Get().(*sealState)
	st.name = append(append(st.name[:0], sealedLabel...), name...)
	return st
}

func (c *sealed[T]) Encode(name string, v T) (string, error) {
	st := c.begin(name)
	defer c.put(st)
	var expiry uint64 // none
	if c.maxAge > 0 {
		expiry = uint64(c.now().Add(c.maxAge).Unix())
	}
	plain, err := c.serializer.Dumps(binary.BigEndian.AppendUint64(st.plain[:0], expiry), v)
	if err != nil {
		return "", err
	}
	st.plain = plain
	const head = 1 + xaesNonceSize
	box := slices.Grow(st.box[:0], head+len(plain)+gcmTagSize)[:head]
	box[0] = sealedVersion
	rand.Read(box[1:]) // never fails
	if st.box, err = c.keys[0].seal(box, box[1:head], plain, st.name); err != nil {
		return "", err
	}
	st.text = base64.RawURLEncoding.AppendEncode(st.text[:0], st.box)
	return string(st.text), nil
}

func (c *sealed[T]) Decode(name, text string) (v T, err error) {
	st := c.begin(name)
	defer c.put(st)
	if st.box, err = appendDecode(st.box[:0], urlBase64, text, &st.text); err != nil {
		return v, err
	}
	if len(st.box) < 1+xaesNonceSize+expirySize+gcmTagSize || st.box[0] != sealedVersion {
		return v, ErrMalformed
	}
	if err := c.open(st); err != nil {
		return v, err
	}
	expiry := binary.BigEndian.Uint64(st.plain)
	if expiry != 0 && uint64(max(c.now().Unix(), 0)) >= expiry {
		return v, ErrExpired
	}
	if v, err = c.serializer.Loads(st.plain[expirySize:]); err != nil {
		var none T
		return none, malformed(err)
	}
	return v, nil
}

// open tries all keys.
func (c *sealed[T]) open(st *sealState) error {
	nonce, sealed := st.box[1:1+xaesNonceSize], st.box[1+xaesNonceSize:]
	for _, key := range c.keys {
		plain, err := key.open(st.plain[:0], nonce, sealed, st.name)
		if err == nil {
			st.plain = plain
			return nil
		}
	}
	return ErrForged
}
