package header

import "strings"

// Link relates this representation to others, RFC 8288, section 3:
//
//	Link       = #link-value
//	link-value = "<" URI-Reference ">" *( OWS ";" OWS [ link-param ] )
//	link-param = token BWS [ "=" BWS ( token / quoted-string ) ]
//
//	Link: </page/2>; rel=next, </style.css>; rel=preload; as=style
//	Link: <http://example.com/>; rel="start http://example.net/rel/other"
var Link = NewField("Link", parseLinks, formatLinks)

// maxLinks is how many links a field may have.
const maxLinks = 1000

// LinkValue is one link.
type LinkValue struct {
	// Target is the URI reference, as it is written.
	Target string
	// Params are the target attributes; one without a value has "".
	Params Params
}

// Rel are the relation types of the link, in small letters where they are no
// URIs. Only the first rel counts.
func (l LinkValue) Rel() []string {
	rels := strings.Fields(l.Params.Get("rel"))
	for i, rel := range rels {
		if !strings.Contains(rel, ":") {
			rels[i] = toLower(rel)
		}
	}
	return rels
}

// Title is the link's title: title* if it can be read, else title.
func (l LinkValue) Title() string {
	if title, ok := decodeExt(l.Params.Get("title*")); ok {
		return title
	}
	return l.Params.Get("title")
}

// String is the link as it is sent.
func (l LinkValue) String() string {
	b := append([]byte{'<'}, l.Target...)
	b = append(b, '>')
	for _, p := range l.Params {
		b = append(b, "; "...)
		b = append(b, p.Name...)
		if p.Value != "" {
			b = append(b, '=')
			b = appendTokenOrQuoted(b, p.Value)
		}
	}
	return string(b)
}

// formatLinks refuses targets that would end early.
func formatLinks(links []LinkValue) (string, error) {
	if len(links) == 0 {
		return "", ErrAbsent
	}
	parts := make([]string, len(links))
	for i, l := range links {
		if at := strings.IndexAny(l.Target, "<> \t"); at >= 0 {
			return "", bad(l.Target, at, syntaxError("a link's target holds no space and no angle"))
		}
		if err := l.Params.check(); err != nil {
			return "", err
		}
		parts[i] = l.String()
	}
	return strings.Join(parts, ", "), nil
}

// parseLinks reads all lines as one list.
func parseLinks(lines []string) ([]LinkValue, error) {
	if allEmpty(lines) {
		return nil, ErrAbsent
	}
	var links []LinkValue
	for _, line := range lines {
		for i := skipListSpace(line, 0); i < len(line); i = skipListSpace(line, i) {
			l, end, err := parseLink(line, i)
			if err != nil {
				return nil, err
			}
			if len(links) == maxLinks {
				return nil, bad(line, i, ErrTooMany)
			}
			links, i = append(links, l), end
		}
	}
	return links, nil
}

// parseLink reads a link that starts at i, and stops before the comma behind it.
func parseLink(s string, i int) (l LinkValue, end int, err error) {
	if s[i] != '<' {
		return l, i, bad(s, i, syntaxError("< expected"))
	}
	n := strings.IndexByte(s[i:], '>')
	if n < 0 {
		return l, i, bad(s, i, syntaxError("> expected"))
	}
	l.Target = trimOWS(s[i+1 : i+n])
	if at := strings.IndexAny(l.Target, "< \t"); at >= 0 {
		return l, i, bad(s, i, syntaxError("a link's target holds no space and no angle"))
	}
	l.Params, end, err = parseParams(s, i+n+1, paramStyle{space: true, bare: true}, ',')
	return l, end, err
}
