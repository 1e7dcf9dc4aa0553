package cookies

import (
	"encoding/binary"
	"hash"
)

// BLAKE2b-512 and BLAKE2s-256 without a key, RFC 7693: Python's hashlib has them,
// Go's standard library has not. They serve to read what a WebOb application has
// signed with them, and are not tuned for speed.

// blake2 is either of them, which differ in the size of words and some numbers.
type blake2[W uint32 | uint64] struct {
	h      [8]W
	iv     *[8]W
	rot    [4]uint // the right rotations of RFC 7693 §2.1
	bits   uint    // of a word
	rounds int
	size   uint64 // bytes taken so far
	block  []byte // the last one, not yet mixed in
}

var (
	blake2bIV = [8]uint64{
		0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
		0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
	}
	blake2sIV = [8]uint32{
		0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
	}
	blake2Sigma = [10][16]byte{
		{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
		{14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
		{11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
		{7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
		{9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
		{2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
		{12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
		{13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
		{6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
		{10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
	}
	// blake2Lanes are the columns and diagonals that a round mixes.
	blake2Lanes = [8][4]byte{
		{0, 4, 8, 12}, {1, 5, 9, 13}, {2, 6, 10, 14}, {3, 7, 11, 15},
		{0, 5, 10, 15}, {1, 6, 11, 12}, {2, 7, 8, 13}, {3, 4, 9, 14},
	}
)

func newBlake2b() hash.Hash {
	d := &blake2[uint64]{iv: &blake2bIV, rot: [4]uint{32, 24, 16, 63}, bits: 64, rounds: 12}
	d.Reset()
	return d
}

func newBlake2s() hash.Hash {
	d := &blake2[uint32]{iv: &blake2sIV, rot: [4]uint{16, 12, 8, 7}, bits: 32, rounds: 10}
	d.Reset()
	return d
}

// Size is the length of the sum in bytes.
func (d *blake2[W]) Size() int { return int(d.bits) }

// BlockSize is the length of a block in bytes.
func (d *blake2[W]) BlockSize() int { return int(2 * d.bits) }

// Reset begins anew.
func (d *blake2[W]) Reset() {
	d.h = *d.iv
	d.h[0] ^= W(0x01010000 | d.bits)
	d.size, d.block = 0, d.block[:0]
}

// Write takes more of the message. A full block waits for more, since the last
// one is mixed otherwise.
func (d *blake2[W]) Write(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 {
		if len(d.block) == d.BlockSize() {
			d.mix(d.block, false)
			d.block = d.block[:0]
		}
		k := min(len(p), d.BlockSize()-len(d.block))
		d.block = append(d.block, p[:k]...)
		d.size += uint64(k)
		p = p[k:]
	}
	return n, nil
}

// Sum appends the sum of what was written so far.
func (d *blake2[W]) Sum(dst []byte) []byte {
	last := *d
	block := make([]byte, d.BlockSize())
	copy(block, d.block)
	last.mix(block, true)
	for _, w := range last.h {
		if d.bits == 64 {
			dst = binary.LittleEndian.AppendUint64(dst, uint64(w))
		} else {
			dst = binary.LittleEndian.AppendUint32(dst, uint32(w))
		}
	}
	return dst
}

// mix is the compression function F of RFC 7693 §3.2.
func (d *blake2[W]) mix(block []byte, last bool) {
	var m, v [16]W
	for i := range m {
		if d.bits == 64 {
			m[i] = W(binary.LittleEndian.Uint64(block[8*i:]))
		} else {
			m[i] = W(binary.LittleEndian.Uint32(block[4*i:]))
		}
	}
	copy(v[:8], d.h[:])
	copy(v[8:], d.iv[:])
	v[12] ^= W(d.size)
	if d.bits == 32 {
		v[13] ^= W(d.size >> 32)
	}
	if last {
		v[14] = ^v[14]
	}
	for r := range d.rounds {
		s := &blake2Sigma[r%10]
		for i, l := range blake2Lanes {
			d.g(&v, l, m[s[2*i]], m[s[2*i+1]])
		}
	}
	for i := range d.h {
		d.h[i] ^= v[i] ^ v[i+8]
	}
}

// g is the mixing function G of RFC 7693 §3.1.
func (d *blake2[W]) g(v *[16]W, l [4]byte, x, y W) {
	a, b, c, e := &v[l[0]], &v[l[1]], &v[l[2]], &v[l[3]]
	*a += *b + x
	*e = d.rotate(*e^*a, d.rot[0])
	*c += *e
	*b = d.rotate(*b^*c, d.rot[1])
	*a += *b + y
	*e = d.rotate(*e^*a, d.rot[2])
	*c += *e
	*b = d.rotate(*b^*c, d.rot[3])
}

func (d *blake2[W]) rotate(w W, n uint) W { return w>>n | w<<(d.bits-n) }
