package rounds

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const text = `goos: linux
BenchmarkApp/work=hello/peer=raw 	 1000	 100.0 ns/op	 16 B/op	 1 allocs/op
BenchmarkApp/work=hello/peer=gin-2	 1000	 150 ns/op	 48 B/op	 2 allocs/op
BenchmarkApp/work=hello/peer=webob-py 10 5000 ns/op
BenchmarkRoute50/peer=gorilla-mux 10 900 ns/op 0 B/op 0 allocs/op
BenchmarkApp/work=hello/peer=raw 1000 200 ns/op 16 B/op 1 allocs/op
BenchmarkApp/work=hello/peer=gin 1000 500 ns/op 48 B/op 2 allocs/op
BenchmarkOther 10 900 ns/op
PASS
`

func TestRead(t *testing.T) {
	s, err := Read(strings.NewReader(text))
	require.NoError(t, err)
	raw, gin := Key{"App", "hello", "raw"}, Key{"App", "hello", "gin"}
	assert.Len(t, s, 4)
	assert.Equal(t, []Sample{{100, 16, 1}, {200, 16, 1}}, s[raw])
	assert.Equal(t, []float64{1.5, 2.5}, s.Ratios(gin, raw), "round by round, the processors cut off")
	assert.Equal(t, []Sample{{5000, -1, -1}}, s[Key{"App", "hello", "webob-py"}], "no memory said")
	assert.Contains(t, s, Key{"Route50", "", "gorilla-mux"})
	m, ok := s.Median(raw)
	assert.True(t, ok)
	assert.Equal(t, Sample{150, 16, 1}, m)
	_, ok = s.Median(Key{"App", "hello", "nobody"})
	assert.False(t, ok)
	assert.Empty(t, s.Ratios(gin, Key{}), "no base, no ratio")
}

func TestAddPassesOverOtherLines(t *testing.T) {
	for name, line := range map[string]string{
		"empty":           "",
		"not a benchmark": "ok  	example.com/x	1.2s",
		"no peer":         "BenchmarkOther/work=hello 10 900 ns/op",
		"no time":         "BenchmarkApp/work=hello/peer=raw 10 900 B/op",
		"no number":       "BenchmarkApp/work=hello/peer=raw 10 fast ns/op",
	} {
		t.Run(name, func(t *testing.T) { assert.False(t, Set{}.Add(line)) })
	}
}

func TestQuantile(t *testing.T) {
	v := []float64{4, 1, 3, 2}
	assert.Equal(t, 2.5, Median(v))
	assert.Equal(t, 1.75, Quantile(v, 0.25))
	assert.Equal(t, 4.0, Quantile(v, 1))
	assert.Equal(t, []float64{4, 1, 3, 2}, v, "left as it is")
	assert.Zero(t, Median(nil))
	assert.Equal(t, 7.0, Median([]float64{7}))
}
