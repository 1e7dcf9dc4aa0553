package cookies

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"errors"
	"fmt"
	"hash"
	"strings"
)

// ErrHash tells that there is no hash of that name.
var ErrHash = errors.New("cookies: no such hash")

// HashNamed is the hash that WebOb's hashalg names: sha512, sha256, sha384, sha224,
// sha512_256, sha512_224, sha3_256 and its sisters, blake2b, blake2s, in any case;
// sha1 and md5 too, which still serve for HMAC but should not be chosen any more.
func HashNamed(name string) (func() hash.Hash, error) {
	switch strings.ToLower(name) {
	case "sha512":
		return sha512.New, nil
	case "sha384":
		return sha512.New384, nil
	case "sha512_256":
		return sha512.New512_256, nil
	case "sha512_224":
		return sha512.New512_224, nil
	case "sha256":
		return sha256.New, nil
	case "sha224":
		return sha256.New224, nil
	case "sha3_224":
		return func() hash.Hash { return sha3.New224() }, nil
	case "sha3_256":
		return func() hash.Hash { return sha3.New256() }, nil
	case "sha3_384":
		return func() hash.Hash { return sha3.New384() }, nil
	case "sha3_512":
		return func() hash.Hash { return sha3.New512() }, nil
	case "blake2b":
		return newBlake2b, nil
	case "blake2s":
		return newBlake2s, nil
	case "sha1":
		return sha1.New, nil
	case "md5":
		return md5.New, nil
	}
	return nil, fmt.Errorf("%w: %.32q", ErrHash, name)
}
