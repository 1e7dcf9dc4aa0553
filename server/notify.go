package server

import (
	"fmt"
	"log/slog"
	"net"
	"os"
	"sync"
)

// envNotify names the datagram socket of the service manager, sd_notify(3).
const envNotify = "NOTIFY_SOCKET"

// notifier tells the service manager what the server does. Without one it does nothing.
type notifier struct {
	path string
	log  *slog.Logger
	mu   sync.Mutex
	over bool // stopping was told
}

// newNotifier takes the variable away, so that no process started from here speaks for us.
func newNotifier(l *slog.Logger) *notifier {
	n := &notifier{path: os.Getenv(envNotify), log: l}
	os.Unsetenv(envNotify)
	return n
}

func (n *notifier) ready() { n.send("READY=1") }

func (n *notifier) reloading() {
	n.send(fmt.Sprintf("RELOADING=1\nMONOTONIC_USEC=%d", monotonicMicroseconds()))
}

func (n *notifier) stopping() {
	n.send("STOPPING=1")
	n.mu.Lock()
	n.over = true
	n.mu.Unlock()
}

func (n *notifier) send(text string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.path == "" || n.over {
		return
	}
	c, err := net.Dial("unixgram", n.path)
	if err == nil {
		defer c.Close()
		_, err = c.Write([]byte(text))
	}
	if err != nil {
		n.log.Warn("the service manager was not told", slog.String("text", text), slog.Any("error", err))
	}
}
