package main

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) {
	if text, ok := os.LookupEnv(envServe); ok {
		os.Exit(serveMain(text))
	}
	os.Exit(m.Run())
}

// TestNothingIsLost is the load test in short. Its figures are those of docs/reliability.md in
// kind, not in number.
func TestNothingIsLost(t *testing.T) {
	for _, row := range []struct {
		name    string
		http    string
		workers int
	}{
		{"HTTP/1.1 with workers", "http1", 2},
		{"HTTP/2 with workers", "h2c", 2},
		{"HTTP/2 over TLS with workers", "h2", 2},
		{"HTTP/1.1 in one process", "http1", 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := settings{
				http: row.http, workers: row.workers, connections: 50, streams: 5, rate: 75,
				reloads: 4, kills: 1, every: 400 * time.Millisecond, out: t.Output(),
			}
			result, err := run(s)
			require.NoError(t, err)
			assert.True(t, result.clean(), "failed or cut off: %v", result.examples)
			assert.Greater(t, result.outcomes[good], 30)
			for _, k := range result.kills {
				assert.LessOrEqual(t, k.lost, s.connections, "no more than it can have had in hand")
			}
			if row.workers > 0 {
				assert.Len(t, result.kills, 1)
			}
		})
	}
}

// The test must be able to fail.
func TestTallySeesWhatWentWrong(t *testing.T) {
	for _, row := range []struct {
		name string
		x    *exchange
		want outcome
	}{
		{"no answer", &exchange{err: os.ErrClosed}, failed},
		{"a part of an answer", &exchange{err: os.ErrClosed, partial: true}, cutOff},
		{"a part of a killed worker's", &exchange{err: os.ErrClosed, partial: true, pid: 7}, inHand},
		{"a killed worker's connection", &exchange{err: os.ErrClosed, conns: []string{"known"}}, inHand},
		{"another worker's at that time", &exchange{err: os.ErrClosed, conns: []string{"other"}, begun: time.Now()}, failed},
	} {
		t.Run(row.name, func(t *testing.T) {
			tally := newTally()
			tally.conns["known"], tally.conns["other"] = 7, 8
			tally.addKill(7)
			assert.Equal(t, row.want, tally.add(row.x))
			assert.Equal(t, row.want == inHand, tally.clean())
		})
	}
}

func TestContentIsTheSameTwice(t *testing.T) {
	assert.Equal(t, content(3, 1000), content(3, 1000))
	assert.NotEqual(t, content(3, 1000), content(4, 1000))
}
