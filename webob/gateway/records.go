package gateway

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
)

// The kinds of records, FastCGI Specification §8.
const (
	fcgiBegin  = 1
	fcgiAbort  = 2
	fcgiEnd    = 3
	fcgiParams = 4
	fcgiStdin  = 5
	fcgiStdout = 6
	fcgiStderr = 7
)

const (
	fcgiVersion   = 1
	fcgiResponder = 1
	fcgiHeader    = 8
	fcgiContent   = 65535 // the most a record can hold
	fcgiPiece     = 32 << 10
)

// ErrProtocol is a FastCGI record, or a CGI answer, that is none.
var ErrProtocol = errors.New("gateway: protocol violation")

// record is one record, §3.3. Its content is good until the next is read.
type record struct {
	kind    byte
	id      uint16
	content []byte
}

// records reads one record after the other. It holds at most 64 KiB.
type records struct {
	r    io.Reader
	head [fcgiHeader]byte
	buf  []byte
}

// next reads a record; io.EOF is an end between two.
func (rs *records) next() (record, error) {
	if _, err := io.ReadFull(rs.r, rs.head[:]); err != nil {
		return record{}, err
	}
	if rs.head[0] != fcgiVersion {
		return record{}, fmt.Errorf("%w: FastCGI version %d", ErrProtocol, rs.head[0])
	}
	n := int(binary.BigEndian.Uint16(rs.head[4:]))
	padded := n + int(rs.head[6])
	if cap(rs.buf) < padded {
		rs.buf = make([]byte, max(padded, 4<<10))
	}
	if _, err := io.ReadFull(rs.r, rs.buf[:padded]); err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return record{}, err
	}
	return record{rs.head[1], binary.BigEndian.Uint16(rs.head[2:]), rs.buf[:n]}, nil
}

// appendRecord appends a record, padded to a multiple of eight as §3.3 advises.
func appendRecord(b []byte, kind byte, id uint16, content []byte) []byte {
	padding := -len(content) & 7
	b = append(b, fcgiVersion, kind, byte(id>>8), byte(id), byte(len(content)>>8), byte(len(content)), byte(padding), 0)
	b = append(b, content...)
	return append(b, make([]byte, padding)...)
}

// appendStream appends content as records of that kind, and the empty one that ends
// a stream.
func appendStream(b []byte, kind byte, id uint16, content []byte) []byte {
	for len(content) > 0 {
		n := min(len(content), fcgiContent&^7)
		b = appendRecord(b, kind, id, content[:n])
		content = content[n:]
	}
	return appendRecord(b, kind, id, nil)
}

// appendPair appends a name and its value, §3.4.
func appendPair(b []byte, name, value string) []byte {
	b = appendSize(b, len(name))
	b = appendSize(b, len(value))
	return append(append(b, name...), value...)
}

func appendSize(b []byte, n int) []byte {
	if n < 0x80 {
		return append(b, byte(n))
	}
	return binary.BigEndian.AppendUint32(b, uint32(n)|1<<31)
}

// pairs reads names and values. What is cut off ends in an error.
func pairs(b []byte) iter.Seq2[[2]string, error] {
	return func(yield func([2]string, error) bool) {
		for len(b) > 0 {
			name, rest, ok1 := cutSize(b)
			value, rest, ok2 := cutSize(rest)
			if !ok1 || !ok2 || uint64(name)+uint64(value) > uint64(len(rest)) {
				yield([2]string{}, fmt.Errorf("%w: FastCGI pairs are cut off", ErrProtocol))
				return
			}
			b = rest[name+value:]
			if !yield([2]string{string(rest[:name]), string(rest[name : name+value])}, nil) {
				return
			}
		}
	}
}

func cutSize(b []byte) (n uint32, rest []byte, ok bool) {
	switch {
	case len(b) > 0 && b[0] < 0x80:
		return uint32(b[0]), b[1:], true
	case len(b) >= 4:
		return binary.BigEndian.Uint32(b) &^ (1 << 31), b[4:], true
	}
	return 0, nil, false
}
