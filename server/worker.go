//go:build unix

package server

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
)

// The descriptors of a worker are, from 3 on: a pipe with orders, which ends when the parent
// dies, a pipe to report by, the sockets.
const (
	orderFD = firstInherited + iota
	reportFD
	socketFD
)

type workerInfo struct {
	Number     int    `json:"number"`
	Generation int    `json:"generation"`
	Plain      []bool `json:"plain"` // for each socket: no TLS
}

// What a worker is told, a line each: to serve, when all workers of its generation are
// ready, and to stop without haste, when it has been replaced. What it reports.
const (
	orderServe   = "serve"
	orderRetire  = "retire"
	reportReady  = "ready"
	reportClosed = "closed" // takes no more connections
	reportFailed = "failed "
	reportCut    = "cut "
)

// workerMark says whether this process is a worker. The variable is taken away, so that
// what the app starts is none.
func workerMark() (info workerInfo, ok bool) {
	text, ok := os.LookupEnv(envWorker)
	if !ok {
		return info, false
	}
	os.Unsetenv(envWorker)
	if err := json.Unmarshal([]byte(text), &info); err != nil {
		return info, false
	}
	return info, true
}

// runWorker is Run in a worker.
func runWorker(app http.Handler, o Options, info workerInfo) error {
	// Interrupts from a terminal and reloads are the parent's affair. More than one
	// SIGTERM means no hurry: a service manager sends it to all processes of a
	// service, and the parent does so too.
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGTERM, os.Interrupt, syscall.SIGHUP)
	reports := os.NewFile(reportFD, "reports")
	syscall.CloseOnExec(reportFD)
	defer reports.Close()
	s, err := newWorker(app, o, info)
	if err != nil {
		fmt.Fprintln(reports, reportFailed+strconv.Quote(err.Error()))
		return err
	}
	s.onClosed = func() { fmt.Fprintln(reports, reportClosed) }
	orders := readOrders()
	fmt.Fprintln(reports, reportReady)
	d := duty{server: s}
	for {
		select {
		case <-s.done:
			return reportEnd(reports, s.Wait())
		case order, ok := <-orders:
			if !ok {
				orders = nil
				s.log.Warn("the parent process is gone")
				d.stop()
			} else if err := d.obey(order); err != nil {
				return err
			}
		case sig := <-signals:
			if sig == syscall.SIGTERM {
				d.stop()
			}
		}
	}
}

// duty is what a worker has been told to do.
type duty struct {
	server         *Server
	told, retiring bool // to stop; and without haste
}

func (d *duty) obey(order string) error {
	switch {
	case d.told:
	case order == orderServe:
		return d.server.Start()
	case order == orderRetire:
		d.told, d.retiring = true, true
		go d.server.retire(context.Background())
	}
	return nil
}

func (d *duty) stop() {
	switch {
	case !d.told:
		d.told = true
		go d.server.Stop(context.Background())
	case d.retiring:
		d.retiring = false
		d.server.stopSooner()
	}
}

func reportEnd(reports io.Writer, err error) error {
	var cut *CutOff
	if errors.As(err, &cut) {
		fmt.Fprintln(reports, reportCut+strconv.Itoa(cut.Conns))
	}
	return err
}

// newWorker makes the server of a worker; it serves when told.
func newWorker(app http.Handler, o Options, info workerInfo) (*Server, error) {
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	o.Logger = o.Logger.With(slog.Int("worker", info.Number), slog.Int("generation", info.Generation))
	s, err := New(app, o)
	if err != nil {
		return nil, err
	}
	s.quiet = true
	for i, plain := range info.Plain {
		syscall.CloseOnExec(socketFD + i)
		name := "fd:" + strconv.Itoa(socketFD+i)
		socket, err := fileSocket(os.NewFile(uintptr(socketFD+i), name), name)
		if err != nil {
			return nil, err
		}
		socket.plain = plain
		s.sockets = append(s.sockets, socket)
	}
	return s, nil
}

// readOrders gives the orders, and is closed when the parent has died: the system then
// closes its end of the pipe.
func readOrders() <-chan string {
	orders := make(chan string)
	syscall.CloseOnExec(orderFD)
	lines := bufio.NewScanner(os.NewFile(orderFD, "orders"))
	go func() {
		defer close(orders)
		for lines.Scan() {
			orders <- lines.Text()
		}
	}()
	return orders
}

// report is one line of a worker, as the parent reads it.
type report struct {
	ready  bool
	closed bool
	failed string
	cut    int
}

// readReports reads to the worker's end.
func readReports(r io.Reader, each func(report)) {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		line := lines.Text()
		if line == reportReady || line == reportClosed {
			each(report{ready: line == reportReady, closed: line == reportClosed})
		} else if text, ok := strings.CutPrefix(line, reportFailed); ok {
			if plain, err := strconv.Unquote(text); err == nil {
				text = plain
			}
			each(report{failed: text})
		} else if text, ok := strings.CutPrefix(line, reportCut); ok {
			n, _ := strconv.Atoi(text)
			each(report{cut: n})
		}
	}
}
