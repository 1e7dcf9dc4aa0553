package conformance

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// grammar makes texts at random. It is written a rule a line,
//
//	field  = range | range "," field
//	range  = type ?weight
//	weight = ";q=" digit
//
// where | divides alternatives of equal chance, text stands in quotes as in Go,
// and ? says "half the time". The first alternative has to end: it is taken when
// the text gets deep.
type grammar map[string][][]string

// parseGrammar reads the rules. It panics on what it does not understand.
func parseGrammar(text string) grammar {
	g := grammar{}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		name, rest, ok := strings.Cut(line, " = ")
		if !ok {
			panic("grammar: no = in " + line)
		}
		alternatives := [][]string{nil}
		for rest = strings.TrimSpace(rest); rest != ""; rest = strings.TrimSpace(rest) {
			item := nextItem(rest)
			rest = rest[len(item):]
			if item == "|" {
				alternatives = append(alternatives, nil)
				continue
			}
			last := len(alternatives) - 1
			alternatives[last] = append(alternatives[last], item)
		}
		name = strings.TrimSpace(name)
		if g[name] != nil {
			panic("grammar: two rules for " + name)
		}
		g[name] = alternatives
	}
	return g
}

// nextItem is the text in quotes, or the word, that rest begins with.
func nextItem(rest string) string {
	if rest[0] == '"' {
		quoted, err := strconv.QuotedPrefix(rest)
		if err != nil {
			panic("grammar: " + err.Error() + " in " + rest)
		}
		return quoted
	}
	word, _, _ := strings.Cut(rest, " ")
	return word
}

// deep is the number of rules within rules from which on the first alternative
// is taken.
const deep = 40

// asker makes questions. All its chances come from one seed.
type asker struct{ *rand.Rand }

func newAsker(seed uint64) asker { return asker{rand.New(rand.NewPCG(seed, 0))} }

// say makes a text by a rule.
func (a asker) say(g grammar, rule string) string {
	var b strings.Builder
	a.write(&b, g, rule, 0)
	return b.String()
}

func (a asker) write(b *strings.Builder, g grammar, rule string, depth int) {
	alternatives, ok := g[rule]
	if !ok {
		panic("grammar: no rule " + rule)
	}
	chosen := alternatives[0]
	if depth < deep {
		chosen = alternatives[a.IntN(len(alternatives))]
	}
	for _, item := range chosen {
		if item[0] == '"' {
			text, err := strconv.Unquote(item)
			if err != nil {
				panic(err)
			}
			b.WriteString(text)
			continue
		}
		name, optional := strings.CutPrefix(item, "?")
		if !optional || a.IntN(2) == 0 {
			a.write(b, g, name, depth+1)
		}
	}
}

// spoilt makes a text by a rule and, one time in five, damages it: a character is
// lost, doubled, or another put in its place. The text stays latin-1.
func (a asker) spoilt(g grammar, rule string) string {
	s := a.say(g, rule)
	if a.IntN(5) > 0 {
		return s
	}
	const other = "\"\\,;=:/*-+ \tqQ0A9_.%&<>()W\u00e9"
	text, more := []rune(s), []rune(other)
	at := a.IntN(len(text) + 1)
	put := []rune{more[a.IntN(len(more))]}
	if at == len(text) {
		return s + string(put)
	}
	switch a.IntN(3) {
	case 0:
		put = nil
	case 1:
		put = []rune{text[at], text[at]}
	}
	return string(text[:at]) + string(put) + string(text[at+1:])
}

// one is one of several values.
func one[T any](a asker, of ...T) T { return of[a.IntN(len(of))] }

// some makes a list of least to most items.
func some[T any](a asker, least, most int, item func() T) []T {
	list := make([]T, least+a.IntN(most-least+1))
	for i := range list {
		list[i] = item()
	}
	return list
}

// maybe is nil one time in n.
func maybe(a asker, n int, v any) any {
	if a.IntN(n) == 0 {
		return nil
	}
	return v
}

type object = map[string]any

func TestGrammar(t *testing.T) {
	g := parseGrammar(`
		list = item | item "," list
		item = "a" ?tail
		tail = "=\"" digit "\""
		digit = "1" | "2"
	`)
	for seed := range uint64(50) {
		a, b := newAsker(seed), newAsker(seed)
		text := a.say(g, "list")
		assert.Equal(t, text, b.say(g, "list"), "the same seed says the same")
		assert.Regexp(t, `^a(="[12]")?(,a(="[12]")?)*$`, text)
		assert.NotPanics(t, func() { a.spoilt(g, "list") })
	}
	endless := parseGrammar("x = \"e\" | \"(\" x \")\" | \"(\" x \")\" | \"(\" x \")\"")
	for seed := range uint64(50) {
		assert.LessOrEqual(t, len(newAsker(seed).say(endless, "x")), 2*deep+1)
	}
	for _, bad := range []string{"x y", `x = "open`, "x = y\nx = z"} {
		assert.Panics(t, func() { parseGrammar(bad) }, bad)
	}
	assert.Panics(t, func() { newAsker(1).say(g, "none") }, "no such rule")
}
