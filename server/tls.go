package server

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"sync/atomic"
)

// certificates are the TLS configuration, with the files that can be read again.
type certificates struct {
	o       Options
	config  *tls.Config // what the listeners have
	current atomic.Pointer[tls.Certificate]
	// withCAs is the configuration of a handshake, where clients need a certificate.
	withCAs atomic.Pointer[tls.Config]
}

func newCertificates(o Options) (*certificates, error) {
	c := &certificates{o: o, config: &tls.Config{}}
	if o.TLS != nil {
		c.config = o.TLS.Clone()
	}
	c.config.NextProtos = nextProtos(o, c.config.NextProtos)
	if o.CertFile != "" {
		c.config.GetCertificate = func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			return c.current.Load(), nil
		}
	} else if !hasCertificate(o.TLS) {
		return nil, badOption("TLS has no certificate: give cert_file and key_file")
	}
	install, err := c.read()
	if err != nil {
		return nil, err
	}
	if o.ClientCAFile != "" {
		c.config.ClientAuth = tls.RequireAndVerifyClientCert
		c.config.GetConfigForClient = func(*tls.ClientHelloInfo) (*tls.Config, error) {
			return c.withCAs.Load(), nil
		}
	}
	install()
	return c, nil
}

// nextProtos are the protocols to choose from, RFC 7301, with those of Options.TLS last.
func nextProtos(o Options, more []string) []string {
	protos := []string{"h2", "http/1.1"}
	if o.NoHTTP2 {
		protos = protos[1:]
	}
	for _, name := range more {
		if name != "h2" && name != "http/1.1" {
			protos = append(protos, name)
		}
	}
	return protos
}

func hasCertificate(c *tls.Config) bool {
	return len(c.Certificates) > 0 || c.GetCertificate != nil || c.GetConfigForClient != nil
}

// read reads the files; nothing changes until what it returns is called.
func (c *certificates) read() (install func(), err error) {
	var cert *tls.Certificate
	if c.o.CertFile != "" {
		pair, err := tls.LoadX509KeyPair(c.o.CertFile, c.o.KeyFile)
		if err != nil {
			return nil, fmt.Errorf("server: cert_file %s, key_file %s: %w", c.o.CertFile, c.o.KeyFile, err)
		}
		cert = &pair
	}
	pool, err := readCAs(c.o.ClientCAFile)
	if err != nil {
		return nil, err
	}
	return func() {
		if cert != nil {
			c.current.Store(cert)
		}
		if pool != nil {
			c.withCAs.Store(c.handshake(pool))
		}
	}, nil
}

func readCAs(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("server: client_ca_file: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("server: client_ca_file %s has no certificate", file)
	}
	return pool, nil
}

// handshake is the configuration for one, with the authorities as they are now.
func (c *certificates) handshake(pool *x509.CertPool) *tls.Config {
	config := c.config.Clone()
	config.GetConfigForClient = nil
	config.ClientCAs = pool
	return config
}
