// Command jsonrpc is a JSON-RPC 2.0 service over POST: plain functions with typed
// parameters, put into a registry that is an app. It is WebOb's tutorial of a JSON-RPC
// server, with batches, notifications, parameters by name and by position, error
// codes and limits.
//
//	go run ./examples/jsonrpc
//	curl --json '{"jsonrpc":"2.0","id":1,"method":"subtract","params":[42,23]}' localhost:8080/rpc
//	curl --json '{"jsonrpc":"2.0","id":2,"method":"subtract","params":{"subtrahend":23,"minuend":42}}' localhost:8080/rpc
//	curl --json '{"jsonrpc":"2.0","id":3,"method":"divide","params":[1,0]}' localhost:8080/rpc
//	curl -i --json '{"jsonrpc":"2.0","method":"note","params":["milk"]}' localhost:8080/rpc          # a notification
//	curl --json '[{"jsonrpc":"2.0","method":"note","params":["eggs"]},
//	              {"jsonrpc":"2.0","id":4,"method":"notes"}]' localhost:8080/rpc                      # a batch
//	curl -i localhost:8080/rpc                                                                       # 405
//	curl -i -d '{}' localhost:8080/rpc                                                               # 415
//
// The files, in the order of reading:
//
//	main.go      the functions, and the registry of them
//	server.go    the registry as an app: what HTTP asks of it
//	call.go      one call: what JSON-RPC asks of it
//	method.go    a typed function made into a method
package main

import (
	"flag"
	"log"
	"math"
	"net/http"
	"sync"
	"time"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/webob"
)

// pair are the parameters of subtract. They can be sent by name or, in this order, by
// position.
type pair struct {
	Minuend    float64 `json:"minuend"`
	Subtrahend float64 `json:"subtrahend"`
}

func subtract(_ *webob.Request, in pair) (float64, error) { return in.Minuend - in.Subtrahend, nil }

// fraction has a parameter that may be left out.
type fraction struct {
	Dividend float64 `json:"dividend"`
	Divisor  float64 `json:"divisor"`
	Digits   *int    `json:"digits,omitempty"` // behind the point
}

// divisionByZero is an error of this service; its code is one that JSON-RPC leaves free.
var divisionByZero = &Error{Code: 1, Message: "Division by zero"}

func divide(_ *webob.Request, in fraction) (float64, error) {
	if in.Divisor == 0 {
		return 0, divisionByZero
	}
	quotient := in.Dividend / in.Divisor
	switch d := in.Digits; {
	case d == nil:
		return quotient, nil
	case *d < 0 || *d > 15:
		return 0, InvalidParams.With("digits are 0 to 15")
	default:
		unit := math.Pow10(*d)
		return math.Round(quotient*unit) / unit, nil
	}
}

// sum takes as many parameters as there are: a slice is read by position only.
func sum(_ *webob.Request, in []float64) (total float64, err error) {
	for _, n := range in {
		total += n
	}
	return total, nil
}

// board keeps notes. Methods of a value are functions too.
type board struct {
	mu    sync.Mutex
	notes []string
}

// maxNotes and maxNote bound what strangers can store here.
const (
	maxNotes = 100
	maxNote  = 200 // bytes
)

// note is what a client writes down; mostly as a notification, which has no answer.
type note struct {
	Text string `json:"text"`
}

func (b *board) add(_ *webob.Request, in note) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case len(in.Text) > maxNote:
		return 0, InvalidParams.With("a note has at most %d bytes", maxNote)
	case len(b.notes) == maxNotes:
		return 0, &Error{Code: 2, Message: "The board is full"}
	}
	b.notes = append(b.notes, in.Text)
	return len(b.notes), nil
}

func (b *board) list(*webob.Request, struct{}) ([]string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]string{}, b.notes...), nil
}

// newApp is the registry on a mux. Method is generic: the compiler sees to it that a
// function fits, and the registry reads its parameters off its type.
func newApp() http.Handler {
	notes := new(board)
	server := NewServer(
		Method("subtract", subtract),
		Method("divide", divide),
		Method("sum", sum),
		Method("note", notes.add),
		Method("notes", notes.list),
	)
	mux := http.NewServeMux()
	mux.Handle("/rpc", dec.Wsgify(server.Answer))
	return mux
}

func main() {
	addr := flag.String("addr", "localhost:8080", "address to listen on")
	flag.Parse()
	server := &http.Server{
		Addr: *addr, Handler: newApp(), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, WriteTimeout: time.Minute,
	}
	log.Printf("listening on http://%s/rpc", *addr)
	log.Fatal(server.ListenAndServe())
}
