package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"time"

	"github.com/gowebob/gowebob/webob/header"
)

// The header families have a notation of their own for typed values: moments,
// days and spans are objects with one member.

// typedMoment writes a moment the way answers have it.
func typedMoment(t time.Time) any {
	return map[string]any{"$datetime": t.UTC().Format("2006-01-02T15:04:05Z")}
}

var errNoDate = errors.New("not a date, a number or text")

// typedNow reads the moment at which a question is asked.
func typedNow(now string) time.Time {
	t, err := time.Parse(time.RFC3339, now)
	if err != nil {
		panic(err)
	}
	return t
}

// typedTime gives the moment that {"$datetime"}, {"$naive"}, {"$date"} and
// {"$timedelta"} stand for; ok is false for anything else.
func typedTime(v any, now string) (t time.Time, ok bool) {
	object, _ := v.(map[string]any)
	if len(object) != 1 {
		return t, false
	}
	for name, arg := range object {
		switch name {
		case "$datetime":
			return typedParse(time.RFC3339, arg), true
		case "$naive":
			return typedParse("2006-01-02T15:04:05", arg), true
		case "$date":
			return typedParse("2006-01-02", arg), true
		case "$timedelta":
			return typedNow(now).Add(typedSpan(arg)), true
		}
	}
	return t, false
}

func typedParse(layout string, v any) time.Time {
	t, err := time.Parse(layout, v.(string))
	if err != nil {
		panic(err)
	}
	return t
}

func typedSpan(v any) time.Duration { return time.Duration(number(v) * float64(time.Second)) }

// typedUnix is a number of seconds since 1970 as a moment.
func typedUnix(n json.Number) time.Time { return time.Unix(typedWhole(n), 0) }

// typedWhole is a number without its fraction.
func typedWhole(n json.Number) int64 {
	if whole, err := n.Int64(); err == nil {
		return whole
	}
	return int64(math.Trunc(number(n)))
}

// typedText is any value as text, as Python's str has it for numbers.
func typedText(v any) string {
	if s, ok := v.(string); ok {
		return Raw(s)
	}
	return fmt.Sprint(v)
}

// typedField makes a header of one field, or of none.
func typedField(name string, value *string) http.Header {
	h := http.Header{}
	if value != nil {
		h[http.CanonicalHeaderKey(name)] = []string{Raw(*value)}
	}
	return h
}

// typedRaw is the raw value of a field, null where there is none.
func typedRaw(h header.Map, name string) any {
	if vals := h.Values(name); len(vals) > 0 {
		return Latin(vals[0])
	}
	return nil
}
