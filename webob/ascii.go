package webob

import (
	"errors"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/transform"
)

// ascii is the character set of 7 bits; bytes beyond become U+FFFD, and characters
// beyond cannot be written.
type ascii struct{}

func (ascii) NewDecoder() *encoding.Decoder { return &encoding.Decoder{Transformer: fromASCII{}} }
func (ascii) NewEncoder() *encoding.Encoder { return &encoding.Encoder{Transformer: toASCII{}} }

type fromASCII struct{ transform.NopResetter }

func (fromASCII) Transform(dst, src []byte, _ bool) (nDst, nSrc int, err error) {
	for ; nSrc < len(src); nSrc++ {
		c := rune(src[nSrc])
		if c >= utf8.RuneSelf {
			c = utf8.RuneError
		}
		if nDst+utf8.RuneLen(c) > len(dst) {
			return nDst, nSrc, transform.ErrShortDst
		}
		nDst += utf8.EncodeRune(dst[nDst:], c)
	}
	return nDst, nSrc, nil
}

var errNotASCII = errors.New("not ASCII")

type toASCII struct{ transform.NopResetter }

func (toASCII) Transform(dst, src []byte, _ bool) (nDst, nSrc int, err error) {
	for ; nSrc < len(src); nSrc++ {
		switch {
		case src[nSrc] >= utf8.RuneSelf:
			return nSrc, nSrc, errNotASCII
		case nSrc == len(dst):
			return nSrc, nSrc, transform.ErrShortDst
		}
		dst[nSrc] = src[nSrc]
	}
	return nSrc, nSrc, nil
}
