package header

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// ParseItem reads a structured item, RFC 9651, section 4.2.3.
func ParseItem(s string) (Item, error) {
	p := sfParser{s: s}
	p.spaces()
	item := p.item()
	return item, p.end()
}

// ParseItemList reads a structured list, RFC 9651, section 4.2.1.
func ParseItemList(s string) ([]Item, error) {
	p, list := sfParser{s: s}, []Item{}
	p.spaces()
	for p.members() {
		list = append(list, p.member())
	}
	return list, p.end()
}

// ParseDictionary reads a structured dictionary, RFC 9651, section 4.2.2.
func ParseDictionary(s string) (Dictionary, error) {
	p, d, known := sfParser{s: s}, Dictionary{}, sfIndex{}
	p.spaces()
	for p.members() {
		e := Entry{Name: p.key()}
		if p.take('=') {
			e.Item = p.member()
		} else {
			e.Item = Item{Value: true, Params: p.params()}
		}
		if i, ok := known.find(e.Name, len(d), func(i int) string { return d[i].Name }); ok {
			d[i].Item = e.Item
		} else {
			d = append(d, e)
		}
	}
	return d, p.end()
}

// sfIndex finds names; long collections get a map, lest a long field takes
// quadratic time.
type sfIndex struct{ at map[string]int }

// find looks for a name among n names; one that is not found is about to be
// added as the next.
func (x *sfIndex) find(name string, n int, nth func(int) string) (int, bool) {
	if n < smallList {
		for i := range n {
			if nth(i) == name {
				return i, true
			}
		}
		return 0, false
	}
	if x.at == nil {
		x.at = make(map[string]int, 2*n)
		for i := range n {
			x.at[nth(i)] = i
		}
	}
	i, ok := x.at[name]
	if !ok {
		x.at[name] = n
	}
	return i, ok
}

// sfParser walks over a structured field. The first fault ends it: i is set
// to the end, so that every loop stops.
type sfParser struct {
	s     string
	i     int
	begun bool // the first member has been asked for
	err   error
}

// fail keeps the first fault.
func (p *sfParser) fail(want string) {
	if p.err == nil {
		p.err = bad(p.s, p.i, syntaxError(want))
	}
	p.i = len(p.s)
}

// more tells whether there is anything left.
func (p *sfParser) more() bool { return p.i < len(p.s) }

// peek is the next byte, 0 at the end.
func (p *sfParser) peek() byte {
	if p.i < len(p.s) {
		return p.s[p.i]
	}
	return 0
}

// take takes a byte if it is the next one.
func (p *sfParser) take(c byte) bool {
	if p.more() && p.s[p.i] == c {
		p.i++
		return true
	}
	return false
}

// spaces skips spaces; tabs are none.
func (p *sfParser) spaces() {
	for p.take(' ') {
	}
}

// end is the verdict on the whole.
func (p *sfParser) end() error {
	p.spaces()
	if p.more() {
		p.fail("end expected")
	}
	return p.err
}

// members tells whether another member follows, and skips the comma before it.
func (p *sfParser) members() bool {
	if p.err != nil || !p.more() {
		return false
	}
	if !p.begun {
		p.begun = true
		return true
	}
	p.i = skipOWS(p.s, p.i)
	if !p.more() {
		return false
	}
	if !p.take(',') {
		p.fail("comma expected")
		return false
	}
	p.i = skipOWS(p.s, p.i)
	if !p.more() {
		p.fail("member expected after the comma")
		return false
	}
	return true
}

// member reads an item or an inner list:
//
//	inner-list = "(" *SP [ sf-item *( 1*SP sf-item ) *SP ] ")" parameters
func (p *sfParser) member() Item {
	if !p.take('(') {
		return p.item()
	}
	inner := InnerList{}
	for p.err == nil {
		p.spaces()
		if p.take(')') {
			return Item{Value: inner, Params: p.params()}
		}
		inner = append(inner, p.item())
		if c := p.peek(); c != ' ' && c != ')' {
			p.fail("space or ) expected")
		}
	}
	return Item{}
}

// item reads a bare item and its parameters.
func (p *sfParser) item() Item {
	v := p.bare()
	return Item{Value: v, Params: p.params()}
}

// params reads parameters; of two of one name the last counts, in the place of
// the first:
//
//	parameters = *( ";" *SP parameter )
//	parameter  = param-key [ "=" bare-item ]
func (p *sfParser) params() (ps ItemParams) {
	var known sfIndex
	for p.take(';') {
		p.spaces()
		x := ItemParam{Name: p.key(), Value: true}
		if p.take('=') {
			x.Value = p.bare()
		}
		if i, ok := known.find(x.Name, len(ps), func(i int) string { return ps[i].Name }); ok {
			ps[i].Value = x.Value
		} else {
			ps = append(ps, x)
		}
	}
	return ps
}

// key reads the name of a parameter or member:
//
//	key = ( lcalpha / "*" ) *( lcalpha / DIGIT / "_" / "-" / "." / "*" )
func (p *sfParser) key() string {
	from := p.i
	for p.more() && sfKeyChar(p.s[p.i], p.i == from) {
		p.i++
	}
	if p.i == from {
		p.fail("key expected")
		return ""
	}
	return p.s[from:p.i]
}

// sfKeyChar tells what a key may hold, and begin with.
func sfKeyChar(c byte, first bool) bool {
	if 'a' <= c && c <= 'z' || c == '*' {
		return true
	}
	return !first && ('0' <= c && c <= '9' || c == '_' || c == '-' || c == '.')
}

