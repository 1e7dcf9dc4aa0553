package conformance

import (
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/gowebob/gowebob/webob/header"
)

// Authorization asks header.Authorization and header.WWWAuthenticate.
func (adapters) Authorization() Family {
	return Family{
		Name: "authorization",
		Done: true,
		Ops: map[string]Op{
			"authorization.request_get":  authorizationGet("Authorization", header.Authorization),
			"authorization.response_get": authorizationGet("WWW-Authenticate", header.WWWAuthenticate),
			"authorization.request_set":  authorizationSet("Authorization", header.Authorization),
			"authorization.response_set": authorizationSet("WWW-Authenticate", header.WWWAuthenticate),
			"authorization.params":       Ask(authorizationParams),
		},
		Rules: []Rule{authorizationCase, authorizationGrammar, authorizationEscapes},
	}
}

// authorizationMap is a list of parameters as an object; the last of a name
// counts.
func authorizationMap(params header.Params) map[string]string {
	object := map[string]string{}
	for _, p := range params {
		object[p.Name] = Latin(p.Value)
	}
	return object
}

func authorizationGet(name string, field header.Field[header.Credentials]) Op {
	return Ask(func(in struct {
		Header *string `json:"header"`
	}) (any, error) {
		c, ok := field.Get(typedField(name, in.Header))
		if !ok {
			return nil, nil
		}
		if !c.HasParams() {
			return map[string]any{"scheme": Latin(c.Scheme), "params": Latin(c.Text)}, nil
		}
		params, err := c.Params()
		return map[string]any{"scheme": Latin(c.Scheme), "params": authorizationMap(params)}, err
	})
}

func authorizationSet(name string, field header.Field[header.Credentials]) Op {
	return Ask(func(in struct {
		Value any `json:"value"`
	}) (any, error) {
		h := http.Header{http.CanonicalHeaderKey(name): {"old"}}
		var err error
		switch v := in.Value.(type) {
		case nil:
			field.Del(h)
		case string:
			err = header.NewText(name).Set(h, Raw(v))
		case map[string]any:
			err = field.Set(h, authorizationCredentials(v))
		}
		return typedRaw(h, name), err
	})
}

func authorizationCredentials(v map[string]any) header.Credentials {
	scheme := Raw(v["scheme"].(string))
	if text, ok := v["params"].(string); ok {
		return header.Credentials{Scheme: scheme, Text: Raw(text)}
	}
	var params header.Params
	object := v["params"].(map[string]any)
	for _, name := range SortedKeys(object) {
		params = append(params, header.Param{Name: Raw(name), Value: Raw(object[name].(string))})
	}
	return header.NewCredentials(scheme, params)
}

func authorizationParams(in struct {
	Text string `json:"text"`
}) (any, error) {
	params, err := header.ParseAuthParams(Raw(in.Text))
	return authorizationMap(params), err
}

const authorizationToken = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"

var (
	authorizationParam = regexp.MustCompile(`(` + authorizationToken + `)[ \t]*=[ \t]*(?:(` + authorizationToken +
		`)|"((?:[^"\\\x00-\x08\x0a-\x1f\x7f]|\\[^\x00-\x08\x0a-\x1f\x7f])*)")`)
	authorizationList = regexp.MustCompile(`^[ \t,]*(?:` + authorizationParam.String() + `[ \t]*(?:,[ \t,]*|$))*$`)
	authorizationHas  = regexp.MustCompile(`^(?i:digest|wsse|hmacdigest|googlelogin|cookie|openid)$`)
)

// authorizationModel reads parameters by regular expressions.
func authorizationModel(text string) (map[string]string, bool) {
	if !authorizationList.MatchString(text) {
		return nil, false
	}
	object := map[string]string{}
	for _, m := range authorizationParam.FindAllStringSubmatch(text, -1) {
		object[strings.ToLower(m[1])] = m[2] + cachecontrolEscape.ReplaceAllString(m[3], "$1")
	}
	return object, true
}

// authorizationRead answers by RFC 9110.
func authorizationRead(q Question, _ Answer) Answer {
	in := In[struct{ Header, Text string }](q)
	if q.Op == "authorization.params" {
		if object, ok := authorizationModel(in.Text); ok {
			return Says(object)
		}
		return Refused
	}
	scheme, text, _ := strings.Cut(in.Header, " ")
	text = strings.TrimLeft(text, " ")
	if !authorizationHas.MatchString(scheme) && !(strings.EqualFold(scheme, "basic") && strings.Contains(text, `"`)) {
		return Says(map[string]any{"scheme": scheme, "params": text})
	}
	if object, ok := authorizationModel(text); ok {
		return Says(map[string]any{"scheme": scheme, "params": object})
	}
	return Refused
}

var authorizationReading = []string{"authorization.request_get", "authorization.response_get", "authorization.params"}

var authorizationCase = GrammarHolds.On(ForOps(func(q Question) bool {
	in := In[struct{ Header, Text string }](q)
	_, text, _ := strings.Cut(in.Header, " ")
	names := authorizationParam.FindAllStringSubmatch(in.Text+text, -1)
	return slices.ContainsFunc(names, func(m []string) bool { return m[1] != strings.ToLower(m[1]) })
}, authorizationReading...), authorizationRead)

var authorizationGrammar = Rule{
	Name: "parameters of credentials are read by RFC 9110's grammar",
	Reason: "WebOb takes a-z for the letters of a name and loses the rest, knows no escapes, compares schemes with case, and " +
		"picks what looks like a parameter out of any text, even out of two challenges. Here names are tokens without case; text " +
		"that is no list of parameters is refused where they are asked for. header.Challenges reads several challenges as a list.",
	Applies: ForOps(func(Question) bool { return true }, authorizationReading...),
	Answer:  authorizationRead,
}

var authorizationEscapes = Rule{
	Name:    "a value cannot bring parameters or fields with it",
	Reason:  "WebOb escapes no quotes and, on a request, lets line breaks through. Quotes and backslashes are escaped, line breaks refused.",
	Applies: ForOps(func(Question) bool { return true }, "authorization.request_set", "authorization.response_set"),
	Answer: func(q Question, want Answer) Answer {
		v := In[struct{ Value any }](q).Value
		if strings.ContainsAny(jsonDecodedText(v), "\r\n\x00") {
			return Refused
		}
		object, _ := v.(map[string]any)
		params, ok := object["params"].(map[string]any)
		if !ok {
			return want
		}
		parts := []string{}
		for _, name := range SortedKeys(params) {
			parts = append(parts, name+`="`+strings.NewReplacer(`"`, `\"`, `\`, `\\`).Replace(params[name].(string))+`"`)
		}
		return Says(object["scheme"].(string) + " " + strings.Join(parts, ", "))
	},
}

// jsonDecodedText joins all texts inside a decoded value.
func jsonDecodedText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []any:
		var b strings.Builder
		for _, item := range v {
			b.WriteString(jsonDecodedText(item))
		}
		return b.String()
	case map[string]any:
		var b strings.Builder
		for name, item := range v {
			b.WriteString(name + jsonDecodedText(item))
		}
		return b.String()
	}
	return ""
}
