package conformance

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// Vector is one question with the reference's answer, a line of a .jsonl file.
type Vector struct {
	ID    string          `json:"id"`
	Op    string          `json:"op"`
	In    json.RawMessage `json:"in"`
	Out   json.RawMessage `json:"out"`
	Err   string          `json:"err"`   // class of the refusal, for information
	Newer *NewerAnswer    `json:"newer"` // what a newer WebOb says, where it differs
	Note  string          `json:"note"`  // why the answer should not simply be copied
}

// NewerAnswer is the answer of a newer release of the reference.
type NewerAnswer struct {
	Out json.RawMessage `json:"out"`
	Err string          `json:"err"`
}

// Question is the part of a vector that a rule may look at. There is no id in
// it on purpose.
type Question struct {
	Op   string
	In   json.RawMessage
	Kind string // the word before the colon of the note: rfc, unsafe, python, newer, lenient, keep, choice
}

// Answer is a decoded answer: a JSON value, or a refusal.
type Answer struct {
	Value   any // as encoding/json decodes it, numbers as json.Number
	Refused bool
}

// Refused is the answer of a rule that says "we refuse this".
var Refused = Answer{Refused: true}

// Says is the answer of a rule: any value that encoding/json can write.
func Says(v any) Answer { return Answer{Value: plain(v)} }

// String shows an answer in failure messages.
func (a Answer) String() string {
	if a.Refused {
		return "refused"
	}
	return jsonText(a.Value)
}

// noteKinds are the words a note of the WebOb and header families begins with.
var noteKinds = []string{"rfc", "unsafe", "python", "newer", "lenient", "keep", "choice"}

func (v Vector) question() Question {
	kind, _, _ := strings.Cut(v.Note, ":")
	if !slices.Contains(noteKinds, kind) {
		kind = ""
	}
	return Question{Op: v.Op, In: v.In, Kind: kind}
}

// reference is the answer to be compared with.
func (v Vector) reference() Answer {
	if v.Newer != nil && v.question().Kind == "newer" {
		return answer(v.Newer.Out, v.Newer.Err)
	}
	return answer(v.Out, v.Err)
}

func answer(out json.RawMessage, refusal string) Answer {
	if refusal != "" {
		return Refused
	}
	return Answer{Value: mustDecode(out)}
}

// Family names the line under which the vector is counted: what stands before
// the number of its id if that is a family, else what stands before the dot of
// its operation (operations of deploy are asked by urlmap too).
func (v Vector) family() string {
	if i := strings.LastIndexByte(v.ID, '-'); i > 0 && slices.Contains(familyNames, v.ID[:i]) {
		return v.ID[:i]
	}
	name, _, _ := strings.Cut(v.Op, ".")
	return name
}

// readFile reads the vectors of one file, one JSON object a line.
func readFile(path string) ([]Vector, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	vectors, err := readVectors(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return vectors, nil
}

func readVectors(r io.Reader) ([]Vector, error) {
	var vectors []Vector
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 64<<20)
	for n := 1; lines.Scan(); n++ {
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		var v Vector
		if err := json.Unmarshal(line, &v); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if v.Op == "" || (v.Out == nil) == (v.Err == "") {
			return nil, fmt.Errorf("line %d: a vector has an op, and either out or err", n)
		}
		vectors = append(vectors, v)
	}
	return vectors, lines.Err()
}
