package webob

import (
	"reflect"
	"unicode/utf8"
	"unsafe"
)

// The daily form, a few urlencoded fields for a struct of a few plain ones, is decoded
// without a MultiDict: most who decode a form never ask for its variables. Whoever
// does has them read from the body, which is kept as ever.

const (
	inPlaceFields = 16       // of a struct
	inPlaceBody   = 64 << 10 // bytes: beyond that a body is not read twice
)

// decodeInPlace fills v from the body of an urlencoded form. false says that there is
// something to it that is none of the daily: then nothing has been changed that
// decodeVars would not change alike.
func (r *Request) decodeInPlace(v any) bool {
	target := reflect.ValueOf(v)
	if target.Kind() != reflect.Pointer || target.IsNil() || target.Elem().Kind() != reflect.Struct {
		return false
	}
	plan := flatPlanOf(target.Type().Elem())
	if plan == nil || plan.lists || len(plan.fields) > inPlaceFields {
		return false
	}
	body, l := r.formText()
	return body != nil && plan.decodeText(body, target.Elem(), l)
}

// formText is a copy of the body of an urlencoded form in UTF-8 that has not been made
// into variables, or nil.
func (r *Request) formText() ([]byte, *Limits) {
	in := r.input()
	in.bodyMu.Lock()
	defer in.bodyMu.Unlock()
	from, err := in.formSource(r, urlencoded)
	if err != nil || in.form != nil || from.spool == nil || from.spool.size > inPlaceBody {
		return nil, nil
	}
	if cs, err := charsetIn(from.ctype); err != nil || cs != nil {
		return nil, nil
	}
	body := make([]byte, from.spool.size)
	if n, _ := from.spool.ReadAt(body, 0); n < len(body) {
		return nil, nil
	}
	return body, in.filled()
}

// span is where a value lies; to is 0 where there is none.
type span struct{ from, to int }

// decodeText fills v from an urlencoded text, which it takes over: the values are
// parts of it.
func (p *flatPlan) decodeText(body []byte, v reflect.Value, l *Limits) bool {
	var found [inPlaceFields]span
	body, ok := p.unescape(body, l, &found)
	if !ok || !utf8.Valid(body) {
		return false
	}
	text := unsafe.String(unsafe.SliceData(body), len(body)) // nobody writes there any more
	for i := range p.fields {
		f, at := &p.fields[i], found[i]
		if at.to > 0 && !f.set(v.Field(f.index), text[at.from:at.to]) {
			return false
		}
	}
	return true
}

// unescape undoes the escapes where they stand, as scanVar and unescapeVar do, and
// notes the last value of each field. Pieces stay apart by a byte of ASCII, so that a
// broken character is not mended by the piece behind it.
func (p *flatPlan) unescape(body []byte, l *Limits, found *[inPlaceFields]span) ([]byte, bool) {
	n, pairs := 0, 0 // n bytes are done, never more than have been read
	for i := 0; i < len(body); i++ {
		start, equals := n, -1
		for ; i < len(body) && body[i] != '&'; i++ {
			c := body[i]
			switch {
			case c == '=' && equals < 0:
				equals = n
			case c == '+':
				c = ' '
			case c == '%' && i+2 < len(body) && hexDigit(body[i+1])|hexDigit(body[i+2]) < 16:
				c = hexDigit(body[i+1])<<4 | hexDigit(body[i+2])
				i += 2
			}
			body[n] = c
			n++
		}
		if n == start {
			continue
		}
		key, value := body[start:n], span{n, n}
		if equals >= 0 {
			key, value = body[start:equals], span{equals + 1, n}
		}
		if pairs++; pairs > l.Pairs || !p.note(key, value, l.Key, found) {
			return nil, false
		}
		if i < len(body) {
			body[n] = '&'
			n++
		}
	}
	return body[:n], true
}

// note keeps the value of a field; false says that the key is not plain.
func (p *flatPlan) note(key []byte, value span, most int, found *[inPlaceFields]span) bool {
	if len(key) > most {
		return false
	}
	for _, c := range key {
		if c == '[' || c == ']' || c == '.' {
			return false
		}
	}
	for i := range p.fields {
		if p.fields[i].name == string(key) {
			found[i] = value
			break
		}
	}
	return true
}
