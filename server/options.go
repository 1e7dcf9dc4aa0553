package server

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strconv"
	"strings"
	"time"
)

// Options are the settings of a Server. The zero value is safe: 127.0.0.1:8080, bounded
// headers and idle connections, and an end that lets requests finish. The names in the form tags
// are those of a configuration file. Where a duration has a default, below 0 means none.
type Options struct {
	// Host is the name or address to listen on: "" is 127.0.0.1, "*" all
	// addresses, IPv4 and IPv6 alike. A name with several addresses stands for
	// the first one.
	Host string `form:"host"`
	// Port is the TCP port for Host, 0 is 8080. (A free one, as tests like it,
	// is Listen "127.0.0.1:0".)
	Port int `form:"port"`
	// Listen has the addresses where one is not enough or TCP is not meant;
	// Host and Port then must not be given:
	//
	//	127.0.0.1:8080   [::1]:8080   :8080 or *:8080 (all addresses)
	//	unix:/run/app.sock   unix:@name (abstract, Linux)
	//	fd:3             an inherited socket that listens
	//	systemd          all sockets of the service manager (LISTEN_FDS)
	//	systemd:name     those with this FileDescriptorName (LISTEN_FDNAMES)
	//
	// With none of the three, sockets of the service manager are taken if there are any.
	Listen []string `form:"listen"`
	// UnixMode is the mode of Unix sockets in octal, such as "660"; "" is what
	// the umask leaves, with the customary one the owner alone.
	UnixMode string `form:"unix_mode"`
	// BindTimeout is how long an address that is in use is tried again; 0 is 10
	// seconds.
	BindTimeout time.Duration `form:"bind_timeout"`

	// CertFile and KeyFile (PEM) switch TLS on, for all but Unix sockets. Both
	// or none; they are read again on Reload. The first may have the
	// intermediate certificates behind the server's.
	CertFile string `form:"cert_file"`
	KeyFile  string `form:"key_file"`
	// ClientCAFile (PEM) has clients show a certificate signed by one of these.
	ClientCAFile string `form:"client_ca_file"`
	// TLS is the base of the TLS configuration for what files cannot say. With
	// certificates of its own the files may be left out.
	TLS *tls.Config `form:"-" json:"-"`

	// NoHTTP2 switches HTTP/2 over TLS off.
	NoHTTP2 bool `form:"no_http2"`
	// H2C takes HTTP/2 without TLS beside HTTP/1.1, from clients that know it
	// ("prior knowledge", RFC 9113 §3.3): behind a proxy, never in the open.
	H2C bool `form:"h2c"`
	// MaxStreams is how many requests one HTTP/2 connection may have at once; 0 is
	// net/http's 250.
	MaxStreams int `form:"max_streams"`

	// ReadHeaderTimeout is how long a client may take for the head of a request
	// and for the TLS handshake; 0 is 10 seconds.
	ReadHeaderTimeout time.Duration `form:"read_header_timeout"`
	// IdleTimeout is how long a connection is kept without a request; 0 is 2
	// minutes.
	IdleTimeout time.Duration `form:"idle_timeout"`
	// ReadTimeout and WriteTimeout bound the whole request with its body, and
	// the answer. 0 is none, as both would cut whatever is long on purpose: an
	// upload, a download, a stream. A handler sets its own by
	// http.ResponseController.
	ReadTimeout  time.Duration `form:"read_timeout"`
	WriteTimeout time.Duration `form:"write_timeout"`
	// MaxHeaderBytes bounds the head of a request; 0 is 64 KiB. Beyond it the
	// answer is 431.
	MaxHeaderBytes int `form:"max_header_bytes"`
	// NoKeepAlive closes each connection after its answer.
	NoKeepAlive bool `form:"no_keep_alive"`
	// TCPKeepAlive is after which silence TCP asks whether the other side is
	// there; 0 is Go's 15 seconds.
	TCPKeepAlive time.Duration `form:"tcp_keepalive"`
	// MaxConns is how many connections there may be at once, in each worker; 0
	// is no limit. Those beyond wait in the queue of the system.
	MaxConns int `form:"max_conns"`

	// IdleGrace is how long, while the server stops, an idle connection is kept
	// for a client that is just sending: its request is answered with
	// "Connection: close". 0 is 2 seconds.
	IdleGrace time.Duration `form:"idle_grace"`
	// DrainTimeout is how long stopping may take in all; 0 is 20 seconds, below 0
	// all is cut off at once. What is left then is cut off.
	DrainTimeout time.Duration `form:"drain_timeout"`
	// CancelAfter is when, while the server stops, the contexts of requests under
	// way end; 0 is half of DrainTimeout. Streams that ask (EndOnStop, Stopping)
	// learn of it at once.
	CancelAfter time.Duration `form:"cancel_after"`

	// StopDelay is how long a server that is told to stop takes new connections
	// still, while HealthPath answers 503 already: for a load balancer that needs
	// time to notice. DrainTimeout begins after it. 0 is none.
	StopDelay time.Duration `form:"stop_delay"`
	// RetireTimeout is DrainTimeout for workers that a reload has replaced. Nobody
	// waits for those, so that a long answer need not be cut; 0 is 5 minutes.
	RetireTimeout time.Duration `form:"retire_timeout"`

	// HealthPath, such as "/healthz", is answered by the server itself, ahead of
	// the app: see Server.Health. "" is none.
	HealthPath string `form:"health_path"`

	// Workers is the number of processes that serve; 0 is this one. Run heeds it,
	// Start does not.
	Workers int `form:"workers"`
	// ReadyTimeout is how long a new worker may take until it serves; 0 is 30
	// seconds.
	ReadyTimeout time.Duration `form:"ready_timeout"`

	// Logger is told what happens; nil is slog.Default().
	Logger *slog.Logger `form:"-" json:"-"`
}

