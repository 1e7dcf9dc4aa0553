package webob

import (
	"context"
	"errors"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// handlersContext gives the context that a foreign handler gets under parent, and
// the Response that it streams; the handler waits for its context to end.
func handlersContext(t *testing.T, parent context.Context) (context.Context, *Response) {
	t.Helper()
	var ctx context.Context
	r, err := http.NewRequestWithContext(parent, "GET", "/", nil)
	require.NoError(t, err)
	p := NewRequest(r).GetResponse(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx = r.Context()
		w.(http.Flusher).Flush()
		<-ctx.Done()
	}))
	t.Cleanup(func() { p.Close() })
	return ctx, p
}

func TestOwnContextEnds(t *testing.T) {
	type key struct{}
	tests := []struct {
		name string
		end  func(cancel context.CancelFunc, p *Response)
		want error
	}{
		{"with the Response's Close", func(_ context.CancelFunc, p *Response) { p.Close() }, context.Canceled},
		{"with the request", func(cancel context.CancelFunc, _ *Response) { cancel() }, context.Canceled},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			parent, cancel := context.WithCancel(context.WithValue(context.Background(), key{}, "v"))
			defer cancel()
			ctx, p := handlersContext(t, parent)
			child, stop := context.WithCancel(ctx)
			defer stop()
			ran := make(chan struct{})
			context.AfterFunc(ctx, func() { close(ran) })
			never := context.AfterFunc(ctx, func() { t.Error("stopped and yet run") })
			assert.True(t, never())
			assert.False(t, never(), "stopped before")
			require.NoError(t, ctx.Err())
			assert.Equal(t, "v", ctx.Value(key{}), "values come through")

			tt.end(cancel, p)
			<-ctx.Done()
			<-child.Done()
			<-ran
			assert.ErrorIs(t, ctx.Err(), tt.want)
			assert.ErrorIs(t, child.Err(), tt.want)
			assert.ErrorIs(t, context.Cause(child), tt.want)
			late := make(chan struct{})
			assert.False(t, context.AfterFunc(ctx, func() { close(late) })(), "an AfterFunc of an ended context runs at once")
			<-late
		})
	}
}

func TestOwnContextKeepsTheRequestsReason(t *testing.T) {
	parent, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	ctx, _ := handlersContext(t, parent)
	<-ctx.Done()
	assert.ErrorIs(t, ctx.Err(), context.DeadlineExceeded)
	_, has := ctx.Deadline()
	assert.True(t, has)

	caused, cause := context.WithCancelCause(context.Background())
	ctx, _ = handlersContext(t, caused)
	why := errors.New("why")
	cause(why)
	<-ctx.Done()
	assert.ErrorIs(t, context.Cause(ctx), why)
}

func TestOwnContextEndsWithTheHandler(t *testing.T) {
	parent, cancel := context.WithCancel(context.Background())
	defer cancel()
	for range 50 {
		var ctx context.Context
		r, _ := http.NewRequestWithContext(parent, "GET", "/", nil)
		NewRequest(r).GetResponse(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			var stop context.CancelFunc
			ctx, stop = context.WithCancel(r.Context()) // and never stopped but by the end
			_ = stop
		}))
		<-ctx.Done()
		assert.ErrorIs(t, ctx.Err(), context.Canceled)
	}
	assert.Eventually(t, func() bool {
		buf := make([]byte, 1<<20)
		stacks := string(buf[:runtime.Stack(buf, true)])
		return !strings.Contains(stacks, "ownContext") && !strings.Contains(stacks, "propagateCancel")
	}, 5*time.Second, 5*time.Millisecond, "nothing waits for the end of the request's context")
}
