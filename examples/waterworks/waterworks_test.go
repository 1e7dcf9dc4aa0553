package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/deploy"
	"github.com/gowebob/gowebob/webob"
)

func TestWaterworks(t *testing.T) {
	app, err := deploy.LoadApp("waterworks.ini", registry())
	require.NoError(t, err)
	rows := []struct {
		name, path string
		status     int
		body       string
	}{
		{"the tap gives what comes", "/main/tap", 200, "2 l of water at 12 °C\n"},
		{"the boiler heats what the shower gets", "/main/shower", 200, "a shower at 38 °C\n"},
		{"below a prefix it is the same app", "/main/shower/hand", 200, "a shower at 38 °C\n"},
		{"an error of the app goes out through the filter", "/main/sauna", 503, "Nobody showers at more than 45"},
		{"nothing is connected to the root", "/", 404, ""},
		{"a prefix is whole segments", "/main/tapdance", 404, ""},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			resp := webob.Blank(row.path).GetResponse(app)
			body, err := resp.Text()
			require.NoError(t, err)
			assert.Equal(t, row.status, resp.Status())
			assert.Contains(t, body, row.body)
		})
	}
	resp := webob.Blank("/main/sauna").GetResponse(app)
	assert.Equal(t, "600", resp.Header().Get("Retry-After"))
	assert.ErrorContains(t, resp.Err(), "90 °C")
}

// All that is wrong with a file is told at once, with its line.
func TestFaultsOfAFile(t *testing.T) {
	text, err := os.ReadFile("waterworks.ini")
	require.NoError(t, err)
	broken := strings.NewReplacer("litres = 2", "liters = 2", "degrees = 90", "degrees = 900").Replace(string(text))
	path := filepath.Join(t.TempDir(), "broken.ini")
	require.NoError(t, os.WriteFile(path, []byte(broken), 0o666))

	app, err := deploy.LoadApp(path, registry())
	assert.Nil(t, app)
	assert.ErrorContains(t, err, ":10: [app:tap] liters: there is no setting liters, did you mean litres?")
	assert.ErrorContains(t, err, ":29: [filter:hotter] degrees: at 900 °C it is steam")
}
