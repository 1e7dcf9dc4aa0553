package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFolders(t *testing.T) {
	rows := []struct{ name, title, folder string }{
		{"letters stay", "Home2-b", "Home2-b"},
		{"a space is an underscore", "A page", "A_page"},
		{"an underscore is not", "A_page", "A%5Fpage"},
		{"no slash", "../x", "%2E%2E%2Fx"},
		{"no percent sign of its own", "%2F", "%252F"},
		{"bytes of UTF-8", "é", "%C3%A9"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			assert.Equal(t, row.folder, Title(row.title).Folder())
			back, ok := titleOf(row.folder)
			assert.True(t, ok)
			assert.Equal(t, Title(row.title), back)
		})
	}
	for _, folder := range []string{"", ".", "..", "a.b", "%2e", "%zz", "%00", "a b", "%41", "_", strings.Repeat("a", maxTitle+1)} {
		_, ok := titleOf(folder)
		assert.False(t, ok, "%q is no page's folder", folder)
	}
}

func TestPagesKeepsToItsFolder(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.MkdirAll(outside, 0o777))
	require.NoError(t, os.WriteFile(filepath.Join(outside, "000001.txt"), []byte("secret"), 0o666))
	root := testRoot(t)
	if err := os.Symlink(outside, filepath.Join(root.Name(), "Link")); err != nil {
		t.Skip(err)
	}
	pages := &Pages{root}
	_, err := pages.Current("Link")
	assert.Error(t, err)
	_, err = pages.Version("Link", 1)
	assert.Error(t, err)
	assert.False(t, pages.Has("Link"))
	assert.Error(t, pages.Save("Link", 1, "x"))
	entries, err := os.ReadDir(outside)
	require.NoError(t, err)
	assert.Len(t, entries, 1)
}

func TestVersions(t *testing.T) {
	root := testRoot(t)
	pages := &Pages{root}
	_, err := pages.Current("A")
	assert.ErrorIs(t, err, fs.ErrNotExist)
	for i := range 12 {
		require.NoError(t, pages.Save("A", i, fmt.Sprint("text ", i+1)))
	}
	history, err := pages.History("A")
	require.NoError(t, err)
	require.Len(t, history, 12)
	assert.Equal(t, 12, history[0].Number, "the newest first")
	for n := 1; n <= 12; n++ {
		v, err := pages.Version("A", n)
		require.NoError(t, err)
		assert.Equal(t, fmt.Sprint("text ", n), v.Text)
		assert.False(t, v.Saved.IsZero())
	}
	require.NoError(t, root.WriteFile("A/notes.txt", nil, 0o666))
	require.NoError(t, root.WriteFile("A/99.txt", nil, 0o666))
	require.NoError(t, root.Mkdir("Empty", 0o777))
	require.NoError(t, pages.Save("b", 0, "x"))
	current, err := pages.Current("A")
	require.NoError(t, err)
	assert.Equal(t, 12, current.Number, "other files are no versions")
	titles, err := pages.Titles()
	require.NoError(t, err)
	assert.Equal(t, []Title{"A", "b"}, titles, "a folder without versions is no page")
	_, err = pages.Current("Empty")
	assert.ErrorIs(t, err, fs.ErrNotExist)
}

// Of those who save at once from the same version one wins, each time.
func TestParallelEditors(t *testing.T) {
	root := testRoot(t)
	const editors, rounds = 8, 10
	for round := range rounds {
		var won, lost atomic.Int32
		var all sync.WaitGroup
		for editor := range editors {
			all.Go(func() {
				pages := &Pages{root} // one each, as if they were processes
				err := pages.Save("Page", round, fmt.Sprintf("round %d editor %d", round, editor))
				switch {
				case err == nil:
					won.Add(1)
				case errors.Is(err, ErrConflict):
					lost.Add(1)
				default:
					t.Error(err)
				}
				if v, err := pages.Current("Page"); assert.NoError(t, err) {
					assert.Contains(t, v.Text, "editor", "nobody reads half a page")
				}
			})
		}
		all.Wait()
		assert.EqualValues(t, 1, won.Load())
		assert.EqualValues(t, editors-1, lost.Load())
	}
	files, err := fs.ReadDir(root.FS(), "Page")
	require.NoError(t, err)
	assert.Len(t, files, rounds, "no draft is left behind")
}

// The same through the app: everybody's text is kept, in the end, by following the
// form that a conflict answers with.
func TestParallelEditorsLoseNothing(t *testing.T) {
	app := testWiki(t)
	const editors = 6
	var all sync.WaitGroup
	for editor := range editors {
		all.Go(func() {
			mine := fmt.Sprintf("- editor %d\n", editor)
			for base, content := "0", mine; ; {
				resp := post(app, "/edit/Page", "text", content, "base", base, "do", "save")
				if resp.Status() == 303 {
					return
				}
				body, _ := resp.Text()
				if !assert.Equal(t, 409, resp.Status(), body) {
					return
				}
				base = between(body, `name="base" value="`, `"`)
				content = between(body, `<pre id="theirs">`, `</pre>`) + mine
			}
		})
	}
	all.Wait()
	body := text(t, get(app, "/wiki/Page"))
	for editor := range editors {
		assert.Contains(t, body, fmt.Sprintf("<li>editor %d</li>", editor))
	}
}

func between(s, begin, end string) string {
	_, s, _ = strings.Cut(s, begin)
	s, _, _ = strings.Cut(s, end)
	return s
}
