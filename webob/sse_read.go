package webob

import (
	"bufio"
	"bytes"
	"io"
	"iter"
	"math"
	"strconv"
	"strings"
	"time"
)

// ReadEvents reads server-sent events as a browser does (WHATWG HTML, section 9.2.6):
// for a client, a test, or a filter that looks into a stream. Each Event has the last
// ID there was, as MessageEvent.lastEventId does, its Data without the last line end,
// and the Retry that was told since the one before. Comments and events without data
// are passed over, and so is one that the end cuts off.
//
// An event of more than limit bytes (0 or less: a MiB) ends with ErrTooLarge; the
// memory used is bounded by that. An error of r is given as it is.
func ReadEvents(r io.Reader, limit int) iter.Seq2[Event, error] {
	if limit <= 0 {
		limit = 1 << 20
	}
	return func(yield func(Event, error) bool) {
		in := &eventReader{r: bufio.NewReader(r), limit: limit}
		for {
			e, err := in.event()
			if err == io.EOF {
				return
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

type eventReader struct {
	r       *bufio.Reader
	started bool
	afterCR bool // an LF that comes next belongs to the line before
	line    []byte
	limit   int
	used    int // bytes of this event

	id    string
	retry time.Duration
}

// event reads up to the next event that a listener would see.
func (in *eventReader) event() (Event, error) {
	var name string
	var data []byte
	for {
		line, err := in.readLine()
		if err != nil {
			return Event{}, err
		}
		if len(line) > 0 {
			in.field(line, &name, &data)
			continue
		}
		in.used = 0
		if len(data) == 0 {
			name = ""
			continue
		}
		e := Event{ID: in.id, Name: name, Data: mendUTF8(string(data[:len(data)-1])), Retry: in.retry}
		in.retry = 0
		return e, nil
	}
}

// field takes a line into the event.
func (in *eventReader) field(line []byte, event *string, data *[]byte) {
	name, value, _ := bytes.Cut(line, []byte(":"))
	value = bytes.TrimPrefix(value, []byte(" "))
	switch string(name) {
	case "event":
		*event = mendUTF8(string(value))
	case "data":
		*data = append(append(*data, value...), '\n')
	case "id":
		if bytes.IndexByte(value, 0) < 0 {
			in.id = mendUTF8(string(value))
		}
	case "retry":
		if strings.Trim(string(value), "0123456789") != "" {
			return
		}
		if ms, err := strconv.ParseInt(string(value), 10, 64); err == nil && ms <= math.MaxInt64/int64(time.Millisecond) {
			in.retry = time.Duration(ms) * time.Millisecond
		}
	}
}

// readLine reads a line without its end, which may be CR LF, LF or CR; after a CR it
// does not wait for what comes next.
func (in *eventReader) readLine() ([]byte, error) {
	in.line = in.line[:0]
	for {
		if _, err := in.r.Peek(1); err != nil {
			return nil, err
		}
		piece, _ := in.r.Peek(in.r.Buffered())
		if in.afterCR {
			in.afterCR = false
			if piece[0] == '\n' {
				in.r.Discard(1)
				continue
			}
		}
		end := bytes.IndexAny(piece, "\r\n")
		taken := end + 1
		if end < 0 {
			end, taken = len(piece), len(piece)
		}
		if in.used += taken; in.used > in.limit {
			return nil, ErrTooLarge
		}
		in.line = append(in.line, piece[:end]...)
		in.afterCR = taken > end && piece[end] == '\r'
		in.r.Discard(taken)
		if taken > end {
			return in.firstLine(), nil
		}
	}
}

// firstLine takes the byte order mark off the beginning of the stream.
func (in *eventReader) firstLine() []byte {
	if in.started {
		return in.line
	}
	in.started = true
	return bytes.TrimPrefix(in.line, []byte("\ufeff"))
}
