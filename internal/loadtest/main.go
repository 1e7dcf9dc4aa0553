package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"sync"
	"syscall"
	"time"
)

// settings of one run.
type settings struct {
	http        string
	connections int
	streams     int
	rate        int
	workers     int
	reloads     int
	kills       int
	lazy        int
	every       time.Duration
	idleGrace   time.Duration
	out         io.Writer
}

func main() {
	if text, ok := os.LookupEnv(envServe); ok {
		os.Exit(serveMain(text))
	}
	s := settings{out: os.Stdout}
	flag.StringVar(&s.http, "http", "http1", "http1, tls (HTTP/1.1 over TLS), h2 (over TLS) or h2c")
	flag.IntVar(&s.connections, "connections", 300, "requests at once; over HTTP/1 each has its connection")
	flag.IntVar(&s.streams, "streams", 6, "over HTTP/2: requests at once on a connection")
	flag.IntVar(&s.rate, "rate", 400, "requests a second in all")
	flag.IntVar(&s.workers, "workers", 2, "worker processes; 0: the server is one process, and kills are left out")
	flag.IntVar(&s.reloads, "reloads", 20, "reloads; every fourth with a broken configuration")
	flag.IntVar(&s.kills, "kills", 5, "workers to kill")
	flag.DurationVar(&s.every, "every", 1500*time.Millisecond, "time between two reloads")
	flag.IntVar(&s.lazy, "lazy", 0, "per cent of pauses that last 2 to 6 seconds, longer than the server keeps idle connections when it stops")
	flag.DurationVar(&s.idleGrace, "idle-grace", 0, "server.Options.IdleGrace")
	flag.Parse()
	t, err := run(s)
	if err != nil {
		fmt.Fprintln(os.Stderr, "loadtest:", err)
		os.Exit(2)
	}
	if !t.clean() {
		os.Exit(1)
	}
}

// run is the whole test; the error is that of a test that could not be done.
func run(s settings) (*tally, error) {
	dir, err := os.MkdirTemp("", "loadtest")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	server, err := startTarget(dir, s)
	if err != nil {
		return nil, err
	}
	defer server.kill()
	t := newTally()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	begun := time.Now()
	wait := startClients(ctx, s, server, t)
	if err := disturb(s, server, t); err != nil {
		return nil, err
	}
	t.stop()
	err = server.stop()
	cancel()
	wait()
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(s.out, "%s, %d connections, %d requests a second, %d workers, %d reloads, %v in all\n",
		s.http, s.connections, s.rate, s.workers, s.reloads, time.Since(begun).Round(time.Second))
	t.print(s.out)
	return t, nil
}

// startClients has all clients begin; what it returns waits for their end.
func startClients(ctx context.Context, s settings, server *target, t *tally) (wait func()) {
	var all sync.WaitGroup
	var transport *http.Transport
	var transports []*http.Transport
	multiplexed := s.http == "h2" || s.http == "h2c"
	for i := range s.connections {
		if !multiplexed || i%s.streams == 0 {
			transport = newTransport(s.http, server.certs)
			transports = append(transports, transport)
		}
		c := &client{
			base: server.base, tally: t, h2: multiplexed, lazy: s.lazy, http: &http.Client{Transport: transport},
			random: rand.New(rand.NewPCG(uint64(i), 1)),
			pause:  time.Duration(s.connections) * time.Second / time.Duration(s.rate),
		}
		all.Go(func() {
			time.Sleep(time.Duration(c.random.Float64() * float64(c.pause))) // not all at once
			c.run(ctx)
		})
	}
	return func() {
		all.Wait()
		for _, t := range transports {
			t.CloseIdleConnections()
		}
	}
}

// disturb reloads and kills.
func disturb(s settings, server *target, t *tally) error {
	killed, last := 0, "0"
	for i := 1; i <= s.reloads; i++ {
		time.Sleep(s.every / 2)
		if s.workers > 0 && killed < s.kills && i*s.kills/s.reloads > killed {
			killed++
			if err := killOne(t); err != nil {
				return err
			}
		}
		time.Sleep(s.every / 2)
		text, says := configuration+fmt.Sprint(i), "msg=\"reloaded"
		if s.workers == 0 {
			says = "msg=reloaded"
		}
		if i%4 == 0 {
			text, says = broken[i/4%len(broken)], "msg=\"not reloaded"
		} else {
			last = fmt.Sprint(i)
		}
		if err := server.reload(text, says); err != nil {
			return err
		}
	}
	return awaitVersion(t, last)
}

// awaitVersion waits for an answer of the last good configuration.
func awaitVersion(t *tally, version string) error {
	for until := time.Now().Add(startTimeout); t.seen(version) == 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(until) {
			return fmt.Errorf("no answer of version %s", version)
		}
	}
	return nil
}

// killOne kills a worker that serves.
func killOne(t *tally) error {
	pids := t.answeredLately(500 * time.Millisecond)
	if len(pids) == 0 {
		return fmt.Errorf("no worker has answered lately")
	}
	pid := pids[len(pids)-1]
	t.addKill(pid)
	return syscall.Kill(pid, syscall.SIGKILL)
}
