//go:build unix

package server_test

import (
	"os"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/gowebob/gowebob/server"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func quick(workers int) settings {
	return settings{Options: server.Options{
		Listen: anyPort, Workers: workers,
		IdleGrace: 100 * time.Millisecond, DrainTimeout: 2 * time.Second,
	}}
}

func number(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	require.NoError(t, err)
	return n
}

func alive(pid int) bool { return syscall.Kill(pid, 0) == nil }

// anyPid gives one of the processes that answer.
func (r *running) anyPid() int {
	r.t.Helper()
	for pid := range r.pids(1) {
		return number(r.t, pid)
	}
	return 0
}

func TestWorkersServe(t *testing.T) {
	t.Parallel()
	r := start(t, quick(2))
	pids := r.pids(40)
	assert.NotContains(t, pids, strconv.Itoa(r.cmd.Process.Pid), "the parent serves nothing")
	assert.LessOrEqual(t, len(pids), 2)
	r.signal(syscall.SIGTERM)
	assert.Equal(t, 0, r.wait(4*time.Second), r.log())
	for pid := range pids {
		assert.False(t, alive(number(t, pid)))
	}
}

func TestKilledWorkerIsReplaced(t *testing.T) {
	t.Parallel()
	r := start(t, quick(1))
	first := r.anyPid()
	require.NoError(t, syscall.Kill(first, syscall.SIGKILL))
	second := r.anyPid()
	assert.NotEqual(t, first, second, "a connection made meanwhile waits for the next worker")
	r.waitLog("a worker died")
}

func TestReloadReplacesWorkers(t *testing.T) {
	t.Parallel()
	r := start(t, quick(2))
	c := newClient(t)
	before, err := r.get(c, "/") // a connection that stays
	require.NoError(t, err)
	r.write("two")
	r.signal(syscall.SIGHUP)
	r.waitLog("reloaded: new workers serve")
	last, err := r.get(c, "/")
	require.NoError(t, err, "an idle connection of the old worker is served")
	if last.pid == before.pid {
		assert.True(t, last.close, "and closed with the answer")
	}
	for pid, text := range r.pids(20) {
		assert.Equal(t, "two", text)
		assert.NotEqual(t, before.pid, pid)
	}
	require.Eventually(t, func() bool { return !alive(number(t, before.pid)) }, 4*time.Second, 10*time.Millisecond)
}

// A replaced worker has all the time for a long answer, until the whole server stops.
func TestReloadLetsLongAnswersGoOn(t *testing.T) {
	t.Parallel()
	s := quick(1)
	s.Options.DrainTimeout = 300 * time.Millisecond
	r := start(t, s)
	ask := func(path string) <-chan got {
		answers := make(chan got, 1)
		go func() {
			g, _ := r.get(newClient(t), path)
			answers <- g
		}()
		return answers
	}
	long, tooLong := ask("/?sleep=1200ms"), ask("/?sleep=30s")
	time.Sleep(150 * time.Millisecond)
	r.write("two")
	r.signal(syscall.SIGHUP)
	r.waitLog("reloaded: new workers serve")
	assert.Equal(t, "one", (<-long).text, "longer than DrainTimeout, from the old worker")
	r.signal(syscall.SIGTERM)
	assert.Equal(t, 0, r.wait(4*time.Second), "replaced workers stop with the others\n%s", r.log())
	assert.Equal(t, "one", (<-tooLong).text, "its context has ended with the stop, not by the reload")
}

func TestReloadThatFailsLeavesTheWorkers(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ name, text, log string }{
		{"the parent's check refuses it", "bad", "the old configuration stays"},
		{"a worker refuses it", "bad in worker", "the old workers stay"},
		{"a worker exits for its configuration", "exit 78 in worker", "the old workers stay"},
		{"a worker never gets ready", "hang in worker", "not ready in time"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := quick(2)
			s.Options.ReadyTimeout = 700 * time.Millisecond
			r := start(t, s)
			before := r.pids(20)
			r.write(row.text)
			r.signal(syscall.SIGHUP)
			r.waitLog(row.log)
			r.waitLog("not reloaded")
			for pid, text := range r.pids(20) {
				assert.Equal(t, "one", text)
				assert.LessOrEqual(t, len(before), 2)
				assert.True(t, alive(number(t, pid)))
			}
			r.write("three")
			r.signal(syscall.SIGHUP)
			r.waitLog("reloaded: new workers serve")
			for _, text := range r.pids(5) {
				assert.Equal(t, "three", text, "the next reload is not hindered")
			}
		})
	}
}

