package server

import (
	"bytes"
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// wire collects what is written.
type wire struct {
	net.Conn
	bytes.Buffer
}

func (w *wire) Write(p []byte) (int, error) { return w.Buffer.Write(p) }
func (w *wire) Read(p []byte) (int, error)  { return w.Buffer.Read(p) }

func frame(n int) []byte {
	f := make([]byte, frameHeadLen+n)
	f[0], f[1], f[2] = byte(n>>16), byte(n>>8), byte(n)
	for i := range n {
		f[frameHeadLen+i] = byte(i)
	}
	return f
}

func TestAnnouncementStandsBetweenFrames(t *testing.T) {
	first, second := frame(3), frame(70_000)
	both := append(append([]byte{}, first...), second...)
	for _, cut := range []int{0, 1, len(first) - 1, len(first), len(first) + 1, len(first) + 9, len(first) + 500, len(both)} {
		w, f := &wire{}, &frameTracker{}
		f.write(w, both[:cut])
		f.goAway(w)
		f.write(w, both[cut:])
		f.write(w, first)
		f.goAway(w)
		got := w.Bytes()
		switch at := bytes.Index(got, announcement); {
		case cut == len(first):
			assert.Equal(t, len(first), at, "at once")
		default:
			assert.Equal(t, len(both), at, "cut at %d: behind the frame", cut)
		}
		assert.Equal(t, 1, bytes.Count(got, announcement), "once")
		rest := bytes.Replace(got, announcement, nil, 1)
		assert.True(t, bytes.Equal(append(both[:len(both):len(both)], first...), rest))
	}
}

// However the frames are cut into writes, and whenever the announcement is asked for, the
// other side reads whole frames, the first one first.
func FuzzFrames(f *testing.F) {
	f.Add([]byte{0, 5, 200}, []byte{1, 9, 30}, 2)
	f.Add([]byte{255}, []byte{4}, 0)
	f.Fuzz(func(t *testing.T, sizes, cuts []byte, ask int) {
		var all []byte
		for _, n := range sizes {
			all = append(all, frame(int(n)*7)...)
		}
		w, tracker := &wire{}, &frameTracker{}
		rest := all
		for i, n := range cuts {
			if i == ask {
				tracker.goAway(w)
			}
			n := min(int(n), len(rest))
			tracker.write(w, rest[:n])
			rest = rest[n:]
		}
		tracker.goAway(w)
		tracker.write(w, rest)
		got, at := w.Bytes(), 0
		var plain []byte
		said := 0
		for at < len(got) {
			require.LessOrEqual(t, at+frameHeadLen, len(got))
			end := at + frameHeadLen + int(got[at])<<16 + int(got[at+1])<<8 + int(got[at+2])
			require.LessOrEqual(t, end, len(got))
			if bytes.Equal(got[at:end], announcement) {
				said++
				require.NotZero(t, at, "the first frame is the server's")
			} else {
				plain = append(plain, got[at:end]...)
			}
			at = end
		}
		require.Equal(t, len(sizes) > 0, said == 1)
		require.True(t, bytes.Equal(all, plain))
	})
}
