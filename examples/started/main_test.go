package main

import (
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/server"
	"github.com/gowebob/gowebob/webob"
)

// client keeps no connections: a server that stops keeps idle ones for two seconds.
var client = http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	resp, err := client.Get(url)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, string(body)
}

// The function can still be called as one, and asked as an app.
func TestFunction(t *testing.T) {
	text, err := sayHello(nil)
	require.NoError(t, err)
	answered, err := dec.Wsgify(sayHello).Get("/").Text()
	require.NoError(t, err)
	assert.Equal(t, text, answered)
}

func TestStartedServer(t *testing.T) {
	s, err := start("hello.ini", "127.0.0.1:0")
	require.NoError(t, err)
	defer s.Stop(context.Background())
	base := "http://" + s.Addrs()[0].String()

	rows := []struct {
		name, path string
		status     int
		body       string
	}{
		{"the function", "/function", 200, "Hello, World!\n"},
		{"the object has the greeting of the file", "/object", 200, "Good day, World!\n"},
		{"and its names", "/object?name=Ada", 200, "Good day, Ada!\n"},
		{"an error it returns", "/object?name=Eve", 404, "Nobody here is called Eve."},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			status, body := get(t, base+row.path)
			assert.Equal(t, row.status, status)
			assert.Contains(t, body, row.body)
		})
	}
}

// The app is a Reloader: Reload reads the file anew, and a bad one changes nothing.
func TestReload(t *testing.T) {
	text, err := os.ReadFile("hello.ini")
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "hello.ini")
	write := func(greeting string) {
		t.Helper()
		changed := strings.Replace(string(text), "greeting = Good day", greeting, 1)
		require.NoError(t, os.WriteFile(file, []byte(changed), 0o666))
	}
	write("greeting = Good day")
	s, err := start(file, "127.0.0.1:0")
	require.NoError(t, err)
	defer s.Stop(context.Background())
	url := "http://" + s.Addrs()[0].String() + "/object"

	write("greeting = Good night")
	require.NoError(t, s.Reload())
	_, body := get(t, url)
	assert.Equal(t, "Good night, World!\n", body)

	write("greting = Good night")
	assert.ErrorContains(t, s.Reload(), "did you mean greeting?")
	_, body = get(t, url)
	assert.Equal(t, "Good night, World!\n", body)
}

// A request that is under way when the server is told to stop has its answer.
func TestStopLetsRequestsFinish(t *testing.T) {
	begun, goOn := make(chan struct{}), make(chan struct{})
	slow := dec.Wsgify(func(*webob.Request) (string, error) {
		close(begun)
		<-goOn
		return "at last\n", nil
	})
	s, err := server.New(slow, server.Options{Listen: []string{"127.0.0.1:0"}})
	require.NoError(t, err)
	require.NoError(t, s.Start())
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- wait(ctx, s) }()

	answered := make(chan string, 1)
	go func() {
		_, body := get(t, "http://"+s.Addrs()[0].String())
		answered <- body
	}()
	<-begun
	stop()
	require.Eventually(t, func() bool { return !s.Serving() }, 5*time.Second, time.Millisecond)
	close(goOn)
	assert.Equal(t, "at last\n", <-answered)
	assert.NoError(t, <-ended)
}
