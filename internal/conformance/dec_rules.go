package conformance

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

// decRules are the rules of the family dec.
func decRules() []Rule {
	return []Rule{
		NoOwnReasons.On(decHas(func(decMade) bool { return true }), decEach(func(_ decMade, answer any) any {
			return excNetHTTPReasons(Question{}, Says(answer)).Value
		})),
		NoAccidentalHTML.On(decHas(decUntyped), decEach(decOwnType)),
		AnswersAreValues.On(decHas(func(m decMade) bool { return m.kind == "nothing" }), func(q Question, want Answer) Answer {
			if In[decIn](q).Call == "direct" {
				return want
			}
			return Refused
		}),
		AnswersAreValues.On(decCatches, decCaught),
		AnswersAreValues.On(decPasses, decWorkedOn),
		PagesOfToday.On(decHas(decPage(excNegotiated)), decPages(excNegotiated, excChosenAnew)),
		PagesOfToday.On(decHas(decPage(excNegotiated)), decPages(excNegotiated, excTextPage)),
		PagesOfToday.On(decHas(decPage(excNegotiated)), decPages(excNegotiated, excNamedToday)),
		LocationStaysRelative.On(decHas(decPage(excHasLocation)), decPages(excHasLocation, excRelative)),
		LocationStaysRelative.On(decHas(func(m decMade) bool { return m.location != "" }), decEach(decRelative)),
		AnswersAreValues.On(decShares, decOwn),
		{
			Name: excHead.Name, Reason: excHead.Reason,
			Applies: decHas(decPage(func(p excPage) bool { return p.method() == "HEAD" && excNegotiated(p) })),
			Answer:  decPages(excNegotiated, func(p excPage, answer any) any { return excTyped(answer, excTypeFor(p)) }),
		},
		decData, decUTF8, decAlways, decKeeps, decBare,
	}
}

// decMade is what answers a request in the end.
type decMade struct {
	kind     string // of result: text, bytes, own, response, exc, wsgi, int, list
	typed    bool   // the function has set a Content-Type for text, bytes or own
	page     *excPage
	changed  bool   // a layer has changed the status of the page
	upper    bool   // or its letters
	location string // of a response
	req      excRequest
}

// decPart is an answer that is served, and its place in the whole.
type decPart struct {
	at []string
	decMade
}

type decIn struct {
	App     decApp
	Layers  []decLayer
	Request excRequest
	Path    string
	Call    string
	Clone   struct {
		Args    []any
		Kwargs  map[string]any
		Handler *decHandler
	}
}

// decParts are the answers a question asks for.
func decParts(q Question) []decPart {
	in := In[decIn](q)
	switch q.Op {
	case "dec.call":
		return []decPart{{nil, decMadeBy(in.App.decHandler, in.Request)}}
	case "dec.direct":
		return []decPart{{[]string{"value"}, decMadeBy(in.App.decHandler, in.Request)}}
	case "dec.shortcut":
		return []decPart{{[]string{"value"}, decMadeBy(in.App.decHandler, decTarget(in.Path))}}
	case "dec.clone":
		clone := decCloneIn{App: in.App.decHandler, Clone: in.Clone}.variant()
		return []decPart{
			{[]string{"clone"}, decMadeBy(clone, in.Request)},
			{[]string{"original"}, decMadeBy(in.App.decHandler, in.Request)},
			{[]string{"undecorated", "value"}, decMadeBy(in.App.decHandler, in.Request)},
		}
	case "dec.middleware":
		made := decMadeThrough(in.Layers, in.App, in.Request)
		if in.Call == "direct" {
			return []decPart{{[]string{"value"}, made}}
		}
		return []decPart{{nil, made}}
	}
	return nil
}

// decTarget is the request for a path or URL.
func decTarget(target string) excRequest {
	u, err := url.Parse(target)
	if err != nil || u.Host == "" {
		return excRequest{Path: target}
	}
	return excRequest{BaseURL: u.Scheme + "://" + u.Host, Path: u.RequestURI()}
}

func decMadeBy(h decHandler, req excRequest) decMade {
	if h.Raises != nil {
		return decRaised(h.Raises, req)
	}
	kind, value := decResult(h.Returns)
	m := decMade{kind: kind, req: req}
	m.typed = slices.ContainsFunc(h.Before, func(step []any) bool { return step[0] == "content_type" })
	switch kind {
	case "":
		m.kind = "own"
	case "echo":
		m.kind = "text"
	case "exc":
		return decRaised(value, req)
	case "handler":
		return decMadeBy(decodeStrict[decHandler](value), req)
	case "response":
		spec := decodeStrict[responseSpec](value)
		m.location, _ = spec.Kw["location"].(string)
	}
	return m
}

