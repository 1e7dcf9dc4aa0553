package benchmarks

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
)

// A check that lets everything through would let a toolkit win by doing nothing.
func TestCheckFindsFaults(t *testing.T) {
	answer := func(edit func(http.ResponseWriter)) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			for i := range PipelineDepth {
				w.Header().Set(OutKey(i), r.Header.Get(InKey(i)))
			}
			edit(w)
		}
	}
	calls := 0
	for name, row := range map[string]struct {
		h    http.Handler
		want string
	}{
		"right":            {answer(func(w http.ResponseWriter) { writeText(w, "hello") }), ""},
		"another body":     {answer(func(w http.ResponseWriter) { writeText(w, "hullo") }), "want body"},
		"another type":     {answer(func(w http.ResponseWriter) { fmt.Fprint(w, "hello") }), "want Content-Type text/plain"},
		"another status":   {answer(func(w http.ResponseWriter) { w.WriteHeader(201); writeText(w, "hello") }), "want status 200"},
		"no header":        {answer(func(w http.ResponseWriter) { w.Header().Del(OutKey(7)); writeText(w, "hello") }), "want X-Out-7"},
		"a header twice":   {answer(func(w http.ResponseWriter) { w.Header().Add(OutKey(0), "x"); writeText(w, "hello") }), "want X-Out-0"},
		"a wrong length":   {answer(func(w http.ResponseWriter) { w.Header().Set("Content-Length", "9"); writeText(w, "hello") }), "Content-Length 9"},
		"no second answer": {answer(func(w http.ResponseWriter) { calls++; writeText(w, []string{"", "hello", ""}[calls]) }), "want body"},
	} {
		t.Run(name, func(t *testing.T) {
			p := &Peer{Name: "some", Apps: map[string]http.Handler{Pipeline8: row.h}}
			err := p.Check(Pipeline8)
			if row.want == "" {
				assert.NoError(t, err)
				return
			}
			assert.ErrorContains(t, err, row.want)
		})
	}
}

func TestCheckOfTheKnownWrong(t *testing.T) {
	wrong := map[string]string{Hello: "says hullo"}
	p := &Peer{Name: "some", Wrong: wrong, Apps: map[string]http.Handler{Hello: http.HandlerFunc(rawHello)}}
	assert.ErrorContains(t, p.Check(Hello), "was thought wrong", "right all at once")
	p.Apps[Hello] = http.HandlerFunc(rawBoom)
	assert.NoError(t, p.Check(Hello))
	assert.ErrorContains(t, p.Check(JSON), "does not do")
}
