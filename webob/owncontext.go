package webob

import (
	"context"
	"slices"
	"sync"
)

// ownContext is the context of a handler with a goroutine of its own: it carries
// the call, and ends with the handler, with the Response's Close, or with the
// request. It is a context.WithCancel that does its work only when somebody looks:
// few handlers ask for Done, and those that do not spare the request's context the
// registration.
type ownContext struct {
	*carrier
	mu     sync.Mutex
	done   chan struct{} // made by the first Done
	err    error
	unhook func() bool
	after  []*func() // of AfterFunc
}

// Done is closed when the context ends.
func (c *ownContext) Done() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.done == nil {
		c.done = make(chan struct{})
		if c.err != nil {
			close(c.done)
		} else {
			c.hook()
		}
	}
	return c.done
}

// Err says why the context has ended.
func (c *ownContext) Err() error {
	c.mu.Lock()
	err := c.err
	c.mu.Unlock()
	if err != nil {
		return err
	}
	return c.outer.Context().Err()
}

// AfterFunc is what package context looks for in a context that is none of its
// own, to spare a goroutine for each context derived from it.
func (c *ownContext) AfterFunc(f func()) (stop func() bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		go f()
		return func() bool { return false }
	}
	c.hook()
	entry := &f
	c.after = append(c.after, entry)
	return func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		i := slices.Index(c.after, entry)
		if i < 0 {
			return false
		}
		c.after = slices.Delete(c.after, i, i+1)
		return true
	}
}

// hook has the end of the request end this context. Called under mu.
func (c *ownContext) hook() {
	if c.unhook == nil && c.outer.Context().Done() != nil {
		c.unhook = context.AfterFunc(c.outer.Context(), func() { c.end(c.outer.Context().Err()) })
	}
}

// cancel ends the context, if it has not ended before.
func (c *ownContext) cancel() { c.end(context.Canceled) }

func (c *ownContext) end(err error) {
	c.mu.Lock()
	if c.err != nil {
		c.mu.Unlock()
		return
	}
	if earlier := c.outer.Context().Err(); earlier != nil {
		err = earlier
	}
	c.err = err
	if c.done != nil {
		close(c.done)
	}
	after, unhook := c.after, c.unhook
	c.after = nil
	c.mu.Unlock()
	if unhook != nil {
		unhook()
	}
	for _, f := range after {
		go (*f)()
	}
}