// decRaised is an error: the page of an HTTP error, or one that is handed on.
func decRaised(raw json.RawMessage, req excRequest) decMade {
	var spec excSpec
	if json.Unmarshal(raw, &spec) != nil || spec.Name == "" {
		return decMade{kind: "error"}
	}
	return decMade{kind: "exc", page: &excPage{spec, req, &req}}
}

// decMadeThrough is what comes out of layers.
func decMadeThrough(layers []decLayer, app decApp, req excRequest) decMade {
	if len(layers) == 0 {
		switch {
		case app.WSGI != nil:
			return decMade{kind: "wsgi"}
		case app.RaisesBare != nil:
			return decRaised(app.RaisesBare, req)
		}
		return decMadeBy(app.decHandler, req)
	}
	switch l := layers[0]; l.Do {
	case "status", "upper":
		m := decMadeThrough(layers[1:], app, req)
		m.changed = m.changed || l.Do == "status"
		m.upper = m.upper || l.Do == "upper"
		return m
	case "short", "config", "pop":
		return decMade{kind: "text"}
	case "nothing":
		return decMade{kind: "nothing"}
	case "raise":
		return decRaised(l.Error, req)
	case "catch":
		if m := decMadeThrough(layers[1:], app, req); m.page != nil {
			return decMade{kind: "text"}
		}
	}
	return decMadeThrough(layers[1:], app, req)
}

// decHas holds where an answer of some kind is served.
func decHas(kind func(decMade) bool) func(Question) bool {
	return func(q Question) bool {
		return slices.ContainsFunc(decParts(q), func(p decPart) bool { return kind(p.decMade) })
	}
}

// decPage narrows a predicate on error pages to answers that are one.
func decPage(kind func(excPage) bool) func(decMade) bool {
	return func(m decMade) bool { return m.page != nil && kind(*m.page) }
}

// decEach changes each answer that is served.
func decEach(change func(m decMade, answer any) any) func(Question, Answer) Answer {
	return func(q Question, want Answer) Answer {
		if want.Refused {
			return want
		}
		value := want.Value
		for _, part := range decParts(q) {
			value = decEdit(value, part.at, func(answer any) any { return change(part.decMade, answer) })
		}
		return Says(value)
	}
}

// decEdit changes an answer at its place, if one is there.
func decEdit(v any, at []string, change func(any) any) any {
	if len(at) > 0 {
		return Edit(v, at[0], func(inner any) any { return decEdit(inner, at[1:], change) })
	}
	if object, ok := v.(map[string]any); ok && object["headers"] != nil {
		return change(v)
	}
	return v
}

// decPages changes each error page of some kind, by a rule of exc. What layers have done to the
// page comes after.
func decPages(kind func(excPage) bool, change func(p excPage, answer any) any) func(Question, Answer) Answer {
	return decEach(func(m decMade, answer any) any {
		if m.page == nil || !kind(*m.page) {
			return answer
		}
		status := answer.(map[string]any)["status"]
		if m.changed {
			answer = With(answer, "status", strconv.Itoa(excCode(m.page.Name))+" "+http.StatusText(excCode(m.page.Name)))
		}
		answer = With(change(*m.page, answer), "status", status)
		if m.upper {
			answer = Edit(answer, "body", func(body any) any { return Latin(decUpper(Raw(body.(string)))) })
		}
		return answer
	})
}

func decUntyped(m decMade) bool {
	return !m.typed && (m.kind == "text" || m.kind == "bytes" || m.kind == "own")
}

// decOwnType is the type that text, bytes and nothing have with us.
func decOwnType(m decMade, answer any) any {
	if !decUntyped(m) {
		return answer
	}
	return Edit(answer, "headers", func(h any) any {
		switch m.kind {
		case "text":
			return SetHeader(h, "Content-Type", "text/plain; charset=utf-8")
		case "bytes":
			return SetHeader(h, "Content-Type", "application/octet-stream")
		}
		return DropHeader(h, "Content-Type")
	})
}

// decRelative is the Location as it was given, where it leads to the reference's.
func decRelative(m decMade, answer any) any {
	if m.location == "" {
		return answer
	}
	return Edit(answer, "headers", func(h any) any {
		if theirs := HeaderValues(h, "Location"); len(theirs) > 0 {
			base := excPage{req: m.req}.url()
			ours, err := base.Parse(m.location)
			if err != nil || ours.String() != theirs[0] {
				panic("Location " + m.location + " does not lead to " + theirs[0])
			}
			return SetHeader(h, "Location", m.location)
		}
		return h
	})
}

