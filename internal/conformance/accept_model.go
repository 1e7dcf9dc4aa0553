package conformance

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A second reader of the Accept fields, by regular expressions to be read against
// RFC 9110, RFC 7231 and RFC 4647. The rules of the four families work out their
// answers with it. It works on the text of a question, each character a byte.

const (
	acceptOWS   = `[ \t]*`
	acceptToken = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+"
	acceptValue = `(?:` + acceptToken + `|"(?:[\t !#-\[\]-~\x{80}-\x{ff}]|\\[\t -~\x{80}-\x{ff}])*")`
	acceptQ     = `(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)`
	// acceptParts are parameters, empty ones, and (checked later) bare names.
	acceptParts = `(?:` + acceptOWS + `;` + acceptOWS + `(?:` + acceptToken + `(?:=` + acceptValue + `)?)?)*`
	acceptWeigh = `(?:` + acceptOWS + `;` + acceptOWS + `[qQ]=(?:` + acceptQ + `))?`
)

// acceptGrammar is the grammar of one family.
type acceptGrammar struct {
	element, list, oldList *regexp.Regexp
	emptyMeans             bool // an empty list says something
}

var acceptGrammars = map[string]acceptGrammar{
	"accept":          newAcceptGrammar(acceptToken+`/`+acceptToken+acceptParts, true),
	"accept_charset":  newAcceptGrammar(acceptToken+acceptWeigh, false),
	"accept_encoding": newAcceptGrammar(acceptToken+acceptWeigh, true),
	"accept_language": newAcceptGrammar(`(?:\*|[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)`+acceptWeigh, false),
}

func newAcceptGrammar(element string, zero bool) acceptGrammar {
	e, more := `(?:`+element+`)`, `(?:`+acceptOWS+`,(?:`+acceptOWS+element+`)?)*`
	old := `^(?:,` + acceptOWS + `)*` + e + more + `$` // RFC 7230, 1#element
	if zero {
		old = `^(?:(?:,|` + e + `)` + more + `)?$` // and #element
	}
	return acceptGrammar{
		element:    regexp.MustCompile(element),
		list:       regexp.MustCompile(`^` + e + `?(?:` + acceptOWS + `,` + acceptOWS + e + `?)*$`),
		oldList:    regexp.MustCompile(old),
		emptyMeans: zero,
	}
}

// acceptEntry is an element as the model reads it.
type acceptEntry struct {
	name        string // a media range without parameters, or a name; as it came
	q           float64
	params, ext [][2]string // the second part of a bare name is "="
}

// acceptReading is a field as the model reads it.
type acceptReading struct {
	kind    string
	entries []acceptEntry
	newOnly bool // valid by RFC 9110 and not by RFC 7231
}

func acceptRead(family string, header *string) acceptReading {
	if header == nil {
		return acceptReading{kind: "missing"}
	}
	g := acceptGrammars[family]
	if !g.list.MatchString(*header) {
		return acceptReading{kind: "invalid"}
	}
	r := acceptReading{kind: "valid", newOnly: !g.oldList.MatchString(*header)}
	bare := false
	for _, text := range g.element.FindAllString(*header, -1) {
		e, emptyPart, barePart, ok := acceptElement(text)
		if !ok {
			return acceptReading{kind: "invalid"}
		}
		r.entries = append(r.entries, e)
		r.newOnly, bare = r.newOnly || emptyPart, bare || barePart
	}
	if r.newOnly && bare { // valid by neither
		return acceptReading{kind: "invalid"}
	}
	return r
}

var (
	acceptPart      = regexp.MustCompile(acceptOWS + `;` + acceptOWS + `(` + acceptToken + `)?(?:=(` + acceptValue + `))?`)
	acceptBackslash = regexp.MustCompile(`\\(.)`)
	acceptQOnly     = regexp.MustCompile(`^` + acceptQ + `$`)
)

