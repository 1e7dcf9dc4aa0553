package command

import (
	"context"
	"maps"
	"os"
	"slices"
	"sync"
	"time"
)

// pollInterval is how often the files are looked at: seldom enough to cost nothing, often
// enough for who has just saved one.
const pollInterval = 300 * time.Millisecond

// watcher notices changes of the files that a configuration was read from. It asks for
// their times: that works on every system and file system, and there are few files.
type watcher struct {
	mu    sync.Mutex
	files map[string]os.FileInfo // as they were when read; nil for one that is not there
}

func newWatcher() *watcher { return &watcher{files: map[string]os.FileInfo{}} }

// read notes a file that is about to be read: what is written later is a change.
func (w *watcher) read(path string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.files[path] = look(path)
}

func look(path string) os.FileInfo {
	info, err := os.Stat(path)
	if err != nil {
		return nil
	}
	return info
}

func same(a, b os.FileInfo) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Size() == b.Size() && a.ModTime().Equal(b.ModTime()) && os.SameFile(a, b)
}

// changed are the files that are not as they were when they were read.
func (w *watcher) changed() map[string]os.FileInfo {
	w.mu.Lock()
	defer w.mu.Unlock()
	found := map[string]os.FileInfo{}
	for path, was := range w.files {
		if now := look(path); !same(was, now) {
			found[path] = now
		}
	}
	return found
}

// run calls f with the files that have changed, when they have not changed for an interval:
// a file that is being written is left alone.
func (w *watcher) run(ctx context.Context, interval time.Duration, f func(changed []string)) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	var before map[string]os.FileInfo
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := w.changed()
		if len(now) > 0 && maps.EqualFunc(before, now, same) {
			w.accept(now)
			f(slices.Sorted(maps.Keys(now)))
			now = nil
		}
		before = now
	}
}

// accept notes how files are now, in case the load does not come to read them.
func (w *watcher) accept(now map[string]os.FileInfo) {
	w.mu.Lock()
	defer w.mu.Unlock()
	maps.Copy(w.files, now)
}