// decCatches holds where a filter looks for an error of a decorated function.
func decCatches(q Question) bool {
	in := In[decIn](q)
	layers := decReached(in.Layers)
	for i, l := range layers {
		if l.Do == "catch" && in.Call == "" && decMadeThrough(layers[i+1:], in.App, in.Request).page != nil {
			return in.App.RaisesBare == nil
		}
	}
	return false
}

// decCaught is the text of the outermost filter that looks.
func decCaught(q Question, want Answer) Answer {
	in := In[decIn](q)
	for i, l := range in.Layers {
		if l.Do != "catch" {
			continue
		}
		class := decMadeThrough(in.Layers[i+1:], in.App, in.Request).page.Name
		status := strconv.Itoa(excCode(class)) + " " + http.StatusText(excCode(class))
		headers := [][2]string{{"Content-Type", "text/plain; charset=utf-8"}}
		answer := excWithBody(plain(map[string]any{"status": "200 OK", "headers": headers}), "caught "+status)
		if In[decIn](q).Request.Method == "HEAD" {
			answer = With(answer, "body", "")
		}
		return Says(answer)
	}
	return want
}

// decPasses holds where an error of a bare application passes filters that work on
// answers.
func decPasses(q Question) bool {
	in := In[decIn](q)
	m := decMadeThrough(in.Layers, in.App, in.Request)
	_, known := decStart(in.Request).through(in.Layers, in.App)
	return in.App.RaisesBare != nil && in.Call == "" && (m.page != nil || m.kind == "text" && known)
}

// decWorkedOn is what these filters make of the error's page.
func decWorkedOn(q Question, want Answer) Answer {
	in := In[decIn](q)
	m, answer, layers := decMadeThrough(in.Layers, in.App, in.Request), want.Value, decReached(in.Layers)
	if m.page == nil {
		body, _ := decStart(in.Request).through(in.Layers, in.App)
		answer = plain(decServed(m, in.Request.Method, body))
		if i := slices.IndexFunc(layers, func(l decLayer) bool { return l.Do == "pop" || l.Do == "catch" }); i >= 0 {
			layers = layers[:i]
		}
	} else if want.Refused {
		return want
	}
	for _, l := range slices.Backward(layers) {
		switch l.Do {
		case "header":
			field := []any{l.Settings["name"], l.Settings["value"]}
			answer = Edit(answer, "headers", func(h any) any { return append(slices.Clone(h.([]any)), field) })
		case "status":
			code, _ := strconv.Atoi(fmt.Sprint(l.Settings["status"]))
			answer = With(answer, "status", strconv.Itoa(code)+" "+http.StatusText(code))
		}
	}
	return Says(answer)
}

// decShares holds where a middleware function uses its own response and then asks,
// or asks and then does.
func decShares(q Question) bool {
	in := In[decIn](q)
	if in.Call != "" {
		return false
	}
	return slices.ContainsFunc(decReached(in.Layers), func(l decLayer) bool { return l.Do == "cookie" || l.Do == "pop" }) ||
		len(in.Layers) > 0 && decSetsCookie(in.App.decHandler)
}

// decSetsCookie tells a function that sets a cookie, or returns one that does.
func decSetsCookie(h decHandler) bool {
	if slices.ContainsFunc(h.Before, func(step []any) bool { return step[0] == "cookie" }) {
		return true
	}
	kind, value := decResult(h.Returns)
	return kind == "handler" && decSetsCookie(decodeStrict[decHandler](value))
}

// decOwn gives each function its own response: cookies set further out come out,
// and a text stands by itself.
func decOwn(q Question, want Answer) Answer {
	if want.Refused {
		return want
	}
	in, answer := In[decIn](q), want.Value
	body, known := decStart(in.Request).through(in.Layers, in.App)
	if known && decMadeThrough(in.Layers, in.App, in.Request).kind == "text" {
		served := excWithBody(answer, Latin(body))
		if in.Request.Method == "HEAD" {
			served = With(served, "body", "")
		}
		answer = served
	}
	return Says(Edit(answer, "headers", func(h any) any {
		set, out := decCookies(in.Layers)
		var cookies []string
		for _, cookie := range HeaderValues(h, "Set-Cookie") {
			if !slices.Contains(set, cookie) && !slices.Contains(cookies, cookie) {
				cookies = append(cookies, cookie)
			}
		}
		for _, cookie := range slices.Backward(set[:out]) { // the innermost is the first to be merged
			cookies = append(cookies, cookie)
		}
		list, _ := DropHeader(h, "Set-Cookie").([]any)
		for _, cookie := range cookies {
			list = append(list, []any{"Set-Cookie", cookie})
		}
		return list
	}))
}

