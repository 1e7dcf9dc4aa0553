package contentneg

import "strings"

// This file holds the matching WebOb had before it followed the RFCs. WebOb calls
// it deprecated itself; it is here for people who come from there. It ignores what
// parameters mean, takes wildcards in offers, and lets a wildcard undo a weight of
// 0. Use AcceptableOffers, BasicFiltering or Lookup.

// BestMatch is WebOb's old best_match: it returns the offer with the highest
// product of the client's weight and the server's (Offer.Q, mostly 1), of equal
// ones that which the fewest wildcards name, then the first. ok is false where
// there is none. It does not follow RFC 9110: prefer AcceptableOffers.
func (a Accept) BestMatch(offers ...Offer) (best string, ok bool) {
	return bestMatch(a.kind, a.masks(), offers, oldMediaMatch)
}

// Contains is WebOb's old `offer in accept`. It does not follow RFC 9110: prefer
// AcceptableOffers.
func (a Accept) Contains(offer string) bool {
	return oldContains(a.kind, a.masks(), offer, oldMediaMatch)
}

// Quality is WebOb's old quality: the heaviest weight of any range that names the
// offer. ok is false where that is 0 or there is none. It does not follow
// RFC 9110: prefer AcceptableOffers.
func (a Accept) Quality(offer string) (q float64, ok bool) {
	return oldQuality(a.kind, a.masks(), offer, oldMediaMatch)
}

// BestMatch is WebOb's old best_match, see [Accept.BestMatch].
func (a AcceptCharset) BestMatch(offers ...Offer) (best string, ok bool) {
	return bestMatch(a.legacyKind(), a.list, offers, oldNameMatch)
}

// Contains is WebOb's old `offer in accept_charset`. A "*" takes back what the
// field refuses: prefer AcceptableOffers.
func (a AcceptCharset) Contains(offer string) bool {
	return oldContains(a.legacyKind(), a.list, offer, oldNameMatch)
}

// Quality is WebOb's old quality, see [Accept.Quality].
func (a AcceptCharset) Quality(offer string) (q float64, ok bool) {
	return oldQuality(a.legacyKind(), a.list, offer, oldNameMatch)
}

// BestMatch is WebOb's old best_match, see [Accept.BestMatch].
func (a AcceptEncoding) BestMatch(offers ...Offer) (best string, ok bool) {
	return bestMatch(a.kind, a.list, offers, oldNameMatch)
}

// Contains is WebOb's old `offer in accept_encoding`. A "*" takes back what the
// field refuses, and identity is a name like any other: prefer AcceptableOffers.
func (a AcceptEncoding) Contains(offer string) bool {
	return oldContains(a.kind, a.list, offer, oldNameMatch)
}

// Quality is WebOb's old quality, see [Accept.Quality].
func (a AcceptEncoding) Quality(offer string) (q float64, ok bool) {
	return oldQuality(a.kind, a.list, offer, oldNameMatch)
}

// BestMatch is WebOb's old best_match, see [Accept.BestMatch].
func (a AcceptLanguage) BestMatch(offers ...Offer) (best string, ok bool) {
	return bestMatch(a.legacyKind(), a.list, offers, oldTagMatch)
}

// Contains is WebOb's old `tag in accept_language`. "en" and "en-US" name each
// other, and "_" is "-": prefer Lookup.
func (a AcceptLanguage) Contains(tag string) bool {
	return oldContains(a.legacyKind(), a.list, tag, oldTagMatch)
}

// Quality is WebOb's old quality, see [Accept.Quality].
func (a AcceptLanguage) Quality(tag string) (q float64, ok bool) {
	return oldQuality(a.legacyKind(), a.list, tag, oldTagMatch)
}

// legacyKind takes an empty list for a missing one: it says nothing.
func (l items) legacyKind() Kind {
	if len(l.list) == 0 {
		return Missing
	}
	return l.kind
}

// masks are the ranges with their parameters as text.
func (a Accept) masks() []Item {
	masks := make([]Item, len(a.ranges))
	for i, r := range a.ranges {
		masks[i] = Item{r.String(), r.Q}
	}
	return masks
}

type oldMatch func(mask, offer string) bool

func bestMatch(kind Kind, masks []Item, offers []Offer, matches oldMatch) (best string, ok bool) {
	if kind != Valid {
		return heaviest(offers)
	}
	bestQ, stars := -1.0, 2
	for _, offer := range offers {
		for _, mask := range masks {
			q, maskStars := offer.Q*mask.Q, strings.Count(mask.Name, "*")
			if mask.Q == 0 || q < bestQ || q == bestQ && stars <= maskStars {
				continue
			}
			if matches(mask.Name, offer.Value) {
				best, ok, bestQ, stars = offer.Value, true, q, maskStars
			}
		}
	}
	return best, ok
}

// heaviest goes by the server's weights alone.
func heaviest(offers []Offer) (best string, ok bool) {
	bestQ := -1.0
	for _, offer := range offers {
		if offer.Q > bestQ {
			best, ok, bestQ = offer.Value, true, offer.Q
		}
	}
	return best, ok
}

func oldContains(kind Kind, masks []Item, offer string, matches oldMatch) bool {
	_, ok := oldQuality(kind, masks, offer, matches)
	return ok
}

func oldQuality(kind Kind, masks []Item, offer string, matches oldMatch) (q float64, ok bool) {
	if kind != Valid {
		return 1, true
	}
	for _, mask := range masks {
		if mask.Q > q && matches(mask.Name, offer) {
			q = mask.Q
		}
	}
	return q, q > 0
}

// oldMediaMatch takes wildcards on both sides, and parameters as part of the
// subtype.
func oldMediaMatch(mask, offer string) bool {
	mask, offer = toLower(mask), toLower(offer)
	if mask == offer || mask == "*/*" || offer == "*/*" || offer == "*" {
		return true
	}
	maskType, maskSub := halves(mask)
	offerType, offerSub := halves(offer)
	switch {
	case maskSub == "*":
		return offerType == "*" || maskType == offerType
	case maskType == "*":
		return offerSub == "*" || maskSub == offerSub
	case offerSub == "*":
		return maskType == offerType
	case offerType == "*":
		return maskSub == offerSub
	}
	return false
}

// halves divides a range at its slash; what has none, or several, is a type with
// any subtype.
func halves(s string) (typ, subtype string) {
	if strings.Count(s, "/") != 1 {
		return s, "*"
	}
	typ, subtype, _ = strings.Cut(s, "/")
	return typ, subtype
}

func oldNameMatch(mask, offer string) bool {
	return mask == "*" || toLower(mask) == toLower(offer)
}

func oldTagMatch(mask, tag string) bool {
	mask, tag = toLower(mask), toLower(strings.ReplaceAll(tag, "_", "-"))
	primaryMask, _, _ := strings.Cut(mask, "-")
	primaryTag, _, _ := strings.Cut(tag, "-")
	return mask == "*" || tag == mask || primaryTag == mask || tag == primaryMask
}
