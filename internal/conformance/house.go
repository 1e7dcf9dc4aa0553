package conformance

// HouseRule is a deliberate difference that holds for the whole library. Each
// family says, through On, which of its questions it touches and how.
type HouseRule struct{ Name, Reason string }

// On makes the rule of one family.
func (h HouseRule) On(applies func(Question) bool, answer func(Question, Answer) Answer) Rule {
	return Rule{Name: h.Name, Reason: h.Reason, House: true, Applies: applies, Answer: answer}
}

// The house rules. A new one needs a reason that holds everywhere.
var (
	NoAccidentalHTML = HouseRule{
		"nothing is text/html by accident",
		"A browser runs what is labelled HTML, so text that was never meant as HTML must not be: " +
			"a returned string is text/plain, bytes are application/octet-stream, template.HTML is text/html, " +
			"and a Response has no type until a setter or the code says one.",
	}
	LocationStaysRelative = HouseRule{
		"a relative Location stays relative",
		"RFC 9110 section 10.2.2 allows a relative reference, and the Host a request names need not be the one " +
			"the browser sees; resolved against the request's URL it is the reference's.",
	}
	NoOwnReasons = HouseRule{
		"reason phrases of one's own are not carried",
		"HTTP/2 and HTTP/3 have no reason phrase and net/http writes the usual one; only the code is compared.",
	}
	AmpersandAlone = HouseRule{
		"variables are separated by & alone",
		"WebOb separates query variables by ; as well, form fields not. Caches, proxies, browsers and net/url know & alone, " +
			"and what two of them read differently can be smuggled past one (CVE-2021-23336).",
	}
)

// houseRules lists the house rules for docs/deviations.md.
var houseRules = []HouseRule{NoAccidentalHTML, LocationStaysRelative, NoOwnReasons, AmpersandAlone}
