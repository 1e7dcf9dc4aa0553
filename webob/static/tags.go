package static

import (
	"crypto/sha256"
	"encoding/base64"
	"io"
	"io/fs"
	"strconv"
	"sync"
	"time"
)

// maxTags is how many tags of contents are remembered; beyond, one is forgotten for
// each that is new.
const maxTags = 10_000

// tags are the entity tags of files that have no modification time. Such files do
// not change while they are served; one of another size than before is another.
type tags struct {
	mu    sync.Mutex
	known map[contentKey]*contentTag
}

type contentKey struct {
	name string
	size int64
}

type contentTag struct {
	once sync.Once
	tag  string
	err  error
}

// tag is a strong tag of the file's content, which is read once, however many
// requests ask at the same time.
func (t *tags) tag(s source, name string, size int64) (string, error) {
	key := contentKey{name, size}
	t.mu.Lock()
	entry := t.known[key]
	if entry == nil {
		if len(t.known) >= maxTags {
			for k := range t.known {
				delete(t.known, k)
				break
			}
		}
		if t.known == nil {
			t.known = map[contentKey]*contentTag{}
		}
		entry = new(contentTag)
		t.known[key] = entry
	}
	t.mu.Unlock()
	entry.once.Do(func() { entry.tag, entry.err = hashed(s, name) })
	if entry.err != nil {
		t.forget(key, entry)
	}
	return entry.tag, entry.err
}

// forget has the next request try again.
func (t *tags) forget(key contentKey, entry *contentTag) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.known[key] == entry {
		delete(t.known, key)
	}
}

func hashed(s source, name string) (string, error) {
	f, err := s.open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return `"` + base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:18]) + `"`, nil
}

// settles is how long after a change a file may have changed again without its time
// showing it.
const settles = 2 * time.Second

// timeTag is a tag of a file's time, size and coding. It is weak as long as the file
// may still be written to (RFC 9110 §8.8.1).
func timeTag(info fs.FileInfo, coding string, now time.Time) string {
	b := make([]byte, 0, 48)
	if now.Sub(info.ModTime()) < settles {
		b = append(b, "W/"...)
	}
	b = append(b, '"')
	b = strconv.AppendInt(b, info.ModTime().UnixNano(), 36)
	b = append(b, '-')
	b = strconv.AppendInt(b, info.Size(), 36)
	if coding != "" {
		b = append(append(b, '-'), coding...)
	}
	return string(append(b, '"'))
}
