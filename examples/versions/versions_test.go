package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/deploy"
	"github.com/gowebob/gowebob/webob"
)

func api(t *testing.T) http.Handler {
	t.Helper()
	app, err := deploy.LoadApp("api-paste.ini", registry())
	require.NoError(t, err)
	return app
}

// call makes a request as a client of the API does.
func call(method, path, body string) *webob.Request {
	opts := []webob.BlankOption{webob.WithMethod(method), webob.WithHeader("Accept", "application/json")}
	if body != "" {
		opts = append(opts, webob.WithBody([]byte(body)), webob.WithHeader("Content-Type", "application/json"))
	}
	return webob.Blank(path, opts...)
}

func TestVersions(t *testing.T) {
	rows := []struct {
		name, method, path, body string
		status                   int
		want                     string
	}{
		{"the root lists the versions", "GET", "/", "", 300,
			`{"versions":[{"id":"v1.0","status":"CURRENT","links":[{"rel":"self","href":"http://localhost/v1"}]}]}`},
		{"nothing else is there", "GET", "/v2", "", 404, ""},
		{"no tests at first", "GET", "/v1/test", "", 200, `{"tests":[]}`},
		{"one is made", "POST", "/v1/test", `{"name":"smoke"}`, 201, `{"id":1,"name":"smoke","href":"/v1/test/1"}`},
		{"and found", "GET", "/v1/test/1", "", 200, `{"id":1,"name":"smoke","href":"/v1/test/1"}`},
		{"and listed", "GET", "/v1/test", "", 200, `{"tests":[{"id":1,"name":"smoke","href":"/v1/test/1"}]}`},
		{"a name is needed", "POST", "/v1/test", `{}`, 422, ""},
		{"JSON is needed", "POST", "/v1/test", `{"name":`, 400, ""},
		{"an unknown one", "GET", "/v1/test/7", "", 404, ""},
		{"no number", "GET", "/v1/test/x", "", 404, ""},
		{"a number beyond all", "GET", "/v1/test/99999999999999999999", "", 422, ""},
		{"no such action", "PUT", "/v1/test/1", "", 405, ""},
		{"it is deleted", "DELETE", "/v1/test/1", "", 204, ""},
		{"and gone", "GET", "/v1/test/1", "", 404, ""},
	}
	app := api(t)
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			resp := call(row.method, row.path, row.body).GetResponse(app)
			text, err := resp.Text()
			require.NoError(t, err)
			assert.Equal(t, row.status, resp.Status(), text)
			if row.want != "" {
				assert.JSONEq(t, row.want, text)
			}
			if strings.HasPrefix(row.path, "/v1/") {
				assert.NotEmpty(t, resp.Header().Get("X-Request-Id"), "errors have it too")
			}
		})
	}
}

func TestLocationIsBelowTheVersion(t *testing.T) {
	resp := call("POST", "/v1/test", `{"name":"smoke"}`).GetResponse(api(t))
	assert.Equal(t, "/v1/test/1", resp.Header().Get("Location"))
	resp = call("PUT", "/v1/test/1", "").GetResponse(api(t))
	assert.Equal(t, "GET, HEAD, DELETE", resp.Header().Get("Allow"))
}