func TestConfigurationExitIsNotRepeated(t *testing.T) {
	t.Parallel()
	r := start(t, quick(1))
	worker := r.anyPid()
	r.write("exit 78 in worker")
	require.NoError(t, syscall.Kill(worker, syscall.SIGKILL))
	assert.Equal(t, 1, r.wait(4*time.Second), r.log())
	assert.Len(t, r.logged("configuration is wrong"), 1)
	assert.NotEmpty(t, r.logged("no worker is left"))
}

func TestWorkersThatDoNotStart(t *testing.T) {
	t.Parallel()
	file := t.TempDir() + "/text"
	require.NoError(t, os.WriteFile(file, []byte("bad in worker"), 0o600))
	s := quick(2)
	s.Config = file
	r := launch(t, s)
	assert.Equal(t, 1, r.wait(4*time.Second), r.log())
	assert.NotEmpty(t, r.logged("did not start"))
}

func TestWorkersEndWithTheirParent(t *testing.T) {
	t.Parallel()
	r := start(t, quick(2))
	pids := r.pids(20)
	require.NoError(t, r.cmd.Process.Kill())
	for pid := range pids {
		require.Eventually(t, func() bool { return !alive(number(t, pid)) }, 4*time.Second, 10*time.Millisecond)
	}
	assert.NotEmpty(t, r.logged("the parent process is gone"))
}

func TestWorkersDrain(t *testing.T) {
	t.Parallel()
	r := start(t, quick(2))
	answers := make(chan got, 1)
	go func() {
		g, _ := r.get(newClient(t), "/?sleep=600ms")
		answers <- g
	}()
	time.Sleep(200 * time.Millisecond)
	// As a service manager does: to all processes. It is no hurry.
	require.NoError(t, syscall.Kill(-r.cmd.Process.Pid, syscall.SIGTERM))
	assert.Equal(t, "one", (<-answers).text)
	assert.Equal(t, 0, r.wait(4*time.Second), r.log())
}

func TestWorkersTakeConnectionsForTheStopDelay(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/app.sock"
	s := quick(2)
	s.Options.Listen = append([]string{"unix:" + path}, anyPort...)
	s.Options.StopDelay, s.Options.HealthPath = 700*time.Millisecond, "/healthz"
	r := start(t, s)
	r.signal(syscall.SIGTERM)
	r.waitLogs("about to stop", 2)
	g, err := get(unixClient(t, path), "http://x/healthz")
	require.NoError(t, err)
	assert.Equal(t, 503, g.status)
	g, err = get(unixClient(t, path), "http://x/")
	require.NoError(t, err)
	assert.Equal(t, "one", g.text)
	assert.Equal(t, 0, r.wait(4*time.Second), r.log())
	_, err = os.Stat(path)
	assert.ErrorIs(t, err, os.ErrNotExist)
}

func TestWorkersTooSlowToStop(t *testing.T) {
	t.Parallel()
	s := quick(1)
	s.Options.DrainTimeout = 200 * time.Millisecond
	s.Options.CancelAfter = time.Hour
	r := start(t, s)
	c := newClient(t)
	go r.get(c, "/?sleep=1m")
	time.Sleep(150 * time.Millisecond)
	r.signal(syscall.SIGTERM)
	assert.Equal(t, 1, r.wait(4*time.Second), r.log())
	assert.NotEmpty(t, r.logged("1 connections cut off"), r.log())
}

func TestSecondSignalKillsWorkers(t *testing.T) {
	t.Parallel()
	s := quick(1)
	s.Options.DrainTimeout = time.Minute
	r := start(t, s)
	c := newClient(t)
	go r.get(c, "/?sleep=10s")
	time.Sleep(150 * time.Millisecond)
	r.signal(syscall.SIGINT)
	r.waitLog("told to stop")
	r.signal(syscall.SIGINT)
	r.wait(3 * time.Second)
	assert.NotEmpty(t, r.logged("told to stop again"))
}
