package deploy_test

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/deploy"
)

// panicking is an app that cannot be closed.
type panicking struct{ http.Handler }

func (panicking) Close() error { panic("no close") }

// uncomparable is a struct that == panics on, as its handler is a function.
type uncomparable struct {
	http.Handler
	closed *int
}

func (u uncomparable) Close() error {
	*u.closed++
	return nil
}

func iniFile(t *testing.T, text string) string {
	path := filepath.Join(t.TempDir(), "x.ini")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

var errPanic = errors.New("on purpose")

// TestPanicsOfFactories: each is a fault of its section, wherever it happens.
func TestPanicsOfFactories(t *testing.T) {
	r := deploy.NewRegistry()
	r.App("egg:K#app", func(deploy.Config) (http.Handler, error) { panic(errPanic) })
	r.App("egg:K#nil", func(c deploy.Config) (http.Handler, error) {
		return nil, errors.New(c.Keys()[10])
	})
	r.App("egg:K#ok", func(deploy.Config) (http.Handler, error) { return http.NotFoundHandler(), nil })
	r.Composite("egg:K#composite", func(deploy.Loader, deploy.Config) (http.Handler, error) { panic(errPanic) })
	r.Filter("egg:K#early", func(deploy.Config) (func(http.Handler) http.Handler, error) { panic(errPanic) })
	r.Filter("egg:K#late", func(deploy.Config) (func(http.Handler) http.Handler, error) {
		return func(http.Handler) http.Handler { panic(errPanic) }, nil
	})
	r.FilterApp("egg:K#app_filter", func(deploy.Config, http.Handler) (http.Handler, error) { panic(errPanic) })
	r.Server("egg:K#server", func(deploy.Config) (func(http.Handler) error, error) { panic(errPanic) })
	for _, use := range []string{"app", "composite", "ok\nfilter-with = early", "ok\nfilter-with = late", "ok\nfilter-with = app_filter"} {
		t.Run(use, func(t *testing.T) {
			file := iniFile(t, "[app:main]\nuse = egg:K#"+use+"\n[filter:early]\nuse = egg:K#early\n"+
				"[filter:late]\nuse = egg:K#late\n[filter:app_filter]\nuse = egg:K#app_filter\n")
			_, err := deploy.LoadApp(file, r)
			assert.ErrorIs(t, err, deploy.Refused)
			assert.ErrorIs(t, err, errPanic)
			assert.Regexp(t, `x\.ini:\d+: \[\w+:\w+\] panic at guard_test\.go:\d+: on purpose`, err.Error())
		})
	}
	_, err := deploy.LoadApp("egg:K#nil", r)
	assert.ErrorContains(t, err, "panic at guard_test.go:")
	_, err = deploy.LoadServer("egg:K#server", r)
	assert.ErrorIs(t, err, errPanic)
	_, err = deploy.NewPlan("egg:K#composite", r)
	assert.ErrorIs(t, err, errPanic)
	assert.ErrorIs(t, deploy.Check(iniFile(t, "[composite:c]\nuse = egg:K#composite\n[app:a]\nuse = egg:K#none\n"), r), errPanic)
}

// TestPanicsWhileReloading: the old app goes on; one that panics when it is closed does no harm.
func TestPanicsWhileReloading(t *testing.T) {
	load := func() (http.Handler, error) { return panicking{http.NotFoundHandler()}, nil }
	live, err := deploy.NewLive(func() (http.Handler, error) { return load() })
	require.NoError(t, err)
	load = func() (http.Handler, error) { panic(errPanic) }
	assert.ErrorIs(t, live.Reload(), errPanic)
	assert.IsType(t, panicking{}, live.App())
	load = func() (http.Handler, error) { return http.NotFoundHandler(), nil }
	assert.NoError(t, live.Reload())
	assert.NoError(t, live.Close())
}

// TestClosersThatCannotBeCompared: each is closed.
func TestClosersThatCannotBeCompared(t *testing.T) {
	closed := 0
	r := deploy.NewRegistry()
	r.App("egg:K#app", func(deploy.Config) (http.Handler, error) {
		return uncomparable{http.NotFoundHandler(), &closed}, nil
	})
	r.Filter("egg:K#filter", func(deploy.Config) (func(http.Handler) http.Handler, error) {
		return func(http.Handler) http.Handler { return uncomparable{http.NotFoundHandler(), &closed} }, nil
	})
	app, err := deploy.LoadApp(iniFile(t, "[app:main]\nuse = egg:K#app\nfilter-with = f\n[filter:f]\nuse = egg:K#filter\n"), r)
	require.NoError(t, err)
	assert.NoError(t, app.(interface{ Close() error }).Close())
	assert.Equal(t, 2, closed)
}

// TestManyReferencesToNothing: what is empty makes no value long, and yet comes to an end.
func TestManyReferencesToNothing(t *testing.T) {
	var b strings.Builder
	b.WriteString("[DEFAULT]\ne =\n")
	fmt.Fprintf(&b, "a0 = %s\n", strings.Repeat("%(e)s", 1000))
	for i := range 8 {
		fmt.Fprintf(&b, "a%d = %s\n", i+1, strings.Repeat(fmt.Sprintf("%%(a%d)s", i), 1000))
	}
	b.WriteString("[app:main]\nuse = egg:K#app\n")
	for i := range 10_000 {
		fmt.Fprintf(&b, "s%d = %%(a8)s\n", i)
	}
	r := deploy.NewRegistry()
	r.App("egg:K#app", func(deploy.Config) (http.Handler, error) { return http.NotFoundHandler(), nil })
	_, err := deploy.LoadApp(iniFile(t, b.String()), r, deploy.OnWarning(func(*deploy.Fault) {}))
	assert.ErrorIs(t, err, deploy.TooLarge)
}
