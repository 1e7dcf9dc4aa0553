package webob

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// script is a producer drawn by chance: what it pushes, and all of it in a row.
func script(rnd *rand.Rand) (run func(*outlet) error, want []byte) {
	type step struct {
		kind string
		data []byte
	}
	var steps []step
	for range rnd.IntN(30) {
		size := []int{0, 1, 10, 4 << 10, threshold - 1, threshold, threshold + 1, 3 * threshold}[rnd.IntN(8)]
		data := make([]byte, size)
		for i := range data {
			data[i] = byte(rnd.Uint32())
		}
		steps = append(steps, step{[]string{"write", "write", "read", "flush"}[rnd.IntN(4)], data})
		if steps[len(steps)-1].kind != "flush" {
			want = append(want, data...)
		}
	}
	return func(o *outlet) error {
		w := producer{o}
		for _, s := range steps {
			var n int64
			var err error
			switch s.kind {
			case "write":
				var m int
				m, err = w.Write(s.data)
				n = int64(m)
			case "read":
				n, err = w.ReadFrom(bytes.NewReader(s.data))
			case "flush":
				n, err = int64(len(s.data)), w.Flush()
			}
			if err != nil {
				return err
			}
			if n != int64(len(s.data)) {
				return fmt.Errorf("%s of %d took %d", s.kind, len(s.data), n)
			}
		}
		return nil
	}, want
}

// consume takes the body by a mixture of the three ways.
func consume(t *testing.T, rnd *rand.Rand, s stream) []byte {
	var got []byte
	for range rnd.IntN(4) {
		if rnd.IntN(2) == 0 {
			p := make([]byte, rnd.IntN(2*threshold))
			n, err := s.read(p)
			got = append(got, p[:n]...)
			if err == io.EOF {
				return got
			}
			require.NoError(t, err)
			continue
		}
		more := rnd.IntN(3)
		err := s.each(func(p []byte) bool {
			got = append(got, p...)
			more--
			return more > 0
		})
		require.NoError(t, err)
	}
	rec := httptest.NewRecorder()
	r := &Request{Request: httptest.NewRequest("GET", "/", nil)}
	require.NoError(t, s.writeTo(&sink{t: &transmission{NewResponse(200), rec, r, nil}, declared: -1}))
	return append(got, rec.Body.Bytes()...)
}

func TestWhatIsPushedIsPulledWhateverTheRhythm(t *testing.T) {
	for seed := range uint64(300) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		run, want := script(rnd)
		b := newPushed(nil)
		b.fn = func(w StreamWriter) error {
			if p, ok := w.(producer); ok {
				return run(p.o)
			}
			_, err := w.Write(want) // sent at once, without a pull before
			return err
		}
		got := consume(t, rnd, b)
		if !bytes.Equal(want, got) {
			t.Fatalf("seed %d: %d bytes pushed, %d pulled", seed, len(want), len(got))
		}
		require.NoError(t, b.Close())
	}
}

func TestClosedAtAnyPointTheProducerEnds(t *testing.T) {
	for seed := range uint64(200) {
		rnd := rand.New(rand.NewPCG(seed, 2))
		run, _ := script(rnd)
		ended := false
		b := newPushed(nil)
		b.fn = func(w StreamWriter) error {
			defer func() { ended = true }()
			return run(w.(producer).o)
		}
		begun := rnd.IntN(5) > 0
		if begun {
			for range 1 + rnd.IntN(5) {
				b.read(make([]byte, 1+rnd.IntN(threshold)))
			}
		}
		require.NoError(t, b.Close())
		assert.Equal(t, begun, ended, "seed %d", seed)
		_, err := b.read(make([]byte, 1))
		assert.Equal(t, ErrBodyClosed, err)
		assert.Equal(t, ErrBodyClosed, b.writeTo(&sink{}))
	}
}

func TestSmallPiecesAreHandedOverTogether(t *testing.T) {
	for name, tc := range map[string]struct{ size, count, pieces int }{
		"below the threshold":     {1, threshold, 1},
		"just above":              {1, threshold + 1, 2},
		"1 KiB pieces of 1 MiB":   {1 << 10, 1 << 10, 32},
		"large ones are not kept": {2 * threshold, 4, 4},
	} {
		t.Run(name, func(t *testing.T) {
			b := newPushed(func(w StreamWriter) error {
				for range tc.count {
					if _, err := w.Write(make([]byte, tc.size)); err != nil {
						return err
					}
				}
				return nil
			})
			pieces, total := 0, 0
			require.NoError(t, b.each(func(p []byte) bool {
				pieces++
				total += len(p)
				return true
			}))
			assert.Equal(t, tc.size*tc.count, total)
			assert.InDelta(t, tc.pieces, pieces, float64(tc.pieces))
			assert.LessOrEqual(t, cap(b.buf), 2*threshold, "memory stays bounded")
		})
	}
}

func TestReadOfNothing(t *testing.T) {
	b := newPushed(func(w StreamWriter) error { _, err := w.Write([]byte("x")); return err })
	for range 3 {
		n, err := b.read(nil)
		assert.Zero(t, n)
		assert.NoError(t, err)
	}
	p := make([]byte, 2)
	n, err := b.read(p)
	assert.Equal(t, 1, n)
	assert.NoError(t, err)
	for range 3 {
		_, err = b.read(p)
		assert.Equal(t, io.EOF, err)
	}
}
