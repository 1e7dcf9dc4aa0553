package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strings"
)

// plain turns any value into what encoding/json reads back of it.
func plain(v any) any {
	return mustDecode([]byte(jsonText(v)))
}

// jsonText writes a value without escaping <, > and &.
func jsonText(v any) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(fmt.Sprintf("conformance: answer is no JSON: %v", err))
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func mustDecode(raw []byte) any {
	v, err := decodeJSON(raw)
	if err != nil {
		panic(fmt.Sprintf("conformance: %v in %q", err, raw))
	}
	return v
}

// decodeJSON reads one JSON value, with nothing after it.
func decodeJSON(raw []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, fmt.Errorf("text after the JSON value")
	}
	return v, nil
}

// equalAnswers compares our answer and the one wanted after folding.
func (f Family) equalAnswers(q Question, a, b Answer) bool {
	if a.Refused || b.Refused {
		return a.Refused == b.Refused
	}
	if f.Meet != nil {
		a.Value = f.Meet(a.Value, b.Value)
	}
	if f.Fold == nil {
		return equalJSON(a.Value, b.Value)
	}
	return equalJSON(f.Fold(q, a.Value), f.Fold(q, b.Value))
}

// equalJSON compares decoded JSON by value. Refused steps are equal whatever
// their class.
func equalJSON(a, b any) bool {
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		return ok && (isRefusal(a) && isRefusal(b) || equalMaps(a, b))
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, equalJSON)
	case json.Number:
		b, ok := b.(json.Number)
		return ok && equalNumbers(a, b)
	}
	switch b.(type) {
	case map[string]any, []any:
		return false // not comparable by ==
	}
	return a == b
}

func equalMaps(a, b map[string]any) bool {
	if len(a) != len(b) {
		return false
	}
	for k, v := range a {
		w, ok := b[k]
		if !ok || !equalJSON(v, w) {
			return false
		}
	}
	return true
}

func equalNumbers(a, b json.Number) bool {
	if a == b {
		return true
	}
	const most = 400 // digits or exponents beyond are compared as text
	if len(a) > most || len(b) > most {
		return false
	}
	x, okX := new(big.Float).SetPrec(2048).SetString(a.String())
	y, okY := new(big.Float).SetPrec(2048).SetString(b.String())
	return okX && okY && x.Cmp(y) == 0
}

// isRefusal tells {"err": "Name"}, the form of a refused step.
func isRefusal(v map[string]any) bool {
	_, ok := v["err"].(string)
	return ok && len(v) == 1
}
