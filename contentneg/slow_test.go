package contentneg_test

import (
	"regexp"
	"strings"
)

// The grammars as regular expressions, to be read against the RFCs. The fields of
// the tests are bytes; latin1 makes a text of them in which each is a character.
const (
	reOWS    = `[ \t]*`
	reToken  = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+"
	reQuoted = `"(?:[\t !#-\[\]-~\x{80}-\x{ff}]|\\[\t -~\x{80}-\x{ff}])*"`
	reQvalue = `(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)`
	reWeight = reOWS + `;` + reOWS + `[qQ]=` + reQvalue
	// a value of q that is no qvalue is caught by hand: see wellFormedRange
	reParam = `(?:` + reToken + `=(?:` + reToken + `|` + reQuoted + `))`
	reRange = reToken + `/` + reToken + `(?:` + reOWS + `;` + reOWS + reParam + `?)*`

	reLanguage = `(?:\*|[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)`
)

// list is #element of RFC 9110 section 5.6.1.2 as a recipient reads it.
func list(element string) *regexp.Regexp {
	return regexp.MustCompile(`^(?:` + element + `)?(?:` + reOWS + `,` + reOWS + `(?:` + element + `)?)*$`)
}

var (
	acceptGrammar   = list(reRange)
	itemGrammar     = list(reToken + `(?:` + reWeight + `)?`)
	languageGrammar = list(reLanguage + `(?:` + reWeight + `)?`)

	rangePattern = regexp.MustCompile(reRange)
	paramPattern = regexp.MustCompile(`(` + reToken + `)=(` + reToken + `|` + reQuoted + `)`)
	qvalueOnly   = regexp.MustCompile(`^` + reQvalue + `$`)
)

// wellFormedAccept tells whether a field follows RFC 9110, the first q of each
// range being a weight.
func wellFormedAccept(field string) bool {
	text := latin1(field)
	if !acceptGrammar.MatchString(text) {
		return false
	}
	for _, element := range rangePattern.FindAllString(text, -1) {
		for _, param := range paramPattern.FindAllStringSubmatch(afterRange(element), -1) {
			if strings.EqualFold(param[1], "q") {
				if !qvalueOnly.MatchString(param[2]) {
					return false
				}
				break
			}
		}
	}
	return true
}

func afterRange(element string) string {
	_, params, _ := strings.Cut(element, ";")
	return params
}

func latin1(s string) string {
	runes := make([]rune, len(s))
	for i := range len(s) {
		runes[i] = rune(s[i])
	}
	return string(runes)
}
