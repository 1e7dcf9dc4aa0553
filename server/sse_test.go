package server_test

import (
	"bufio"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/server"
	"github.com/gowebob/gowebob/webob"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Events of webob know nothing of this package. EndOnStop has them end when the server stops,
// between two events, and as an answer that is whole.
func TestStopEndsServerSentEvents(t *testing.T) {
	events := dec.Wsgify(func(req *webob.Request) (*webob.Response, error) {
		source := make(chan webob.Event, 1)
		source <- webob.Event{Data: "first"}
		return webob.Events(req, webob.EventsFrom(req.Context(), source), webob.EventOptions{}), nil
	})
	s := serve(t, server.EndOnStop(events), server.Options{IdleGrace: 100 * time.Millisecond, CancelAfter: time.Minute, DrainTimeout: time.Minute})
	resp, err := newClient(t).Get("http://" + addrOf(s))
	require.NoError(t, err)
	defer resp.Body.Close()
	assert.Equal(t, http.StatusOK, resp.StatusCode)
	lines := bufio.NewScanner(resp.Body)
	var all []string
	begin := time.Now()
	var result <-chan error
	for lines.Scan() {
		all = append(all, lines.Text())
		if lines.Text() == "data: first" {
			result = stopping(t, s)
		}
	}
	require.NoError(t, lines.Err(), "no cut")
	assert.True(t, strings.HasSuffix(strings.Join(all, "\n"), "data: first\n"), "%q: the end is behind an event", all)
	require.NotNil(t, result)
	assert.NoError(t, within(t, result))
	assert.Less(t, time.Since(begin), 3*time.Second)
}
