package conformance

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// vectorOf reads one vector from its line.
func vectorOf(t *testing.T, line string) Vector {
	t.Helper()
	vectors, err := readVectors(strings.NewReader(line))
	require.NoError(t, err)
	require.Len(t, vectors, 1)
	return vectors[0]
}

// echoes is a family that answers n with n, refuses negative numbers and panics at 13.
func echoes(rules ...Rule) Family {
	return Family{Name: "test", Rules: rules, Ops: map[string]Op{
		"test.echo": Ask(func(in struct{ N int }) (any, error) {
			switch {
			case in.N == 13:
				panic("thirteen")
			case in.N < 0:
				return nil, errors.New("negative")
			}
			return in.N, nil
		}),
	}}
}

func TestPlay(t *testing.T) {
	always := func(Question) bool { return true }
	three := Rule{Name: "three", Applies: always, Answer: func(Question, Answer) Answer { return Says(3) }}
	house := three
	house.Name, house.House = "house", true
	plusOne := Rule{Name: "plus one", Applies: always, Answer: func(_ Question, want Answer) Answer {
		n, _ := want.Value.(json.Number).Int64()
		return Says(n + 1)
	}}
	two := Rule{Name: "two", House: true, Applies: always, Answer: func(Question, Answer) Answer { return Says(2) }}
	broken := Rule{Name: "broken", House: true, Applies: func(Question) bool { panic("broken rule") }}
	never := Rule{Name: "never", House: true, Applies: func(Question) bool { return false }}
	refuse := Rule{Name: "refuse", House: true, Applies: always, Answer: func(Question, Answer) Answer { return Refused }}

	for _, test := range []struct {
		name, line string
		rules      []Rule
		want       verdict
	}{
		{"the same answer is alike", `{"op":"test.echo","in":{"N":1},"out":1}`, nil, alike},
		{"1 is 1.0", `{"op":"test.echo","in":{"N":1},"out":1.0}`, nil, alike},
		{"another answer is open", `{"op":"test.echo","in":{"N":1},"out":2}`, nil, open},
		{"a refusal is a refusal, whatever its class", `{"op":"test.echo","in":{"N":-1},"err":"ValueError"}`, nil, alike},
		{"an answer instead of a refusal is open", `{"op":"test.echo","in":{"N":1},"err":"ValueError"}`, nil, open},
		{"a refusal instead of null is open", `{"op":"test.echo","in":{"N":-1},"out":null}`, nil, open},
		{"a panic is open, even where the reference refuses", `{"op":"test.echo","in":{"N":13},"err":"ValueError"}`, nil, open},
		{"an unknown operation is open", `{"op":"test.other","in":{},"err":"ValueError"}`, nil, open},
		{"a question not understood is open", `{"op":"test.echo","in":{"M":1},"err":"ValueError"}`, nil, open},
		{"a house rule decides a vector without a note", `{"op":"test.echo","in":{"N":3},"out":4}`, []Rule{house}, byRule},
		{"a rule does not", `{"op":"test.echo","in":{"N":3},"out":4}`, []Rule{three}, open},
		{"a rule decides a vector with a note", `{"op":"test.echo","in":{"N":3},"out":4,"note":"rfc: x"}`, []Rule{three}, byRule},
		{"so does a house rule", `{"op":"test.echo","in":{"N":3},"out":4,"note":"rfc: x"}`, []Rule{house}, byRule},
		{"the rule's answer is asserted", `{"op":"test.echo","in":{"N":5},"out":4,"note":"rfc: x"}`, []Rule{three}, open},
		{"alike comes before rules", `{"op":"test.echo","in":{"N":4},"out":4,"note":"rfc: x"}`, []Rule{three}, alike},
		{"rules work one after the other", `{"op":"test.echo","in":{"N":3},"out":9,"note":"rfc: x"}`, []Rule{two, plusOne}, byRule},
		{"a rule that does not apply decides nothing", `{"op":"test.echo","in":{"N":3},"out":4}`, []Rule{never}, open},
		{"a rule may refuse", `{"op":"test.echo","in":{"N":-3},"out":4}`, []Rule{refuse}, byRule},
		{"a rule that panics leaves the vector open", `{"op":"test.echo","in":{"N":3},"out":4}`, []Rule{broken}, open},
		{"newer: asks for the newer answer", `{"op":"test.echo","in":{"N":3},"out":4,"newer":{"out":3},"note":"newer: x"}`, nil, alike},
		{"and not for the old one", `{"op":"test.echo","in":{"N":3},"out":3,"newer":{"out":4},"note":"newer: x"}`, nil, open},
		{"a newer refusal", `{"op":"test.echo","in":{"N":-3},"out":3,"newer":{"err":"X"},"note":"newer: x"}`, nil, alike},
		{"keep: asks for the old one", `{"op":"test.echo","in":{"N":3},"out":3,"newer":{"out":4},"note":"keep: x"}`, nil, alike},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := echoes(test.rules...).play(vectorOf(t, test.line))
			assert.Equal(t, test.want, r.verdict, "%v", r)
		})
	}
}