func acceptElement(text string) (e acceptEntry, emptyPart, bare, ok bool) {
	end := strings.IndexAny(text, " \t;")
	if end < 0 {
		return acceptEntry{name: text, q: 1}, false, false, true
	}
	e, weighted := acceptEntry{name: text[:end], q: 1}, false
	for _, part := range acceptPart.FindAllStringSubmatch(text[end:], -1) {
		name, value := part[1], part[2]
		unquoted := value
		if strings.HasPrefix(value, `"`) {
			unquoted = acceptBackslash.ReplaceAllString(value[1:len(value)-1], "$1")
		}
		switch {
		case name == "":
			emptyPart = true
		case value == "" && !weighted:
			return e, false, false, false
		case value == "":
			bare, e.ext = true, append(e.ext, [2]string{name, "="})
		case weighted:
			e.ext = append(e.ext, [2]string{name, unquoted})
		case strings.EqualFold(name, "q"):
			if !acceptQOnly.MatchString(value) {
				return e, false, false, false
			}
			fmt.Sscan(strings.TrimSuffix(value, "."), &e.q)
			weighted = true
		default:
			e.params = append(e.params, [2]string{name, unquoted})
		}
	}
	return e, emptyPart, bare, true
}

func acceptParamText(params [][2]string) (text string) {
	for _, p := range params {
		switch {
		case p[1] == "=":
			text += ";" + p[0]
		case regexp.MustCompile(`^` + acceptToken + `$`).MatchString(p[1]):
			text += ";" + p[0] + "=" + p[1]
		default:
			text += ";" + p[0] + `="` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(p[1]) + `"`
		}
	}
	return text
}

func (e acceptEntry) rangeText() string { return e.name + acceptParamText(e.params) }

func (e acceptEntry) text() string {
	if e.q == 1 && len(e.ext) == 0 {
		return e.rangeText()
	}
	return fmt.Sprintf("%s;q=%v%s", e.rangeText(), e.q, acceptParamText(e.ext))
}

// normal is the tidied text.
func (r acceptReading) normal() any {
	if r.kind != "valid" {
		return nil
	}
	texts := []string{}
	for _, e := range r.entries {
		texts = append(texts, e.text())
	}
	return strings.Join(texts, ", ")
}

// acceptModelParse answers the ops parse.
func acceptModelParse(family string, r acceptReading) any {
	list := []any{}
	for _, e := range r.entries {
		if family != "accept" {
			list = append(list, []any{e.name, e.q})
			continue
		}
		ext := []any{}
		for _, p := range e.ext {
			if p[1] == "=" {
				ext = append(ext, p[0])
			} else {
				ext = append(ext, p)
			}
		}
		list = append(list, map[string]any{
			"range": e.rangeText(), "q": e.q, "params": append([][2]string{}, e.params...), "extensions": ext,
		})
	}
	wanted := slices.DeleteFunc(slices.Clone(r.entries), func(e acceptEntry) bool { return e.q == 0 })
	slices.SortStableFunc(wanted, func(x, y acceptEntry) int { return cmp.Compare(y.q, x.q) })
	names := []string{}
	for _, e := range wanted {
		names = append(names, e.rangeText())
	}
	answer := map[string]any{"kind": r.kind, "normal": r.normal(), "by_preference": names}
	member := "items"
	if family == "accept" {
		member = "ranges"
	}
	answer[member] = nil
	if r.kind == "valid" {
		answer[member] = list
	}
	return answer
}

// acceptPair is an offer with its weight, and the place of the range for languages.
type acceptPair struct {
	offer string
	q     float64
	place int
}

// acceptModelOffers answers acceptable_offers and basic_filtering.
func acceptModelOffers(family string, r acceptReading, offers []string) any {
	var pairs []acceptPair
	for i, offer := range offers {
		if family == "accept" && !acceptIsOffer(offer) {
			continue
		}
		p := acceptPair{offer, 1, 0}
		if r.kind == "valid" && (len(r.entries) > 0 || acceptGrammars[family].emptyMeans) {
			if family == "accept" && slices.Contains(offers[:i], offer) {
				continue
			}
			p.q, p.place = acceptWeightOf(family, r, offer)
		}
		if p.q != 0 {
			pairs = append(pairs, p)
		}
	}
	least := 1.0
	for _, p := range pairs {
		if p.q > 0 {
			least = min(least, p.q)
		}
	}
	for i := range pairs {
		if pairs[i].q < 0 { // an identity of which nothing is said
			pairs[i].q = least
		}
	}
	slices.SortStableFunc(pairs, func(x, y acceptPair) int {
		return cmp.Or(cmp.Compare(y.q, x.q), cmp.Compare(x.place, y.place))
	})
	answer := []any{}
	for _, p := range pairs {
		answer = append(answer, []any{p.offer, p.q})
	}
	return answer
}

var acceptOfferPattern = regexp.MustCompile(`^` + acceptToken + `/` + acceptToken +
	`(?:` + acceptOWS + `;` + acceptOWS + acceptToken + `=` + acceptValue + `)*$`)

