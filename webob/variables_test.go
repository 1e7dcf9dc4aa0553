package webob_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/webob"
)

// TestVariablesAreAsIfSet: what a mapper leaves by SetVariables reads, changes and goes
// away as what SetURLVars leaves.
func TestVariablesAreAsIfSet(t *testing.T) {
	left := func() *webob.Request {
		req := webob.Blank("/ann/7")
		req.SetURLVars(map[string]string{"old": "x"})
		req.SetVariables("myapp.match", segments{"ann", "7"})
		return req
	}
	all := map[string]string{"user": "ann", "post": "7"}
	key := webob.NewKey[segments]("myapp.match")
	for name, look := range map[string]func(*webob.Request){
		"URLVars": func(req *webob.Request) { assert.Equal(t, all, req.URLVars()) },
		"environ": func(req *webob.Request) {
			v, ok := req.Environ().Get("wsgiorg.routing_args")
			assert.True(t, ok)
			assert.Equal(t, webob.RoutingArgs{Vars: all}, v)
		},
		"all keys": func(req *webob.Request) {
			m := req.Environ().Map()
			assert.Equal(t, webob.RoutingArgs{Vars: all}, m["wsgiorg.routing_args"])
			assert.Equal(t, segments{"ann", "7"}, m["myapp.match"])
		},
		"what is changed is seen": func(req *webob.Request) {
			req.URLVars()["user"] = "bob"
			assert.Equal(t, "bob", req.PathValue("user"))
			assert.Equal(t, "bob", req.URLVars()["user"])
		},
		"what is replaced is gone": func(req *webob.Request) {
			req.SetURLVars(map[string]string{"a": "b"})
			assert.Equal(t, map[string]string{"a": "b"}, req.URLVars())
			assert.Empty(t, req.PathValue("user"))
		},
		"what is deleted is gone": func(req *webob.Request) {
			req.DelURLVars()
			assert.Empty(t, req.URLVars())
			assert.Empty(t, req.PathValue("user"))
			_, ok := key.Get(req)
			assert.True(t, ok, "the match itself stays")
		},
		"the match goes by its key": func(req *webob.Request) {
			key.Delete(req)
			_, ok := key.Get(req)
			assert.False(t, ok)
			assert.Equal(t, all, req.URLVars())
		},
		"a later mapper takes its place": func(req *webob.Request) {
			req.URLVars()
			req.SetVariables("myapp.match", segments{"eve", "8"})
			assert.Equal(t, "eve", req.URLVars()["user"])
			m, _ := key.Get(req)
			assert.Equal(t, "eve", m.user)
		},
		"variables by place stay": func(req *webob.Request) {
			req.SetURLArgs("x")
			req.SetVariables("myapp.match", segments{"eve", "8"})
			assert.Equal(t, []string{"x"}, req.URLArgs())
			assert.Equal(t, "eve", req.URLVars()["user"])
		},
	} {
		t.Run(name, func(t *testing.T) { look(left()) })
	}
	require.Empty(t, webob.Blank("/").PathValue("user"))
}
