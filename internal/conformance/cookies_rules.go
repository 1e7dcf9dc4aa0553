package conformance

import (
	"crypto/hmac"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

var cookiesRules = []Rule{
	cookiesClean, cookiesReadBack, cookiesToday, cookiesTodayProfile, cookiesGrammar, cookiesGrammarProfile,
	cookiesDivided, cookiesUTF8, cookiesUnsetOne, cookiesOneField, cookiesSecrets, cookiesStrict,
}

// cookiesHeaderIn is what the questions about a Cookie field have in common.
type cookiesHeaderIn struct {
	Header *string
	Cookie *string
	Steps  [][]any
}

// field is the Cookie field in question.
func (in cookiesHeaderIn) field() string {
	for _, field := range []*string{in.Header, in.Cookie} {
		if field != nil {
			return Raw(*field)
		}
	}
	return ""
}

// fields are all Cookie fields of a question; a script may assign more.
func (in cookiesHeaderIn) fields() []string {
	fields := []string{in.field()}
	for _, step := range in.Steps {
		if field, ok := step[len(step)-1].(string); ok && step[0] == "header" {
			fields = append(fields, Raw(field))
		}
	}
	return fields
}

// cookiesReads are the operations that read a Cookie field.
var cookiesReads = []string{"cookies.parse", "cookies.request", "cookies.edit", "request_cookies.script"}

// cookiesReadAnswer is the answer of the model to any of them.
func cookiesReadAnswer(q Question, _ Answer) Answer {
	in := In[cookiesHeaderIn](q)
	switch q.Op {
	case "cookies.parse":
		return Says(EditAll(plainPairs(cookiesModelList(in.field())), func(v any) any {
			name, value, _ := pair(v)
			return []any{Latin(name), Latin(value)}
		}))
	case "cookies.request":
		return Says(cookiesModelDict(in.field()))
	case "cookies.edit":
		return cookiesEditAnswer(In[cookiesHeaderIn](q))
	}
	return requestCookiesAnswer(In[requestCookiesIn](q))
}

// plainPairs are pairs as any answer has them, bytes and all.
func plainPairs(pairs [][2]string) any {
	list := make([]any, len(pairs))
	for i, p := range pairs {
		list[i] = []any{p[0], p[1]}
	}
	return list
}

func cookiesEditAnswer(in cookiesHeaderIn) Answer {
	jar := cookiesModelNew(in.Header)
	for _, step := range in.Steps {
		switch {
		case step[0] == "clear":
			jar.pieces = nil
		case step[0] == "set" && !jar.set(step[1].(string), step[2].(string)),
			step[0] == "delete" && !jar.del(step[1].(string)):
			return Refused
		}
	}
	return Says(map[string]any{"header": jar.field(), "cookies": jar.dict()})
}

// cookiesPieces tells whether a piece of some Cookie field is like that.
func cookiesPieces(q Question, like func(piece string) bool) bool {
	return slices.ContainsFunc(In[cookiesHeaderIn](q).fields(), func(field string) bool {
		return slices.ContainsFunc(strings.Split(field, ";"), like)
	})
}

// cookiesSets are the values that a question wants to set.
func cookiesSets(q Question) []string {
	var values []string
	switch q.Op {
	case "cookies.make", "cookies.make_attributes":
		if v := In[cookiesMakeIn](q).Value; v != nil {
			values = append(values, *v)
		}
	case "cookies.edit", "cookies.response", "request_cookies.script":
		for _, step := range In[cookiesHeaderIn](q).Steps {
			switch what, _ := step[0].(string); what {
			case "set", "setdefault":
				if v, ok := step[2].(string); ok {
					values = append(values, v)
				}
			case "update", "assign":
				for _, v := range step[1].(map[string]any) {
					if s, ok := v.(string); ok {
						values = append(values, s)
					}
				}
			}
		}
	}
	return values
}

// cookiesAnswerOf is the model's answer, whatever the operation.
func cookiesAnswerOf(q Question, want Answer) Answer {
	switch {
	case slices.Contains(cookiesReads, q.Op):
		return cookiesReadAnswer(q, want)
	case q.Op == "cookies.response":
		return cookiesResponseAnswer(In[cookiesResponseIn](q))
	case q.Op == "cookies.load":
		return cookiesLoadAnswer(q, want)
	}
	in := In[cookiesMakeIn](q)
	if in.Value != nil {
		value := Raw(*in.Value)
		in.Value = &value
	}
	field, ok := cookiesModelSetCookie(in.Name, in.Value, in.cookiesOptions, cookiesNow(in.Now))
	switch {
	case !ok:
		return Refused
	case q.Op == "cookies.make":
		return Says(field)
	}
	return Says(cookiesApart(field))
}

// cookiesResponseAnswer follows the steps on a list of fields.
func cookiesResponseAnswer(in cookiesResponseIn) Answer {
	fields := append([]string{}, in.SetCookie...)
	unset := func(name string) bool {
		before := len(fields)
		fields = slices.DeleteFunc(fields, func(field string) bool { return strings.HasPrefix(field, name+"=") })
		return len(fields) < before
	}
	for _, step := range in.Steps {
		name := decodeStrict[string](step[1])
		var o cookiesOptions
		var value *string
		switch decodeStrict[string](step[0]) {
		case "unset":
			if !unset(name) && decodeStrict[bool](step[2]) {
				return Refused
			}
			continue
		case "delete":
			o = cookiesOptionsAt(step, 2)
			o.Secure = !cookiesModelPrefix(name, false, "/", "")
		default:
			o, value = cookiesOptionsAt(step, 3), decodeStrict[*string](step[2])
		}
		field, ok := cookiesModelSetCookie(name, value, o, cookiesNow(in.Now))
		if !ok {
			return Refused
		}
		if o.Overwrite != nil && *o.Overwrite {
			unset(name)
		}
		fields = append(fields, field)
	}
	return Says(fields)
}

// cookiesClean: a control character, where a value is read or set.
var cookiesClean = GrammarHolds.On(
	func(q Question) bool {
		if slices.ContainsFunc(cookiesSets(q), cookiesModelControl.MatchString) {
			return true
		}
		return slices.Contains(cookiesReads, q.Op) && cookiesPieces(q, func(piece string) bool {
			m := cookiesModelPiece.FindStringSubmatch(piece)
			return m != nil && cookiesModelControl.MatchString(m[2])
		})
	}, cookiesAnswerOf)

// cookiesReadBack: a name sent several times, in a field that is changed.
var cookiesReadBack = WrittenReadBack.On(
	ForOps(func(q Question) bool {
		return slices.ContainsFunc(In[cookiesHeaderIn](q).fields(), func(field string) bool {
			return len(cookiesModelDict(field)) < len(cookiesModelList(field))
		})
	}, "cookies.edit", "request_cookies.script"), cookiesReadAnswer)

// cookiesToday: a comment, or a cookie that browsers drop.
var cookiesToday = GrammarHolds.On(
	func(q Question) bool {
		switch q.Op {
		case "cookies.make", "cookies.make_attributes":
			in := In[cookiesMakeIn](q)
			return cookiesOld(in.Name, in.Value, in.cookiesOptions)
		case "cookies.response":
			return slices.ContainsFunc(In[cookiesResponseIn](q).Steps, func(step []json.RawMessage) bool {
				switch name := decodeStrict[string](step[1]); decodeStrict[string](step[0]) {
				case "set":
					return cookiesOld(name, decodeStrict[*string](step[2]), cookiesOptionsAt(step, 3))
				case "delete":
					return cookiesOld(name, nil, cookiesOptionsAt(step, 2))
				}
				return false
			})
		case "cookies.load":
			field := In[struct{ Header string }](q).Header
			name, _, _ := cookiesModelSplit(field)
			return !cookiesModelPrefix(name, false, "", "") || cookiesPartitioned.MatchString(field) || responseCommentPart.MatchString(field)
		}
		return false
	}, cookiesAnswerOf)

func cookiesOld(name string, value *string, o cookiesOptions) bool {
	name = strings.ToLower(name)
	return o.Comment != nil || strings.HasPrefix(name, "__host-") || strings.HasPrefix(name, "__secure-") ||
		value != nil && len(name)+len(cookiesModelQuote(*value)) > 4096 ||
		len(o.Path) > 1024 || o.Domain != nil && len(*o.Domain) > 1024
}

// cookiesTodayProfile: the same for a profile, whose values are never escaped.
var cookiesTodayProfile = GrammarHolds.On(
	ForOps(func(q Question) bool {
		name := cookiesProfileName(q)
		return !cookiesModelPrefix(name, false, "", "") || len(q.In) > 2500
	}, "cookies.profile_headers"),
	func(q Question, want Answer) Answer {
		if want.Refused {
			return want
		}
		for _, field := range HeaderValues(want.Value, "Set-Cookie") {
			text, attributes, _ := strings.Cut(strings.ToLower(field), "; ")
			has := func(attribute string) bool { return slices.Contains(strings.Split(attributes, "; "), attribute) }
			path := ""
			if has("path=/") {
				path = "/"
			}
			domain := ""
			if strings.Contains(attributes, "domain=") {
				domain = "some"
			}
			if len(text)-1 > 4096 || !cookiesModelPrefix(cookiesProfileName(q), has("secure"), path, domain) {
				return Refused
			}
		}
		return want
	})

func cookiesProfileName(q Question) string {
	return In[struct{ Profile struct{ Name string } }](q).Profile.Name
}

var cookiesEscaped = regexp.MustCompile(`^[ !#-+\-./0-:<-\[\]-~]*$`)

// cookiesGrammar: what has no escapes, in a path or domain, or no such value.
var cookiesGrammar = GrammarHolds.On(
	func(q Question) bool {
		escaped := func(o cookiesOptions) bool {
			return o.Path != nil && !cookiesEscaped.MatchString(cookiesModelText(o.Path)) || o.Domain != nil && !cookiesEscaped.MatchString(*o.Domain)
		}
		switch q.Op {
		case "cookies.make", "cookies.make_attributes":
			return escaped(In[cookiesMakeIn](q).cookiesOptions)
		case "cookies.response":
			return slices.ContainsFunc(In[cookiesResponseIn](q).Steps, func(step []json.RawMessage) bool {
				switch decodeStrict[string](step[0]) {
				case "set":
					return escaped(cookiesOptionsAt(step, 3))
				case "delete":
					return escaped(cookiesOptionsAt(step, 2))
				}
				return false
			})
		case "cookies.load":
			return cookiesBadAge.MatchString(In[struct{ Header string }](q).Header)
		}
		return false
	},
	cookiesAnswerOf)

// cookiesGrammarProfile: the same for a profile, where the reference has written
// all else already.
var cookiesGrammarProfile = GrammarHolds.On(
	ForOps(func(q Question) bool {
		return slices.ContainsFunc(cookiesProfileTexts(q), func(s string) bool { return !cookiesEscaped.MatchString(s) })
	}, "cookies.profile_headers"),
	func(q Question, want Answer) Answer {
		if want.Refused || slices.ContainsFunc(cookiesProfileTexts(q), cookiesModelOdd) {
			return Refused
		}
		return Says(EditHeader(want.Value, "Set-Cookie", cookiesModelUnquote))
	})

// cookiesProfileTexts are path and domains of a profile, as overridden.
func cookiesProfileTexts(q Question) []string {
	in := In[struct{ Profile, Overrides cookiesAttributes }](q)
	var texts []string
	for _, name := range []string{"path", "domains"} {
		v, ok := in.Overrides[name]
		if !ok {
			v = in.Profile[name]
		}
		switch v := v.(type) {
		case string:
			texts = append(texts, v)
		case []any:
			for _, domain := range v {
				texts = append(texts, domain.(string))
			}
		}
	}
	return texts
}

var (
	cookiesBadAge = regexp.MustCompile(`(?i);\s*max-age\s*=\s*(-?[0-9]*[^0-9;\s-]|;|$)`)
	cookiesSimple = regexp.MustCompile("^[ \t]*(" +
		"[!#$%&'*+.^_`|~0-9A-Za-z-]+[ \t]*=[ \t]*" +
		"(\"([^\"\\\\]|\\\\.)*\"|([!#$%&'()*+./0-9:<=>?@A-Z^_`a-z{|}~-]|\\\\[^ \t])*|[A-Za-z]{3}, [0-9]{2}-[A-Za-z]{3}-[0-9]{2,4} [0-9:]{8} GMT)" +
		"|)[ \t]*$")
)

var cookiesDivided = Rule{
	Name: "cookies are divided at semicolons alone",
	Reason: "RFC 6265bis section 5.6 takes all between two semicolons for one cookie. WebOb looks for name=value anywhere: spaces, " +
		"commas and stray characters divide too, a quote reaches across semicolons, and a value ends at the first character that is not " +
		"expected, so that who controls a part of one cookie forges or hides others. We keep the whole value, and pass over what is no cookie.",
	Applies: ForOps(func(q Question) bool {
		return cookiesPieces(q, func(piece string) bool { return !cookiesSimple.MatchString(piece) })
	}, cookiesReads...),
	Answer: cookiesReadAnswer,
}

var cookiesUTF8 = Rule{
	Name: "a cookie that is no UTF-8 hides no other",
	Reason: "In WebOb one such value makes all cookies of the request unreadable. Its bad bytes are U+FFFD here, as in all variables " +
		"that are read leniently.",
	Applies: ForOps(func(q Question) bool {
		return cookiesPieces(q, func(piece string) bool {
			_, value, ok := cookiesModelSplit(piece)
			text := cookiesModelUnquote(value)
			return ok && cookiesModelUTF8(text) != text
		})
	}, "cookies.request", "cookies.edit", "request_cookies.script"),
	Answer: cookiesReadAnswer,
}

var cookiesUnsetOne = Rule{
	Name:   responseUnsetOne.Name,
	Reason: responseUnsetOne.Reason,
	Applies: ForOps(func(q Question) bool {
		return slices.ContainsFunc(In[cookiesResponseIn](q).Steps, func(step []json.RawMessage) bool {
			o := cookiesOptions{}
			if decodeStrict[string](step[0]) == "set" {
				o = cookiesOptionsAt(step, 3)
			}
			return decodeStrict[string](step[0]) == "unset" || o.Overwrite != nil && *o.Overwrite
		})
	}, "cookies.response"),
	Answer: cookiesAnswerOf,
}

var cookiesOneField = Rule{
	Name: "a Set-Cookie field is one cookie, with all its attributes",
	Reason: "RFC 6265bis section 5.6. WebOb takes every name that is no attribute for another cookie, even before the first, loses Secure " +
		"and HttpOnly, and ends values early.",
	Applies: ForOps(func(Question) bool { return true }, "cookies.load"),
	Answer:  cookiesLoadAnswer,
}

// cookiesLoadAnswer reads a Set-Cookie field by the model.
func cookiesLoadAnswer(q Question, _ Answer) Answer {
	pieces := strings.Split(Raw(In[struct{ Header string }](q).Header), ";")
	name, value, ok := cookiesModelSplit(pieces[0])
	if !ok {
		return Says(map[string]any{"cookies": []any{}, "text": ""})
	}
	entry := map[string]any{"name": Latin(name), "value": Latin(cookiesModelUnquote(value)), "comment": nil}
	for _, name := range []string{"path", "domain", "max-age", "expires", "secure", "httponly", "samesite"} {
		entry[name] = nil
	}
	text := Latin(name + "=" + cookiesModelQuote(cookiesModelUnquote(value)))
	for _, piece := range pieces[1:] {
		name, value, _ := strings.Cut(piece, "=")
		value = cookiesModelUnquote(strings.Trim(value, " \t"))
		switch name = strings.ToLower(strings.Trim(name, " \t")); name {
		case "secure", "httponly":
			entry[name] = true
		case "max-age":
			if !cookiesWhole.MatchString(value) {
				continue
			}
			fallthrough
		case "path", "domain", "expires", "samesite":
			if value != "" {
				entry[name] = Latin(value)
			}
		}
	}
	partitioned := cookiesPartitioned.MatchString(In[struct{ Header string }](q).Header)
	if partitioned {
		text += "; partitioned"
	}
	for _, name := range []string{"path", "domain", "max-age", "expires", "secure", "httponly", "samesite"} {
		switch v := entry[name].(type) {
		case string:
			text += "; " + name + "=" + v
		case bool:
			text += "; " + name
		}
	}
	path, _ := entry["path"].(string)
	domain, _ := entry["domain"].(string)
	sameSite, _ := entry["samesite"].(string)
	secure := entry["secure"] == true
	if (partitioned || strings.EqualFold(sameSite, "none")) && !secure || !cookiesModelPrefix(name, secure, path, domain) {
		return Refused
	}
	return Says(map[string]any{"cookies": []any{entry}, "text": text})
}

var (
	cookiesWhole       = regexp.MustCompile(`^-?[0-9]+$`)
	cookiesPartitioned = regexp.MustCompile(`(?i);[ \t]*partitioned[ \t]*(=|;|$)`)
)

var cookiesSecrets = Rule{
	Name: "secrets are bytes",
	Reason: "Python encodes the text of secret and salt as latin-1 if that can hold both, else as UTF-8, so that one more letter changes all " +
		"of the key. We take bytes, and the questions' text as UTF-8.",
	Applies: ForOps(func(q Question) bool {
		in := In[cookiesKey](q)
		return strings.ContainsFunc(in.Secret, func(r rune) bool { return r > '~' }) || in.Salt != nil && strings.ContainsFunc(*in.Salt, func(r rune) bool { return r > '~' })
	}, "cookies.sign", "cookies.unsign"),
	Answer: func(q Question, _ Answer) Answer {
		in := In[struct {
			cookiesKey
			Payload, Token string
		}](q)
		key := in.Secret
		if in.Salt != nil {
			key = *in.Salt + key
		}
		mac := hmac.New(sha512.New, []byte(key))
		if q.Op == "cookies.sign" {
			payload := Raw(in.Payload)
			mac.Write([]byte(payload))
			return Says(base64.RawURLEncoding.EncodeToString(append(mac.Sum(nil), payload...)))
		}
		token, err := base64.RawURLEncoding.DecodeString(in.Token)
		if err != nil || len(token) < 64 {
			return Refused
		}
		mac.Write(token[64:])
		if string(mac.Sum(nil)) != string(token[:64]) {
			return Refused
		}
		return Says(Latin(token[64:]))
	},
}

var cookiesStrict = Rule{
	Name: "a token has one spelling",
	Reason: "WebOb reads base64 loosely: letters that are none are passed over, + and / are taken for - and _, padding and bits left over do " +
		"not count, so that many tokens mean the same and none can be told from another. We read what would be written, and nothing else.",
	Applies: ForOps(func(q Question) bool {
		token := In[struct{ Token string }](q).Token
		return !cookiesSpelling(token, q.Op == "cookies.base64_loads")
	}, "cookies.unsign", "cookies.signed_loads", "cookies.base64_loads"),
	Answer: func(Question, Answer) Answer { return Refused },
}

const cookiesLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// cookiesSpelling tells the one spelling of a token.
func cookiesSpelling(token string, padded bool) bool {
	bare := token
	if padded {
		if len(token)%4 != 0 {
			return false
		}
		bare = strings.TrimSuffix(strings.TrimSuffix(token, "="), "=")
	}
	if strings.Trim(bare, cookiesLetters) != "" || strings.ContainsFunc(bare, func(r rune) bool { return !strings.ContainsRune(cookiesLetters, r) }) {
		return false
	}
	left := map[int]int{0: 1, 2: 16, 3: 4}[len(bare)%4]
	return left != 0 && (bare == "" || strings.IndexByte(cookiesLetters, bare[len(bare)-1])%left == 0)
}
