package browser

import (
	"context"
	"net/url"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
)

// press clicks what leads to another page and waits for that.
func press(selector string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := chromedp.RunResponse(ctx, chromedp.Click(selector, chromedp.ByQuery))
		return err
	})
}

// open goes to an address; the answer may have any status.
func open(address string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := chromedp.RunResponse(ctx, chromedp.Navigate(address))
		return err
	})
}

// write replaces what stands in a field.
func write(selector, text string) chromedp.Action {
	return chromedp.SetValue(selector, text, chromedp.ByQuery)
}

const (
	save    = `button[value=save]`
	preview = `button[value=preview]`
	field   = `#text`
)

// One page from its creation to its old version, as a person goes about it.
func TestWiki(t *testing.T) {
	ctx := browser(t)
	home := startWiki(t)

	do(t, ctx, open(home+"/"))
	assert.Equal(t, "Home", textOf(t, ctx, "h1"))
	shoot(t, ctx, "home")

	// A link to a page that is not there, the 404, its link, the form.
	do(t, ctx, press(`a.missing`))
	assert.Contains(t, textOf(t, ctx, "main"), `There is no page "A page of your own" yet.`)
	shoot(t, ctx, "missing")
	do(t, ctx, press(`#create`))
	assert.Equal(t, "Create A page of your own", textOf(t, ctx, "h1"))

	do(t, ctx, write(field, "# Plans\n\nSomething **bold**, and a way [[Home]].\n\n- one\n- two"), press(preview))
	assert.Contains(t, textOf(t, ctx, ".preview"), "Something bold, and a way Home.")
	shoot(t, ctx, "preview")

	do(t, ctx, press(save))
	assert.Equal(t, home+"/wiki/A%20page%20of%20your%20own", evaluate[string](t, ctx, "location.href"), "redirected")
	assert.Equal(t, "bold", textOf(t, ctx, "article strong"))
	assert.Equal(t, []string{"one", "two"},
		evaluate[[]string](t, ctx, `[...document.querySelectorAll("article li")].map(e => e.textContent)`))

	// Two comments, and a reload that does not send the last one again.
	for _, said := range []string{"I was here.", "So was I,\nsaid <b>another</b>."} {
		do(t, ctx, write("#comment-name", "Ann"), write("#comment-text", said), press(".commenting button"))
	}
	do(t, ctx, chromedp.Reload())
	assert.Equal(t, 2, evaluate[int](t, ctx, `document.querySelectorAll(".comment").length`))
	assert.Contains(t, textOf(t, ctx, "#comments"), "So was I,\nsaid <b>another</b>.")

	// A second version; the first one brought back.
	do(t, ctx, press(`.tabs a[href^="/edit/"]`), write(field, "Something else."), press(save))
	assert.Equal(t, "Something else.", textOf(t, ctx, "main article"))
	shoot(t, ctx, "page")
	do(t, ctx, press(`.tabs a[href^="/history/"]`))
	shoot(t, ctx, "history")
	do(t, ctx, press(`.versions li:last-child a`))
	assert.Contains(t, textOf(t, ctx, ".note"), "This is version 1 of 2")
	shoot(t, ctx, "old")
	do(t, ctx, press(`.note a`), press(save))
	assert.Contains(t, textOf(t, ctx, "main article"), "Something bold")
	assert.Contains(t, textOf(t, ctx, "main .fine"), "Version 3")

	// Found by its title, and in the list of all.
	do(t, ctx, write(".bar input", "Home"), press(".bar button"))
	assert.Equal(t, "Home", textOf(t, ctx, "h1"))
	do(t, ctx, press(`a[href="/pages"]`))
	assert.Contains(t, textOf(t, ctx, ".pages"), "A page of your own")
	shoot(t, ctx, "index")
}

// Two people open the same form. The slower one is shown both texts, merges them,
// and nothing is lost.
func TestConflict(t *testing.T) {
	ann := browser(t)
	bob := tab(t, ann)
	form := startWiki(t) + "/edit/Shopping"

	do(t, ann, open(form), write(field, "- milk"))
	do(t, bob, open(form), write(field, "- bread\n- <i>cheese</i>"))
	do(t, ann, press(save))
	do(t, bob, press(save))
	assert.Contains(t, textOf(t, bob, ".warning"), "Somebody else has saved this page")
	assert.Equal(t, "- milk", textOf(t, bob, "#theirs"))
	assert.Equal(t, "- bread\n- <i>cheese</i>", evaluate[string](t, bob, `document.querySelector("#text").value`))
	shoot(t, bob, "conflict")
	do(t, bob, write(field, "- milk\n- bread"), press(preview), press(save))
	assert.Equal(t, "milk\nbread", textOf(t, bob, "main article"))
	do(t, bob, open(form[:len(form)-len("/edit/Shopping")]+"/history/Shopping/1"))
	assert.Equal(t, "milk", textOf(t, bob, "main article"), "the first one is in the history")
}

