package main

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/gowebob/gowebob/server"
)

// target is the server under load, as another process.
type target struct {
	cmd   *exec.Cmd
	file  string
	base  string
	certs *tls.Config
	ended chan struct{}

	mu    sync.Mutex
	lines []string
	more  chan struct{} // closed and made anew with each line
}

var listening = regexp.MustCompile(`msg=(?:serving|listening) address=(\S+)`)

const startTimeout = 10 * time.Second

// startTarget starts this program again as the server; dir is for its files.
func startTarget(dir string, s settings) (*target, error) {
	t := &target{file: filepath.Join(dir, "app.ini"), ended: make(chan struct{}), more: make(chan struct{}), certs: &tls.Config{}}
	o := server.Options{
		Listen: []string{"127.0.0.1:0"}, Workers: s.workers, H2C: s.http == "h2c",
		IdleGrace: s.idleGrace, DrainTimeout: 10 * time.Second,
	}
	if s.http == "h2" || s.http == "tls" {
		if err := t.makeCertificate(dir, &o); err != nil {
			return nil, err
		}
	}
	if err := t.configure(configuration + "0"); err != nil {
		return nil, err
	}
	text, err := json.Marshal(serveSettings{File: t.file, Options: o})
	if err != nil {
		return nil, err
	}
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	t.cmd = exec.Command(exe)
	t.cmd.Env = append(os.Environ(), envServe+"="+string(text), "GORACE=atexit_sleep_ms=0")
	t.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // no interrupt from the terminal
	stderr, err := t.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := t.cmd.Start(); err != nil {
		return nil, err
	}
	go t.follow(bufio.NewScanner(stderr))
	if _, err := t.wait("msg=serving", 0, startTimeout); err != nil {
		t.cmd.Process.Kill()
		return nil, err
	}
	for _, line := range t.log() {
		if m := listening.FindStringSubmatch(line); m != nil {
			t.base = m[1]
			break
		}
	}
	return t, nil
}

func (t *target) follow(lines *bufio.Scanner) {
	for lines.Scan() {
		t.mu.Lock()
		t.lines = append(t.lines, lines.Text())
		close(t.more)
		t.more = make(chan struct{})
		t.mu.Unlock()
	}
	t.cmd.Wait()
	close(t.ended)
}

func (t *target) log() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.lines[:len(t.lines):len(t.lines)]
}

// wait waits until the log, from a line on, has a line with a text, and gives the
// number of the next one.
func (t *target) wait(text string, from int, limit time.Duration) (int, error) {
	timeout := time.After(limit)
	for {
		t.mu.Lock()
		more := t.more
		for i := from; i < len(t.lines); i++ {
			if strings.Contains(t.lines[i], text) {
				t.mu.Unlock()
				return i + 1, nil
			}
		}
		t.mu.Unlock()
		select {
		case <-more:
		case <-t.ended:
			return 0, fmt.Errorf("the server ended before it said %q:\n%s", text, strings.Join(t.log(), "\n"))
		case <-timeout:
			return 0, fmt.Errorf("the server did not say %q in %v:\n%s", text, limit, strings.Join(t.log(), "\n"))
		}
	}
}

func (t *target) configure(text string) error {
	if err := os.WriteFile(t.file+".new", []byte(text+"\n"), 0o600); err != nil {
		return err
	}
	return os.Rename(t.file+".new", t.file)
}

// reload has the server read its configuration, and waits for what it says of it.
func (t *target) reload(text, says string) error {
	if err := t.configure(text); err != nil {
		return err
	}
	from := len(t.log())
	if err := t.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		return err
	}
	_, err := t.wait(says, from, startTimeout)
	return err
}

var errNotEnded = errors.New("the server did not end in time")

// stop has the server stop gracefully.
func (t *target) stop() error {
	if err := t.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	select {
	case <-t.ended:
	case <-time.After(20 * time.Second):
		return errNotEnded
	}
	if code := t.cmd.ProcessState.ExitCode(); code != 0 {
		return fmt.Errorf("the server ended with status %d:\n%s", code, strings.Join(t.log(), "\n"))
	}
	return nil
}

// kill ends the server whatever has happened before.
func (t *target) kill() {
	syscall.Kill(-t.cmd.Process.Pid, syscall.SIGKILL)
	<-t.ended
}

// makeCertificate makes one for 127.0.0.1.
func (t *target) makeCertificate(dir string, o *server.Options) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "loadtest"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	o.CertFile, o.KeyFile = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	certPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert})
	t.certs.RootCAs = x509.NewCertPool()
	t.certs.RootCAs.AppendCertsFromPEM(certPEM)
	if err := os.WriteFile(o.CertFile, certPEM, 0o600); err != nil {
		return err
	}
	return os.WriteFile(o.KeyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600)
}