// bare reads a bare item; its first byte says which kind it is.
func (p *sfParser) bare() any {
	switch c := p.peek(); {
	case c == '-' || classes[c]&classDigit != 0:
		return p.number()
	case c == '"':
		return p.str()
	case c == '*' || classes[c]&(classUpper|classLower) != 0:
		return p.token()
	case c == ':':
		return p.bytes()
	case c == '?':
		return p.boolean()
	case c == '@':
		return p.date()
	case c == '%':
		return p.display()
	}
	p.fail("item expected")
	return nil
}

// number reads an Integer of up to 15 digits, or a Decimal of up to 12 and 3:
//
//	sf-integer = ["-"] 1*15DIGIT
//	sf-decimal = ["-"] 1*12DIGIT "." 1*3DIGIT
func (p *sfParser) number() any {
	from := p.i
	p.take('-')
	first := p.i
	_, p.i = digits(p.s, p.i)
	whole := p.i - first
	if whole == 0 {
		p.fail("digit expected")
		return nil
	}
	if p.peek() != '.' {
		if whole > 15 {
			p.fail("integer of up to 15 digits expected")
			return nil
		}
		n, _ := strconv.ParseInt(p.s[from:p.i], 10, 64)
		return n
	}
	p.i++
	point := p.i
	_, p.i = digits(p.s, p.i)
	if frac := p.i - point; whole > 12 || frac < 1 || frac > 3 {
		p.fail("decimal of up to 12 and 3 digits expected")
		return nil
	}
	v, _ := strconv.ParseFloat(p.s[from:p.i], 64)
	return v
}

// str reads a String: printable ASCII, with escapes for the quote and the
// backslash alone:
//
//	sf-string = DQUOTE *( unescaped / "%" / bs-escaped ) DQUOTE
func (p *sfParser) str() any {
	p.i++
	from, escapes := p.i, false
	for p.more() {
		switch c := p.s[p.i]; {
		case c == '"':
			text := p.s[from:p.i]
			p.i++
			if escapes {
				text = unquote(`"` + text + `"`)
			}
			return text
		case c == '\\':
			escapes = true
			p.i++
			if c := p.peek(); c != '"' && c != '\\' {
				p.fail("quote or backslash expected")
				return nil
			}
		case c < 0x20 || c > 0x7e:
			p.fail("printable character expected")
			return nil
		}
		p.i++
	}
	p.fail("closing quote expected")
	return nil
}

// token reads a Token, whose first byte has been looked at:
//
//	sf-token = ( ALPHA / "*" ) *( tchar / ":" / "/" )
func (p *sfParser) token() any {
	from := p.i
	for p.i++; p.more() && sfTokenChar(p.s[p.i]); p.i++ {
	}
	return Token(p.s[from:p.i])
}

// sfTokenChar tells what may follow the first byte of a Token.
func sfTokenChar(c byte) bool { return classes[c]&classToken != 0 || c == ':' || c == '/' }

// bytes reads a Byte Sequence. Padding may be missing, as section 4.2.7 asks
// for, and unused bits are not looked at:
//
//	sf-binary = ":" base64 ":"
func (p *sfParser) bytes() any {
	from := p.i + 1
	n := strings.IndexByte(p.s[from:], ':')
	if n < 0 {
		p.fail("closing colon expected")
		return nil
	}
	text := strings.TrimRight(p.s[from:from+n], "=")
	if pad := n - len(text); pad > 2 || strings.ContainsAny(text, "\r\n") {
		p.fail("base64 expected")
		return nil
	}
	b, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		p.fail("base64 expected")
		return nil
	}
	p.i = from + n + 1
	return b
}

// boolean reads ?0 or ?1.
func (p *sfParser) boolean() any {
	p.i++
	switch {
	case p.take('0'):
		return false
	case p.take('1'):
		return true
	}
	p.fail("0 or 1 expected")
	return nil
}

// date reads a Date, seconds since 1970:
//
//	sf-date = "@" sf-integer
func (p *sfParser) date() any {
	p.i++
	n, ok := p.number().(int64)
	if !ok {
		p.fail("integer expected")
		return nil
	}
	return time.Unix(n, 0).UTC()
}

// display reads a Display String: printable ASCII, with the other bytes of
// UTF-8, the quote and the percent sign as %xx in small letters:
//
//	sf-displaystring = "%" DQUOTE *( unescaped / "\" / pct-encoded ) DQUOTE
//	pct-encoded      = "%" lc-hexdig lc-hexdig
func (p *sfParser) display() any {
	p.i++
	if !p.take('"') {
		p.fail("quote expected")
		return nil
	}
	var b []byte
	for p.more() {
		c := p.s[p.i]
		switch {
		case c == '"':
			p.i++
			if !utf8.Valid(b) {
				p.fail("UTF-8 expected")
				return nil
			}
			return DisplayString(b)
		case c < 0x20 || c > 0x7e:
			p.fail("printable character expected")
			return nil
		case c == '%':
			if c = p.escaped(); p.err != nil {
				return nil
			}
		}
		b = append(b, c)
		p.i++
	}
	p.fail("closing quote expected")
	return nil
}

// escaped reads %xx and stops at its last digit.
func (p *sfParser) escaped() byte {
	if p.i+2 < len(p.s) {
		hi, lo := p.s[p.i+1], p.s[p.i+2]
		if unhex(hi) >= 0 && unhex(lo) >= 0 && (classes[hi]|classes[lo])&classUpper == 0 {
			p.i += 2
			return byte(unhex(hi)<<4 | unhex(lo))
		}
	}
	p.fail("two digits in small letters expected")
	return 0
}
