//go:build unix

package server

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestRespawnPauses(t *testing.T) {
	s := &slot{}
	var pauses []time.Duration
	for range 12 {
		pauses = append(pauses, s.nextPause(time.Millisecond))
	}
	assert.Equal(t, firstRespawnPause, pauses[0])
	assert.Equal(t, 2*firstRespawnPause, pauses[1])
	assert.Equal(t, longRespawnPause, pauses[11], "grows to a bound")
	assert.Zero(t, s.nextPause(longLife), "one that has lived long is replaced at once")
	assert.Equal(t, firstRespawnPause, s.nextPause(0), "and the pauses begin anew")
}

func TestReports(t *testing.T) {
	var all []report
	readReports(strings.NewReader("ready\nfailed \"two\\nlines\"\nnoise\nclosed\ncut 3\n"), func(r report) { all = append(all, r) })
	assert.Equal(t, []report{{ready: true}, {failed: "two\nlines"}, {closed: true}, {cut: 3}}, all)
}
