package conformance

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// liveN is how many questions a run asks unless LIVE_N says otherwise.
const liveN = 12000

// liveAsk makes the input of one operation.
type liveAsk struct {
	op  string
	ask func(a asker) any
}

// liveAsks are all operations that are asked about at random.
func liveAsks() []liveAsk {
	var all []liveAsk
	for _, asks := range [][]liveAsk{liveAccept, liveHeaders, liveRequests, liveResponses, liveCookies, liveStatic, liveDeploy, liveRoutes, liveURLMap, livePaste} {
		all = append(all, asks...)
	}
	return all
}

// TestLive asks WebOb itself, and us, questions nobody has asked before. What
// differs without a rule fails, with the seed that asks it again:
//
//	LIVE_SEED=4711 LIVE_N=100000 LIVE_OP=etag go test ./internal/conformance -run TestLive -v -count=1
//
// LIVE_OP takes the operations whose names begin so.
func TestLive(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	python, reason := webobPython(ctx)
	if reason != "" {
		t.Skip(reason)
	}
	defer slog.SetDefault(slog.Default())
	slog.SetDefault(slog.New(slog.DiscardHandler)) // thousands of failures are asked for
	seed, n := liveSettings(t)
	families := map[string]Family{}
	for _, f := range Families() {
		families[f.Name] = f
	}
	for _, name := range liveMissing(ctx, python) {
		t.Logf("%s: %s is not installed", name, liveModules[name])
		delete(families, name)
	}
	answered, err := askWebob(ctx, python, liveQuestions(t, families, seed, n))
	require.NoError(t, err)
	byFamily := map[string][]Vector{}
	for _, v := range answered {
		byFamily[v.family()] = append(byFamily[v.family()], v)
	}
	for _, name := range SortedKeys(byFamily) {
		counted := families[name].playAll(byFamily[name])
		t.Log(counted)
		for i, r := range counted.openResults {
			if i == *showOpen {
				break
			}
			t.Errorf("LIVE_SEED=%d LIVE_N=%d: %s: %v", seed, n, r.vector.ID, r)
		}
		if more := len(counted.openResults) - *showOpen; more > 0 {
			t.Errorf("LIVE_SEED=%d LIVE_N=%d: %s: %d more", seed, n, name, more)
		}
	}
}

// liveSettings reads the seed and the number of questions; a seed is drawn where
// none is given.
func liveSettings(t *testing.T) (seed uint64, n int) {
	t.Helper()
	seed, n = rand.Uint64N(1e9), liveN
	var err error
	if s := os.Getenv("LIVE_SEED"); s != "" {
		seed, err = strconv.ParseUint(s, 10, 64)
		require.NoError(t, err, "LIVE_SEED")
	}
	if s := os.Getenv("LIVE_N"); s != "" {
		n, err = strconv.Atoi(s)
		require.NoError(t, err, "LIVE_N")
	}
	t.Logf("LIVE_SEED=%d LIVE_N=%d", seed, n)
	return seed, n
}

// liveQuestions makes n questions over the operations of the families that are
// done, by turns.
func liveQuestions(t *testing.T, families map[string]Family, seed uint64, n int) []Vector {
	t.Helper()
	var asks []liveAsk
	for _, ask := range liveAsks() {
		family := liveFamily(ask.op)
		if !families[family].Done || !strings.HasPrefix(ask.op, os.Getenv("LIVE_OP")) {
			continue
		}
		require.Contains(t, families[family].Ops, ask.op, "no such operation")
		asks = append(asks, ask)
	}
	require.NotEmpty(t, asks)
	a := newAsker(seed)
	questions := make([]Vector, n)
	for i := range questions {
		ask := asks[i%len(asks)]
		in, err := json.Marshal(ask.ask(a))
		require.NoError(t, err)
		family := liveFamily(ask.op)
		questions[i] = Vector{ID: fmt.Sprintf("%s-%d", family, i), Op: ask.op, In: in}
	}
	return questions
}

// liveFamily is the family that asks an operation.
func liveFamily(op string) string {
	if op == "cascade.run" {
		return "urlmap"
	}
	family, _, _ := strings.Cut(op, ".")
	return family
}

// TestLiveQuestions needs no Python: the same seed asks the same, and every
// question is understood by its adapter.
func TestLiveQuestions(t *testing.T) {
	families := map[string]Family{}
	for _, f := range Families() {
		families[f.Name] = f
	}
	t.Setenv("LIVE_OP", "")
	questions := liveQuestions(t, families, 1, 1000)
	assert.Equal(t, questions, liveQuestions(t, families, 1, 1000))
	assert.NotEqual(t, questions, liveQuestions(t, families, 2, 1000))
	ops := map[string]bool{}
	for _, q := range questions {
		ops[q.Op] = true
		_, trouble := call(families[q.family()].Ops[q.Op], q)
		assert.Empty(t, trouble, "%s %s", q.Op, q.In)
	}
	assert.GreaterOrEqual(t, len(ops), 25)
}
