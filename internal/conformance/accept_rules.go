package conformance

import (
	"fmt"
	"slices"
	"strings"
)

func acceptRules() []Rule {
	return []Rule{acceptGrammarRule, acceptNarrow, acceptEmptySum}
}

func acceptCharsetRules() []Rule { return []Rule{acceptGrammarRule} }

func acceptEncodingRules() []Rule {
	return []Rule{acceptGrammarRule, acceptAliases, acceptIdentity, acceptEmptySum}
}

func acceptLanguageRules() []Rule {
	return []Rule{acceptGrammarRule, acceptAnyLanguage}
}

// acceptGrammarRule touches whatever is asked of such a field or offer.
var acceptGrammarRule = Rule{
	Name: "the grammar of the Accept fields is RFC 9110's",
	Reason: "Its sections 5.6.1.2 and 5.6.6 have recipients take `, text/html`, `text/html;` and an empty list, which RFC 7230 " +
		"did not; the reference takes such a field for malformed and therefore for absent. An empty Accept-Charset or " +
		"Accept-Language says nothing and weighs as if absent. A line feed at the end, which passes through the reference because " +
		"of what $ means in a regular expression, is malformed.",
	Applies: func(q Question) bool {
		family, lineFeed := acceptFamily(q), func(s string) bool { return strings.HasSuffix(s, "\n") }
		in := In[struct {
			Offer  string
			Offers acceptOffersOrWeights
		}](q)
		return lineFeed(in.Offer) || slices.ContainsFunc(in.Offers.texts(), lineFeed) ||
			slices.ContainsFunc(acceptHeaders(q), func(h *string) bool {
				return h != nil && (lineFeed(*h) || acceptRead(family, h).newOnly)
			})
	},
	Answer: acceptModel,
}

var acceptNarrow = Rule{
	Name: "a range with parameters names only what has them",
	Reason: "By RFC 9110 section 12.5.1 parameters narrow a range, whether it is text/html, text/* or */*; they do so before " +
		"and after the weight, and their order means nothing. The reference ignores them on wildcards and after the weight, " +
		"and compares them in order.",
	Applies: ForOps(func(q Question) bool {
		return slices.ContainsFunc(acceptRead("accept", acceptHeaders(q)[0]).entries, func(e acceptEntry) bool {
			wild := strings.HasSuffix(e.name, "/*")
			return wild && len(e.params) > 0 || len(e.params) > 1 || len(acceptSorted(e.ext)) > 0
		})
	}, "accept.acceptable_offers", "accept.accepts_html"),
	Answer: acceptModel,
}

var acceptEmptySum = Rule{
	Name: "an empty field adds nothing, on either side",
	Reason: "Joined with an empty field the reference leaves a comma over on one side, and fails on the other " +
		"because its own result is malformed then.",
	Applies: ForOps(func(q Question) bool {
		return slices.ContainsFunc(acceptHeaders(q), func(h *string) bool { return h != nil && *h == "" })
	}, "accept.add", "accept_encoding.add"),
	Answer: acceptModel,
}

var acceptAliases = Rule{
	Name: "x-gzip is gzip, x-compress is compress",
	Reason: "RFC 9110 sections 8.4.1.1 and 8.4.1.3 ask recipients to take them so. An entry of the very name " +
		"goes before one of the other.",
	Applies: ForOps(func(q Question) bool {
		in := In[struct{ Offers []string }](q)
		for _, e := range acceptRead("accept_encoding", acceptHeaders(q)[0]).entries {
			in.Offers = append(in.Offers, e.name)
		}
		return slices.ContainsFunc(in.Offers, func(name string) bool {
			return strings.EqualFold(name, "x-gzip") || strings.EqualFold(name, "x-compress")
		})
	}, "accept_encoding.acceptable_offers"),
	Answer: acceptModel,
}

