package main

import (
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// post sends a message in process.
func post(app http.Handler, message string, opts ...webob.BlankOption) *webob.Response {
	opts = append([]webob.BlankOption{webob.WithPost([]byte(message)), webob.WithContentType("application/json")}, opts...)
	return webob.Blank("/rpc", opts...).GetResponse(app)
}

func text(t *testing.T, resp *webob.Response) string {
	t.Helper()
	s, err := resp.Text()
	require.NoError(t, err)
	return s
}

const (
	ok7      = `{"jsonrpc":"2.0","result":7,"id":"1"}`
	ok19     = `{"jsonrpc":"2.0","result":19,"id":%s}`
	notFound = `{"jsonrpc":"2.0","error":{"code":-32601,"message":"Method not found"},"id":%s}`
)

func invalid(id, data string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid Request","data":%q},"id":%s}`, data, id)
}

func params(data string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","error":{"code":-32602,"message":"Invalid params","data":%q},"id":1}`, data)
}

// The messages are those of JSON-RPC's own section 7, and what it leaves out. An empty
// answer is status 204.
func TestMessages(t *testing.T) {
	app := newApp()
	noObject, noVersion := invalid("null", "a call is an object"), invalid("1", `jsonrpc is to be "2.0"`)
	rows := []struct{ name, send, want string }{
		{"by position", `{"jsonrpc": "2.0", "method": "subtract", "params": [42, 23], "id": 1}`, fmt.Sprintf(ok19, "1")},
		{"by name", `{"jsonrpc": "2.0", "method": "subtract", "params": {"subtrahend": 23, "minuend": 42}, "id": 3}`, fmt.Sprintf(ok19, "3")},
		{"white space around it", " \r\n\t{\"jsonrpc\" : \"2.0\" , \"method\":\"subtract\", \"params\" : [ 42 , 23 ] , \"id\" : 1 } \n", fmt.Sprintf(ok19, "1")},
		{"a notification", `{"jsonrpc": "2.0", "method": "note", "params": ["a"]}`, ""},
		{"a notification of a method that is not there", `{"jsonrpc": "2.0", "method": "foobar"}`, ""},
		{"a notification with bad params", `{"jsonrpc": "2.0", "method": "subtract", "params": [1]}`, ""},
		{"a method that is not there", `{"jsonrpc": "2.0", "method": "foobar", "id": "1"}`, fmt.Sprintf(notFound, `"1"`)},
		{"names have their case", `{"jsonrpc": "2.0", "method": "Sum", "params": [1], "id": "1"}`, fmt.Sprintf(notFound, `"1"`)},
		{"a method that is no string", `{"jsonrpc": "2.0", "method": 1, "params": "bar"}`, invalid("null", "the method is a string")},
		{"no method", `{"jsonrpc": "2.0", "id": 1}`, invalid("1", "the method is a string")},
		{"params that are no structure", `{"jsonrpc": "2.0", "method": "sum", "params": "bar", "id": 1}`, invalid("1", "params are an array or an object")},
		{"params of null", `{"jsonrpc": "2.0", "method": "sum", "params": null, "id": 1}`, invalid("1", "params are an array or an object")},
		{"no version", `{"method": "sum", "id": 1}`, noVersion},
		{"version 1", `{"jsonrpc": "1.0", "method": "sum", "id": 1}`, noVersion},
		{"the version as a number", `{"jsonrpc": 2.0, "method": "sum", "id": 1}`, noVersion},
		{"members have their case", `{"JSONRPC": "2.0", "method": "sum", "id": 1}`, noVersion},
		{"members unknown are passed over", `{"jsonrpc": "2.0", "method": "sum", "params": [7], "id": "1", "x": {}}`, ok7},
		{"an id of null is no notification", `{"jsonrpc": "2.0", "method": "subtract", "params": [42, 23], "id": null}`, fmt.Sprintf(ok19, "null")},
		{"an id keeps its digits", `{"jsonrpc": "2.0", "method": "subtract", "params": [42, 23], "id": 12345678901234567890.5}`, fmt.Sprintf(ok19, "12345678901234567890.5")},
		{"an id that is an object", `{"jsonrpc": "2.0", "method": "sum", "id": {}}`, invalid("null", "the id is a string, a number or null")},
		{"an id that is a truth value", `{"jsonrpc": "2.0", "method": "sum", "id": true}`, invalid("null", "the id is a string, a number or null")},
		{"a message that is a number", `1`, noObject},
		{"a message that is null", `null`, noObject},

		{"an empty batch", `[]`, invalid("null", "an empty batch")},
		{"a batch of nonsense", `[1,2]`, "[" + noObject + "," + noObject + "]"},
		{"a batch of batches", `[[]]`, "[" + noObject + "]"},
		{"a batch of notifications", `[{"jsonrpc": "2.0", "method": "sum", "params": [1]}, {"jsonrpc": "2.0", "method": "foobar"}]`, ""},
		{
			"a batch of this and that", `[
				{"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"},
				{"jsonrpc": "2.0", "method": "sum", "params": [7]},
				{"jsonrpc": "2.0", "method": "subtract", "params": [42,23], "id": "2"},
				{"foo": "boo"},
				{"jsonrpc": "2.0", "method": "foo.get", "params": {"name": "myself"}, "id": "5"}]`,
			"[" + ok7 + "," + fmt.Sprintf(ok19, `"2"`) + "," + invalid("null", `jsonrpc is to be "2.0"`) + "," + fmt.Sprintf(notFound, `"5"`) + "]",
		},

		{"too few params", `{"jsonrpc": "2.0", "method": "subtract", "params": [1], "id": 1}`, params("subtrahend is missing")},
		{"none at all", `{"jsonrpc": "2.0", "method": "subtract", "id": 1}`, params("minuend is missing")},
		{"too many params", `{"jsonrpc": "2.0", "method": "subtract", "params": [1,2,3], "id": 1}`, params("3 of them, at most 2 are wanted")},
		{"a param that is not known", `{"jsonrpc": "2.0", "method": "subtract", "params": {"minuend":1,"subtrahend":2,"Minuend":3}, "id": 1}`, params(`"Minuend" is not known`)},
		{"a param of another type", `{"jsonrpc": "2.0", "method": "subtract", "params": ["1",2], "id": 1}`, params("minuend is of type string")},
		{"a param of null", `{"jsonrpc": "2.0", "method": "subtract", "params": [null,2], "id": 1}`, params("minuend is null")},
		{"a list by name", `{"jsonrpc": "2.0", "method": "sum", "params": {"a":1}, "id": 1}`, params("these are sent by position")},
		{"an element of another type", `{"jsonrpc": "2.0", "method": "sum", "params": [1,[]], "id": 1}`, params("number 2 is of type array")},
		{"a param too many for none", `{"jsonrpc": "2.0", "method": "notes", "params": [1], "id": 1}`, params("1 of them, at most 0 are wanted")},
		{"an error of the service", `{"jsonrpc": "2.0", "method": "divide", "params": [1,0], "id": 1}`, `{"jsonrpc":"2.0","error":{"code":1,"message":"Division by zero"},"id":1}`},
		{"a param that may be left out", `{"jsonrpc": "2.0", "method": "divide", "params": [1,4], "id": "1"}`, strings.Replace(ok7, "7", "0.25", 1)},
		{"and may be there", `{"jsonrpc": "2.0", "method": "divide", "params": [1,4,1], "id": "1"}`, strings.Replace(ok7, "7", "0.3", 1)},
		{"or null, being a pointer", `{"jsonrpc": "2.0", "method": "divide", "params": [1,4,null], "id": "1"}`, strings.Replace(ok7, "7", "0.25", 1)},
		{"what the function finds wrong", `{"jsonrpc": "2.0", "method": "divide", "params": [1,4,99], "id": 1}`, params("digits are 0 to 15")},
		{"a result that JSON cannot hold", `{"jsonrpc": "2.0", "method": "sum", "params": [1e308,1e308], "id": 1}`, `{"jsonrpc":"2.0","error":{"code":-32603,"message":"Internal error"},"id":1}`},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			resp := post(app, row.send, webob.WithEnviron(webob.Logger.Name(), slog.New(slog.DiscardHandler)))
			assert.Equal(t, row.want, text(t, resp))
			if row.want == "" {
				assert.Equal(t, 204, resp.Status())
				return
			}
			assert.Equal(t, 200, resp.Status())
			assert.Equal(t, "application/json", resp.Header().Get("Content-Type"))
		})
	}
}

