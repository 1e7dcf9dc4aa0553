package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gowebob/gowebob/webob"
	"github.com/gowebob/gowebob/webob/header"
)

// Multidict asks webob.MultiDict, and header.List for the kind "headers".
func (adapters) Multidict() Family {
	return Family{
		Name: "multidict",
		Done: true,
		Ops: map[string]Op{
			"multidict.script": Ask(multidictScript),
			"multidict.masked": Ask(multidictMasked),
		},
		Fold: multidictFold,
		Rules: []Rule{
			multidictEquality, multidictExtend, multidictNoVarsCopy,
			multidictCleanHeaders, multidictSecrets,
		},
	}
}

type multidictIn struct {
	Kind   string            `json:"kind"`
	Items  []multidictPair   `json:"items"`
	Parts  [][]multidictPair `json:"parts"`
	Reason string            `json:"reason"`
	Steps  [][]any           `json:"steps"`
}

// multidictPair is a key with its value. Python's mappings hold any value; one
// that is no text goes in as its JSON behind a mark, and comes out the same way.
type multidictPair [2]string

const multidictMark = "\x00json:"

func (p *multidictPair) UnmarshalJSON(raw []byte) error {
	var list [2]any
	if err := json.Unmarshal(raw, &list); err != nil {
		return err
	}
	for i, v := range list {
		text, ok := v.(string)
		if !ok {
			text = multidictMark + jsonText(v)
		}
		p[i] = text
	}
	return nil
}

// multidictUnmark is the way back, for all texts inside an answer.
func multidictUnmark(v any) any {
	switch v := v.(type) {
	case string:
		if text, ok := strings.CutPrefix(v, multidictMark); ok {
			return mustDecode([]byte(text))
		}
	case []any:
		return mapSlice(v, multidictUnmark)
	case map[string]any:
		object := map[string]any{}
		for name, item := range v {
			object[name] = multidictUnmark(item)
		}
		return object
	}
	return v
}

// multidictSubject is what a script runs on.
type multidictSubject interface {
	step(name string, args []any) (any, error)
	items() [][]string
}

func multidictScript(in multidictIn) (any, error) {
	subject := multidictMake(in)
	results := make([]any, len(in.Steps))
	for i, step := range in.Steps {
		results[i] = Step(subject.step(step[0].(string), step[1:]))
	}
	return multidictUnmark(plain(map[string]any{"results": results, "items": subject.items()})), nil
}

func multidictMake(in multidictIn) multidictSubject {
	switch in.Kind {
	case "multi":
		return multidictDict{multidictOf(in.Items)}
	case "nested":
		parts := make([]*webob.MultiDict, len(in.Parts))
		for i, part := range in.Parts {
			parts[i] = multidictOf(part)
		}
		return multidictDict{webob.NestedMultiDict(parts...)}
	case "none":
		return multidictDict{webob.NoVars(in.Reason)}
	case "headers":
		l := new(header.List)
		for _, item := range in.Items {
			l.Add(Raw(item[0]), Raw(item[1]))
		}
		return &multidictList{l}
	}
	panic("unknown kind " + in.Kind)
}

func multidictOf(items []multidictPair) *webob.MultiDict {
	d := new(webob.MultiDict)
	for _, item := range items {
		d.Add(item[0], item[1])
	}
	return d
}

// multidictPairs is the decoded argument [[key, value], ...].
func multidictPairs(arg any) []multidictPair {
	var pairs []multidictPair
	for _, item := range arg.([]any) {
		key, value, ok := pair(item)
		if !ok {
			panic(fmt.Sprintf("no pair: %v", item))
		}
		pairs = append(pairs, multidictPair{key, value})
	}
	return pairs
}

var errMultidictNotOffered = errors.New("not offered")

type multidictDict struct{ *webob.MultiDict }

func (d multidictDict) items() [][]string {
	items := [][]string{}
	for key, value := range d.All() {
		items = append(items, []string{key, value})
	}
	return items
}

