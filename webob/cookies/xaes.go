package cookies

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/subtle"
)

// xaes is XAES-256-GCM (C2SP): AES-256-GCM under a key derived, for each value,
// from the first half of a nonce of 24 bytes. Nonces of that length can be drawn at
// random for ever, while those of plain GCM (12 bytes) may not beyond 2^32 values.
type xaes struct {
	block cipher.Block
	mask  [aes.BlockSize]byte // K1 of CMAC, NIST SP 800-38B §6.1
}

const (
	xaesKeySize   = 32
	xaesNonceSize = 24
	gcmTagSize    = 16
)

// newXAES takes a key of 32 bytes.
func newXAES(key []byte) (*xaes, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	x := &xaes{block: block}
	block.Encrypt(x.mask[:], x.mask[:])
	var carry byte
	for i := len(x.mask) - 1; i >= 0; i-- {
		high := x.mask[i] >> 7
		x.mask[i] = x.mask[i]<<1 | carry
		carry = high
	}
	x.mask[len(x.mask)-1] ^= byte(subtle.ConstantTimeSelect(int(carry), 0x87, 0))
	return x, nil
}

// derive gives the cipher for a nonce; the other 12 bytes are its nonce.
func (x *xaes) derive(nonce []byte) (cipher.AEAD, error) {
	var key [xaesKeySize]byte
	for half := range 2 {
		m := key[half*aes.BlockSize:][:aes.BlockSize]
		copy(m, []byte{0, byte(half + 1), 'X', 0})
		copy(m[4:], nonce[:12])
		subtle.XORBytes(m, m, x.mask[:])
		x.block.Encrypt(m, m)
	}
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// seal appends the encrypted and authenticated data to dst.
func (x *xaes) seal(dst, nonce, data, additional []byte) ([]byte, error) {
	aead, err := x.derive(nonce)
	if err != nil {
		return dst, err
	}
	return aead.Seal(dst, nonce[12:xaesNonceSize], data, additional), nil
}

// open is the way back; any error means that it was not made with this key.
func (x *xaes) open(dst, nonce, sealed, additional []byte) ([]byte, error) {
	aead, err := x.derive(nonce)
	if err != nil {
		return dst, err
	}
	return aead.Open(dst, nonce[12:xaesNonceSize], sealed, additional)
}