// ErrOptions is what New says of settings that cannot be; the text names the setting.
var ErrOptions = errors.New("server: bad option")

const (
	defaultHost    = "127.0.0.1"
	defaultPort    = 8080
	defaultHeaders = 64 << 10
	maxPort        = 65535
)

func badOption(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrOptions}, args...)...)
}

// completed gives the options with their defaults, or says what is wrong with them.
func (o Options) completed() (Options, error) {
	if err := o.check(); err != nil {
		return o, err
	}
	if len(o.Listen) == 0 {
		o.Listen = o.defaultListen()
	}
	for _, d := range []struct {
		of   *time.Duration
		zero time.Duration
	}{
		{&o.BindTimeout, 10 * time.Second},
		{&o.ReadHeaderTimeout, 10 * time.Second},
		{&o.IdleTimeout, 2 * time.Minute},
		{&o.ReadTimeout, 0},
		{&o.WriteTimeout, 0},
		{&o.IdleGrace, 2 * time.Second},
		{&o.DrainTimeout, 20 * time.Second},
		{&o.RetireTimeout, 5 * time.Minute},
		{&o.ReadyTimeout, 30 * time.Second},
	} {
		if *d.of == 0 {
			*d.of = d.zero
		}
	}
	if o.CancelAfter == 0 {
		o.CancelAfter = o.DrainTimeout / 2
	}
	if o.MaxHeaderBytes == 0 {
		o.MaxHeaderBytes = defaultHeaders
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	return o, nil
}

func (o Options) defaultListen() []string {
	if o.Host == "" && o.Port == 0 && countInherited() > 0 {
		return []string{systemdAddress}
	}
	host, port := o.Host, o.Port
	switch host {
	case "":
		host = defaultHost
	case "*":
		host = ""
	}
	if port == 0 {
		port = defaultPort
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	return []string{net.JoinHostPort(host, strconv.Itoa(port))}
}

func (o Options) check() error {
	switch {
	case o.Port < 0 || o.Port > maxPort:
		return badOption("port %d is not between 0 and %d", o.Port, maxPort)
	case len(o.Listen) > 0 && (o.Host != "" || o.Port != 0):
		return badOption("listen stands beside host or port: say all addresses in listen")
	case (o.CertFile == "") != (o.KeyFile == ""):
		return badOption("cert_file and key_file belong together, %q and %q are given", o.CertFile, o.KeyFile)
	case o.ClientCAFile != "" && o.CertFile == "" && o.TLS == nil:
		return badOption("client_ca_file without cert_file and key_file")
	case o.Workers < 0:
		return badOption("workers is %d", o.Workers)
	case o.MaxConns < 0:
		return badOption("max_conns is %d", o.MaxConns)
	case o.MaxStreams < 0:
		return badOption("max_streams is %d", o.MaxStreams)
	case o.MaxHeaderBytes < 0:
		return badOption("max_header_bytes is %d", o.MaxHeaderBytes)
	case o.HealthPath != "" && !strings.HasPrefix(o.HealthPath, "/"):
		return badOption("health_path %q does not begin with a slash", o.HealthPath)
	}
	if _, err := o.unixMode(); err != nil {
		return err
	}
	seen := map[address]bool{}
	for _, text := range o.Listen {
		a, err := parseAddress(text)
		if err != nil {
			return err
		}
		// It would be waited for, as if another process had it. Port 0 is any number of ports.
		if seen[a] && !(a.network == "tcp" && strings.HasSuffix(a.name, ":0")) {
			return badOption("listen names %q twice", text)
		}
		seen[a] = true
	}
	return nil
}

// unixMode is UnixMode as a number; 0 is none.
func (o Options) unixMode() (os.FileMode, error) {
	if o.UnixMode == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(o.UnixMode, 8, 32)
	if err != nil || n == 0 || n > 0o777 {
		return 0, badOption("unix_mode %q is no octal mode such as 660", o.UnixMode)
	}
	return os.FileMode(n), nil
}

// hasTLS says whether TCP listeners speak TLS.
func (o Options) hasTLS() bool { return o.CertFile != "" || o.TLS != nil }
