package webob

import (
	"errors"
	"reflect"
	"strconv"
	"strings"
)

// mostWork is up to how many steps form/v4 may take, some tenths of a second.
const mostWork = 5e7

var errIndex = errors.New("has too large an index")

// nesting reckons what the keys of a form will cost. form/v4 looks for every
// list by going through all lists, and goes into an element once for every key
// below it, on every level: a few thousand keys of three levels would keep it
// busy for hours.
type nesting struct {
	count    map[string]int // of keys below each element: "a[0]", "a[0].b[1]"
	lists    map[string]int // length of each list: "a", "a[0].b"
	elements int            // that all lists have
	keys     []string
	brackets int
	longest  int
}

// add takes a key whose brackets match; maps tells which are no indexes, see formPlace.
func (n *nesting) add(key string, maps uint64, mostElements int) error {
	n.longest = max(n.longest, len(key))
	if !strings.Contains(key, "[") {
		return nil
	}
	if n.count == nil {
		n.count, n.lists = map[string]int{}, map[string]int{}
	}
	n.keys = append(n.keys, key)
	for open, end := range brackets(key) {
		list, index := key[:open], key[open+1:end]
		length := 0
		if maps&1 == 0 && isDigits(index) {
			i, err := strconv.Atoi(index)
			if err != nil || i >= mostElements {
				return errIndex
			}
			length = i + 1
		}
		maps >>= 1
		if old := n.lists[list]; length >= old {
			n.lists[list] = length
			n.elements += length - old
		}
		if n.elements > mostElements {
			return errIndex
		}
		n.count[key[:end+1]]++
		n.brackets++
	}
	return nil
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// brackets ranges over the places of [ and ] in a key.
func brackets(key string) func(yield func(open, end int) bool) {
	return func(yield func(int, int) bool) {
		for at := 0; ; {
			open := strings.IndexByte(key[at:], '[')
			if open < 0 {
				return
			}
			open += at
			end := open + strings.IndexByte(key[open:], ']')
			if end < open || !yield(open, end) {
				return
			}
			at = end + 1
		}
	}
}

// work is how many steps form/v4 will take.
func (n *nesting) work(t reflect.Type) float64 {
	visits := make(map[string]float64, len(n.count))
	total := float64(n.brackets)
	for _, key := range n.keys {
		above := 1.0
		for _, end := range brackets(key) {
			element := key[:end+1]
			v, seen := visits[element]
			if !seen {
				v = above * float64(n.count[element])
				visits[element] = v
				total += v
			}
			above = v
		}
	}
	return (total + 1) * float64(len(n.lists)+1) * recursion(t, n.longest)
}

// recursion is how many structs form/v4 goes through for a type that holds
// itself: it stops where the name of a field gets longer than the longest key.
func recursion(t reflect.Type, longest int) float64 {
	steps := 0
	var walk func(t reflect.Type, length int, above []reflect.Type) bool
	looped := false
	walk = func(t reflect.Type, length int, above []reflect.Type) bool {
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map || t.Kind() == reflect.Array {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct || t == timeType || t == uploadType.Elem() || length > longest {
			return true
		}
		for _, a := range above {
			looped = looped || a == t
		}
		above = append(above, t)
		for i := range t.NumField() {
			f := t.Field(i)
			name, ok := formName(f)
			if !ok {
				continue
			}
			if steps++; steps > mostWork/100 {
				return false
			}
			if !walk(f.Type, length+len(name)+1, above) {
				return false
			}
		}
		return true
	}
	if !walk(t, 0, nil) {
		return 2 * mostWork
	}
	if !looped {
		return 1
	}
	return float64(steps)
}
