//go:build unix

package server

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// worker is a worker process as its parent sees it.
type worker struct {
	cmd     *exec.Cmd
	slot    *slot
	gen     *generation
	started time.Time
	ready   bool
	orders  *os.File    // closing it, as our death does, has the worker stop
	told    bool        // to stop
	retired bool        // told to do so without haste
	closed  bool        // takes no more connections
	failure string      // what it reported before it ended
	timer   *time.Timer // kills it: not ready in time, or not gone in time
}

func (w *worker) serve()  { fmt.Fprintln(w.orders, orderServe) }
func (w *worker) retire() { fmt.Fprintln(w.orders, orderRetire) }

// spawner starts workers, all on the same listeners.
type spawner struct {
	exe   string
	plain []bool
	files []*os.File // the listeners
}

func newSpawner(sockets []*socket) (*spawner, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("server: workers: %w", err)
	}
	sp := &spawner{exe: exe}
	for _, socket := range sockets {
		file, err := duplicate(socket.Listener)
		if err != nil {
			sp.closeListeners()
			return nil, err
		}
		sp.files = append(sp.files, file)
		sp.plain = append(sp.plain, socket.plain)
	}
	return sp, nil
}

// duplicate gives another descriptor of a listener. The listener's own File would do, but
// os/exec sets such a one to blocking for a moment, and with it the socket of all workers
// at work: one that comes late to a connection would then hang in accept.
func duplicate(l net.Listener) (*os.File, error) {
	raw, err := l.(syscall.Conn).SyscallConn()
	if err != nil {
		return nil, fmt.Errorf("server: %s: %w", l.Addr(), err)
	}
	fd := -1
	failed := raw.Control(func(own uintptr) {
		syscall.ForkLock.RLock()
		defer syscall.ForkLock.RUnlock()
		if fd, err = syscall.Dup(int(own)); err == nil {
			syscall.CloseOnExec(fd)
		}
	})
	if failed != nil {
		err = failed
	}
	if err != nil {
		return nil, fmt.Errorf("server: %s: %w", l.Addr(), err)
	}
	return os.NewFile(uintptr(fd), l.Addr().String()), nil
}

// closeListeners has nothing more come to the listeners, once the workers close theirs.
func (sp *spawner) closeListeners() {
	for _, file := range sp.files {
		file.Close()
	}
	sp.files = nil
}

// process is a started worker, with the pipes to hear from it and to tell it something.
type process struct {
	cmd             *exec.Cmd
	reports, orders *os.File
}

func (sp *spawner) start(number, generation int) (p process, err error) {
	mark, err := json.Marshal(workerInfo{Number: number, Generation: generation, Plain: sp.plain})
	if err != nil {
		return p, err
	}
	reports, theirReports, err := os.Pipe()
	if err != nil {
		return p, err
	}
	defer theirReports.Close()
	theirOrders, orders, err := os.Pipe()
	if err != nil {
		reports.Close()
		return p, err
	}
	defer theirOrders.Close()
	cmd := exec.Command(sp.exe, os.Args[1:]...)
	cmd.Args[0] = os.Args[0]
	cmd.Env = append(os.Environ(), envWorker+"="+string(mark))
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.ExtraFiles = append([]*os.File{theirOrders, theirReports}, sp.files...)
	if err := cmd.Start(); err != nil {
		reports.Close()
		orders.Close()
		return p, err
	}
	return process{cmd, reports, orders}, nil
}
