package conformance

import (
	"strings"
	"time"
)

// liveHeaderGrammar is what the fields of a message may look like.
var liveHeaderGrammar = parseGrammar(`
	sep = "," | ", " | " , " | ",\t" | ", ,"
	digit = "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9"
	digits = digit | digit digit | digit digit digit | digit digits
	token = "a" | "b" | "realm" | "nonce" | "qop" | "X-y" | "A" | "charset" | "q1" | "x.y" | "c_d"
	quoted = "\"\"" | "\"a\"" | "\"a b\"" | "\"a, b\"" | "\"a\\\"b\"" | "\"a=b; c\"" | "\"\\\\\"" | "\"\u00e9\"" | "\"5\""
	word = "a" | "b" | "60" | "auth" | "MD5" | "x/y"

	credentials = scheme " " authparams | scheme " " "dXNlcjpwYXNz" | scheme | scheme "  " authparams
	scheme = "Basic" | "basic" | "Digest" | "DIGEST" | "Bearer" | "WSSE" | "Negotiate" | "Cookie" | "HMACDigest"
	authparams = authparam | authparam sep authparams | authparam sep authparam
	authparam = token "=" quoted | token "=" word | token " = " quoted | token

	range = unit "=" spec | unit "=" spec sep spec | unit "=" spec "," spec "," spec | unit " " spec
	unit = "bytes" | "bytes" | "bytes" | "Bytes" | "byte" | "items"
	spec = digits "-" | "-" digits | "0-" digit | "5-" digit digit | digit "-" digit digit | "-0" | "-" | digits "-" digits | "0-9223372036854775807" | "9-3"
	contentrange = cunit " " digit "-" digit digit "/" digit digit digit | cunit " " digit "-" digit digit "/*" | cunit " */" digits | cunit " " digits "-" digits "/" digits | "bytes */*"
	cunit = "bytes" | "bytes" | "bytes" | "BYTES" | "items"

	directives = directive | directive sep directives | directive sep directive | ""
	directive = "no-cache" | "no-store" | "public" | "private" | "private=\"Set-Cookie\"" | "max-age=" digits | "Max-Age=" digits | "max-age=\"60\"" | "max-stale" | "max-stale=" digits | "s-maxage=" digits | "min-fresh=5" | "ext=" quoted | "ext=" word | "no-cache=" quoted | "immutable" | "must-revalidate" | "stale-if-error=" digits | "only-if-cached" | "max-age" | "max-age=-1" | "q2=3"

	mediatype = type | type mparams
	type = "text/html" | "text/plain" | "application/json" | "multipart/form-data" | "image/png" | "Text/HTML" | "application/xml" | "application/xhtml+xml" | "text/x-thing"
	mparams = mparam | mparam mparams
	mparam = msep "charset=" charset | msep token "=" word | msep token "=" quoted | msep "boundary=x"
	msep = "; " | ";" | " ; " | ";\t"
	charset = "utf-8" | "UTF-8" | "\"utf-8\"" | "latin-1" | "iso-8859-1" | ""

	date = day ", " d2 " " month " " year " " clock " GMT" | day ", " d2 " " month " " year " " clock " GMT" | longday ", " d2 "-" month "-" y2 " " clock " GMT" | day " " month " " adate " " clock " " year | baddate
	baddate = d2 " " month " " year " " clock " GMT" | day ", " d2 " " month " " year " " clock " +0200" | day ", " d2 " " month " " year " " clock | day ", " d2 " " month " " digit digit " " clock " GMT" | day ", " d2 "-" month "-" year " " clock " GMT" | year "-01-02T03:04:05Z" | digits | ""
	day = "Mon" | "Tue" | "Wed" | "Thu" | "Fri" | "Sat" | "Sun"
	longday = "Monday" | "Tuesday" | "Wednesday" | "Thursday" | "Friday" | "Saturday" | "Sunday"
	month = "Jan" | "Feb" | "Mar" | "Apr" | "May" | "Jun" | "Jul" | "Aug" | "Sep" | "Oct" | "Nov" | "Dec"
	d2 = "01" | "09" | "15" | "28" | "29" | "30" | "31"
	adate = " 1" | " 9" | "15" | "31"
	year = "1994" | "1970" | "2001" | "2026" | "1969" | "2038" | "1900" | "9999"
	y2 = "94" | "99" | "01" | "25"
	clock = h2 ":" m2 ":" m2
	h2 = "00" | "08" | "13" | "23" | "24"
	m2 = "00" | "07" | "49" | "59" | "60"

	tags = tag | tag sep tags | tag sep tag | "*" | ""
	tag = "\"a\"" | "\"b\"" | "\"\"" | "\"a,b\"" | "W/\"a\"" | "W/\"b\"" | "W/\"\"" | "\"xyz\"" | "\"a b\"" | "\"W/x\"" | "\"\u00e9\"" | "\"a\\b\"" | "w/\"a\"" | "a"
	onetag = tag | tag | tag sep tag | "*"
	opaque = "a" | "b" | "" | "a,b" | "xyz" | "a b" | "W/x" | "\u00e9" | "a\\b" | "*" | "a\"b" | "0f-1"
	words = word | word sep words | "GET, HEAD" | "Accept" | "*" | "" | "en, de"
	number = digits | "0" | "007" | "+5" | "-1" | "1_000" | "1.5" | "abc" | "" | " 5 " | "0x10" | "99999999999999999999"
`)

