package main

import (
	"context"
	"fmt"
	"io"
	"iter"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/webob"
)

// site is the program on a socket; stop ends it as Ctrl-C does.
func site(t *testing.T, b *Board) (address string, stop func() error) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- serve(ctx, l, newApp(b)) }()
	stop = sync.OnceValue(func() error { cancel(); return <-served })
	t.Cleanup(func() { assert.NoError(t, stop()) })
	return "http://" + l.Addr().String(), stop
}

// listener is a browser's EventSource.
func listener(t *testing.T, address, lastID string) func() (webob.Event, error, bool) {
	t.Helper()
	ctx, leave := context.WithTimeout(context.Background(), 10*time.Second)
	t.Cleanup(leave)
	req, err := http.NewRequestWithContext(ctx, "GET", address+"/events", nil)
	require.NoError(t, err)
	if lastID != "" {
		req.Header.Set("Last-Event-ID", lastID)
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	t.Cleanup(func() { resp.Body.Close() })
	require.Equal(t, "text/event-stream", resp.Header.Get("Content-Type"))
	next, end := iter.Pull2(webob.ReadEvents(resp.Body, 0))
	t.Cleanup(end)
	return next
}

func say(t *testing.T, address, text string) int {
	t.Helper()
	resp, err := http.PostForm(address+"/say", url.Values{"text": {text}})
	require.NoError(t, err)
	resp.Body.Close()
	return resp.StatusCode
}

func hears(t *testing.T, next func() (webob.Event, error, bool), id, text string) {
	t.Helper()
	e, err, ok := next()
	require.True(t, ok)
	require.NoError(t, err)
	e.Retry = 0
	assert.Equal(t, webob.Event{ID: id, Name: "said", Data: text}, e)
}

func TestEverybodyHears(t *testing.T) {
	address, _ := site(t, NewBoard())
	ann, bob := listener(t, address, ""), listener(t, address, "")
	assert.Equal(t, 204, say(t, address, "Hello\nboth"))
	hears(t, ann, "1", "Hello\nboth")
	hears(t, bob, "1", "Hello\nboth")
	assert.Equal(t, 204, say(t, address, "<b>again</b>"))
	hears(t, ann, "2", "<b>again</b>")
	hears(t, bob, "2", "<b>again</b>")
	late := listener(t, address, "")
	hears(t, late, "1", "Hello\nboth")
	back := listener(t, address, "1")
	hears(t, back, "2", "<b>again</b>")
}

func TestWhoComesBackMissesNothing(t *testing.T) {
	board := NewBoard()
	first := kept + 50
	for i := range first {
		board.Say(fmt.Sprint(i + 1))
	}
	for id, want := range map[int]int{first: 0, first - 1: 1, 51: kept - 1, 3: kept, first + 7: kept, -1: kept} {
		messages, last, _ := board.after(id)
		assert.Len(t, messages, want, id)
		assert.Equal(t, first, last)
	}
}

func TestSayRefuses(t *testing.T) {
	address, _ := site(t, NewBoard())
	assert.Equal(t, 422, say(t, address, " \n"))
	assert.Equal(t, 413, say(t, address, strings.Repeat("x", maxText+1)))
	req, err := http.NewRequest("POST", address+"/say", strings.NewReader("text=x"))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", "https://evil.example")
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	resp.Body.Close()
	assert.Equal(t, 403, resp.StatusCode)
}

func TestThePage(t *testing.T) {
	address, _ := site(t, NewBoard())
	resp, err := http.Get(address)
	require.NoError(t, err)
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	assert.Contains(t, string(b), `new EventSource("events")`)
	assert.Equal(t, "text/html; charset=utf-8", resp.Header.Get("Content-Type"))
}

func TestStoppingEndsTheStreamsBetweenTwoEvents(t *testing.T) {
	board := NewBoard()
	address, stop := site(t, board)
	next := listener(t, address, "")
	board.Say("last words")
	hears(t, next, "1", "last words")
	require.NoError(t, stop(), "it does not wait for the client to leave")
	_, err, more := next()
	assert.NoError(t, err)
	assert.False(t, more)
}
