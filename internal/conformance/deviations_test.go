package conformance

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the list of rules in docs/deviations.md anew")

const deviationsFile = "../../docs/deviations.md"

// listMark divides the head of the page, written by hand, from the list.
const listMark = "<!-- What follows is written by `go test ./internal/conformance -run TestDeviations -update`. -->\n"

// TestDeviations keeps docs/deviations.md and the rules the same.
func TestDeviations(t *testing.T) {
	page, err := os.ReadFile(deviationsFile)
	require.NoError(t, err)
	head, list, found := strings.Cut(string(page), listMark)
	require.True(t, found, "docs/deviations.md lacks the mark before the list")
	want := deviationsList(Families())
	if *update && list != want {
		require.NoError(t, os.WriteFile(deviationsFile, []byte(head+listMark+want), 0o644))
		list = want
	}
	assert.Equal(t, want, list, "run go test ./internal/conformance -run TestDeviations -update")
}

// deviationsList writes each rule with its reason, house rules first.
func deviationsList(families []Family) string {
	var b strings.Builder
	b.WriteString("\n## House rules\n\n")
	for _, h := range houseRules {
		fmt.Fprintf(&b, "* **%s.** %s\n", h.Name, h.Reason)
	}
	for _, f := range families {
		title := fmt.Sprintf("\n## %s\n\n", f.Name)
		for _, r := range f.Rules {
			if r.House {
				continue
			}
			fmt.Fprintf(&b, "%s* **%s.** %s\n", title, r.Name, r.Reason)
			title = ""
		}
	}
	return b.String()
}

// TestRulesAreComplete: a rule without a reason is no rule, and two rules of one
// name must say the same.
func TestRulesAreComplete(t *testing.T) {
	reasons := map[string]string{}
	for _, h := range houseRules {
		reasons[h.Name] = h.Reason
	}
	for _, f := range Families() {
		houseOver := false
		for _, r := range f.Rules {
			assert.NotEmpty(t, r.Name, f.Name)
			assert.NotEmpty(t, r.Reason, r.Name)
			assert.NotNil(t, r.Applies, r.Name)
			assert.NotNil(t, r.Answer, r.Name)
			if reason, ok := reasons[r.Name]; ok {
				assert.Equal(t, reason, r.Reason, r.Name)
			} else {
				assert.False(t, r.House, "house rule %q is not in houseRules", r.Name)
			}
			reasons[r.Name] = r.Reason
			assert.False(t, r.House && houseOver, "%s: house rules come first", f.Name)
			houseOver = houseOver || !r.House
		}
	}
}