func liveSay(rule string) func(a asker) string {
	return func(a asker) string { return a.spoilt(liveHeaderGrammar, rule) }
}

// liveField asks for the reading of a field made by a rule.
func liveField(op, rule string) liveAsk {
	return liveAsk{op, func(a asker) any { return object{"header": maybe(a, 30, liveSay(rule)(a))} }}
}

const liveNow = "2026-01-02T03:04:05Z"

var liveHeaders = []liveAsk{
	liveField("authorization.request_get", "credentials"),
	liveField("authorization.response_get", "credentials"),
	{"authorization.params", func(a asker) any { return object{"text": liveSay("authparams")(a)} }},
	liveField("byterange.parse", "range"),
	liveField("byterange.content_parse", "contentrange"),
	{"byterange.for_length", func(a asker) any {
		length := maybe(a, 15, one(a, 0, 1, 5, 10, 100, 1000))
		if a.IntN(2) == 0 {
			return object{"header": liveSay("range")(a), "length": length}
		}
		start := a.IntN(30) - 8
		var end any
		if start >= 0 && a.IntN(3) > 0 {
			end = start + 1 + a.IntN(30)
		}
		return object{"start": start, "end": end, "length": length}
	}},
	{"cachecontrol.parse", func(a asker) any {
		return object{"header": liveSay("directives")(a), "type": one(a, "request", "response")}
	}},
	{"cachecontrol.edit", liveCacheEdit},
	liveField("content_type.get", "mediatype"),
	liveField("content_type.request_get", "mediatype"),
	{"content_type.edit", liveTypeEdit},
	{"dates.parse", func(a asker) any { return object{"value": maybe(a, 50, liveSay("date")(a))} }},
	{"dates.parse_delta", func(a asker) any {
		return object{"value": liveSay(one(a, "date", "number"))(a), "now": liveNow}
	}},
	{"dates.serialize", func(a asker) any { return object{"value": liveMoment(a), "now": liveNow} }},
	{"dates.serialize_delta", func(a asker) any { return object{"value": liveMoment(a), "now": liveNow} }},
	{"etag.if_match", liveTags},
	{"etag.if_none_match", liveTags},
	liveField("etag.get", "onetag"),
	{"etag.set", func(a asker) any {
		tag := a.say(liveHeaderGrammar, "opaque")
		return object{"value": one[any](a, tag, []any{tag, true}, []any{tag, false})}
	}},
	{"etag.if_range", func(a asker) any {
		return object{
			"header":        maybe(a, 20, liveSay(one(a, "onetag", "date"))(a)),
			"etag":          maybe(a, 3, a.say(liveHeaderGrammar, "tag")),
			"last_modified": maybe(a, 3, one(a, "Fri, 09 Nov 2001 01:08:47 GMT", "Thu, 01 Jan 1970 00:00:00 GMT")),
		}
	}},
	{"header_fields.response_get", func(a asker) any {
		field, rule := liveFieldOf(a, liveResponseFields)
		lines := some(a, 0, 2, func() []string { return []string{liveName(a, field), liveSay(rule)(a)} })
		return object{"field": field, "headers": append(lines, []string{"X-Other", "1"}), "now": liveNow}
	}},
	{"header_fields.request_get", func(a asker) any {
		field, rule := liveFieldOf(a, liveRequestFields)
		return object{"field": field, "header": maybe(a, 10, liveSay(rule)(a))}
	}},
}

