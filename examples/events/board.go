package main

import (
	"context"
	"iter"
	"strconv"
	"sync"
	"time"

	"github.com/gowebob/gowebob/webob"
)

// kept is how many messages a board remembers for those who come late or come back.
const kept = 100

// Board is what has been said. It keeps no list of who reads: each reader looks by
// himself, at his own pace, so that a slow one holds up nobody.
type Board struct {
	mu       sync.Mutex
	messages []webob.Event // the last ones, their IDs in sequence
	last     int           // ID of the last one
	changed  chan struct{} // closed by the next message
}

// NewBoard is an empty board.
func NewBoard() *Board { return &Board{changed: make(chan struct{})} }

// Say puts a message on the board.
func (b *Board) Say(text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.last++
	b.messages = append(b.messages, webob.Event{ID: strconv.Itoa(b.last), Name: "said", Data: text})
	if extra := len(b.messages) - kept; extra > 0 {
		b.messages = append([]webob.Event(nil), b.messages[extra:]...)
	}
	close(b.changed)
	b.changed = make(chan struct{})
}

// after gives the messages behind that ID, and what is closed when there are more.
func (b *Board) after(id int) (messages []webob.Event, last int, changed <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	first := b.last - len(b.messages) // the ID before those that are kept
	if id < first || id > b.last {    // long ago, or of a board before this one
		id = first
	}
	return b.messages[id-first:], b.last, b.changed
}

// Since are the messages behind that ID, those that are there and those to come, until
// ctx ends.
func (b *Board) Since(ctx context.Context, id int) iter.Seq2[webob.Event, error] {
	return func(yield func(webob.Event, error) bool) {
		for {
			messages, last, changed := b.after(id)
			for _, m := range messages {
				if !yield(m, nil) {
					return
				}
			}
			id = last
			select {
			case <-changed:
			case <-ctx.Done():
				return
			}
		}
	}
}

// retry is how soon a browser comes back when it has lost the connection.
const retry = 2 * time.Second
