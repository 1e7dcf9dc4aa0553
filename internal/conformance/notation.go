package conformance

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"
)

// Latin writes bytes as the vectors do: each character one byte.
func Latin[T string | []byte](b T) string {
	runes := make([]rune, len(b))
	for i := range len(b) {
		runes[i] = rune(b[i])
	}
	return string(runes)
}

// LatinBytes is the way back. A character above U+00FF is an error: no request
// can hold it.
func LatinBytes(s string) ([]byte, error) {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		if r > 0xff {
			return nil, fmt.Errorf("%q is no latin-1 text", s)
		}
		b = append(b, byte(r))
	}
	return b, nil
}

// Raw is latin-1 text of a question as the bytes it stands for, in a string. It
// panics where LatinBytes fails: for questions that are latin-1 by definition.
func Raw(s string) string {
	b, err := LatinBytes(s)
	if err != nil {
		panic("conformance: " + err.Error())
	}
	return string(b)
}

// Tuple is the decoded {"$tuple": [...]}.
type Tuple []any

// Value decodes the notation inside a decoded JSON value: {"$bytes"} becomes
// []byte, {"$date"} a time.Time in UTC, {"$delta"} a time.Duration, {"$tuple"} a
// Tuple, {"$float"} a float64. Other objects and lists are decoded inside.
func Value(v any) any {
	switch v := v.(type) {
	case []any:
		return mapSlice(v, Value)
	case map[string]any:
		if decoded, ok := marked(v); ok {
			return decoded
		}
		object := make(map[string]any, len(v))
		for k, item := range v {
			object[k] = Value(item)
		}
		return object
	}
	return v
}

func marked(v map[string]any) (any, bool) {
	if len(v) != 1 {
		return nil, false
	}
	for name, arg := range v {
		switch name {
		case "$bytes":
			return []byte(Raw(arg.(string))), true
		case "$date":
			seconds := number(arg)
			whole := math.Floor(seconds)
			return time.Unix(int64(whole), int64((seconds-whole)*1e9)).UTC(), true
		case "$delta":
			return time.Duration(number(arg) * float64(time.Second)), true
		case "$tuple":
			return Tuple(mapSlice(arg.([]any), Value)), true
		case "$float":
			return map[string]any{"nan": math.NaN(), "inf": math.Inf(1), "-inf": math.Inf(-1)}[arg.(string)], true
		}
	}
	return nil, false
}

func number(v any) float64 {
	f, err := v.(json.Number).Float64()
	if err != nil {
		panic(fmt.Sprintf("conformance: %v", err))
	}
	return f
}

func mapSlice(list []any, f func(any) any) []any {
	mapped := make([]any, len(list))
	for i, item := range list {
		mapped[i] = f(item)
	}
	return mapped
}

// Notation writes a Go value in the notation, the way back of Value.
func Notation(v any) any {
	switch v := v.(type) {
	case []byte:
		return map[string]any{"$bytes": Latin(v)}
	case time.Time:
		return map[string]any{"$date": v.Unix()}
	case time.Duration:
		return map[string]any{"$delta": int64(v / time.Second)}
	case float64:
		switch {
		case math.IsNaN(v):
			return map[string]any{"$float": "nan"}
		case math.IsInf(v, 1):
			return map[string]any{"$float": "inf"}
		case math.IsInf(v, -1):
			return map[string]any{"$float": "-inf"}
		}
	case []any:
		return mapSlice(v, Notation)
	}
	return v
}

// Refusal is how a refused step or attribute stands inside an answer.
func Refusal(err error) map[string]any { return map[string]any{"err": fmt.Sprintf("%T", err)} }

// Step is the value, or the refusal, of one step of a script.
func Step(v any, err error) any {
	if err != nil {
		return Refusal(err)
	}
	return v
}

// SortedKeys are an object's members in the order in which they are meant.
func SortedKeys[V any](object map[string]V) []string { return slices.Sorted(maps.Keys(object)) }