func TestWhatIsNoJSON(t *testing.T) {
	for _, message := range []string{
		"", " ", "{", `{"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz]`, `[{"jsonrpc": "2.0"},`, "{} {}", "\"\xff\"", "nul",
	} {
		resp := post(newApp(), message)
		assert.Equal(t, 200, resp.Status(), message)
		assert.Regexp(t, `^\{"jsonrpc":"2\.0","error":\{"code":-32700,"message":"Parse error","data":"[^"].*"\},"id":null\}$`, text(t, resp), message)
	}
}

// What is wrong with the HTTP request is answered by a status.
func TestWhatHTTPRefuses(t *testing.T) {
	app := newApp()
	const message = `{"jsonrpc": "2.0", "method": "sum", "id": 1}`
	for _, method := range []string{"GET", "HEAD", "PUT", "OPTIONS"} {
		resp := post(app, message, webob.WithMethod(method))
		assert.ErrorIs(t, resp.Err(), exc.MethodNotAllowed)
		assert.Equal(t, "POST", resp.Header().Get("Allow"))
	}
	for _, kind := range []string{"", "text/plain", "application/x-www-form-urlencoded", "application/jsonrpc"} {
		resp := post(app, message, webob.WithContentType(kind))
		assert.ErrorIs(t, resp.Err(), exc.UnsupportedMediaType, kind)
		assert.Equal(t, "application/json", resp.Header().Get("Accept"))
	}
	assert.Equal(t, 200, post(app, message, webob.WithContentType("Application/JSON; charset=utf-8")).Status())
	resp := post(app, `{"jsonrpc": "2.0", "x": "`+strings.Repeat("x", maxBody)+`"}`)
	assert.ErrorIs(t, resp.Err(), exc.ContentTooLarge)
	resp = post(app, strings.Repeat("[", 100_000)+strings.Repeat("]", 100_000))
	assert.ErrorIs(t, resp.Err(), exc.ContentTooLarge, "nested too deeply")
}