func (d multidictDict) step(name string, args []any) (any, error) {
	key, value := multidictStrings(args)
	if len(args) > 2 {
		return nil, errMultidictNotOffered // in Go it would not compile
	}
	switch name {
	case "get", "getitem":
		got, ok := d.Lookup(key)
		return multidictFound(name, got, ok)
	case "getone":
		return d.GetOne(key)
	case "getall":
		return append([]string{}, d.Values(key)...), nil
	case "has":
		return d.Has(key), nil
	case "len":
		return d.Len(), nil
	case "bool":
		return d.Len() > 0, nil
	case "keys":
		return d.Keys(), nil
	case "values":
		return multidictValues(d.items()), nil
	case "items":
		return d.items(), nil
	case "mixed":
		return d.Mixed(), nil
	case "dict_of_lists":
		return d.DictOfLists(), nil
	case "equals":
		return d.Equal(multidictOf(multidictPairs(args[0]))), nil
	case "copy":
		c := d.Clone()
		err := c.Add("copied", "1")
		return multidictDict{c}.items(), err
	case "set":
		return nil, d.Set(key, value)
	case "add":
		return nil, d.Add(key, value)
	case "del":
		return nil, d.Del(key)
	case "setdefault":
		return d.SetDefault(key, value)
	case "pop":
		if len(args) == 2 {
			return d.PopDefault(key, value)
		}
		return d.Pop(key)
	case "popitem":
		p, err := d.PopItem()
		return []string{p.Key, p.Value}, err
	case "clear":
		return nil, d.Clear()
	case "update":
		return nil, d.Update(multidictOf(multidictPairs(args[0])))
	case "extend":
		return nil, d.Extend(multidictOf(multidictPairs(args[0])))
	}
	panic("unknown step " + name)
}

// multidictStrings are the first two arguments where they are text.
func multidictStrings(args []any) (key, value string) {
	if len(args) > 0 {
		key, _ = args[0].(string)
	}
	if len(args) > 1 {
		value, _ = args[1].(string)
	}
	return key, value
}

// multidictFound answers get with null, getitem with a refusal when missing.
func multidictFound(name, value string, ok bool) (any, error) {
	switch {
	case ok:
		return value, nil
	case name == "get":
		return nil, nil
	}
	return nil, webob.ErrNoKey
}

func multidictValues(items [][]string) []string {
	values := []string{}
	for _, item := range items {
		values = append(values, item[1])
	}
	return values
}

// multidictList runs scripts on a header.List, which has http.Header's methods:
// the accessors WebOb has besides are put together from those.
type multidictList struct{ *header.List }

func (l *multidictList) items() [][]string {
	items := [][]string{}
	for name, value := range l.All() {
		items = append(items, []string{Latin(name), Latin(value)})
	}
	return items
}

func (l *multidictList) step(name string, args []any) (any, error) {
	key, value := multidictStrings(args)
	key, value = Raw(key), Raw(value)
	if len(args) > 2 {
		return nil, errMultidictNotOffered
	}
	values := mapStrings(l.Values(key), Latin)
	switch name {
	case "get", "getitem":
		if len(values) == 0 {
			return multidictFound(name, "", false)
		}
		return values[len(values)-1], nil
	case "getone":
		if len(values) != 1 {
			return nil, webob.ErrManyValues
		}
		return values[0], nil
	case "getall":
		return values, nil
	case "has":
		return l.Has(key), nil
	case "len":
		return l.Len(), nil
	case "bool":
		return l.Len() > 0, nil
	case "keys":
		keys := []string{}
		for name := range l.All() {
			keys = append(keys, Latin(name))
		}
		return keys, nil
	case "values":
		return multidictValues(l.items()), nil
	case "items":
		return l.items(), nil
	case "mixed":
		mixed := map[string]any{}
		for name, values := range l.HTTPHeader() {
			mixed[name] = mapStrings(values, Latin)
			if len(values) == 1 {
				mixed[name] = Latin(values[0])
			}
		}
		return mixed, nil
	case "dict_of_lists":
		lists := map[string]any{}
		for name, values := range l.HTTPHeader() {
			lists[name] = mapStrings(values, Latin)
		}
		return lists, nil
	case "equals":
		return nil, errMultidictNotOffered
	case "copy":
		c := l.Clone()
		c.Add("copied", "1")
		return (&multidictList{&c}).items(), c.Err()
	}
	return l.change(name, args, key, value, values)
}

