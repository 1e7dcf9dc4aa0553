package standard

import (
	"net/http"
	"time"

	"github.com/gowebob/gowebob/deploy"
	"github.com/gowebob/gowebob/server"
)

func servers(r *deploy.Registry) {
	for _, name := range []string{ours + "main", ours + "server", ours + "http"} {
		r.Server(name, serve)
	}
	r.Server(paste+"http", pasteServe)
}

// serverSettings are server.Options as a file has them.
type serverSettings struct {
	Host              string
	Port              int
	Listen            []string
	UnixMode          string
	BindTimeout       time.Duration
	CertFile          string
	KeyFile           string
	ClientCAFile      string `ini:"client_ca_file"`
	NoHTTP2           bool   `ini:"no_http2"`
	H2C               bool   `ini:"h2c"`
	MaxStreams        int
	ReadHeaderTimeout time.Duration
	IdleTimeout       time.Duration
	ReadTimeout       time.Duration
	WriteTimeout      time.Duration
	MaxHeaderBytes    deploy.Size
	NoKeepAlive       bool
	TCPKeepAlive      time.Duration `ini:"tcp_keepalive"`
	MaxConns          int
	IdleGrace         time.Duration
	DrainTimeout      time.Duration
	CancelAfter       time.Duration
	StopDelay         time.Duration
	RetireTimeout     time.Duration
	HealthPath        string
	Workers           int
	ReadyTimeout      time.Duration
}

func (s serverSettings) options() server.Options {
	return server.Options{
		Host: s.Host, Port: s.Port, Listen: s.Listen, UnixMode: s.UnixMode, BindTimeout: s.BindTimeout,
		CertFile: s.CertFile, KeyFile: s.KeyFile, ClientCAFile: s.ClientCAFile, NoHTTP2: s.NoHTTP2, H2C: s.H2C, MaxStreams: s.MaxStreams,
		ReadHeaderTimeout: s.ReadHeaderTimeout, IdleTimeout: s.IdleTimeout, ReadTimeout: s.ReadTimeout, WriteTimeout: s.WriteTimeout,
		MaxHeaderBytes: int(s.MaxHeaderBytes), NoKeepAlive: s.NoKeepAlive, TCPKeepAlive: s.TCPKeepAlive, MaxConns: s.MaxConns,
		IdleGrace: s.IdleGrace, DrainTimeout: s.DrainTimeout, CancelAfter: s.CancelAfter,
		StopDelay: s.StopDelay, RetireTimeout: s.RetireTimeout, HealthPath: s.HealthPath,
		Workers: s.Workers, ReadyTimeout: s.ReadyTimeout,
	}
}

// serve runs package server until a signal ends it.
func serve(c deploy.Config) (func(http.Handler) error, error) {
	var s serverSettings
	if err := c.Decode(&s); err != nil {
		return nil, err
	}
	return running(c, s.options())
}

func running(c deploy.Config, o server.Options) (func(http.Handler) error, error) {
	if _, err := server.New(http.NotFoundHandler(), o); err != nil {
		return nil, refused(c, err)
	}
	return func(app http.Handler) error { return server.Run(app, o) }, nil
}

// pasteServe is serve for files written for Paste: what tunes Python's threads is passed
// over, as there are none.
func pasteServe(c deploy.Config) (func(http.Handler) error, error) {
	var s struct {
		serverSettings
		threadSettings
	}
	if err := c.Decode(&s); err != nil {
		return nil, err
	}
	o := s.options()
	if s.SSLPem != "" {
		o.CertFile, o.KeyFile = s.SSLPem, s.SSLPem
	}
	if o.ReadTimeout == 0 {
		o.ReadTimeout = s.SocketTimeout
	}
	return running(c, o)
}

// threadSettings are those of Paste's server that package server has another way for, or
// no use.
type threadSettings struct {
	SSLPem            string `ini:"ssl_pem"`
	SocketTimeout     time.Duration
	ServerVersion     string
	ProtocolVersion   string
	DaemonThreads     bool
	UseThreadpool     bool
	ThreadpoolWorkers int
	RequestQueueSize  int
}
