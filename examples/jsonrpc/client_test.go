package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"sync/atomic"
)

// client calls a JSON-RPC server. It is safe for concurrent use.
type client struct {
	url  string
	last atomic.Int64 // id given
}

// clientCall is a call on its way. Result is a pointer, nil for a notification.
type clientCall struct {
	Method string
	Params any
	Result any
	Err    error // an *Error, once the batch is done
}

type clientRequest struct {
	Version string `json:"jsonrpc"`
	ID      int64  `json:"id,omitempty"` // 0 for a notification
	Method  string `json:"method"`
	Params  any    `json:"params,omitempty"`
}

type clientReply struct {
	Version string          `json:"jsonrpc"`
	ID      int64           `json:"id"`
	Result  json.RawMessage `json:"result"`
	Error   *Error          `json:"error"`
}

// Call makes one call and waits for its result.
func (c *client) Call(ctx context.Context, method string, params, result any) error {
	q := clientRequest{"2.0", c.last.Add(1), method, params}
	var got clientReply
	if err := c.post(ctx, q, &got); err != nil {
		return err
	}
	return got.store(q.ID, result)
}

// Notify makes a call that has no answer.
func (c *client) Notify(ctx context.Context, method string, params any) error {
	return c.post(ctx, clientRequest{Version: "2.0", Method: method, Params: params}, nil)
}

// Batch makes several calls in one request. Its error is of the whole; each call has
// one of its own.
func (c *client) Batch(ctx context.Context, calls ...*clientCall) error {
	var queue []clientRequest
	waiting := make(map[int64]*clientCall)
	for _, one := range calls {
		q := clientRequest{Version: "2.0", Method: one.Method, Params: one.Params}
		if one.Result != nil {
			q.ID = c.last.Add(1)
			waiting[q.ID] = one
		}
		queue = append(queue, q)
	}
	if len(waiting) == 0 {
		return c.post(ctx, queue, nil)
	}
	var got []clientReply
	if err := c.post(ctx, queue, &got); err != nil {
		return err
	}
	for _, r := range got {
		one := waiting[r.ID]
		if one == nil {
			return fmt.Errorf("a reply to %d, which nobody asked", r.ID)
		}
		one.Err = r.store(r.ID, one.Result)
		delete(waiting, r.ID)
	}
	if len(waiting) > 0 {
		return fmt.Errorf("%d calls have no reply", len(waiting))
	}
	return nil
}

// store puts a reply into a result.
func (r *clientReply) store(id int64, result any) error {
	switch {
	case r.Version != "2.0" || r.ID != id:
		return fmt.Errorf("a reply of version %q to %d, not to %d", r.Version, r.ID, id)
	case r.Error != nil:
		return r.Error
	}
	return json.Unmarshal(r.Result, result)
}

// post sends a message; answer is nil where none is to come.
func (c *client) post(ctx context.Context, message, answer any) error {
	body, err := json.Marshal(message)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	switch {
	case answer == nil && resp.StatusCode == http.StatusNoContent && len(got) == 0:
		return nil
	case answer == nil || resp.StatusCode != http.StatusOK || kind != "application/json":
		return fmt.Errorf("%s, %s: %.80q", resp.Status, kind, got)
	}
	return json.Unmarshal(got, answer)
}
