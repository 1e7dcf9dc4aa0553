package webob_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/gowebob/gowebob/webob"
	"github.com/stretchr/testify/assert"
)

// spec 3.6
func TestKeyGivesWhatWasStoredForThisRequest(t *testing.T) {
	key := webob.NewKey[[]int]("test.numbers")
	assert.Equal(t, "test.numbers", key.Name())
	r, other := handmade(t, "GET", "/"), handmade(t, "GET", "/")
	v, ok := key.Get(r)
	assert.Nil(t, v)
	assert.False(t, ok, "nothing stored")
	key.Set(r, []int{1})
	v, ok = key.Get(r)
	assert.Equal(t, []int{1}, v)
	assert.True(t, ok)
	_, ok = key.Get(other)
	assert.False(t, ok, "another request has its own")
	key.Set(r, nil)
	v, ok = key.Get(r)
	assert.Nil(t, v)
	assert.True(t, ok, "a nil value is stored")
	key.Delete(r)
	_, ok = key.Get(r)
	assert.False(t, ok)
	key.Delete(other)
}

func TestKeyOfAnotherTypeIsNotThere(t *testing.T) {
	r := handmade(t, "GET", "/")
	webob.NewKey[string]("test.k").Set(r, "text")
	_, ok := webob.NewKey[int]("test.k").Get(r)
	assert.False(t, ok)
	assert.Zero(t, webob.NewKey[int]("test.k").Value(r))
	v, ok := webob.NewKey[any]("test.k").Get(r)
	assert.True(t, ok)
	assert.Equal(t, "text", v)
}

func TestKeyIsTheEnvironKey(t *testing.T) {
	r := handmade(t, "GET", "/")
	webob.NewKey[string]("test.k").Set(r, "text")
	v, ok := r.Environ().Get("test.k")
	assert.True(t, ok)
	assert.Equal(t, "text", v)
	assert.NoError(t, r.Environ().Set("test.k", "again"))
	assert.Equal(t, "again", webob.NewKey[string]("test.k").Value(r))
}

// spec 2.2
func TestKeyIsSharedByCopiesOfTheRequest(t *testing.T) {
	r := handmade(t, "GET", "/")
	c := r.WithContext(t.Context())
	account.Set(c, "a")
	assert.Equal(t, "a", account.Value(r))
	assert.Equal(t, "a", account.Value(r.Clone(t.Context())))
}

// spec 3.5
func TestKeyStoresFromManyGoroutines(t *testing.T) {
	r := handmade(t, "GET", "/")
	account.Set(r, "made")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				account.Set(r, "x")
				account.Get(r)
				account.Delete(r)
			}
		})
	}
	wg.Wait()
}

// spec 3.5
func TestReadingAKeyOfAnUntouchedRequestAllocatesNothing(t *testing.T) {
	r := handmade(t, "GET", "/")
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		account.Get(r)
		account.Delete(r)
	}))
}

func TestAPassedOnHandlerSharesTheEnviron(t *testing.T) {
	leaf := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, account.Value(webob.NewRequest(r)))
	})
	for name, h := range map[string]http.Handler{"foreign": leaf, "behind filters": filtered(leaf), "behind a mux": muxed(derived(leaf))} {
		rec := httptest.NewRecorder()
		passedOn(h).ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
		assert.Equal(t, "passed on", rec.Body.String(), name)
	}
}