func TestPanicShowsItsStack(t *testing.T) {
	r := echoes().play(vectorOf(t, `{"op":"test.echo","in":{"N":13},"out":13}`))
	assert.Contains(t, r.String(), "thirteen")
	assert.Contains(t, r.String(), "play_test.go")
}

func TestFoldIsGivenBothAnswers(t *testing.T) {
	f := echoes()
	f.Fold = func(q Question, _ any) any { return q.Op }
	assert.Equal(t, alike, f.play(vectorOf(t, `{"op":"test.echo","in":{"N":1},"out":2}`)).verdict)
}

func TestTallyLine(t *testing.T) {
	house := Rule{
		Name: "four is three", House: true,
		Applies: func(q Question) bool { return In[struct{ N int }](q).N == 3 },
		Answer:  func(Question, Answer) Answer { return Says(3) },
	}
	vectors, err := readVectors(strings.NewReader(`
{"id":"test-1","op":"test.echo","in":{"N":1},"out":1}
{"id":"test-2","op":"test.echo","in":{"N":3},"out":4}

{"id":"test-3","op":"test.echo","in":{"N":5},"out":4}
{"id":"test-4","op":"test.echo","in":{"N":5},"out":5,"note":"keep: x"}
{"id":"test-5","op":"test.echo","in":{"N":3},"out":5,"note":"rfc: x"}
{"id":"test-6","op":"test.echo","in":{"N":6},"out":5,"note":"rfc: x"}
`))
	require.NoError(t, err)
	counted := echoes(house).playAll(vectors)
	assert.Equal(t, "test: plain 1 alike, 1 by house rule, 1 open of 3; noted 1 alike, 1 by rule, 1 open of 3", counted.String())
	assert.Equal(t, map[string]int{"four is three": 2}, counted.used)
	assert.Len(t, counted.openResults, 2)
}

func TestReadVectorsRefuses(t *testing.T) {
	for name, line := range map[string]string{
		"no JSON":                 `{`,
		"neither out nor err":     `{"id":"a-1","op":"a.b","in":{}}`,
		"both":                    `{"id":"a-1","op":"a.b","in":{},"out":1,"err":"X"}`,
		"no operation to ask for": `{"id":"a-1","in":{},"out":1}`,
	} {
		_, err := readVectors(strings.NewReader(line))
		assert.ErrorContains(t, err, "line 1", name)
	}
	v := vectorOf(t, `{"id":"a-1","op":"a.b","in":{},"out":null}`)
	assert.Equal(t, Answer{}, v.reference(), "null is an answer")
}

func TestVectorFamily(t *testing.T) {
	assert.Equal(t, "urlmap", Vector{ID: "urlmap-0001", Op: "deploy.app"}.family())
	assert.Equal(t, "accept", Vector{ID: "x-1", Op: "accept.parse"}.family(), "an unknown id: the operation tells")
	assert.Equal(t, "accept_charset", Vector{Op: "accept_charset.parse"}.family())
}

// TestQuestionHidesTheVector: a rule cannot tell one vector from another of the
// same question, nor see any answer.
func TestQuestionHidesTheVector(t *testing.T) {
	q := reflect.TypeFor[Question]()
	var fields []string
	for i := range q.NumField() {
		fields = append(fields, q.Field(i).Name)
	}
	assert.Equal(t, []string{"Op", "In", "Kind"}, fields)
	assert.Equal(t, "rfc", Vector{Note: "rfc: a standard"}.question().Kind)
	assert.Empty(t, Vector{Note: "here is a note: with a colon"}.question().Kind)
}

// TestNoVectorIsNamed: no adapter and no rule has an id in its source.
func TestNoVectorIsNamed(t *testing.T) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	id := regexp.MustCompile(`(` + strings.Join(familyNames, "|") + `)-\d{2,}`)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.Empty(t, id.FindAllString(string(source), -1), file)
	}
}

// TestEveryFamilyHasVectors: names and files are the same.
func TestEveryFamilyHasVectors(t *testing.T) {
	files, err := filepath.Glob("testdata/*.jsonl")
	require.NoError(t, err)
	var names []string
	for _, file := range files {
		names = append(names, strings.TrimSuffix(filepath.Base(file), ".jsonl"))
	}
	assert.ElementsMatch(t, familyNames, names)
}
