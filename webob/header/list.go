package header

import (
	"iter"
	"net/http"
	"net/textproto"
	"slices"
)

// Map is what a Field reads and writes: http.Header is one, *List is one.
// Names are compared without case.
type Map interface {
	// Get is the first value of a field, "" where there is none.
	Get(name string) string
	// Values are all values of a field, in order.
	Values(name string) []string
	// Set takes all fields of that name away and puts one.
	Set(name, value string)
	// Add puts one more field of that name.
	Add(name, value string)
	// Del takes all fields of that name away.
	Del(name string)
}

// maxFields is how many fields a List takes; servers refuse far fewer.
const maxFields = 1000

const contentType = "Content-Type"

// List is an ordered list of header fields with the method names of
// http.Header; its zero value is empty and ready to use.
//
// It is what a map is not: cheap to make (24 bytes, no allocation for a
// Content-Type alone, one for up to eight more fields), ordered, and careful.
// Names are canonical from the moment they come in ("Content-Type"), lookups
// ignore case, and a field that could not be sent as it is (see Err) is not
// stored. Content-Type comes first when ranging over a List; all others keep
// the order in which they were set. At most 1,000 fields are taken.
//
// A List must not be copied by assignment (both copies would share fields):
// Clone makes one. It is not safe for concurrent use, reading alone is.
//
// WebOb: Response.headerlist, ResponseHeaders.
type List struct {
	// ctype is the first Content-Type where it is not empty: the one field of
	// a plain answer needs no block.
	ctype [1]string
	more  *block
}

// block holds the other fields. err is a pointer and not an interface, so that
// both sizes a block comes in are size classes of the allocator.
type block struct {
	list []pair
	err  *FieldError
}

// smallBlock and largeBlock are a block with room for its first fields, 96 and
// 288 bytes. Set and Grow begin with the small one, as most answers have a field or
// two beside their type; Add begins with the large one: filters add, one after the
// other.
type (
	smallBlock struct {
		block
		inline [2]pair
	}
	largeBlock struct {
		block
		inline [8]pair
	}
)

// pair is one field; its value is an array so that Field can hand its parser
// a slice without making one.
type pair struct {
	name  string
	value [1]string
}

// begin makes the block, the small one if a field or two are to come.
func (l *List) begin(few bool) *block {
	if few {
		b := new(smallBlock)
		b.list = b.inline[:0]
		l.more = &b.block
		return l.more
	}
	b := new(largeBlock)
	b.list = b.inline[:0]
	l.more = &b.block
	return l.more
}

// Grow makes room for n more fields beside the Content-Type, for whoever knows how
// many will come. It changes nothing else.
func (l *List) Grow(n int) {
	if l.more == nil {
		l.begin(n <= len(smallBlock{}.inline))
	}
	l.more.list = slices.Grow(l.more.list, max(0, min(n, maxFields)))
}

// Room is storage for the first few fields of a List, for whoever makes both in one
// piece. It must not be copied.
type Room struct{ b smallBlock }

// Use has the List keep its fields in room, which no other List uses. Where there are
// fields already it does nothing.
func (l *List) Use(room *Room) {
	if l.more == nil {
		room.b.list = room.b.inline[:0]
		l.more = &room.b.block
	}
}

// pairs are the fields outside the Content-Type's slot.
func (l *List) pairs() []pair {
	if l.more == nil {
		return nil
	}
	return l.more.list
}

// Get is the first value of the field called name, "" where there is none.
func (l *List) Get(name string) string {
	if v := l.find(name); v != nil {
		return *v
	}
	return ""
}

// Has tells whether there is a field called name, be it empty.
func (l *List) Has(name string) bool { return l.find(name) != nil }

// find is the first value of name. It looks for the name as it is first, as
// that mostly is the canonical one.
func (l *List) find(name string) *string {
	if v := l.exact(name); v != nil {
		return v
	}
	if canonical, valid := checkName(name); canonical || !valid {
		return nil
	}
	if l.ctype[0] != "" && equalFold(contentType, name) {
		return &l.ctype[0]
	}
	list := l.pairs()
	for i := range list {
		if equalFold(list[i].name, name) {
			return &list[i].value[0]
		}
	}
	return nil
}

