package routes

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestHostilePathsTakeFewSteps: whatever the path, the tree looks at each of its nodes and
// tests once at most. Time is not measured; steps are.
func TestHostilePathsTakeFewSteps(t *testing.T) {
	m := NewMapper()
	for i := range 300 {
		var b strings.Builder
		for j := range 10 {
			switch (i >> j) & 3 {
			case 0:
				b.WriteString("/a")
			case 1:
				fmt.Fprintf(&b, "/{v%d}", j)
			case 2:
				fmt.Fprintf(&b, "/{v%d:[ab]+}", j)
			default:
				fmt.Fprintf(&b, "/{v%d}-{w%d}", j, j)
			}
		}
		m.Connect(b.String()+fmt.Sprintf("/end%d", i), nil)
	}
	if !assert.NoError(t, m.Err()) {
		return
	}
	table := m.tables()
	size := table.root.size()
	paths := map[string]string{
		"every branch fits":     strings.Repeat("/a", 10) + "/nothing",
		"dashes fit the mixed":  strings.Repeat("/a-a", 10) + "/nothing",
		"much deeper than all":  strings.Repeat("/a", 10000),
		"one very long segment": "/" + strings.Repeat("a", 100000),
		"slashes alone":         strings.Repeat("/", 10000),
		"no UTF-8":              strings.Repeat("/\xff", 10) + "/x",
		"the last of all is it": strings.Repeat("/a", 10) + "/end299",
		"dashes in one segment": "/" + strings.Repeat("a-", 50000) + "/x",
	}
	for name, path := range paths {
		t.Run(name, func(t *testing.T) {
			var s search
			s.begin(table, path)
			s.walk(&table.root, 0)
			assert.LessOrEqual(t, s.steps, size)
			if s.best == nil {
				table.allow(&s)
				assert.LessOrEqual(t, s.steps, 2*size)
			}
		})
	}
}

// size is how many nodes, tests and expressions there are.
func (n *node) size() int {
	sum := 1 + len(n.spans) + len(n.tests)
	for _, e := range n.texts {
		sum += e.to.size()
	}
	for _, e := range n.tests {
		sum += e.to.size()
	}
	if n.any != nil {
		sum += n.any.size()
	}
	return sum
}

// TestSearchAllocatesNothing: finding a route costs no memory; its match one piece.
func TestSearchAllocatesNothing(t *testing.T) {
	m := NewMapper()
	for _, path := range []string{"/v1/{project}/servers/{id}", "/v1/{project}/servers/{id:[0-9]+}/ips", "/v1/{project}{.format}", "/files/*path"} {
		m.Connect(path, nil, Methods("GET"))
	}
	table := m.tables()
	for _, path := range []string{"/v1/acme/servers/1", "/v1/acme/servers/1/ips", "/v1/acme.json", "/files/a/b/c", "/nothing/at/all"} {
		assert.Zero(t, testing.AllocsPerRun(100, func() {
			var s search
			s.begin(table, path)
			s.bit = methodBit("GET")
			s.walk(&table.root, 0)
		}), path)
	}
}
