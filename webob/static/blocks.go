package static

import (
	"io"
	"iter"
)

// BlockSize is the size of a block where none is asked for: 64 KiB.
const BlockSize = 64 << 10

// Blocks ranges over a part of r in blocks: from the position from up to, and not
// including, the position to, which counts from the start of r; below 0 stands for
// its end. No part is no block. size is that of a block, in bytes, 0 for BlockSize. A
// block is good until the next one is asked for; an error is the last element. The
// result may be given to webob.Response.SetChunks. WebOb: FileIter.
func Blocks(r io.ReaderAt, from, to int64, size int) iter.Seq2[[]byte, error] {
	if size <= 0 {
		size = BlockSize
	}
	return func(yield func([]byte, error) bool) {
		var block []byte
		for at := max(from, 0); to < 0 || at < to; {
			if block == nil {
				block = make([]byte, size)
			}
			if to >= 0 {
				block = block[:min(int64(len(block)), to-at)]
			}
			n, err := r.ReadAt(block, at)
			at += int64(n)
			if n > 0 && !yield(block[:n], nil) {
				return
			}
			if err == io.EOF {
				return
			}
			if err != nil {
				yield(nil, err)
				return
			}
		}
	}
}
