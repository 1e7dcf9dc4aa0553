package server_test

import (
	"bufio"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gowebob/gowebob/server"
	"github.com/stretchr/testify/assert"
)

func TestLimitsOfConnections(t *testing.T) {
	for _, row := range []struct {
		name string
		o    server.Options
		send []string // a little apart
		want string   // beginning of the answer; "" is a closed connection
	}{
		{"a head that comes too slowly", server.Options{ReadHeaderTimeout: 150 * time.Millisecond},
			[]string{"GET / HTTP/1.1\r\n", "Host: x\r\n", "A: b\r\n", "C: d\r\n"}, ""},
		{"nothing at all", server.Options{ReadHeaderTimeout: 150 * time.Millisecond}, nil, ""},
		{"a head that is too large", server.Options{MaxHeaderBytes: 1000},
			[]string{"GET / HTTP/1.1\r\nHost: x\r\nA: " + strings.Repeat("b", 10_000) + "\r\n\r\n"}, "HTTP/1.1 431 "},
		{"a head of 60 KiB by default", server.Options{},
			[]string{"GET / HTTP/1.1\r\nHost: x\r\nA: " + strings.Repeat("b", 60<<10) + "\r\n\r\n"}, "HTTP/1.1 200 "},
		{"a head of 80 KiB by default", server.Options{},
			[]string{"GET / HTTP/1.1\r\nHost: x\r\nA: " + strings.Repeat("b", 80<<10) + "\r\n\r\n"}, "HTTP/1.1 431 "},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, text("x"), row.o)
			c := dial(t, addrOf(s))
			go func() {
				for _, part := range row.send {
					if _, err := io.WriteString(c, part); err != nil {
						return
					}
					time.Sleep(80 * time.Millisecond)
				}
			}()
			line, err := bufio.NewReader(c).ReadString('\n')
			if row.want == "" {
				assert.Error(t, err)
				assert.False(t, isTimeout(err), "closed: %v", err)
				return
			}
			assert.True(t, strings.HasPrefix(line, row.want), "%q %v", line, err)
		})
	}
}

func isTimeout(err error) bool {
	timeout, ok := err.(interface{ Timeout() bool })
	return ok && timeout.Timeout()
}

func TestIdleConnectionsAreClosed(t *testing.T) {
	s := serve(t, text("x"), server.Options{IdleTimeout: 100 * time.Millisecond})
	c := dial(t, addrOf(s))
	r := bufio.NewReader(c)
	exchange(t, c, r, plainGet)
	_, err := r.ReadByte()
	assert.ErrorIs(t, err, io.EOF)
}

// There is no time limit for an answer: a stream may be longer than all of them.
func TestLongAnswersAreNotCut(t *testing.T) {
	s := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for range 5 {
			io.WriteString(w, "part ")
			http.NewResponseController(w).Flush()
			time.Sleep(60 * time.Millisecond)
		}
	}), server.Options{ReadHeaderTimeout: 100 * time.Millisecond, IdleTimeout: 100 * time.Millisecond})
	g, err := get(newClient(t), "http://"+addrOf(s))
	assert.NoError(t, err)
	assert.Equal(t, strings.Repeat("part ", 5), g.text)
}
