package conformance

import "strings"

// liveAcceptGrammar is RFC 9110 section 12.5, and some ways of missing it.
var liveAcceptGrammar = parseGrammar(`
	sep = "," | ", " | " , " | ",\t" | ", ,"
	ows = "" | "" | "" | " " | "\t"
	weight = ows ";" ows qname "=" qvalue
	qname = "q" | "q" | "q" | "Q"
	qvalue = "1" | "0" | "0.5" | "0.3" | "0.8" | "0.25" | "0.001" | "1.0" | "1.000" | "0." | "0.0" | "2" | "1.5" | ".5" | "0.1234" | "-1" | ""

	accept = range ?weight | range ?weight sep accept | range ?weight sep range ?weight sep range | "" | sep accept
	range = type ?params
	type = "text/html" | "text/html" | "text/plain" | "text/*" | "*/*" | "application/json" | "application/*" | "application/xml" | "application/xhtml+xml" | "TEXT/HTML" | "image/png" | "*/html" | "a/b" | "text" | "*"
	params = ows ";" ows param
	param = "level=1" | "level=2" | "charset=utf8" | "p=\"a b\"" | "p=\"\"" | "p=\"\\\"\"" | "LEVEL=1" | "p=A" | "flag" | "e=f"
	offer = offertype | offertype | offertype ";" param
	offertype = "text/html" | "text/plain" | "application/json" | "application/xml" | "Text/HTML" | "image/png" | "a/b" | "text/xml" | "application/xhtml+xml"

	charsets = charset ?weight | charset ?weight sep charsets | charset ?weight sep charset ?weight | "" | sep charsets
	charset = "utf-8" | "UTF-8" | "iso-8859-1" | "*" | "us-ascii" | "utf-7" | "big5" | "windows-1252"
	offeredcharset = "utf-8" | "UTF-8" | "iso-8859-1" | "ISO-8859-1" | "us-ascii" | "utf-7" | "big5" | "latin1"

	codings = coding ?weight | coding ?weight sep codings | coding ?weight sep coding ?weight | "" | sep codings
	coding = "gzip" | "GZip" | "identity" | "*" | "deflate" | "br" | "compress" | "x-gzip" | "zstd"
	offeredcoding = "gzip" | "identity" | "deflate" | "br" | "compress" | "x-gzip" | "x-compress" | "Identity" | "zstd"

	languages = language ?weight | language ?weight sep languages | language ?weight sep language ?weight | "" | sep languages
	language = "en" | "en-US" | "en-gb" | "EN" | "de" | "de-CH-1996" | "zh-Hant-TW" | "*" | "fr" | "x-klingon" | "i-navajo" | "es-419" | "de-a-x" | "e_n"
	tag = "en" | "en-US" | "EN-us" | "de" | "de-CH" | "de-CH-1996" | "zh-Hant-TW" | "zh" | "fr-CA" | "fr" | "x-klingon" | "es-419" | "de-a-x-1"
`)

// liveAcceptFamilies says by which rules each field and its offers are made.
var liveAcceptFamilies = []struct{ name, field, offer string }{
	{"accept", "accept", "offer"},
	{"accept_charset", "charsets", "offeredcharset"},
	{"accept_encoding", "codings", "offeredcoding"},
	{"accept_language", "languages", "tag"},
}

var liveAccept = liveAcceptAsks()

func liveAcceptAsks() []liveAsk {
	var asks []liveAsk
	for _, f := range liveAcceptFamilies {
		field := func(a asker) any { return maybe(a, 20, a.spoilt(liveAcceptGrammar, f.field)) }
		offer := func(a asker) string { return a.say(liveAcceptGrammar, f.offer) }
		offers := func(a asker) []string { return some(a, 1, 5, func() string { return offer(a) }) }
		add := func(op string, ask func(a asker) any) { asks = append(asks, liveAsk{f.name + "." + op, ask}) }
		add("parse", func(a asker) any { return object{"header": field(a)} })
		add("add", func(a asker) any {
			left, right := object{"header": field(a)}, liveOperand(a, f.field, field)
			if a.IntN(2) == 0 {
				left, right = right, left
			}
			return object{"left": left, "right": right} // one of them has to be a field
		})
		add("contains", func(a asker) any { return object{"header": field(a), "offer": livePlain(offer(a))} })
		add("quality", func(a asker) any { return object{"header": field(a), "offer": livePlain(offer(a))} })
		add("best_match", func(a asker) any {
			weighed := some(a, 1, 4, func() any {
				if a.IntN(3) == 0 {
					return []any{livePlain(offer(a)), one(a, 0.0, 0.5, 1, 2)}
				}
				return livePlain(offer(a))
			})
			return object{"header": field(a), "offers": weighed, "default": "none"}
		})
		if f.name != "accept_language" {
			add("acceptable_offers", func(a asker) any { return object{"header": field(a), "offers": offers(a)} })
			continue
		}
		add("basic_filtering", func(a asker) any { return object{"header": field(a), "tags": offers(a)} })
		add("lookup", func(a asker) any {
			return object{"header": field(a), "tags": offers(a), "default": "none"}
		})
	}
	return append(asks,
		liveAsk{"accept.parse_offer", func(a asker) any {
			return object{"offer": a.spoilt(liveAcceptGrammar, one(a, "offer", "range"))}
		}},
		liveAsk{"accept.accepts_html", func(a asker) any {
			return object{"header": maybe(a, 20, a.spoilt(liveAcceptGrammar, "accept"))}
		}},
	)
}

// livePlain takes the parameters off an offer: the old methods know none.
func livePlain(offer string) string {
	offer, _, _ = strings.Cut(offer, ";")
	return offer
}

// liveOperand is what can be added to a field.
func liveOperand(a asker, rule string, field func(asker) any) object {
	switch a.IntN(4) {
	case 0:
		return object{"none": true}
	case 1:
		return object{"text": a.say(liveAcceptGrammar, rule)}
	}
	return object{"header": field(a)}
}