// What would run if anything on the way forgot to escape: in the title, the text, a
// link, a comment and a name.
const hostile = `</textarea></title></pre><script>window.pwned=1</script><img src=x onerror="window.pwned=1">`

func TestNoScriptRuns(t *testing.T) {
	ctx := browser(t)
	home := startWiki(t)
	title := `"><script>window.pwned=1</script><b onclick='x'>`
	harmless := func(where string) {
		t.Helper()
		assert.Equal(t, "undefined", evaluate[string](t, ctx, "typeof window.pwned"), where)
		assert.Zero(t, evaluate[int](t, ctx, `document.querySelectorAll("script, img, main b, [onclick], [onerror]").length`), where)
	}
	do(t, ctx, open(home+"/wiki/"+url.PathEscape(title)))
	assert.Contains(t, textOf(t, ctx, "main"), title)
	harmless("the 404")
	do(t, ctx, press("#create"))
	harmless("the form")
	text := hostile + "\n\n# " + hostile + "\n- [[" + title + "]] `" + hostile + "` **" + hostile + "**"
	do(t, ctx, write(field, text), press(preview))
	harmless("the preview")
	assert.Contains(t, textOf(t, ctx, ".preview"), hostile, "it is shown as it was typed")
	assert.Equal(t, text, evaluate[string](t, ctx, `document.querySelector("#text").value`))
	do(t, ctx, press(save))
	harmless("the page")
	assert.Equal(t, title, textOf(t, ctx, "h1"))
	assert.Contains(t, textOf(t, ctx, "main article"), hostile)
	do(t, ctx, write("#comment-name", `<script>window.pwned=1</script>`), write("#comment-text", hostile), press(".commenting button"))
	harmless("the comments")
	assert.Contains(t, textOf(t, ctx, "#comments"), hostile)
	shoot(t, ctx, "hostile")
	do(t, ctx, press(`.tabs a[href^="/history/"]`))
	harmless("the history")
	do(t, ctx, press(`a[href="/pages"]`))
	harmless("the list")
	do(t, ctx, press(`.pages a`))
	assert.Equal(t, title, textOf(t, ctx, "h1"), "the link leads to the very page")

	// That the checks above would notice: a page without a policy and escaping.
	do(t, ctx, open("data:text/html,"+url.PathEscape(hostile)), chromedp.WaitReady("img"))
	assert.Equal(t, "number", evaluate[string](t, ctx, "typeof window.pwned"))
}

// The policy of the wiki stops scripts even if HTML gets through.
func TestPolicy(t *testing.T) {
	ctx := browser(t)
	do(t, ctx, open(startWiki(t)+"/"))
	const inject = `(() => { const s = document.createElement("script"); s.textContent = "window.pwned = 1"; document.body.append(s); return typeof window.pwned })()`
	assert.Equal(t, "undefined", evaluate[string](t, ctx, inject))
}

// It fits small screens, and has dark colours.
func TestLooks(t *testing.T) {
	ctx := browser(t)
	home := startWiki(t)
	do(t, ctx, emulation.SetDeviceMetricsOverride(360, 740, 2, true), open(home+"/"))
	for _, path := range []string{"/wiki/Home", "/edit/Home", "/history/Home", "/pages", "/wiki/None"} {
		do(t, ctx, open(home+path))
		assert.LessOrEqual(t, evaluate[int](t, ctx, "document.documentElement.scrollWidth"), 360, "%s is wider than the screen", path)
	}
	do(t, ctx, open(home+"/"))
	shoot(t, ctx, "phone")
	background := func() string {
		return evaluate[string](t, ctx, "getComputedStyle(document.body).backgroundColor")
	}
	light := background()
	do(t, ctx, emulation.ClearDeviceMetricsOverride(), dark(true))
	assert.NotEqual(t, light, background())
	shoot(t, ctx, "dark")
	do(t, ctx, open(home+"/edit/Home"))
	shoot(t, ctx, "dark-edit")
}