var acceptIdentity = Rule{
	Name: "an identity that is not named never beats what is",
	Reason: "RFC 9110 section 12.5.3 only says that it is acceptable. In the reference it weighs 1 and beats `gzip;q=0.5`, " +
		"so that nothing would be compressed for a client that asks for it; here it weighs as little as the least of the " +
		"other acceptable offers, and the order of offers decides.",
	Applies: ForOps(func(q Question) bool {
		in := In[struct{ Offers []string }](q)
		r := acceptRead("accept_encoding", acceptHeaders(q)[0])
		named := slices.ContainsFunc(r.entries, func(e acceptEntry) bool { return e.name == "*" || strings.EqualFold(e.name, "identity") })
		return r.kind == "valid" && !named &&
			slices.ContainsFunc(in.Offers, func(o string) bool { return strings.EqualFold(o, "identity") })
	}, "accept_encoding.acceptable_offers"),
	Answer: acceptModel,
}

var acceptAnyLanguage = Rule{
	Name: "without the field any language will do",
	Reason: "RFC 9110 section 12.4.1: no field means no preference. The reference answers no tag at all then; " +
		"here all are acceptable, in the order given. A malformed field still answers none, as there.",
	Applies: ForOps(func(q Question) bool { return acceptHeaders(q)[0] == nil }, "accept_language.basic_filtering"),
	Answer:  acceptModel,
}

func acceptFamily(q Question) string {
	family, _, _ := strings.Cut(q.Op, ".")
	return family
}

// acceptHeaders are the fields in a question.
func acceptHeaders(q Question) []*string {
	switch _, op, _ := strings.Cut(q.Op, "."); op {
	case "add":
		in := In[struct{ Left, Right acceptOperand }](q)
		return []*string{in.Left.rawText(), in.Right.rawText()}
	case "set":
		return []*string{In[struct{ Value acceptOperand }](q).Value.rawText()}
	case "parse_offer":
		return []*string{nil}
	}
	return []*string{In[struct{ Header *string }](q).Header}
}

// rawText is the field an operand stands for, before it is checked.
func (o acceptOperand) rawText() *string {
	weights := o.List
	switch {
	case o.Header.given:
		return o.Header.value
	case o.Text != nil:
		return o.Text
	case o.Mapping != nil:
		sorted := slices.Clone(*o.Mapping)
		slices.SortStableFunc(sorted, func(x, y acceptWeighted) int { return int(1000*y.Q) - int(1000*x.Q) })
		weights = &sorted
	case o.None:
		return nil
	}
	var texts []string
	for _, w := range *weights {
		text := w.Text
		if w.Q != 1 || w.Params != "" {
			text = fmt.Sprintf("%s;q=%v%s", w.Text, w.Q, w.Params)
		}
		texts = append(texts, text)
	}
	joined := strings.Join(texts, ", ")
	return &joined
}

// acceptModel answers a question by the second reader.
func acceptModel(q Question, want Answer) Answer {
	family, op, _ := strings.Cut(q.Op, ".")
	r := acceptRead(family, acceptHeaders(q)[0])
	in := In[struct {
		Offer   string
		Offers  acceptOffersOrWeights
		Tags    []string
		Default any
	}](q)
	switch op {
	case "parse":
		return Says(acceptModelParse(family, r))
	case "acceptable_offers":
		return Says(acceptModelOffers(family, r, in.Offers.texts()))
	case "basic_filtering":
		if r.kind == "invalid" {
			return Says([]any{})
		}
		return Says(acceptModelOffers(family, r, in.Tags))
	case "set":
		if h := acceptHeaders(q)[0]; h != nil && strings.Contains(*h, "\n") {
			return Refused
		}
		return want
	case "parse_offer":
		return Refused
	case "accepts_html":
		html := []string{"text/html", "application/xhtml+xml", "application/xml", "text/xml"}
		return Says(len(acceptModelOffers(family, r, html).([]any)) > 0)
	case "add":
		return Says(acceptModelSum(q))
	case "lookup":
		return acceptModelLookup(q, r)
	case "contains":
		return Says(acceptModelQuality(family, r, in.Offer) != nil)
	case "quality":
		return Says(acceptModelQuality(family, r, in.Offer))
	case "best_match":
		return Says(acceptModelBest(family, r, in.Offers, in.Default))
	}
	panic("no model of " + q.Op)
}
