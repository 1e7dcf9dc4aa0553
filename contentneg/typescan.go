package contentneg

// scanOffers is how many offers the one-pass readers have room for on the stack;
// longer lists are matched the long way.
const scanOffers = 16

// scan chooses by reading the field once from left to right: each range is checked
// against the grammar, token by token, and matched at once. decided is false where
// that is not enough and ParseAccept has to be asked: for ranges with parameters
// where an offer has parameters too, for names alone after a weight, and for more
// offers than there is room for. A malformed field is decided: the first offer.
//
// The grammar is that of parseRange, the elements divided by commas. Indices are compared as
// uint, which spares the bounds checks: half of the time goes into the two loops
// over tokens.
func (t *Types) scan(s string) (index int, decided bool) {
	var found [scanOffers]uint16 // per offer: closeness<<10 | weight of the range that decides
	if len(t.offers) > scanOffers {
		return 0, false
	}
	star := uint16(0) // the same of the first */*
	malformed, _ := first(t.values)
	if !listEnds(s) {
		return malformed, true
	}
	for i := 0; uint(i) < uint(len(s)); {
		c := s[i]
		if c == ',' || c == ' ' || c == '\t' {
			i++
			continue
		}
		start := i
		for uint(i) < uint(len(s)) && lower[s[i]] != 0 {
			i++
		}
		slash := i
		if i == start || uint(i) >= uint(len(s)) || s[i] != '/' {
			return malformed, true
		}
		for i++; uint(i) < uint(len(s)) && lower[s[i]] != 0; {
			i++
		}
		end := i
		if end == slash+1 {
			return malformed, true
		}
		q, params := uint16(1000), false
		if i < len(s) && s[i] == ',' {
			i++
		} else if i < len(s) {
			var state paramState
			if q, i, state = scanParams(s, i); state == paramBad {
				return malformed, true
			} else if state == paramBare {
				return 0, false
			} else {
				params = state == paramSome
			}
		}
		if params {
			if t.params {
				return 0, false
			}
			continue // no offer has parameters, so the range names none
		}
		if end == slash+2 && s[slash+1] == '*' {
			if slash != start+1 || s[start] != '*' {
				t.markType(&found, s[start:slash], q)
			} else if star == 0 {
				star = anyType<<10 | q
			}
		} else if t.lengths>>min(end-start, 63)&1 != 0 && t.firsts>>(c&31)&1 != 0 {
			t.markName(&found, s[start:end], q)
		}
	}
	return best(found[:len(t.offers)], star), true
}

// markName notes the weight of a range without wildcards, if it is the first of
// its kind.
func (t *Types) markName(found *[scanOffers]uint16, name string, q uint16) {
	for i := range t.offers {
		if found[i&(scanOffers-1)]>>10 < sameType && foldsTo(name, t.offers[i].name) {
			found[i&(scanOffers-1)] = sameType<<10 | q
		}
	}
}

// markType does so for type/*.
func (t *Types) markType(found *[scanOffers]uint16, typ string, q uint16) {
	for i := range t.offers {
		o := &t.offers[i]
		if found[i&(scanOffers-1)]>>10 < anySubtype && o.slash == len(typ) && foldsTo(typ, o.name[:o.slash]) {
			found[i&(scanOffers-1)] = anySubtype<<10 | q
		}
	}
}

// best returns the index of the first of the heaviest, -1 if all are refused.
func best(found []uint16, star uint16) int {
	index, heaviest := -1, uint16(0)
	for i, f := range found {
		if f == 0 {
			f = star
		}
		if q := f & (1<<10 - 1); q > heaviest {
			index, heaviest = i, q
		}
	}
	return index
}

// listEnds is endsFit, quick where there is no white space.
func listEnds(s string) bool {
	if s == "" {
		return true
	}
	if first, last := s[0], s[len(s)-1]; first > ' ' && last > ' ' {
		return true
	}
	return endsFit(s)
}

// paramState says what the parameters of a range are.
type paramState uint8

const (
	paramNone paramState = iota // none but the weight and empty ones
	paramSome                   // parameters an offer would have to have
	paramBare                   // a name alone after the weight
	paramBad                    // malformed
)

// scanParams reads what follows a media range from i to the comma that ends the
// element, and returns the weight and the index after the comma.
func scanParams(s string, i int) (q uint16, end int, state paramState) {
	q, weighted := 1000, false
	for i < len(s) {
		for s[i] == ' ' || s[i] == '\t' {
			if i++; i == len(s) { // endsFit: after a semicolon
				return q, i, state
			}
		}
		if s[i] == ',' {
			return q, i + 1, state
		}
		if s[i] != ';' {
			return 0, 0, paramBad
		}
		i = skipOWS(s, i+1)
		if !weighted && i+1 < len(s) && s[i]|0x20 == 'q' && s[i+1] == '=' {
			weight, after := qvalue(s, i+2)
			if after < 0 {
				return 0, 0, paramBad
			}
			q, i, weighted = uint16(weight), after, true
			continue
		}
		if i == len(s) || s[i] == ';' || s[i] == ',' {
			continue
		}
		equals := tokenEnd(s, i)
		if equals == i {
			return 0, 0, paramBad
		}
		if equals == len(s) || s[equals] != '=' {
			if weighted {
				return 0, 0, paramBare
			}
			return 0, 0, paramBad
		}
		isQ := equals == i+1 && s[i]|0x20 == 'q' // a second weight
		if i = valueEnd(s, equals+1); i < 0 {
			return 0, 0, paramBad
		}
		if !isQ {
			state = paramSome
		}
	}
	return q, i, state
}

// valueEnd returns the index after the value of a parameter, -1 if there is none.
func valueEnd(s string, i int) int {
	if i < len(s) && s[i] == '"' {
		return quotedEnd(s, i)
	}
	if end := tokenEnd(s, i); end > i {
		return end
	}
	return -1
}
