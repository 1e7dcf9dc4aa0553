package browser

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// Three apps of one file, none of which knows where it is: links, forms and redirects lead
// where they should.
func TestSites(t *testing.T) {
	ctx := browser(t)
	home := start(t, "sites", "serve", "sites.ini", "data="+t.TempDir(), "--listen", "127.0.0.1:0")

	do(t, ctx, open(home+"/"))
	assert.Equal(t, "Three apps under one roof", textOf(t, ctx, "h1"))
	assert.Equal(t, "640px", evaluate[string](t, ctx, `getComputedStyle(document.body).maxWidth`), "the stylesheet is there")

	do(t, ctx, press(`nav a[href="/blog/"]`), press(`main li:last-child a`))
	assert.Equal(t, "The first post", textOf(t, ctx, "h1"))

	do(t, ctx, press(`nav a[href="/wiki/"]`))
	assert.Equal(t, home+"/wiki/Home", evaluate[string](t, ctx, "location.href"), "redirected")
	do(t, ctx, press(`main a`), write("textarea", "A <b>bold</b> plan."), press("button"))
	assert.Equal(t, home+"/wiki/Home", evaluate[string](t, ctx, "location.href"), "redirected after the POST")
	assert.Equal(t, "A <b>bold</b> plan.", textOf(t, ctx, "p.text"))
	shoot(t, ctx, "sites-wiki")

	do(t, ctx, open(home+"/wiki/Nothing/at/all"))
	assert.Contains(t, textOf(t, ctx, "body"), "Not Found")
}
