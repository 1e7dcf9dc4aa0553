package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
)

// Op puts one question to the public API. An error means refused.
type Op func(in json.RawMessage) (any, error)

// Rule is a deliberate difference from the reference.
type Rule struct {
	Name   string // short, unique; as in docs/deviations.md
	Reason string // one or two full sentences
	House  bool   // holds for the whole library, also for vectors without a note

	// Applies is the predicate. It sees the question alone.
	Applies func(q Question) bool
	// Answer is what we answer instead, made from the question and the answer
	// wanted so far: the reference's, as changed by the rules before.
	Answer func(q Question, want Answer) Answer
}

// Family is a set of operations with their vectors.
type Family struct {
	Name  string
	Ops   map[string]Op
	Rules []Rule                           // in the order in which they are applied, house rules first
	Fold  func(q Question, answer any) any // takes out what does not count; may be nil
	Meet  func(got, want any) any          // gives want for what we said where that says no less; may be nil
	Done  bool                             // an open vector fails the test
}

// adapters has a method for each family that has an adapter. Methods are found
// by reflection, so that a family is added by adding its file.
type adapters struct{}

// familyNames are all families there are vectors of, in the order of the report.
var familyNames = []string{
	"accept", "accept_charset", "accept_encoding", "accept_language",
	"authorization", "byterange", "cachecontrol", "content_type", "cookies",
	"dates", "etag", "header_fields",
	"request_urls", "request_blank", "request_bytes", "request_body",
	"request_params", "multidict", "request_cookies", "request_conditional",
	"response_basic", "response_conditional", "exc", "dec", "static", "client",
	"deploy", "routes", "urlmap", "paste", "oslo",
}

// Families returns every family, those without an adapter with no operations.
func Families() []Family {
	made := map[string]Family{}
	v := reflect.ValueOf(adapters{})
	for i := range v.NumMethod() {
		f := v.Method(i).Interface().(func() Family)()
		if !slices.Contains(familyNames, f.Name) || made[f.Name].Name != "" {
			panic(fmt.Sprintf("conformance: family %q is unknown or defined twice", f.Name))
		}
		made[f.Name] = f
	}
	families := make([]Family, len(familyNames))
	for i, name := range familyNames {
		families[i] = made[name]
		families[i].Name = name
	}
	return families
}

// Ask makes an Op of a function that takes the question decoded. A member that
// the struct does not have panics: a question must not be half understood.
func Ask[In any](f func(in In) (any, error)) Op {
	return func(raw json.RawMessage) (any, error) {
		return f(decodeStrict[In](raw))
	}
}

// In decodes a question's input for a rule; members it does not ask for are
// passed over.
func In[T any](q Question) T {
	var in T
	dec := json.NewDecoder(bytes.NewReader(q.In))
	dec.UseNumber()
	if err := dec.Decode(&in); err != nil {
		panic(fmt.Sprintf("conformance: %s: %v", q.Op, err))
	}
	return in
}

func decodeStrict[T any](raw json.RawMessage) T {
	var in T
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	dec.DisallowUnknownFields()
	if err := dec.Decode(&in); err != nil {
		panic(fmt.Sprintf("conformance: question not understood: %v", err))
	}
	return in
}

// ForOps is a predicate that narrows another to some operations.
func ForOps(applies func(q Question) bool, ops ...string) func(q Question) bool {
	return func(q Question) bool { return slices.Contains(ops, q.Op) && applies(q) }
}
