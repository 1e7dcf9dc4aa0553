package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRun(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "pages")
	ctx, stop := context.WithCancel(t.Context())
	stop()
	require.NoError(t, run(ctx, "127.0.0.1:0", dir), "stops as it should")
	first, err := os.ReadFile(filepath.Join(dir, "pages", "Home", "000001.txt"))
	require.NoError(t, err)
	assert.Equal(t, welcome, string(first), "a new wiki has a first page")

	require.NoError(t, os.WriteFile(filepath.Join(dir, "pages", "Home", "000002.txt"), []byte("mine"), 0o666))
	require.NoError(t, run(ctx, "127.0.0.1:0", dir))
	_, err = os.Stat(filepath.Join(dir, "pages", "Home", "000003.txt"))
	assert.ErrorIs(t, err, os.ErrNotExist, "an old one is left as it is")

	assert.Error(t, run(ctx, "no address", dir))
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o666))
	assert.Error(t, run(ctx, "127.0.0.1:0", file), "a file is no folder")
}