func acceptIsOffer(offer string) bool {
	if !acceptOfferPattern.MatchString(offer) {
		return false
	}
	e, _, _, ok := acceptElement(offer)
	hasQ := regexp.MustCompile(`(?i);[ \t]*q=`).MatchString(regexp.MustCompile(`"(?:[^"\\]|\\.)*"`).ReplaceAllString(offer, "x"))
	return ok && !hasQ && !strings.HasPrefix(e.name, "*/") && !strings.HasSuffix(e.name, "/*")
}

func acceptWeightOf(family string, r acceptReading, offer string) (q float64, place int) {
	switch family {
	case "accept":
		return acceptTypeWeight(r, offer), 0
	case "accept_language":
		return acceptTagWeight(r, strings.ToLower(offer))
	}
	names := []string{strings.ToLower(offer)}
	if family == "accept_encoding" {
		switch short := strings.TrimPrefix(names[0], "x-"); short {
		case "gzip", "compress":
			names = append(names, short, "x-"+short)
		}
	}
	for _, name := range append(names, "*") {
		for _, e := range r.entries {
			if strings.EqualFold(e.name, name) {
				return e.q, 0
			}
		}
	}
	if family == "accept_encoding" && names[0] == "identity" {
		return -1, 0
	}
	return 0, 0
}

func acceptTypeWeight(r acceptReading, offer string) (q float64) {
	o, _, _, _ := acceptElement(offer)
	typ, _, _ := strings.Cut(strings.ToLower(o.name), "/")
	closest := 0
	for _, e := range r.entries {
		closeness := 2 * (1 + slices.Index([]string{"*/*", typ + "/*", strings.ToLower(o.name)}, strings.ToLower(e.name)))
		if params := acceptSorted(append(slices.Clone(e.params), e.ext...)); len(params) > 0 {
			if !slices.Equal(params, acceptSorted(o.params)) {
				continue
			}
			closeness++
		}
		if closeness > max(closest, 1) {
			closest, q = closeness, e.q
		}
	}
	return q
}

// acceptSorted makes parameters comparable whatever their order.
func acceptSorted(params [][2]string) (sorted []string) {
	for _, p := range params {
		if name := strings.ToLower(p[0]); name != "q" && p[1] != "=" {
			sorted = append(sorted, name+"="+p[1])
		}
	}
	slices.Sort(sorted)
	return sorted
}

func acceptTagWeight(r acceptReading, tag string) (q float64, place int) {
	var seen []string
	named, starQ, starPlace := false, 0.0, 0
	for i, e := range r.entries {
		name := strings.ToLower(e.name)
		if slices.Contains(seen, name) {
			continue
		}
		seen = append(seen, name)
		switch {
		case name == "*":
			starQ, starPlace = e.q, i
		case !strings.HasPrefix(tag+"-", name+"-"):
		case e.q == 0:
			return 0, 0
		case e.q > q:
			named, q, place = true, e.q, i
		}
	}
	if named {
		return q, place
	}
	return starQ, starPlace
}

// acceptModelSum answers add.
func acceptModelSum(q Question) any {
	family, in := acceptFamily(q), In[struct{ Left, Right acceptOperand }](q)
	var parts []string
	sum := acceptReading{kind: "missing"}
	var header any
	for _, side := range []acceptOperand{in.Left, in.Right} {
		raw := side.rawText()
		r := acceptRead(family, raw)
		if r.kind != "valid" || side.blank() || (side.List != nil || side.Mapping != nil) && r.newOnly && *raw != "" {
			continue
		}
		switch means := acceptGrammars[family].emptyMeans; {
		case means && *raw != "", len(r.entries) > 0:
			parts = append(parts, *raw)
		case means:
			sum, header = r, ""
		}
	}
	if parts != nil {
		joined := strings.Join(parts, ", ")
		sum, header = acceptRead(family, &joined), joined
	}
	return map[string]any{"kind": sum.kind, "header": header, "normal": sum.normal()}
}

// blank tells whether an element of a list or mapping names nothing.
func (o acceptOperand) blank() bool {
	for _, list := range []*[]acceptWeighted{o.List, o.Mapping} {
		if list != nil && slices.ContainsFunc(*list, func(w acceptWeighted) bool { return strings.Trim(w.Text, ", \t") == "" }) {
			return true
		}
	}
	return false
}

