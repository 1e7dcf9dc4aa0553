package conformance

import (
	"bytes"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/gowebob/gowebob/webob"
	"github.com/gowebob/gowebob/webob/client"
)

// Client asks package client, and for each question a server of its own.
func (adapters) Client() Family {
	return Family{
		Name:  "client",
		Done:  true,
		Ops:   map[string]Op{"client.send": Ask(clientSend)},
		Fold:  clientFold,
		Rules: clientRules(),
	}
}

type clientIn struct {
	Request struct {
		Path    string
		Method  string
		Headers [][2]string
		Body    *string
		Environ map[string]any
		Without []string
	}
	Server struct {
		Reply  *string
		Silent bool
		Fails  string
	}
	Timeout *json.Number
}

func clientSend(in clientIn) (any, error) {
	server := &clientServer{port: "9"}
	o := client.Options{Timeout: 5 * time.Second}
	if in.Server.Fails != "" {
		o.Transport = clientFailing(in.Server.Fails)
	} else {
		server.start(in.Server.Reply)
		defer server.stop()
	}
	req, err := in.request(server.port)
	if err != nil {
		return nil, err
	}
	if in.Timeout != nil {
		client.Timeout.Set(req, time.Duration(number(*in.Timeout)*float64(time.Second)))
	}
	app := client.NewSender(o)
	defer app.Close()
	defer req.Release()
	resp := req.GetResponse(app)
	if errors.Is(resp.Err(), client.ErrRequest) {
		return nil, resp.Err()
	}
	status := strconv.Itoa(resp.Status())
	headers := [][2]string{}
	h := resp.HTTPHeader() // before the body is gathered, which gives it a length
	body, err := resp.Bytes()
	if err != nil {
		return nil, err
	}
	if req.Method == http.MethodHead {
		body = nil // as it would be sent
	}
	for _, name := range SortedKeys(h) {
		for _, v := range h[name] {
			headers = append(headers, [2]string{name, Latin(v)})
		}
	}
	return map[string]any{"status": status, "headers": headers, "body": Latin(body), "seen": server.shown()}, nil
}

// request says aloud what WebOb's blank request has in its environ.
func (in clientIn) request(port string) (*webob.Request, error) {
	req, err := webob.NewBlank(in.Request.Path, webob.WithBaseURL("http://127.0.0.1:"+port),
		webob.WithEnviron("SERVER_NAME", "127.0.0.1"), webob.WithEnviron("SERVER_PORT", port))
	if err != nil {
		return nil, err
	}
	if in.Request.Method != "" {
		req.Method = in.Request.Method
	}
	if in.Request.Body != nil {
		req.SetBytes([]byte(Raw(*in.Request.Body)))
	}
	for _, h := range in.Request.Headers {
		if value := Raw(strings.ReplaceAll(h[1], "PORT", port)); strings.EqualFold(h[0], "Host") {
			req.Host = value
		} else {
			req.Header.Set(h[0], value)
		}
	}
	for _, key := range SortedKeys(in.Request.Environ) {
		v := requestUrlsValue(in.Request.Environ[key])
		err := req.Environ().Set(key, v)
		if field, ok := webob.HeaderName(key); ok && err != nil {
			req.Header.Set(field, v.(string)) // also what no client could send
			err = nil
		}
		if err != nil {
			return nil, err
		}
	}
	for _, key := range in.Request.Without {
		req.Environ().Delete(key)
	}
	return req, nil
}

// clientFailing is a network that fails in a given way.
type clientFailing string

func (f clientFailing) RoundTrip(*http.Request) (*http.Response, error) {
	errs := map[clientFailing]error{
		"timeout":      os.ErrDeadlineExceeded,
		"refused":      syscall.ECONNREFUSED,
		"unknown_host": &net.DNSError{Err: "no such host", Name: "127.0.0.1", IsNotFound: true},
		"reset":        syscall.ECONNRESET,
		"unreachable":  syscall.ENETUNREACH,
	}
	if errs[f] == nil {
		panic("unknown failure " + f)
	}
	return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errs[f]}
}

// clientServer takes one request, answers with given bytes or not at all, and
// closes.
type clientServer struct {
	listener net.Listener
	port     string
	seen     bytes.Buffer
	quit     chan struct{}
	done     chan struct{}
	stopping sync.Once
}

func (s *clientServer) start(reply *string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	staticMust(err)
	s.listener, s.quit, s.done = listener, make(chan struct{}), make(chan struct{})
	_, s.port, err = net.SplitHostPort(listener.Addr().String())
	staticMust(err)
	go s.serve(reply)
}

func (s *clientServer) serve(reply *string) {
	defer close(s.done)
	conn, err := s.listener.Accept()
	if err != nil {
		return
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(5 * time.Second))
	buf := make([]byte, 64<<10)
	for !s.complete() {
		n, err := conn.Read(buf)
		s.seen.Write(buf[:n])
		if err != nil {
			break
		}
	}
	if reply == nil {
		<-s.quit
		return
	}
	conn.Write([]byte(Raw(*reply)))
}

func (s *clientServer) complete() bool {
	head, body, ok := strings.Cut(s.seen.String(), "\r\n\r\n")
	if !ok {
		return false
	}
	for line := range strings.SplitSeq(head, "\r\n") {
		if name, value, _ := strings.Cut(line, ": "); strings.EqualFold(name, "Content-Length") {
			n, err := strconv.Atoi(value)
			staticMust(err)
			return len(body) >= n
		}
	}
	return true
}

func (s *clientServer) stop() {
	s.stopping.Do(func() {
		close(s.quit)
		s.listener.Close()
		<-s.done
	})
}

// shown is what the server has seen, or nil. The exchange is over.
func (s *clientServer) shown() any {
	if s.listener == nil {
		return nil
	}
	s.stop() // it may still be reading, after a client that would not wait
	if s.seen.Len() == 0 {
		return nil
	}
	head, body, _ := strings.Cut(s.seen.String(), "\r\n\r\n")
	lines := strings.Split(strings.ReplaceAll(Latin(head), s.port, "PORT"), "\r\n")
	headers := [][2]string{}
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ": ")
		headers = append(headers, [2]string{name, value})
	}
	slices.SortFunc(headers, func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	return map[string]any{"line": lines[0], "headers": headers, "body": Latin(body)}
}

// clientFold takes out the fields that any client adds or leaves out as it likes, and
// the white space of error pages.
func clientFold(q Question, answer any) any {
	answer = Edit(answer, "seen", func(seen any) any {
		seen = Edit(seen, "line", func(line any) any { return staticEscape.ReplaceAllStringFunc(line.(string), strings.ToUpper) })
		return Edit(seen, "headers", func(h any) any {
			list, _ := FoldHeaders(h).([]any)
			return slices.DeleteFunc(list, func(item any) bool {
				name, value, _ := pair(item)
				return name == "connection" || name == "accept-encoding" && value == "identity" ||
					name == "content-length" && value == "0"
			})
		})
	})
	object, ok := answer.(map[string]any)
	if !ok {
		return answer
	}
	code, _, _ := strings.Cut(object["status"].(string), " ")
	answer = With(answer, "status", code)
	if code != "502" && code != "504" {
		return With(answer, "headers", FoldHeaders(object["headers"]))
	}
	answer = excFold(q, answer)
	return Edit(Edit(answer, "headers", func(h any) any { return DropHeader(h, "Content-Length") }), "body", func(b any) any {
		if s, ok := b.(string); ok {
			return FoldSpace(s)
		}
		return b
	})
}
