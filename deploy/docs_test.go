package deploy_test

import (
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/deploy"
)

// members is the filter of the page, as far as its settings go.
func members(c deploy.Config) (func(http.Handler) http.Handler, error) {
	var opts struct {
		Users []string `ini:",required"`
	}
	if err := c.Decode(&opts); err != nil {
		return nil, err
	}
	return func(app http.Handler) http.Handler { return app }, nil
}

var (
	iniBlock  = regexp.MustCompile("(?ms)^```ini\n# (\\S+\\.ini)\n.*?^```$")
	textBlock = regexp.MustCompile("(?ms)^```text\n(.*?)^```$")
)

// TestPage: the files of docs/deploy.md load, the broken one has the faults that the page shows,
// and the plan is the one drawn there.
func TestPage(t *testing.T) {
	page, err := os.ReadFile("../docs/deploy.md")
	require.NoError(t, err)
	t.Chdir(t.TempDir())
	r := shop()
	r.App("egg:Shop#hello", hello)
	r.Filter("egg:Shop#members", members)
	quiet := deploy.OnWarning(func(*deploy.Fault) {})
	found := map[string]error{}
	for _, m := range iniBlock.FindAllStringSubmatch(string(page), -1) {
		text := strings.TrimSuffix(strings.TrimPrefix(m[0], "```ini\n"), "```")
		require.NoError(t, os.WriteFile(m[1], []byte(text), 0o600))
		found[m[1]] = deploy.Check(m[1], r, quiet)
	}
	require.Len(t, found, 4)
	for name, err := range found {
		if name != "broken.ini" {
			assert.NoError(t, err, name)
		}
	}
	shown := textBlock.FindAllStringSubmatch(string(page), -1)
	require.Len(t, shown, 2)
	assert.Equal(t, strings.TrimSpace(shown[0][1]), found["broken.ini"].Error())
	plan, err := deploy.NewPlan("site.ini", r)
	require.NoError(t, err)
	assert.Equal(t, shown[1][1], plan.String())
}
