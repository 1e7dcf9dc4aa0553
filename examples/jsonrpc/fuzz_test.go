package main

import (
	"encoding/json"
	"testing"
)

// Whatever is sent, the answer is none at all, a reply or a list of replies, and each
// has either a result or an error.
func FuzzAnswer(f *testing.F) {
	for _, seed := range []string{
		"", "{}", "[]", "[[]]", "1", "null", `"x"`, `{"jsonrpc":"2.0","method":"sum","params":[1],"id":1}`,
		`[{"jsonrpc":"2.0","method":"subtract","params":{"minuend":1,"subtrahend":2},"id":"a"},1]`, `{"jsonrpc":"2.0","method":"notes"}`,
		`{"jsonrpc":"2\u002e0","method":"sum","id":null}`, "{\"id\":\xff}", `{"jsonrpc":"2.0","method":"divide","params":[1,null],"id":-0.1e5}`,
	} {
		f.Add(seed)
	}
	app := newApp()
	f.Fuzz(func(t *testing.T, message string) {
		resp := post(app, message)
		body, err := resp.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		switch resp.Status() {
		case 204:
			if len(body) > 0 {
				t.Fatalf("%q is answered 204 with %q", message, body)
			}
			return
		case 413:
			return
		case 200:
		default:
			t.Fatalf("%q is answered %d", message, resp.Status())
		}
		if body[0] == '{' {
			body = []byte("[" + string(body) + "]")
		}
		var replies []map[string]json.RawMessage
		if err := json.Unmarshal(body, &replies); err != nil || len(replies) == 0 {
			t.Fatalf("%q is answered %q: %v", message, body, err)
		}
		for _, r := range replies {
			_, id := r["id"]
			_, result := r["result"]
			_, failure := r["error"]
			if string(r["jsonrpc"]) != `"2.0"` || !id || result == failure || len(r) != 3 {
				t.Fatalf("%q is answered %q", message, body)
			}
		}
	})
}