// acceptModelLookup answers lookup.
func acceptModelLookup(q Question, r acceptReading) Answer {
	in := In[acceptLookupQuestion](q)
	if in.DefaultTag == nil && in.Default == nil {
		return Refused
	}
	last := func(tagFits bool) Answer {
		if tagFits && in.DefaultTag != nil {
			return Says(*in.DefaultTag)
		}
		return Says(in.Default)
	}
	if len(r.entries) == 0 {
		return last(true)
	}
	if in.DefaultRange != nil && *in.DefaultRange == "*" {
		return Refused
	}
	ranges := slices.Clone(r.entries)
	slices.SortStableFunc(ranges, func(x, y acceptEntry) int { return cmp.Compare(y.q, x.q) })
	refused := func(tag string) bool {
		return slices.ContainsFunc(ranges, func(e acceptEntry) bool { return e.q == 0 && strings.EqualFold(e.name, tag) })
	}
	if !refused("*") && in.DefaultRange != nil {
		ranges = append(ranges, acceptEntry{name: *in.DefaultRange, q: 1})
	}
	for _, e := range ranges {
		for subtags := strings.Split(e.name, "-"); e.q > 0 && e.name != "*" && len(subtags) > 0; {
			fits := func(tag string) bool { return strings.EqualFold(tag, strings.Join(subtags, "-")) && !refused(tag) }
			if i := slices.IndexFunc(in.Tags, fits); i >= 0 {
				return Says(in.Tags[i])
			}
			subtags = subtags[:len(subtags)-1]
			if n := len(subtags); n > 0 && len(subtags[n-1]) == 1 {
				subtags = subtags[:n-1]
			}
		}
	}
	return last(!refused("*") && (in.DefaultTag == nil || !refused(*in.DefaultTag)))
}

// acceptOldMatch is the matching of the deprecated operations.
func acceptOldMatch(family, mask, offer string) bool {
	mask, offer = strings.ToLower(mask), strings.ToLower(offer)
	switch family {
	case "accept_language":
		offer = strings.ReplaceAll(offer, "_", "-")
		return mask == "*" || mask == offer || strings.Split(offer, "-")[0] == mask || strings.Split(mask, "-")[0] == offer
	case "accept":
		if mask == offer || mask == "*/*" || offer == "*/*" || offer == "*" {
			return true
		}
		m, o := strings.Split(mask, "/"), strings.Split(offer, "/")
		if len(m) != 2 {
			m = []string{mask, "*"}
		}
		if len(o) != 2 {
			o = []string{offer, "*"}
		}
		either := func(x, y string) bool { return x == "*" || y == "*" }
		return either(m[1], o[1]) && m[0] == o[0] || either(m[0], o[0]) && m[1] == o[1] ||
			m[1] == "*" && o[0] == "*" || m[0] == "*" && o[1] == "*"
	}
	return mask == "*" || mask == offer
}

// says tells whether the deprecated operations look at the field at all.
func (r acceptReading) says(family string) bool {
	return r.kind == "valid" && (len(r.entries) > 0 || acceptGrammars[family].emptyMeans)
}

func acceptModelQuality(family string, r acceptReading, offer string) any {
	if !r.says(family) {
		return 1.0
	}
	q := 0.0
	for _, e := range r.entries {
		if acceptOldMatch(family, e.rangeText(), offer) {
			q = max(q, e.q)
		}
	}
	if q == 0 {
		return nil
	}
	return q
}

// acceptOffersOrWeights are offers, some with a weight of the server's.
type acceptOffersOrWeights []acceptWeighted

func (offers acceptOffersOrWeights) texts() (texts []string) {
	for _, o := range offers {
		texts = append(texts, Latin(o.Text))
	}
	return texts
}

func acceptModelBest(family string, r acceptReading, offers acceptOffersOrWeights, best any) any {
	if !r.says(family) {
		r.entries = []acceptEntry{{name: map[bool]string{true: "*/*", false: "*"}[family == "accept"], q: 1}}
	}
	bestQ, stars := -1.0, 2
	for _, o := range offers {
		for _, e := range r.entries {
			q, n := o.Q*e.q, strings.Count(e.rangeText(), "*")
			better := q > bestQ || q == bestQ && n < stars
			if e.q > 0 && better && acceptOldMatch(family, e.rangeText(), Latin(o.Text)) {
				best, bestQ, stars = Latin(o.Text), q, n
			}
		}
	}
	return best
}