// Fields by the rule their values are made by.
var (
	liveResponseFields = []struct{ field, rule string }{
		{"content_length", "number"}, {"age", "number"}, {"allow", "words"}, {"vary", "words"}, {"content_language", "words"},
		{"date", "date"}, {"expires", "date"}, {"last_modified", "date"}, {"retry_after", "date"}, {"retry_after", "number"},
		{"location", "words"}, {"server", "words"}, {"content_encoding", "words"}, {"accept_ranges", "words"},
	}
	liveRequestFields = []struct{ field, rule string }{
		{"max_forwards", "number"}, {"content_length", "number"}, {"date", "date"}, {"if_modified_since", "date"},
		{"if_unmodified_since", "date"}, {"pragma", "words"}, {"referer", "words"}, {"user_agent", "words"},
	}
)

func liveFieldOf(a asker, fields []struct{ field, rule string }) (field, rule string) {
	f := one(a, fields...)
	return f.field, f.rule
}

// liveName writes the name of a field in some case.
func liveName(a asker, field string) string {
	name := headerFieldsIn{Field: field}.name()
	if a.IntN(2) == 0 {
		return strings.ToUpper(name)
	}
	return name
}

func liveTags(a asker) any {
	return object{
		"header": maybe(a, 20, liveSay("tags")(a)),
		"tags":   some(a, 1, 5, func() string { return a.say(liveHeaderGrammar, "opaque") }),
	}
}

// liveMoment is a typed value that a date may be written of.
func liveMoment(a asker) any {
	seconds := a.Int64N(8e9) - 1e9
	switch a.IntN(5) {
	case 0:
		return seconds
	case 1:
		return object{"$timedelta": a.IntN(1e6) - 1000}
	case 2:
		return object{"$date": liveTime(seconds)[:10]}
	case 3:
		return object{"$naive": liveTime(seconds)}
	}
	return object{"$datetime": liveTime(seconds) + one(a, "Z", "+02:00", "-11:30")}
}

func liveTime(seconds int64) string { return time.Unix(seconds, 0).UTC().Format("2006-01-02T15:04:05") }

// liveCacheEdit edits with attributes that both kinds of messages have.
func liveCacheEdit(a asker) any {
	steps := some(a, 1, 4, func() []any {
		switch a.IntN(6) {
		case 0:
			return []any{"put", one(a, "ext", "no-store", "max-age", "x"), one[any](a, "v", "a b", 5, nil)}
		case 1:
			return []any{"drop", one(a, "no-store", "max-age", "ext")}
		case 2:
			return []any{"clear"}
		case 3:
			return []any{"set", one(a, "no_store", "no_transform"), one(a, true, false)}
		}
		return []any{"set", "max_age", one[any](a, 0, 60, 3600, nil)}
	})
	return object{"type": one(a, "request", "response"), "header": maybe(a, 5, a.say(liveHeaderGrammar, "directives")), "steps": steps}
}

func liveTypeEdit(a asker) any {
	steps := some(a, 1, 3, func() []any {
		switch a.IntN(4) {
		case 0:
			return []any{"charset", one[any](a, "utf-8", "latin-1", nil)}
		case 1:
			return []any{"params", one[any](a, object{"a": "b"}, object{"charset": "utf-8", "x": "a b"}, nil)}
		case 2:
			return []any{"delete", one(a, "content_type", "charset", "params")}
		}
		return []any{"content_type", maybe(a, 8, a.say(liveHeaderGrammar, "type"))}
	})
	return object{"header": a.say(liveHeaderGrammar, "mediatype"), "steps": steps}
}
