package comments

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"time"

	"github.com/gowebob/gowebob/exc"
)

// Store keeps comments, one file per topic with a line of JSON for each. A topic
// may be any text; its file is named after its hash. It is safe for concurrent use.
type Store struct {
	root *os.Root
	mu   sync.RWMutex // over all files: comments are written seldom
}

// NewStore keeps comments in a folder.
func NewStore(root *os.Root) *Store { return &Store{root: root} }

// Comment is what somebody has said.
type Comment struct {
	Name string    `json:"name"`
	Text string    `json:"text"`
	Time time.Time `json:"time"`
}

// maxComments is how many a topic can have.
const maxComments = 500

// List are the comments on a topic, the oldest first.
func (s *Store) List(topic string) ([]Comment, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.read(topic)
}

func (s *Store) read(topic string) ([]Comment, error) {
	b, err := s.root.ReadFile(topicFile(topic))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var list []Comment
	lines := bufio.NewScanner(bytes.NewReader(b))
	lines.Buffer(nil, len(b)+1)
	for lines.Scan() {
		var one Comment
		if json.Unmarshal(lines.Bytes(), &one) == nil { // a line that was cut short is no comment
			list = append(list, one)
		}
	}
	return list, errors.Join(err, lines.Err())
}

// Add appends a comment. The line break goes before it, so that it does not become
// part of a line that a crash has cut short.
func (s *Store) Add(topic string, one Comment) error {
	line, err := json.Marshal(one)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if list, err := s.read(topic); err != nil {
		return err
	} else if len(list) >= maxComments {
		return exc.Conflict.Withf("There are %d comments here already, which is all that fit.", maxComments)
	}
	file, err := s.root.OpenFile(topicFile(topic), os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o666)
	if err != nil {
		return err
	}
	_, err = file.Write(append([]byte("\n"), line...))
	return errors.Join(err, file.Close())
}

// topicFile is where the comments on a topic lie.
func topicFile(topic string) string { return fmt.Sprintf("%x.jsonl", sha256.Sum256([]byte(topic))) }
