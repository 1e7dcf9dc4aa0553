package comments

import (
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/exc"
)

func TestStore(t *testing.T) {
	root := testRoot(t)
	store := NewStore(root)
	list, err := store.List("t")
	require.NoError(t, err)
	assert.Empty(t, list)

	one := Comment{"Ann", "a\nb <>\u2028", time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	require.NoError(t, store.Add("t", one))
	file, err := root.OpenFile(topicFile("t"), os.O_WRONLY|os.O_APPEND, 0)
	require.NoError(t, err)
	_, err = file.WriteString("\n" + `{"name":"cut sh`)
	require.NoError(t, err)
	require.NoError(t, file.Close())
	require.NoError(t, store.Add("t", one))
	list, err = store.List("t")
	require.NoError(t, err)
	assert.Equal(t, []Comment{one, one}, list, "a line that a crash has cut short harms no other")

	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			for range 60 {
				_ = store.Add("full", one)
			}
		})
	}
	all.Wait()
	list, err = store.List("full")
	require.NoError(t, err)
	assert.Len(t, list, maxComments)
	assert.ErrorIs(t, store.Add("full", one), exc.Conflict)
	other, err := store.List("other")
	require.NoError(t, err)
	assert.Empty(t, other)
}
