package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const wrkText = `Running 1s test @ http://127.0.0.1:1/hello
  1 threads and 32 connections
  200000 requests in 2.00s, 10.00MB read
Requests/sec: 100000.50
`

func TestParse(t *testing.T) {
	s, err := parse(wrkText, 2)
	require.NoError(t, err)
	assert.InDelta(t, 100000.5, s.rate, 1e-6)
	assert.InDelta(t, 10, s.cpu, 1e-9, "microseconds a request")
	for name, text := range map[string]string{
		"refused answers are no figures": wrkText + "  Non-2xx or 3xx responses: 7\n",
		"cut answers are no figures":     wrkText + "  Socket errors: connect 0, read 3, write 0, timeout 0\n",
		"nothing":                        "",
		"no request":                     "  0 requests in 2.00s\nRequests/sec: 0.00\n",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parse(text, 2)
			assert.Error(t, err)
		})
	}
}