func TestTheBatchIsBounded(t *testing.T) {
	one := `{"jsonrpc":"2.0","method":"sum","params":[7],"id":"1"}`
	batch := func(n int) string { return "[" + strings.TrimSuffix(strings.Repeat(one+",", n), ",") + "]" }
	assert.Equal(t, maxBatch, strings.Count(text(t, post(newApp(), batch(maxBatch))), ok7))
	assert.Equal(t, invalid("null", "a batch has at most 100 calls"), text(t, post(newApp(), batch(maxBatch+1))))
}

// Whatever a method says beside an *Error is for the log.
func TestOtherErrorsStayInTheLog(t *testing.T) {
	secret := errors.New("password is hunter2")
	app := dec.Wsgify(NewServer(Method("fail", func(*webob.Request, struct{}) (int, error) { return 0, secret })).Answer)
	var log strings.Builder
	logger := slog.New(slog.NewTextHandler(&log, nil))
	for _, id := range []string{`,"id":1`, ""} {
		log.Reset()
		resp := post(app, `{"jsonrpc":"2.0","method":"fail"`+id+`}`, webob.WithEnviron(webob.Logger.Name(), logger))
		assert.NotContains(t, text(t, resp), "hunter2")
		assert.Contains(t, log.String(), "method=fail", "of notifications too")
		assert.Contains(t, log.String(), "hunter2")
	}
}