// decServed is a plain answer.
func decServed(m decMade, method, body string) any {
	answer := excWithBody(map[string]any{"status": "200 OK", "headers": [][2]string{}}, Latin(body))
	if method == "HEAD" {
		answer = With(answer, "body", "")
	}
	return decOwnType(m, answer)
}

var decData = Rule{
	Name: "other values are data",
	Reason: "WebOb fails on a result that is neither text, bytes, nothing nor an application. Channels and functions are " +
		"refused when the app is made; all other values are rendered, as JSON where nothing else is offered.",
	Applies: ForOps(decHas(func(m decMade) bool { return m.kind == "int" || m.kind == "list" }), "dec.call"),
	Answer: func(q Question, _ Answer) Answer {
		in := In[decIn](q)
		_, value := decResult(in.App.Returns)
		answer := decServed(decMade{}, in.Request.Method, jsonText(mustDecode(value)))
		return Says(excTyped(answer, "application/json"))
	},
}

// decPlain holds where a function does nothing but return a text that is plain to see.
func decPlain(q Question) bool {
	in := In[decIn](q)
	kind, _ := decResult(in.App.Returns)
	_, ok := decStart(in.Request).body(in.App.decHandler, decClassOf(in.App.decHandler))
	return ok && len(in.App.Before) == 0 && (kind == "text" || kind == "echo")
}

var decUTF8 = Rule{
	Name: "text is UTF-8 whatever the request's charset",
	Reason: "WebOb encodes a returned text in the charset of the request's body, while its type says UTF-8, and fails where it " +
		"cannot.",
	Applies: func(q Question) bool { return q.Op == "dec.call" && decPlain(q) },
	Answer: func(q Question, _ Answer) Answer {
		in := In[decIn](q)
		body, _ := decStart(in.Request).body(in.App.decHandler, decClassOf(in.App.decHandler))
		return Says(decServed(decMade{kind: "text"}, in.Request.Method, body))
	},
}

var decAlways = Rule{
	Name:   "a request always has its own response",
	Reason: "In WebOb it has one only while a decorated function is served, so that the same function fails when it is called.",
	Applies: func(q Question) bool {
		in := In[decIn](q)
		switch q.Op {
		case "dec.direct", "dec.shortcut":
			kind, _ := decResult(in.App.Returns)
			return kind == "own" && len(in.App.Before) == 0
		case "dec.middleware":
			return in.Call == "direct" && in.Layers[0].Do == "cookie" && decMadeThrough(in.Layers, in.App, in.Request).kind == "text"
		}
		return false
	},
	Answer: func(q Question, want Answer) Answer {
		in := In[decIn](q)
		m := decMadeThrough(in.Layers, in.App, in.Request)
		body, ok := decStart(in.Request).through(in.Layers, in.App)
		if !ok {
			return want
		}
		return Says(decValue("response", decServed(m, in.Request.Method, body)))
	},
}

var decKeeps = Rule{
	Name:    "a variant keeps its function",
	Reason:  "WebOb's clone without a new function loses the old one, and fails when it is asked.",
	Applies: func(q Question) bool { return q.Op == "dec.clone" && In[decIn](q).Clone.Handler == nil && decPlain(q) },
	Answer: func(q Question, _ Answer) Answer {
		in := In[decIn](q)
		m, state := decMadeBy(in.App.decHandler, in.Request), decStart(in.Request)
		clone := decCloneIn{App: in.App.decHandler, Clone: in.Clone}.variant()
		varied, _ := state.body(clone, decClassOf(clone))
		original, _ := state.body(in.App.decHandler, decClassOf(in.App.decHandler))
		bare, _ := state.body(in.App.decHandler, decBound{class: "Request"})
		return Says(map[string]any{
			"clone":       decServed(m, in.Request.Method, varied),
			"original":    decServed(m, in.Request.Method, original),
			"undecorated": decValue("text", bare),
		})
	},
}

var decBare = Rule{
	Name:   "an HTTP error of a returned application is answered",
	Reason: "WebOb answers an HTTP error that the function raises, and lets one go on that the application raises which it has returned.",
	Applies: ForOps(decHas(func(m decMade) bool {
		return m.page != nil && excNegotiated(*m.page) && m.page.field("Accept") == ""
	}), "dec.middleware"),
	Answer: func(q Question, want Answer) Answer {
		if !want.Refused {
			return want
		}
		m := decParts(q)[0]
		code := excCode(m.page.Name)
		answer := excWithBody(plain(excBlankPage(*m.page)), " ")
		answer = With(answer, "status", strconv.Itoa(code)+" "+http.StatusText(code))
		answer = excTextPage(*m.page, answer)
		if m.page.method() == "HEAD" {
			answer = With(answer, "body", "")
		}
		return Says(answer)
	},
}