// exact is find for a canonical name.
func (l *List) exact(name string) *string {
	if l.ctype[0] != "" && name == contentType {
		return &l.ctype[0]
	}
	list := l.pairs()
	for i := range list {
		if list[i].name == name {
			return &list[i].value[0]
		}
	}
	return nil
}

// sameName compares a stored, canonical name with one asked for.
func sameName(stored, name string, canonical bool) bool {
	if canonical {
		return stored == name
	}
	return equalFold(stored, name)
}

// Values are the values of all fields called name, in order, in a slice of
// their own; nil where there is none.
func (l *List) Values(name string) []string {
	var vals []string
	canonical, _ := checkName(name)
	if l.ctype[0] != "" && sameName(contentType, name, canonical) {
		vals = append(vals, l.ctype[0])
	}
	for _, p := range l.pairs() {
		if sameName(p.name, name, canonical) {
			vals = append(vals, p.value[0])
		}
	}
	return vals
}

// lines is Values for a Field: name is canonical, and a single value is shown
// where it lies. The slice is good until the List is changed.
func (l *List) lines(name string) []string {
	var one []string
	if name == contentType && l.ctype[0] != "" {
		one = l.ctype[:1:1]
	}
	list := l.pairs()
	for i := range list {
		if list[i].name != name {
			continue
		}
		if one != nil {
			return l.Values(name)
		}
		one = list[i].value[:1:1]
	}
	return one
}

// Add puts one more field at the end. What cannot be sent is not stored but
// kept for Err.
func (l *List) Add(name, value string) {
	if name != contentType && badByte(value) < 0 {
		if canonical, _ := checkName(name); canonical { // the daily case, in one piece
			b := l.more
			if b == nil {
				b = l.begin(false)
			}
			if len(b.list) < maxFields {
				b.list = append(b.list, pair{name, [1]string{value}})
				return
			}
		}
	}
	l.addChecked(name, value)
}

// addChecked is Add for all that is out of the ordinary.
func (l *List) addChecked(name, value string) {
	name, err := l.check(name, value)
	if err == nil && l.full() {
		err = &FieldError{Name: name, Value: value, Offset: -1, Err: ErrTooMany}
	}
	if err != nil {
		l.refuse(err)
		return
	}
	l.add(name, value, false)
}

// full tells whether one more field is one too many.
func (l *List) full() bool { return l.more != nil && len(l.more.list) >= maxFields }

// add is Add for what has been checked. The first of a few fields is given the small
// block.
func (l *List) add(name, value string, few bool) {
	if name == contentType && l.ctype[0] == "" && value != "" && !l.hasSecondType() {
		l.ctype[0] = value
		return
	}
	b := l.more
	if b == nil {
		b = l.begin(few)
	}
	b.list = append(b.list, pair{name, [1]string{value}})
}

// hasSecondType tells whether a Content-Type lies in the block, which happens
// when an empty one came first.
func (l *List) hasSecondType() bool {
	for _, p := range l.pairs() {
		if p.name == contentType {
			return true
		}
	}
	return false
}

// Set takes all fields called name away and puts one at the end, as WebOb
// does. What cannot be sent changes nothing and is kept for Err.
func (l *List) Set(name, value string) {
	name, err := l.check(name, value)
	if err == nil {
		err = l.setChecked(name, value)
	}
	if err != nil {
		l.refuse(err)
	}
}

// setChecked is Set for a field whose name is canonical and whose value is clean.
func (l *List) setChecked(name, value string) *FieldError {
	if l.full() && l.exact(name) == nil {
		return &FieldError{Name: name, Value: value, Offset: -1, Err: ErrTooMany}
	}
	l.del(name, true)
	l.add(name, value, true)
	return nil
}

// Del takes all fields called name away.
func (l *List) Del(name string) {
	canonical, _ := checkName(name)
	l.del(name, canonical)
}

// del is Del for a name that has been looked at.
func (l *List) del(name string, canonical bool) {
	if l.ctype[0] != "" && sameName(contentType, name, canonical) {
		l.ctype[0] = ""
	}
	list := l.pairs()
	for i := range list {
		if sameName(list[i].name, name, canonical) {
			l.compact(i, func(n, _ string) bool { return sameName(n, name, canonical) })
			return
		}
	}
}

// compact takes away the pairs from i on for which drop says so.
func (l *List) compact(i int, drop func(name, value string) bool) {
	list := l.more.list
	kept := list[:i]
	for _, p := range list[i:] {
		if !drop(p.name, p.value[0]) {
			kept = append(kept, p)
		}
	}
	clear(list[len(kept):])
	l.more.list = kept
}

