package webob

import (
	"fmt"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Each piece has to arrive while the next is not there yet.
func TestLiveBodyArrivesPieceByPiece(t *testing.T) {
	r, w := io.Pipe()
	srv := httptest.NewServer(informing(func(*Request) *Response {
		p := NewResponse(200)
		p.SetLiveBody(r)
		return p
	}))
	defer srv.Close()
	go io.WriteString(w, "one")
	resp, err := srv.Client().Get(srv.URL)
	require.NoError(t, err)
	defer resp.Body.Close()
	buf := make([]byte, 16)
	n, err := resp.Body.Read(buf)
	require.NoError(t, err)
	assert.Equal(t, "one", string(buf[:n]))
	go func() {
		io.WriteString(w, "two")
		w.Close()
	}()
	rest, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	assert.Equal(t, "two", string(rest))
}

func TestLiveBodyCutIsNeverWhole(t *testing.T) {
	srv := httptest.NewServer(informing(func(*Request) *Response {
		p := NewResponse(200)
		p.SetLiveBody(io.MultiReader(strings.NewReader("half"), iotest.ErrReader(io.ErrUnexpectedEOF)))
		return p
	}))
	defer srv.Close()
	resp, err := srv.Client().Get(srv.URL)
	require.NoError(t, err)
	defer resp.Body.Close()
	_, err = io.ReadAll(resp.Body)
	assert.Error(t, err)
}

func ExampleResponse_SetLiveBody() {
	p := NewResponse(200)
	p.Header().Set("Content-Type", "text/event-stream")
	p.SetLiveBody(strings.NewReader("data: 1\n\n"))
	text, err := p.Text()
	fmt.Printf("%q %v\n", text, err)
	// Output: "data: 1\n\n" <nil>
}
