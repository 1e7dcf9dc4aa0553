package webob

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync/atomic"
)

// Errors of a MultiDict, to be told apart by errors.Is.
var (
	// ErrReadOnly is what changing a read-only MultiDict gives, with the reason.
	ErrReadOnly = errors.New("read-only variables")
	// ErrNoKey tells that there is no pair of the key.
	ErrNoKey = errors.New("no such key")
	// ErrManyValues is GetOne's answer when the key has more than one value.
	ErrManyValues = errors.New("more than one value")
)

// Pair is one entry of a MultiDict. For an upload, Value is its file name and
// File the upload itself; for all others File is nil.
type Pair struct {
	Key, Value string
	File       *Upload
}

// MultiDict is an ordered list of key-value pairs in which a key may occur
// several times: query variables, form fields. Its zero value is empty and ready
// to use. It must not be copied by assignment; Clone copies it.
//
// A single value is the last one of its key. What changes a MultiDict returns an
// error, which need not be looked at: only a read-only one (Params, POST of a
// request without a form, see Freeze) refuses, with ErrReadOnly, and Del, Pop
// and PopItem tell by ErrNoKey that there was nothing to take.
//
// Up to 32 pairs are searched one by one, above that by an index. Reading at the
// same time is safe, changing is not; do not change it inside a loop over it.
//
// WebOb: MultiDict, GetDict, NestedMultiDict, NoVars.
type MultiDict struct {
	pairs    []Pair       // in inline up to eight
	parts    []*MultiDict // of a nested one, which has no pairs itself
	index    atomic.Pointer[dictIndex]
	onChange func()
	frozen   error // ErrReadOnly with its reason
	fault    error // what was wrong with the text parsed
	inline   [8]Pair
}

// NewMultiDict makes a MultiDict of keys and values in turn:
//
//	NewMultiDict("a", "1", "a", "2")
//
// It panics when a value is missing, as strings.NewReplacer does.
func NewMultiDict(keysAndValues ...string) *MultiDict {
	if len(keysAndValues)%2 != 0 {
		panic("webob: NewMultiDict: odd number of arguments")
	}
	d := new(MultiDict)
	d.grow(len(keysAndValues) / 2)
	for i := 0; i < len(keysAndValues); i += 2 {
		d.push(Pair{Key: keysAndValues[i], Value: keysAndValues[i+1]})
	}
	return d
}

// CollectPairs makes a MultiDict of what an iterator yields; maps.All of a
// map[string]string is one, in no particular order.
func CollectPairs(pairs iter.Seq2[string, string]) *MultiDict {
	d := new(MultiDict)
	for key, value := range pairs {
		d.push(Pair{Key: key, Value: value})
	}
	return d
}

// NestedMultiDict is a read-only view over several: Get takes the first one that
// has the key, everything that lists takes them one after the other. Later
// changes of the parts are seen. Clone makes a writable copy.
func NestedMultiDict(parts ...*MultiDict) *MultiDict {
	d := &MultiDict{parts: slices.Clone(parts)}
	return d.Freeze("a view over several")
}

// NoVars is an empty read-only MultiDict; errors give the reason.
func NoVars(reason string) *MultiDict { return new(MultiDict).Freeze(reason) }

// Freeze makes d read-only for good and returns it. Every change is refused with
// an error that is ErrReadOnly and ends with the reason.
func (d *MultiDict) Freeze(reason string) *MultiDict {
	d.frozen = fmt.Errorf("webob: %w: %s", ErrReadOnly, reason)
	return d
}

// Err tells what was wrong with the text d was parsed from, or nil: ErrNotUTF8,
// whose bytes are U+FFFD now, or ErrTooManyPairs, where the rest is missing.
// Lenient readers need not ask; strict ones answer 400.
func (d *MultiDict) Err() error {
	for _, part := range d.parts {
		if err := part.Err(); err != nil {
			return err
		}
	}
	return d.fault
}

// Get returns the last value of the key, or "". Of a nested MultiDict it is the
// last value in the first part that has the key.
func (d *MultiDict) Get(key string) string {
	value, _ := d.Lookup(key)
	return value
}

// Lookup is Get, and tells whether there is a value.
func (d *MultiDict) Lookup(key string) (string, bool) {
	if p := d.last(key); p != nil {
		return p.Value, true
	}
	return "", false
}

// Has tells whether the key has a value.
func (d *MultiDict) Has(key string) bool { return d.last(key) != nil }

// GetOne returns the value of a key that must have exactly one: ErrNoKey and
// ErrManyValues, with the key, tell what is wrong.
func (d *MultiDict) GetOne(key string) (string, error) {
	var value string
	n := 0
	d.eachOf(key, func(p *Pair) bool {
		value = p.Value
		n++
		return n < 2
	})
	switch n {
	case 0:
		return "", keyError(key, ErrNoKey)
	case 1:
		return value, nil
	}
	return "", keyError(key, ErrManyValues)
}

