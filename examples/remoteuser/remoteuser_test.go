package main

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/deploy"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

func TestThreeWays(t *testing.T) {
	app, err := deploy.LoadApp("remoteuser.ini", registry())
	require.NoError(t, err)
	rows := []struct {
		name, path, user, password string
		want                       error
	}{
		{"filter-with lets ada in", "/with", "ada", "ada", nil},
		{"filter-with lets grace in", "/with", "grace", "grace", nil},
		{"filter-with keeps bob out", "/with", "bob", "bob", exc.Forbidden},
		{"the filter-app lets ada in", "/filterapp", "ada", "ada", nil},
		{"the filter-app has settings of its own", "/filterapp", "grace", "grace", exc.Forbidden},
		{"the pipeline lets grace in", "/pipeline", "grace", "grace", nil},
		{"the pipeline keeps bob out", "/pipeline", "bob", "bob", exc.Forbidden},
		{"nobody comes in without a password", "/with", "", "", exc.Unauthorized},
		{"nor with a wrong one", "/with", "ada", "grace", exc.Unauthorized},
		{"the login is around what is not there, too", "/nowhere", "", "", exc.Unauthorized},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			req := webob.Blank(row.path)
			if row.user != "" {
				req.SetBasicAuth(row.user, row.password)
			}
			resp := req.GetResponse(app)
			if row.want != nil {
				assert.ErrorIs(t, resp.Err(), row.want)
				return
			}
			require.NoError(t, resp.Err())
			assert.Equal(t, http.StatusOK, resp.Status())
			text, err := resp.Text()
			require.NoError(t, err)
			assert.Equal(t, "Hello "+row.user+", this is "+row.path+".\n", text)
		})
	}
}

// A front server that has checked who it is sets REMOTE_USER; the login lets that be.
func TestUserOfAFrontServer(t *testing.T) {
	app, err := deploy.LoadApp("remoteuser.ini", registry())
	require.NoError(t, err)
	resp := webob.Blank("/with", webob.WithEnviron("REMOTE_USER", "ada")).GetResponse(app)
	assert.Equal(t, http.StatusOK, resp.Status())

	req := webob.Blank("/with")
	req.Header.Set("Remote-User", "ada")
	assert.ErrorIs(t, req.GetResponse(app).Err(), exc.Unauthorized, "a header is not the environ")
}

func TestUsersHaveToBeNamed(t *testing.T) {
	_, err := deploy.LoadFilter("egg:Remoteuser#auth", registry())
	assert.ErrorIs(t, err, deploy.Refused)
	assert.ErrorContains(t, err, "req_usernames is required")
}
