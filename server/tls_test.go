package server_test

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/gowebob/gowebob/server"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// certificate is one for 127.0.0.1, signed by itself, in files.
type certificate struct {
	cert, key string
	pool      *x509.CertPool
	pair      tls.Certificate
}

func newCertificate(t *testing.T, dir, name string) certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	der, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	c := certificate{cert: filepath.Join(dir, "cert.pem"), key: filepath.Join(dir, "key.pem"), pool: x509.NewCertPool()}
	certPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert})
	keyPEM := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	c.pool.AppendCertsFromPEM(certPEM)
	require.NoError(t, os.WriteFile(c.cert, certPEM, 0o600))
	require.NoError(t, os.WriteFile(c.key, keyPEM, 0o600))
	c.pair, err = tls.X509KeyPair(certPEM, keyPEM)
	require.NoError(t, err)
	return c
}

// protocol tells how a request has come.
var protocol = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	name := "plain"
	if r.TLS != nil {
		name = fmt.Sprintf("%v %v", r.TLS.HandshakeComplete, len(r.TLS.PeerCertificates))
	}
	fmt.Fprintf(w, "%s %s", r.Proto, name)
})

func tlsClient(t *testing.T, config *tls.Config, h2 bool) *http.Client {
	transport := &http.Transport{TLSClientConfig: config, Protocols: &http.Protocols{}}
	transport.Protocols.SetHTTP1(!h2)
	transport.Protocols.SetHTTP2(h2)
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: 4 * time.Second}
}

func TestTLS(t *testing.T) {
	c := newCertificate(t, t.TempDir(), "one")
	for _, row := range []struct {
		name   string
		change func(*server.Options)
		config *tls.Config
		h2     bool
		want   string
	}{
		{"HTTP/1.1", func(*server.Options) {}, &tls.Config{}, false, "HTTP/1.1 true 0"},
		{"HTTP/2", func(*server.Options) {}, &tls.Config{}, true, "HTTP/2.0 true 0"},
		{"certificate in the code", func(o *server.Options) {
			o.CertFile, o.KeyFile = "", ""
			o.TLS = &tls.Config{Certificates: []tls.Certificate{c.pair}}
		}, &tls.Config{}, true, "HTTP/2.0 true 0"},
		{"certificate of the client", func(o *server.Options) { o.ClientCAFile = c.cert },
			&tls.Config{Certificates: []tls.Certificate{c.pair}}, true, "HTTP/2.0 true 1"},
		{"no certificate of the client", func(o *server.Options) { o.ClientCAFile = c.cert },
			&tls.Config{}, false, "error"},
		{"HTTP/2 switched off", func(o *server.Options) { o.NoHTTP2 = true }, &tls.Config{}, true, "error"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			o := server.Options{CertFile: c.cert, KeyFile: c.key}
			row.change(&o)
			s := serve(t, protocol, o)
			row.config.RootCAs = c.pool
			client := tlsClient(t, row.config, row.h2)
			for range 2 {
				g, err := get(client, "https://"+addrOf(s))
				if row.want == "error" {
					assert.Error(t, err)
					return
				}
				require.NoError(t, err)
				assert.Equal(t, row.want, g.text)
			}
		})
	}
}

func TestTLSIsToldFromPlainRequests(t *testing.T) {
	c := newCertificate(t, t.TempDir(), "one")
	s := serve(t, protocol, server.Options{CertFile: c.cert, KeyFile: c.key})
	conn := dial(t, addrOf(s))
	resp, body := exchange(t, conn, bufio.NewReader(conn), plainGet)
	assert.Equal(t, 400, resp.StatusCode)
	assert.Contains(t, body, "HTTPS")
	conn = dial(t, addrOf(s))
	io.WriteString(conn, "\x00\x01\x02garbage that is no TLS")
	_, err := io.Copy(io.Discard, conn)
	assert.NoError(t, err, "closed")
}

