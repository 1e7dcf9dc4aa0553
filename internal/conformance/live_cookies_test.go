package conformance

import (
	"crypto/hmac"
	"crypto/sha512"
	"encoding/base64"
)

// liveCookieGrammar is what Cookie and Set-Cookie fields may hold.
var liveCookieGrammar = parseGrammar(`
	field = cookie | cookie sep field | cookie sep cookie | ""
	sep = "; " | "; " | ";" | " ; " | ";;" | ", "
	cookie = name "=" value | name "=" value | name | "=" value | name " = " value
	name = "a" | "b" | "c" | "a" | "A" | "session" | "x-y.z" | "__Host-id" | "$Version" | "path" | "PHPSESSID"
	value = plain | plain | quoted | ""
	plain = "1" | "v" | "x y" | "a,b" | "a=b" | "a:b@c/d?e" | "(x)" | "~!@#$%^&*" | "2026-01-02T03:04:05Z" | "aGk=" | "é" | "<t>" | "a\\073b" | "{x}"
	quoted = "\"\"" | "\"q\"" | "\"a b\"" | "\"a;b\"" | "\"\\\"q\\\"\"" | "\"\\303\\251\"" | "\"\\351\"" | "\"open" | "\"a\\073b\"" | "\"x\"y"

	setcookie = name "=" value | name "=" value attributes
	attributes = attribute | attribute attributes
	attribute = "; Path=/" | "; path=/x" | "; Secure" | "; HttpOnly" | "; Domain=example.com" | "; Max-Age=5" | "; expires=Fri, 02-Jan-2026 03:04:05 GMT" | "; SameSite=Lax" | ";Max-Age=x" | "; Extra=1"

	text = "1" | "x y" | "a,b" | "a;b" | "\"q\"" | "é" | "" | "a=b" | "a\\b" | "100%" | "a\nb"
	wide = text | text | "日"
	payload = "" | "test" | "\"test\"" | "{\"a\": 1}" | "é" | "0123456789" | "~~~"
	secret = "s" | "seekrit" | "La Peña" | "α"
`)

func liveCookie(rule string) func(a asker) string {
	return func(a asker) string { return a.say(liveCookieGrammar, rule) }
}

func liveCookieField(a asker) string { return a.spoilt(liveCookieGrammar, "field") }

var liveCookies = []liveAsk{
	{"cookies.parse", func(a asker) any { return object{"header": liveCookieField(a)} }},
	{"cookies.request", func(a asker) any { return object{"header": liveCookieField(a)} }},
	{"cookies.edit", func(a asker) any {
		return object{"header": liveCookieField(a), "steps": some(a, 1, 3, func() []any {
			if a.IntN(3) == 0 {
				return []any{"delete", one(a, "a", "b", "z")}
			}
			return []any{"set", liveCookie("name")(a), liveCookie("wide")(a)}
		})}
	}},
	{"cookies.make", liveMakeCookie},
	{"cookies.make_attributes", liveMakeCookie},
	{"cookies.load", func(a asker) any { return object{"header": liveCookie("setcookie")(a)} }},
	{"cookies.merge", func(a asker) any {
		fields := func() []string {
			return some(a, 0, 3, func() string { return one(a, "a=1", "b=2; Path=/", "a=3; secure; HttpOnly") })
		}
		return object{"mine": fields(), "theirs": fields()}
	}},
	{"cookies.sign", func(a asker) any {
		return object{"payload": liveCookie("payload")(a), "salt": liveCookie("secret")(a), "secret": liveCookie("secret")(a)}
	}},
	{"cookies.unsign", liveUnsign},
	{"request_cookies.script", liveCookieScript},
}

func liveMakeCookie(a asker) any {
	in := object{"name": one(a, "a", "b", "x-y.z", "a b", "é"), "value": maybe(a, 10, liveCookie("text")(a)), "now": liveNow}
	for _, option := range []struct {
		name   string
		values []any
	}{
		{"path", []any{"/", "/app", "/a b"}}, {"domain", []any{"example.com", ".example.com", nil}}, {"secure", []any{true, false}},
		{"httponly", []any{true, false}}, {"samesite", []any{"lax", "Strict", "none"}}, {"max_age", []any{0, 60, -1, object{"$timedelta": 3600}, nil}},
	} {
		if a.IntN(3) == 0 {
			in[option.name] = one(a, option.values...)
		}
	}
	return in
}

// liveUnsign asks for what was signed, with this secret or another; the token may
// have been damaged.
func liveUnsign(a asker) any {
	secret, salt := one(a, "s", "seekrit"), one(a, "salty", "t")
	payload := []byte(liveCookie("payload")(a))
	mac := hmac.New(sha512.New, []byte(salt+secret))
	mac.Write(payload)
	token := base64.RawURLEncoding.EncodeToString(append(mac.Sum(nil), payload...))
	switch a.IntN(4) {
	case 0:
		at := a.IntN(len(token))
		token = token[:at] + one(a, "", "A", "-", "/", "=", " ") + token[at+1:]
	case 1:
		secret = one(a, "s", "seekrit", "other")
	}
	return object{"secret": secret, "salt": salt, "token": token}
}

func liveCookieScript(a asker) any {
	name, text := liveCookie("name"), liveCookie("wide")
	steps := some(a, 1, 4, func() []any {
		switch a.IntN(9) {
		case 0:
			return []any{"items"}
		case 1:
			return []any{"len"}
		case 2:
			return []any{"has", name(a)}
		case 3:
			return []any{"set", name(a), text(a)}
		case 4:
			return []any{"del", name(a)}
		case 5:
			return []any{"pop", name(a)}
		case 6:
			return []any{"setdefault", name(a), text(a)}
		case 7:
			return []any{one(a, "clear", "items")}
		}
		return []any{"get", name(a)}
	})
	return object{"cookie": maybe(a, 20, liveCookieField(a)), "steps": steps}
}
