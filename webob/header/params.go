package header

import "slices"

// Params are the parameters of a media type, a disposition, a link or a
// challenge, in their order, RFC 9110, section 5.6.6:
//
//	parameters = *( OWS ";" OWS [ parameter ] )
//	parameter  = token "=" ( token / quoted-string )
//
// Names are compared without case, and are in small letters where this package
// has read them. Values are without their quotes.
type Params []Param

// Param is one parameter.
type Param struct {
	// Name is the parameter's name, a token.
	Name string
	// Value is any text that a header can hold, without quotes and escapes.
	Value string
}

// maxParams is how many parameters one value may have.
const maxParams = 100

// find is the index of the first parameter of a name, or -1.
func (p Params) find(name string) int {
	return slices.IndexFunc(p, func(x Param) bool { return equalFold(x.Name, name) })
}

// Get is the value of the first parameter of a name, "" where there is none.
func (p Params) Get(name string) string {
	v, _ := p.Lookup(name)
	return v
}

// Lookup is the value of the first parameter of a name, and whether there is one.
func (p Params) Lookup(name string) (string, bool) {
	if i := p.find(name); i >= 0 {
		return p[i].Value, true
	}
	return "", false
}

// Set sets a parameter, in the place of one of that name.
func (p *Params) Set(name, value string) {
	if i := p.find(name); i >= 0 {
		(*p)[i].Value = value
		return
	}
	*p = append(*p, Param{toLower(name), value})
}

// Del takes all parameters of a name away.
func (p *Params) Del(name string) {
	*p = slices.DeleteFunc(*p, func(x Param) bool { return equalFold(x.Name, name) })
}

// appendTo writes "; name=value" for each.
func (p Params) appendTo(b []byte) []byte {
	for _, x := range p {
		b = append(b, "; "...)
		b = append(b, x.Name...)
		b = append(b, '=')
		b = appendTokenOrQuoted(b, x.Value)
	}
	return b
}

// check refuses names that are no tokens.
func (p Params) check() error {
	for _, x := range p {
		if !isToken(x.Name) {
			return bad(x.Name, -1, syntaxError("the name of a parameter is a token"))
		}
	}
	return nil
}

// paramStyle is what the grammars of parameters differ in.
type paramStyle struct {
	space bool // white space around "="
	bare  bool // a name alone
}

// parseParam reads a parameter that starts at i.
func parseParam(s string, i int, style paramStyle) (p Param, end int, err error) {
	end = tokenEnd(s, i)
	if end == i {
		return p, i, bad(s, i, syntaxError("name of a parameter expected"))
	}
	p.Name = toLower(s[i:end])
	i = end
	if style.space {
		i = skipOWS(s, i)
	}
	if i == len(s) || s[i] != '=' {
		if style.bare {
			return p, end, nil
		}
		return p, i, bad(s, i, syntaxError("= expected"))
	}
	i++
	if style.space {
		i = skipOWS(s, i)
	}
	p.Value, end, err = parseTokenOrQuoted(s, i)
	return p, end, err
}

// parseTokenOrQuoted reads a value that starts at i.
func parseTokenOrQuoted(s string, i int) (value string, end int, err error) {
	if i < len(s) && s[i] == '"' {
		end, ok := quotedEnd(s, i)
		if !ok {
			return "", end, bad(s, end, syntaxError("closing quote expected"))
		}
		return unquote(s[i:end]), end, nil
	}
	if end = tokenEnd(s, i); end == i {
		return "", i, bad(s, i, syntaxError("value expected"))
	}
	return s[i:end], end, nil
}

// parseParams reads parameters from i on, up to the end or a byte that stop
// names (a comma between the elements of a list).
func parseParams(s string, i int, style paramStyle, stop byte) (ps Params, end int, err error) {
	for {
		i = skipOWS(s, i)
		if i == len(s) || stop != 0 && s[i] == stop {
			return ps, i, nil
		}
		if s[i] != ';' {
			return nil, i, bad(s, i, syntaxError("; expected"))
		}
		i = skipOWS(s, i+1)
		if i == len(s) || s[i] == ';' || stop != 0 && s[i] == stop {
			continue
		}
		var p Param
		if p, i, err = parseParam(s, i, style); err != nil {
			return nil, i, err
		}
		if len(ps) == maxParams {
			return nil, i, bad(s, i, ErrTooMany)
		}
		ps = append(ps, p)
	}
}
