package contentneg

import "net/http"

// Encodings is a list of content codings that a server offers, made ready for
// choosing among them on every request. It is made by [NewEncodings], never
// changed, and safe for concurrent use.
//
// The choice is the first of what [AcceptEncoding.AcceptableOffers] would answer.
// Without the field that is the first offer, as RFC 9110 has it; a filter that
// compresses does better to leave the answer as it is then.
type Encodings struct{ names }

// NewEncodings prepares offers such as "br", "gzip" and "identity", the dearest to
// the server first. "*" and what is no token are refused with a [*SyntaxError].
func NewEncodings(offers ...string) (*Encodings, error) {
	e := &Encodings{}
	if err := e.set(offers, firstToken, "not a content coding"); err != nil {
		return nil, err
	}
	return e, nil
}

// MustEncodings is NewEncodings for package variables; it panics where
// NewEncodings fails.
func MustEncodings(offers ...string) *Encodings { return must(NewEncodings(offers...)) }

// Best returns the index of the offer that suits a request's Accept-Encoding field
// best, and false (with -1) if none is acceptable. Several lines of the field count
// as one. Without the field, and where it is malformed, it is the first offer.
//
// The keys of h have to be canonical, as those of http.Request.Header are.
func (e *Encodings) Best(h http.Header) (index int, ok bool) {
	return e.best(h, "Accept-Encoding", e.choose)
}

// BestString is Best for the field as a string. An empty string is an empty field,
// which accepts identity alone.
func (e *Encodings) BestString(field string) (index int, ok bool) {
	return e.cache.answer(field, e.choose)
}

// heard is what a field says about a name: its weight plus 1, or 0 for nothing.
type heard = uint16

// choose reads the field once and weighs the offers.
func (e *Encodings) choose(field string) int {
	var ownRoom, aliasRoom [scanOffers]heard
	own, alias := room(&ownRoom, len(e.low)), room(&aliasRoom, len(e.low))
	var star heard
	valid := scanItems(field, firstToken, func(name string, q int) {
		if name == "*" {
			hear(&star, q)
			return
		}
		for i, low := range e.low {
			if foldsTo(name, low) {
				hear(&own[i], q)
			} else if other := codingAlias(low); other != "" && foldsTo(name, other) {
				hear(&alias[i], q)
			}
		}
	})
	if !valid {
		index, _ := first(e.values)
		return index
	}
	least := heard(1001)
	for i, low := range e.low {
		if own[i] == 0 {
			own[i] = alias[i]
		}
		if own[i] == 0 {
			own[i] = star
		}
		if own[i] == 0 && low == identity {
			alias[i] = unsaidHere
		} else if alias[i] = 0; own[i] > 1 {
			least = min(least, own[i])
		}
	}
	for i := range own {
		if alias[i] == unsaidHere {
			own[i] = least
		}
	}
	return heaviestHeard(own)
}

// unsaidHere marks an identity of which the field says nothing.
const unsaidHere heard = 1 << 15

// hear keeps what is said first.
func hear(h *heard, q int) {
	if *h == 0 {
		*h = heard(q) + 1
	}
}

// room is space for n values, on the stack if they fit.
func room(space *[scanOffers]heard, n int) []heard {
	if n > scanOffers {
		return make([]heard, n)
	}
	return space[:n]
}

// heaviestHeard returns the index of the first of the heaviest, -1 if all are
// refused.
func heaviestHeard(weights []heard) int {
	index, heaviest := -1, heard(1)
	for i, w := range weights {
		if w > heaviest {
			index, heaviest = i, w
		}
	}
	return index
}