func TestPlainListenerKnowsNoHTTP2UnlessTold(t *testing.T) {
	transport := &http.Transport{Protocols: &http.Protocols{}}
	transport.Protocols.SetUnencryptedHTTP2(true)
	t.Cleanup(transport.CloseIdleConnections)
	client := &http.Client{Transport: transport, Timeout: 3 * time.Second}
	_, err := get(client, "http://"+addrOf(serve(t, protocol, server.Options{})))
	assert.Error(t, err)
	g, err := get(client, "http://"+addrOf(serve(t, protocol, server.Options{H2C: true})))
	require.NoError(t, err)
	assert.Equal(t, "HTTP/2.0 plain", g.text)
}

func TestReloadReadsCertificates(t *testing.T) {
	dir := t.TempDir()
	first := newCertificate(t, dir, "one")
	s := serve(t, text("x"), server.Options{CertFile: first.cert, KeyFile: first.key, ClientCAFile: first.cert})
	old := tlsClient(t, &tls.Config{RootCAs: first.pool, Certificates: []tls.Certificate{first.pair}}, false)
	_, err := get(old, "https://"+addrOf(s))
	require.NoError(t, err)

	require.NoError(t, os.WriteFile(first.cert, []byte("garbage"), 0o600))
	assert.ErrorContains(t, s.Reload(), "cert_file "+first.cert)
	again := tlsClient(t, &tls.Config{RootCAs: first.pool, Certificates: []tls.Certificate{first.pair}}, false)
	_, err = get(again, "https://"+addrOf(s))
	require.NoError(t, err, "what is broken is not taken")

	second := newCertificate(t, dir, "two")
	require.NoError(t, s.Reload())
	_, err = get(old, "https://"+addrOf(s))
	require.NoError(t, err, "a connection that is there stays")
	fresh := tlsClient(t, &tls.Config{RootCAs: second.pool, Certificates: []tls.Certificate{second.pair}}, false)
	_, err = get(fresh, "https://"+addrOf(s))
	require.NoError(t, err, "the new certificate, and the new authority")
	outdated := tlsClient(t, &tls.Config{RootCAs: second.pool, Certificates: []tls.Certificate{first.pair}}, false)
	_, err = get(outdated, "https://"+addrOf(s))
	assert.Error(t, err, "the old authority is no more")
}

// Over HTTP/2 a stop loses nothing: not the streams under way, not those that begin
// before the client has heard of it, even if it could not send them again.
func TestStopOverHTTP2(t *testing.T) {
	c := newCertificate(t, t.TempDir(), "one")
	s := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, _ := io.Copy(io.Discard, r.Body)
		if r.URL.Path == "/slow" {
			time.Sleep(500 * time.Millisecond)
		}
		fmt.Fprint(w, n)
	}), server.Options{CertFile: c.cert, KeyFile: c.key, IdleGrace: 300 * time.Millisecond})
	client := tlsClient(t, &tls.Config{RootCAs: c.pool}, true)
	url := "https://" + addrOf(s)
	_, err := get(client, url)
	require.NoError(t, err)
	slow := make(chan error, 1)
	go func() {
		_, err := get(client, url+"/slow")
		slow <- err
	}()
	time.Sleep(50 * time.Millisecond)
	ended := make(chan error, 1)
	go func() { // has no rest, and nothing that could be sent twice
		for {
			resp, err := client.Post(url, "text/plain", io.LimitReader(rand.Reader, 100))
			if err != nil {
				ended <- err
				return
			}
			io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		}
	}()
	time.Sleep(50 * time.Millisecond)
	result := make(chan error, 1)
	go func() { result <- s.Stop(t.Context()) }()
	assert.ErrorContains(t, within(t, ended), "connection refused", "the client wants a new connection, and there is none")
	assert.NoError(t, within(t, slow))
	assert.NoError(t, within(t, result))
}

func TestStopClosesIdleHTTP2(t *testing.T) {
	c := newCertificate(t, t.TempDir(), "one")
	s := serve(t, protocol, server.Options{CertFile: c.cert, KeyFile: c.key, IdleGrace: 100 * time.Millisecond})
	client := tlsClient(t, &tls.Config{RootCAs: c.pool}, true)
	_, err := get(client, "https://"+addrOf(s))
	require.NoError(t, err)
	begin := time.Now()
	require.NoError(t, s.Stop(t.Context()))
	assert.Less(t, time.Since(begin), 3*time.Second)
}
