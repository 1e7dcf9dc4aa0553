package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/gowebob/gowebob/benchmarks"
)

// sample is one wrk run: requests per second, and microseconds of the server's
// CPU time per request.
type sample struct{ rate, cpu float64 }

// one starts a server, warms it up for a second, and measures. Server and wrk
// have one processor each (taskset, GOMAXPROCS=1), so that the server is what is
// short.
func one(o options, peer, work string) (s sample, err error) {
	srv := pin("0", command(o, peer, work)...)
	srv.Env = append(os.Environ(), "GOMAXPROCS=1", "PYTHONDONTWRITEBYTECODE=1")
	srv.Stderr = os.Stderr
	addr, stop, err := start(srv)
	if err != nil {
		return s, err
	}
	defer stop()
	url := "http://" + addr + "/" + work
	if _, err := wrk(o, time.Second, work, url); err != nil {
		return s, err
	}
	before := cpuSeconds(srv.Process.Pid)
	out, err := wrk(o, o.length, work, url)
	if err != nil {
		return s, err
	}
	return parse(out, cpuSeconds(srv.Process.Pid)-before)
}

// command is what serves a workload of a peer.
func command(o options, peer, work string) []string {
	if peer == "webob-py" {
		return []string{o.python, o.pyapp, work}
	}
	return []string{o.serve, "-peer", strings.TrimSuffix(peer, "-again"), "-work", work}
}

// start runs a server that prints its address first and ends with its input.
func start(srv *exec.Cmd) (addr string, stop func(), err error) {
	in, err := srv.StdinPipe()
	if err != nil {
		return "", nil, err
	}
	out, err := srv.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := srv.Start(); err != nil {
		return "", nil, err
	}
	stop = func() {
		in.Close()
		srv.Process.Kill()
		srv.Wait()
	}
	r := bufio.NewReader(out)
	line, err := r.ReadString('\n')
	if err != nil {
		stop()
		return "", nil, fmt.Errorf("no address: %w", err)
	}
	go io.Copy(io.Discard, r)
	return strings.TrimSpace(line), stop, nil
}

func wrk(o options, d time.Duration, work, url string) (string, error) {
	args := []string{"wrk", "-t1", "-c" + strconv.Itoa(o.conns), "-d" + d.String()}
	if strings.HasPrefix(work, benchmarks.Pipeline8) {
		for i := range benchmarks.PipelineDepth {
			args = append(args, "-H", benchmarks.InKey(i)+": value-"+strconv.Itoa(i))
		}
	}
	out, err := pin("1", append(args, url)...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("wrk: %w: %s", err, out)
	}
	return string(out), nil
}

var (
	rateRE  = regexp.MustCompile(`Requests/sec:\s+([\d.]+)`)
	totalRE = regexp.MustCompile(`(\d+) requests in`)
	badRE   = regexp.MustCompile(`Non-2xx or 3xx responses: \d+|Socket errors: .*`)
)

// parse reads what wrk said. Answers that were refused or cut are no figures.
func parse(out string, cpu float64) (s sample, err error) {
	if bad := badRE.FindString(out); bad != "" {
		return s, fmt.Errorf("wrk: %s", bad)
	}
	rate, total := rateRE.FindStringSubmatch(out), totalRE.FindStringSubmatch(out)
	if rate == nil || total == nil {
		return s, fmt.Errorf("wrk said %s", out)
	}
	n, err := strconv.ParseFloat(total[1], 64)
	if err != nil || n == 0 {
		return s, fmt.Errorf("wrk counted %s requests", total[1])
	}
	s.cpu = cpu / n * 1e6
	s.rate, err = strconv.ParseFloat(rate[1], 64)
	return s, err
}

// pin gives the command on one processor, where taskset can do that.
func pin(cpu string, args ...string) *exec.Cmd {
	if _, err := exec.LookPath("taskset"); err == nil {
		args = append([]string{"taskset", "-c", cpu}, args...)
	}
	return exec.Command(args[0], args[1:]...)
}

// cpuSeconds reads user and system time of a process from /proc, 0 where there
// is none. The clock there ticks a hundred times a second.
func cpuSeconds(pid int) float64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	text := string(b)
	f := strings.Fields(text[strings.LastIndexByte(text, ')')+1:])
	if len(f) < 13 {
		return 0
	}
	user, err1 := strconv.ParseFloat(f[11], 64)
	sys, err2 := strconv.ParseFloat(f[12], 64)
	if err1 != nil || err2 != nil {
		return 0
	}
	return (user + sys) / 100
}