func TestMistakesInTheProgram(t *testing.T) {
	good := func(*webob.Request, struct{}) (int, error) { return 0, nil }
	for name, mistake := range map[string]func(){
		"two of one name":          func() { NewServer(Method("a", good), Method("a", good)) },
		"no name":                  func() { Method("", good) },
		"a name of JSON-RPC's own": func() { Method("rpc.a", good) },
		"params of a number":       func() { Method("a", func(*webob.Request, int) (int, error) { return 0, nil }) },
	} {
		assert.Panics(t, mistake, name)
	}
}

// pathMux is a mux of somebody else's, which has heard neither of us nor of ServeMux.
type pathMux map[*regexp.Regexp]http.Handler

func (m pathMux) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	for path, h := range m {
		if path.MatchString(r.URL.Path) {
			h.ServeHTTP(w, r)
			return
		}
	}
	http.NotFound(w, r)
}

func TestAClientOverLoopback(t *testing.T) {
	for name, mounted := range map[string]http.Handler{
		"ServeMux":               newApp(),
		"a foreign mux":          pathMux{regexp.MustCompile(`^/rpc$`): newApp()},
		"a foreign mux, a timer": pathMux{regexp.MustCompile(`^/`): http.TimeoutHandler(newApp(), time.Minute, "late")},
		"a filter around a mux": dec.Middleware(func(req *webob.Request, app http.Handler) (*webob.Response, error) {
			return req.GetResponse(app), nil
		})(pathMux{regexp.MustCompile(`^/rpc$`): newApp()}),
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(mounted)
			defer server.Close()
			service(t, &client{url: server.URL + "/rpc"})
			assert.ErrorContains(t, (&client{url: server.URL + "/"}).Call(t.Context(), "sum", nil, nil), "404")
		})
	}
}

// service uses all of the service.
func service(t *testing.T, c *client) {
	ctx := t.Context()
	var n float64
	require.NoError(t, c.Call(ctx, "subtract", []int{42, 23}, &n))
	assert.EqualValues(t, 19, n)
	require.NoError(t, c.Call(ctx, "subtract", pair{Minuend: 1, Subtrahend: 0.5}, &n))
	assert.EqualValues(t, 0.5, n)

	wrong, ok := errors.AsType[*Error](c.Call(ctx, "divide", []int{1, 0}, &n))
	require.True(t, ok)
	assert.Equal(t, divisionByZero, wrong)

	var notes []string
	require.NoError(t, c.Call(ctx, "notes", nil, &notes))
	assert.NotNil(t, notes, "no notes are an empty list, not null")
	assert.Empty(t, notes)
	require.NoError(t, c.Notify(ctx, "note", note{"milk"}))
	calls := []*clientCall{
		{Method: "note", Params: []string{"eggs <é>"}},
		{Method: "notes", Result: &notes},
		{Method: "sum", Params: []float64{math.Pi, 1}, Result: &n},
		{Method: "nope", Result: new(int)},
	}
	require.NoError(t, c.Batch(ctx, calls...))
	assert.Equal(t, []string{"milk", "eggs <é>"}, notes)
	assert.InDelta(t, math.Pi+1, n, 0)
	assert.EqualError(t, calls[3].Err, "Method not found (-32601)")
	require.NoError(t, c.Batch(ctx, &clientCall{Method: "note", Params: note{"tea"}}))

	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			var got float64
			assert.NoError(t, c.Call(ctx, "sum", []int{i, 1}, &got))
			assert.EqualValues(t, i+1, got)
		})
	}
	all.Wait()

	assert.ErrorContains(t, c.Call(ctx, "note", note{strings.Repeat("x", maxNote+1)}, &n), "Invalid params")
	for range maxNotes - 3 {
		require.NoError(t, c.Notify(ctx, "note", note{"x"}))
	}
	assert.EqualError(t, c.Call(ctx, "note", note{"x"}, &n), "The board is full (2)")
}
