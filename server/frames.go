package server

import (
	"encoding/binary"
	"net"
	"sync"
	"sync/atomic"
)

// frameTracker follows the frames (RFC 9113 §4.1) that net/http writes to an HTTP/2
// connection, so that one more can be put between two of them: the first of two GOAWAYs.
// net/http sends only the last one, with the number of the last request it has read; those
// that are on their way then are refused, and a client can send them again only if it
// still has their bodies. RFC 9113 §6.8 has a server announce it a round trip earlier by a
// GOAWAY that refuses nothing.
type frameTracker struct {
	want atomic.Bool // the announcement is to be sent

	mu   sync.Mutex
	head [frameHeadLen]byte
	have int  // bytes of the head seen
	left int  // bytes of the payload to come
	any  bool // the first frame, SETTINGS, is out
	said bool
}

const frameHeadLen = 9

// announcement is a GOAWAY (type 7) with the highest possible number, without an error.
var announcement = []byte{0, 0, 8, 7, 0, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0}

// write writes to the connection, and the announcement behind it where it may stand.
func (f *frameTracker) write(c net.Conn, p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	n, err := c.Write(p)
	f.advance(p[:n])
	if err == nil {
		err = f.announce(c)
	}
	return n, err
}

// goAway has the announcement sent, at once or with the next frame.
func (f *frameTracker) goAway(c net.Conn) {
	f.want.Store(true)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.announce(c)
}

func (f *frameTracker) announce(c net.Conn) error {
	if f.said || !f.want.Load() || !f.any || f.have > 0 || f.left > 0 {
		return nil
	}
	f.said = true
	_, err := c.Write(announcement)
	return err
}

// advance notes what has been written.
func (f *frameTracker) advance(p []byte) {
	for len(p) > 0 {
		if f.left > 0 {
			n := min(f.left, len(p))
			f.left -= n
			p = p[n:]
			continue
		}
		n := copy(f.head[f.have:], p)
		f.have += n
		p = p[n:]
		if f.have == frameHeadLen {
			f.left = int(binary.BigEndian.Uint32(f.head[:4]) >> 8)
			f.have, f.any = 0, true
		}
	}
}