func (l *multidictList) change(name string, args []any, key, value string, values []string) (any, error) {
	switch name {
	case "set":
		return nil, l.try(func(l *header.List) { l.Set(key, value) })
	case "add":
		return nil, l.try(func(l *header.List) { l.Add(key, value) })
	case "setdefault":
		if len(values) > 0 {
			return values[0], nil
		}
		return Latin(value), l.try(func(l *header.List) { l.Add(key, value) })
	case "del":
		if len(values) == 0 {
			return nil, webob.ErrNoKey
		}
		l.Del(key)
		return nil, nil
	case "pop":
		switch {
		case len(values) > 0:
			l.remove(1, func(name string) bool { return strings.EqualFold(name, key) })
			return values[0], nil
		case len(args) == 2:
			return Latin(value), nil
		}
		return nil, webob.ErrNoKey
	case "popitem":
		items := l.items()
		if len(items) == 0 {
			return nil, webob.ErrNoKey
		}
		l.remove(len(items), func(string) bool { return true })
		return items[len(items)-1], nil
	case "clear":
		l.Reset()
		return nil, nil
	case "update", "extend":
		return nil, l.try(func(l *header.List) {
			for _, p := range multidictPairs(args[0]) {
				if name == "update" {
					l.Set(Raw(p[0]), Raw(p[1]))
				} else {
					l.Add(Raw(p[0]), Raw(p[1]))
				}
			}
		})
	}
	panic("unknown step " + name)
}

// remove takes away the n-th field that matches.
func (l *multidictList) remove(n int, match func(name string) bool) {
	seen := 0
	l.DeleteFunc(func(name, _ string) bool {
		if match(name) {
			seen++
		}
		return seen == n && match(name)
	})
}

// try changes a list without an error of earlier steps, and keeps the change if
// the list has taken it.
func (l *multidictList) try(change func(*header.List)) error {
	changed := new(header.List)
	for name, value := range l.All() {
		changed.Add(name, value)
	}
	change(changed)
	if err := changed.Err(); err != nil {
		return err
	}
	l.List = changed
	return nil
}

func mapStrings(list []string, f func(string) string) []string {
	mapped := make([]string, len(list))
	for i, s := range list {
		mapped[i] = f(s)
	}
	return mapped
}

func multidictMasked(in struct {
	Items []multidictPair `json:"items"`
}) (any, error) {
	shown := [][]string{}
	for key, value := range multidictOf(in.Items).Masked() {
		shown = append(shown, []string{key, value})
	}
	return shown, nil
}

// multidictFold makes header names lower case wherever a script shows some, and
// takes out the order of different ones.
func multidictFold(q Question, answer any) any {
	if q.Op != "multidict.script" {
		return answer
	}
	in := In[multidictIn](q)
	if in.Kind != "headers" {
		return answer
	}
	answer = Edit(answer, "items", FoldHeaders)
	return Edit(answer, "results", func(v any) any {
		results := slices.Clone(v.([]any))
		for i, step := range in.Steps {
			switch step[0] {
			case "items", "copy":
				results[i] = FoldHeaders(results[i])
			case "keys", "values":
				results[i] = multidictSorted(results[i])
			case "popitem":
				results[i] = multidictLowerPair(results[i])
			case "mixed", "dict_of_lists":
				results[i] = multidictLowerNames(results[i])
			}
		}
		return results
	})
}

func multidictSorted(v any) any {
	lower, ok := EditAll(v, func(v any) any { return strings.ToLower(v.(string)) }).([]any)
	if !ok {
		return v
	}
	slices.SortFunc(lower, func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
	return lower
}

func multidictLowerPair(v any) any {
	if name, value, ok := pair(v); ok {
		return []any{strings.ToLower(name), value}
	}
	return v
}

func multidictLowerNames(v any) any {
	object, ok := v.(map[string]any)
	if !ok {
		return v
	}
	lower := map[string]any{}
	for name, value := range object {
		lower[strings.ToLower(name)] = value
	}
	return lower
}
