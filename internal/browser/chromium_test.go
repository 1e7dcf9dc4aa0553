package browser

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// limit is how long a test may take, browser included.
const limit = 2 * time.Minute

// chromium finds the browser, or skips the test.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("no chromium, chromium-browser or google-chrome in the PATH: nothing was tested")
	return ""
}

// browser starts a Chromium with a profile of its own and gives a tab of it.
func browser(t *testing.T) context.Context {
	t.Helper()
	path, profile := chromium(t), profileDir(t)
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx,
		chromedp.ExecPath(path), chromedp.UserDataDir(profile), chromedp.Env("TMPDIR="+profile),
		chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.NoDefaultBrowserCheck, chromedp.WSURLReadTimeout(limit/2), chromedp.WindowSize(1200, 900),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("disable-default-apps", true),
		chromedp.Flag("disable-extensions", true), chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("hide-scrollbars", true), chromedp.Flag("force-color-profile", "srgb"),
	)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel) // ends the browser
	require.NoError(t, chromedp.Run(ctx), "the browser does not start")
	return ctx
}

// profileDir is a folder that is taken away at the end. Unlike t.TempDir it is
// patient: the browser's helpers write on for a moment after the browser has ended.
func profileDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "wiki-browser-")
	require.NoError(t, err)
	t.Cleanup(func() {
		for range 50 {
			if err = os.RemoveAll(dir); err == nil {
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
		t.Logf("the browser's profile is left behind: %v", err)
	})
	return dir
}

// tab opens another tab of the same browser.
func tab(t *testing.T, ctx context.Context) context.Context {
	t.Helper()
	ctx, cancel := chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	return ctx
}

// do runs actions in a tab.
func do(t *testing.T, ctx context.Context, actions ...chromedp.Action) {
	t.Helper()
	require.NoError(t, chromedp.Run(ctx, actions...))
}

// textOf is the text of an element, as it is shown.
func textOf(t *testing.T, ctx context.Context, selector string) (text string) {
	t.Helper()
	do(t, ctx, chromedp.Text(selector, &text, chromedp.ByQuery))
	return text
}

// evaluate is what an expression of JavaScript gives. The debugger may run scripts
// where the page may not.
func evaluate[T any](t *testing.T, ctx context.Context, expression string) (v T) {
	t.Helper()
	do(t, ctx, chromedp.Evaluate(expression, &v))
	return v
}

// shoot saves a screenshot of the whole page.
func shoot(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	var png []byte
	do(t, ctx, chromedp.FullScreenshot(&png, 100))
	folder := os.Getenv("WIKI_SHOTS")
	if folder == "" {
		folder = t.TempDir()
	}
	require.NoError(t, os.MkdirAll(folder, 0o777))
	require.NoError(t, os.WriteFile(filepath.Join(folder, name+".png"), png, 0o666))
}

// dark has pages ask for their dark colours, or for the light ones again.
func dark(on bool) chromedp.Action {
	scheme := "light"
	if on {
		scheme = "dark"
	}
	return emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}})
}

var listening = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// start builds an example, starts it and gives the URL that it tells. It is asked to stop at
// the end of the test, and has to.
func start(t *testing.T, example string, args ...string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), example)
	folder := filepath.Join("..", "..", "examples", example)
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".")
	build.Dir = folder
	out, err := build.CombinedOutput()
	require.NoError(t, err, "%s", out)

	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = folder
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 30 * time.Second
	said, write, err := os.Pipe()
	require.NoError(t, err)
	t.Cleanup(func() { said.Close() })
	cmd.Stdout, cmd.Stderr = write, write
	require.NoError(t, cmd.Start())
	write.Close()
	t.Cleanup(func() {
		cancel()
		if err := cmd.Wait(); err != nil && cmd.ProcessState.ExitCode() != 0 {
			t.Errorf("%s did not stop as it should: %v", example, err)
		}
	})
	lines := bufio.NewScanner(said)
	for lines.Scan() {
		if url := listening.FindString(lines.Text()); url != "" {
			go io.Copy(io.Discard, said)
			return url
		}
	}
	require.FailNow(t, "the program does not say where it listens")
	return ""
}

// startWiki starts examples/wiki.
func startWiki(t *testing.T) string {
	t.Helper()
	return start(t, "wiki", "-addr", "127.0.0.1:0", "-dir", filepath.Join(t.TempDir(), "pages"))
}