// DeleteFunc takes away every field for which drop returns true; the others
// stay as they are, in their order. It is how one of several Set-Cookie
// fields is removed.
func (l *List) DeleteFunc(drop func(name, value string) bool) {
	if l.ctype[0] != "" && drop(contentType, l.ctype[0]) {
		l.ctype[0] = ""
	}
	if l.more != nil {
		l.compact(0, drop)
	}
}

// Len is the number of fields.
func (l *List) Len() int {
	n := len(l.pairs())
	if l.ctype[0] != "" {
		n++
	}
	return n
}

// All ranges over names and values, Content-Type first. Fields added on the
// way come into view; to take fields away on the way is allowed, but may skip
// some.
func (l *List) All() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		if l.ctype[0] != "" && !yield(contentType, l.ctype[0]) {
			return
		}
		for i := 0; i < len(l.pairs()); i++ {
			if p := &l.more.list[i]; !yield(p.name, p.value[0]) {
				return
			}
		}
	}
}

// Err is the first field that was refused, a *FieldError, or nil: a name that
// is no token (ErrName), a value with CR, LF, NUL or another control character
// but TAB (ErrValue), or a field beyond the thousandth (ErrTooMany). A
// Response whose header has an Err is not sent; net/http would mend such
// values silently.
func (l *List) Err() error {
	if l.more == nil || l.more.err == nil {
		return nil // no typed nil
	}
	return l.more.err
}

// Reset takes away all fields and the error. Room for fields is kept.
func (l *List) Reset() {
	l.ctype[0] = ""
	if b := l.more; b != nil {
		clear(b.list)
		b.list, b.err = b.list[:0], nil
	}
}

// Clone is a List of its own with the same fields and the same Err.
func (l *List) Clone() List {
	c := List{ctype: l.ctype}
	if b := l.more; b != nil && (len(b.list) > 0 || b.err != nil) {
		n := c.begin(len(b.list) <= len(smallBlock{}.inline))
		n.list, n.err = append(n.list, b.list...), b.err
	}
	return c
}

// check looks at a field that wants in, and gives its canonical name.
func (l *List) check(name, value string) (string, *FieldError) {
	canonical, valid := checkName(name)
	if !valid {
		return "", &FieldError{Name: name, Value: value, Offset: -1, Err: ErrName}
	}
	if i := badByte(value); i >= 0 {
		return "", &FieldError{Name: textproto.CanonicalMIMEHeaderKey(name), Value: value, Offset: i, Err: ErrValue}
	}
	if !canonical {
		name = textproto.CanonicalMIMEHeaderKey(name)
	}
	return name, nil
}

// refuse keeps the first error.
func (l *List) refuse(err *FieldError) {
	if l.more == nil {
		l.begin(true)
	}
	if l.more.err == nil {
		l.more.err = err
	}
}

// checkName tells in one pass whether a name is a token and whether it is
// written the canonical way.
func checkName(name string) (canonical, valid bool) {
	if common(name) {
		return true, true
	}
	canonical = name != ""
	wrong := uint8(classLower)
	for i := 0; i < len(name); i++ {
		c := classes[name[i]]
		if c&classToken == 0 {
			return false, false
		}
		if c&wrong != 0 {
			canonical = false
		}
		wrong = classUpper
		if name[i] == '-' {
			wrong = classLower
		}
	}
	return canonical, name != ""
}

// AddHeader adds all fields of a map. The values of one name keep their order;
// the names come in no order, as a map has none.
func (l *List) AddHeader(h http.Header) {
	for name, vals := range h {
		for _, v := range vals {
			l.Add(name, v)
		}
	}
}

// FromHeader makes a List of a map, see AddHeader. Later changes of the one do
// not show in the other.
func FromHeader(h http.Header) List {
	var l List
	l.AddHeader(h)
	return l
}

// common tells the names that responses have most, for which nothing need be
// checked.
func common(name string) bool {
	switch name {
	case "Age", "Allow", "Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language",
		"Content-Length", "Content-Type", "Date", "Etag", "Expires", "Last-Modified", "Location",
		"Server", "Set-Cookie", "Vary", "X-Content-Type-Options", "X-Frame-Options", "X-Request-Id":
		return true
	}
	return false
}
