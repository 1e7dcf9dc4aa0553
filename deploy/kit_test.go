package deploy

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// fuzzKit has an app, a filter, a server, and a composite of all that its settings name.
func fuzzKit() *Registry {
	r := NewRegistry()
	r.App("egg:Kit#main", func(Config) (http.Handler, error) { return http.NotFoundHandler(), nil })
	r.Filter("egg:Kit#main", func(Config) (func(http.Handler) http.Handler, error) {
		return func(app http.Handler) http.Handler { return app }, nil
	})
	r.Server("egg:Kit#main", func(Config) (func(http.Handler) error, error) {
		return func(http.Handler) error { return nil }, nil
	})
	r.Composite("egg:Kit#all", func(l Loader, c Config) (http.Handler, error) {
		for _, key := range c.Keys() {
			name, _ := c.Get(key)
			if _, err := l.App(name, c.Globals()); err != nil {
				return nil, err
			}
		}
		return http.NotFoundHandler(), nil
	})
	return r
}

func write(t testing.TB, dir, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "main.ini"), []byte(text), 0o600))
}
