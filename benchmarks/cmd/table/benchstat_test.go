package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gowebob/gowebob/benchmarks"
	"github.com/gowebob/gowebob/benchmarks/internal/rounds"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The pinned benchstat reads the lines of cmd/ratios, and we read its CSV.
func TestBenchstat(t *testing.T) {
	file := filepath.Join(t.TempDir(), "raw.txt")
	text := "goos: linux\n" + strings.Repeat(`BenchmarkApp/work=hello/peer=raw 1000 100 ns/op 16 B/op 1 allocs/op
BenchmarkApp/work=hello/peer=go-accept-headers 1000 150 ns/op 48 B/op 2 allocs/op
BenchmarkApp/work=json/peer=raw 1000 400 ns/op 48 B/op 2 allocs/op
BenchmarkRoute50/peer=chi 1000 400 ns/op 48 B/op 2 allocs/op
`, 8)
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	st, err := benchstat(file, benchmarks.FamilyApp)
	require.NoError(t, err)
	assert.Equal(t, stats{
		{Family: "App", Row: "hello", Peer: "raw"}:               "0%",
		{Family: "App", Row: "hello", Peer: "go-accept-headers"}: "0%",
		{Family: "App", Row: "json", Peer: "raw"}:                "0%",
	}, st)
	st, err = benchstat(file, benchmarks.FamilyRoute)
	require.NoError(t, err)
	assert.Equal(t, stats{rounds.Key{Family: "Route50", Peer: "chi"}: "0%"}, st)
}
