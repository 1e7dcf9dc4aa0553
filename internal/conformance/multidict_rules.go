package conformance

import (
	"slices"
	"strings"
)

// multidictHas tells whether a script has a step of that name.
func multidictHas(in multidictIn, step string) bool {
	return slices.ContainsFunc(in.Steps, func(s []any) bool { return s[0] == step })
}

// multidictOnly tells whether a script has steps of these names alone.
func multidictOnly(in multidictIn, steps ...string) bool {
	return !slices.ContainsFunc(in.Steps, func(s []any) bool { return !slices.Contains(steps, s[0].(string)) })
}

// multidictResults changes the results of some steps.
func multidictResults(q Question, want Answer, change func(step []any, result any) any) Answer {
	in := In[multidictIn](q)
	return Says(Edit(want.Value, "results", func(v any) any {
		results := slices.Clone(v.([]any))
		for i, step := range in.Steps {
			results[i] = change(step, results[i])
		}
		return results
	}))
}

var multidictRefused = map[string]any{"err": "refused"}

var multidictEquality = Rule{
	Name: "mappings are equal when all their pairs are",
	Reason: "In Python two mappings are equal when the last values of their keys are, which hides values and order. " +
		"MultiDict.Equal compares the lists of pairs; header.List offers no equality.",
	Applies: ForOps(func(q Question) bool {
		in := In[multidictIn](q)
		return multidictHas(in, "equals") && multidictOnly(in, "equals")
	}, "multidict.script"),
	Answer: func(q Question, want Answer) Answer {
		in := In[multidictIn](q)
		items := slices.Concat(append(in.Parts, in.Items)...)
		return multidictResults(q, want, func(step []any, _ any) any {
			if in.Kind == "headers" {
				return multidictRefused
			}
			return slices.Equal(items, multidictPairs(step[1]))
		})
	},
}

var multidictExtend = Rule{
	Name:   "a read-only view refuses to be extended",
	Reason: "WebOb forgets to refuse extend on a nested mapping and does nothing, so that data is lost without a word.",
	Applies: ForOps(func(q Question) bool {
		in := In[multidictIn](q)
		return in.Kind == "nested" && multidictHas(in, "extend")
	}, "multidict.script"),
	Answer: func(q Question, want Answer) Answer {
		return multidictResults(q, want, func(step []any, result any) any {
			if step[0] == "extend" {
				return multidictRefused
			}
			return result
		})
	},
}

var multidictNoVarsCopy = Rule{
	Name: "a copy of the empty read-only mapping is writable",
	Reason: "In Python it copies to itself and cannot be changed. A copy belongs to who makes it, " +
		"as that of a nested mapping does.",
	Applies: ForOps(func(q Question) bool {
		in := In[multidictIn](q)
		return in.Kind == "none" && multidictHas(in, "copy")
	}, "multidict.script"),
	Answer: func(q Question, want Answer) Answer {
		return multidictResults(q, want, func(step []any, result any) any {
			if step[0] == "copy" {
				return [][]string{{"copied", "1"}}
			}
			return result
		})
	},
}

var multidictCleanHeaders = Rule{
	Name: "header fields that could not be sent are refused",
	Reason: "WebOb's header mapping takes names that are no token and values with CR, LF or NUL, which split the header " +
		"(RFC 9110 section 5.5). We refuse them where they are set, and the list stays as it was.",
	Applies: ForOps(func(q Question) bool {
		in := In[multidictIn](q)
		return in.Kind == "headers" && len(in.Items) == 0 && len(in.Steps) > 0 &&
			slices.ContainsFunc(multidictGiven(in.Steps[0]), multidictUnclean) &&
			multidictOnly(multidictIn{Steps: in.Steps[1:]}, "getall", "keys", "items", "values")
	}, "multidict.script"),
	Answer: func(q Question, _ Answer) Answer {
		results := []any{multidictRefused}
		for range In[multidictIn](q).Steps[1:] {
			results = append(results, []any{})
		}
		return Says(map[string]any{"results": results, "items": []any{}})
	},
}

// multidictGiven are the pairs that a step wants to put in.
func multidictGiven(step []any) []multidictPair {
	switch step[0] {
	case "set", "add", "setdefault":
		return []multidictPair{{step[1].(string), step[2].(string)}}
	case "update", "extend":
		return multidictPairs(step[1])
	}
	return nil
}

func multidictUnclean(p multidictPair) bool {
	const token = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	return p[0] == "" || strings.Trim(p[0], token) != "" || strings.ContainsAny(p[1], "\r\n\x00")
}

var multidictSecrets = Rule{
	Name: "more secrets are hidden from logs",
	Reason: "WebOb hides the values of keys with password, passwd or pwd in them, in lower case alone. " +
		"We ignore case, and hide those with token and secret as well.",
	Applies: ForOps(func(Question) bool { return true }, "multidict.masked"),
	Answer: func(q Question, _ Answer) Answer {
		shown := []multidictPair{}
		for _, p := range In[multidictIn](q).Items {
			for _, word := range []string{"password", "passwd", "pwd", "token", "secret"} {
				if strings.Contains(strings.ToLower(p[0]), word) {
					p[1] = "******"
				}
			}
			shown = append(shown, p)
		}
		return Says(shown)
	},
}