func keyError(key string, err error) error { return fmt.Errorf("webob: %w: %q", err, key) }

// Values returns all values of the key in their order; nil if there is none.
// WebOb: getall.
func (d *MultiDict) Values(key string) []string {
	var values []string
	d.eachOf(key, func(p *Pair) bool {
		values = append(values, p.Value)
		return true
	})
	return values
}

// Len is the number of pairs.
func (d *MultiDict) Len() int {
	n := len(d.pairs)
	if ix := d.index.Load(); ix != nil {
		n -= ix.gone
	}
	for _, part := range d.parts {
		n += part.Len()
	}
	return n
}

// Pairs ranges over all pairs, uploads with their File.
func (d *MultiDict) Pairs() iter.Seq[Pair] {
	return func(yield func(Pair) bool) {
		d.each(func(p *Pair) bool { return yield(*p) })
	}
}

// All ranges over keys and values.
func (d *MultiDict) All() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		d.each(func(p *Pair) bool { return yield(p.Key, p.Value) })
	}
}

// Keys returns the key of every pair, so a key with two values twice.
func (d *MultiDict) Keys() []string {
	keys := make([]string, 0, d.Len())
	for key := range d.All() {
		keys = append(keys, key)
	}
	return keys
}

// DictOfLists returns a map of all values of each key; it converts to url.Values.
func (d *MultiDict) DictOfLists() map[string][]string {
	lists := make(map[string][]string, d.Len())
	for key, value := range d.All() {
		lists[key] = append(lists[key], value)
	}
	return lists
}

// Mixed returns a map of each key to its value, a string, or to all of them, a
// []string, when there are several.
func (d *MultiDict) Mixed() map[string]any {
	mixed := make(map[string]any, d.Len())
	for key, values := range d.DictOfLists() {
		if len(values) == 1 {
			mixed[key] = values[0]
		} else {
			mixed[key] = values
		}
	}
	return mixed
}

// Equal tells whether both have the same pairs in the same order. (In WebOb the
// last values alone count.)
func (d *MultiDict) Equal(other *MultiDict) bool {
	return slices.Equal(slices.Collect(d.Pairs()), slices.Collect(other.Pairs()))
}

// Clone returns a writable copy with pairs of its own; uploads are shared.
func (d *MultiDict) Clone() *MultiDict {
	c := &MultiDict{fault: d.Err()}
	c.grow(d.Len())
	for p := range d.Pairs() {
		c.push(p)
	}
	return c
}

// each calls f for every pair until it returns false. Pairs appended meanwhile
// are left out.
func (d *MultiDict) each(f func(*Pair) bool) bool {
	for _, part := range d.parts {
		if !part.each(f) {
			return false
		}
	}
	for i, n := 0, len(d.pairs); i < n && i < len(d.pairs); i++ {
		if ix := d.index.Load(); ix != nil && ix.isGone(i) {
			continue
		}
		if !f(&d.pairs[i]) {
			return false
		}
	}
	return true
}

// eachOf is each for the pairs of one key.
func (d *MultiDict) eachOf(key string, f func(*Pair) bool) bool {
	for _, part := range d.parts {
		if !part.eachOf(key, f) {
			return false
		}
	}
	if ix := d.lookupIndex(); ix != nil {
		for i := ix.first(key); i >= 0; i = ix.links[i].next {
			if !f(&d.pairs[i]) {
				return false
			}
		}
		return true
	}
	for i := range d.pairs {
		if p := &d.pairs[i]; p.Key == key && !f(p) {
			return false
		}
	}
	return true
}

// last finds the pair that stands for the key, or nil.
func (d *MultiDict) last(key string) *Pair {
	for _, part := range d.parts {
		if p := part.last(key); p != nil {
			return p
		}
	}
	if ix := d.lookupIndex(); ix != nil {
		if i := ix.last(key); i >= 0 {
			return &d.pairs[i]
		}
		return nil
	}
	for i := len(d.pairs) - 1; i >= 0; i-- {
		if p := &d.pairs[i]; p.Key == key {
			return p
		}
	}
	return nil
}

// grow makes room for n pairs in all.
func (d *MultiDict) grow(n int) {
	switch {
	case cap(d.pairs) >= n:
	case len(d.pairs) == 0 && n <= len(d.inline):
		d.pairs = d.inline[:0]
	default:
		d.pairs = slices.Grow(d.pairs, n-len(d.pairs))
	}
}

// push appends a pair and tells nobody.
func (d *MultiDict) push(p Pair) {
	if d.pairs == nil {
		d.pairs = d.inline[:0]
	}
	d.pairs = append(d.pairs, p)
	if ix := d.index.Load(); ix != nil {
		ix.link(p.Key)
	}
}
