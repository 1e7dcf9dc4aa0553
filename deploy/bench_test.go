package deploy_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/deploy"
)

// BenchmarkLoadApp loads the pipeline of OpenStack's Senlin: nine filters and an app.
func BenchmarkLoadApp(b *testing.B) {
	r := senlin()
	b.ReportAllocs()
	for b.Loop() {
		_, err := deploy.LoadApp("testdata/api-paste.ini#senlin-api", r)
		require.NoError(b, err)
	}
}

func BenchmarkCheck(b *testing.B) {
	r := senlin()
	b.ReportAllocs()
	for b.Loop() {
		require.NoError(b, deploy.Check("testdata/api-paste.ini", r))
	}
}

func BenchmarkDecode(b *testing.B) {
	c := deploy.NewConfig(nil, map[string]string{"timeout": "30", "hosts": "a, b", "size": "10 MiB", "debug": "on", "n": "7"})
	b.ReportAllocs()
	for b.Loop() {
		var opts decoded
		require.NoError(b, c.Decode(&opts))
	}
}

// BenchmarkLive is what a request pays for an app that can be loaded again.
func BenchmarkLive(b *testing.B) {
	bare := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	for _, row := range []struct {
		name string
		app  http.Handler
	}{{"bare", bare}, {"live", live(b, bare)}, {"live, to be closed", live(b, quiet{})}} {
		b.Run(row.name, func(b *testing.B) {
			w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil)
			b.ReportAllocs()
			for b.Loop() {
				row.app.ServeHTTP(w, r)
			}
		})
	}
}

func live(b *testing.B, app http.Handler) http.Handler {
	l, err := deploy.NewLive(func() (http.Handler, error) { return app, nil })
	require.NoError(b, err)
	return l
}
