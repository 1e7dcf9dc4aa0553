package contentneg

import "net/http"

// Charsets is a list of charsets that a server offers, made ready for choosing
// among them on every request. It is made by [NewCharsets], never changed, and
// safe for concurrent use. The choice is the first of what
// [AcceptCharset.AcceptableOffers] would answer.
type Charsets struct{ names }

// NewCharsets prepares offers such as "utf-8", the dearest to the server first. "*"
// and what is no token are refused with a [*SyntaxError].
func NewCharsets(offers ...string) (*Charsets, error) {
	c := &Charsets{}
	if err := c.set(offers, firstToken, "not a charset"); err != nil {
		return nil, err
	}
	return c, nil
}

// MustCharsets is NewCharsets for package variables; it panics where NewCharsets
// fails.
func MustCharsets(offers ...string) *Charsets { return must(NewCharsets(offers...)) }

// Best returns the index of the offer that suits a request's Accept-Charset field
// best, and false (with -1) if none is acceptable. Several lines of the field count
// as one. Without the field, and where it is malformed or empty, it is the first
// offer.
//
// The keys of h have to be canonical, as those of http.Request.Header are.
func (c *Charsets) Best(h http.Header) (index int, ok bool) {
	return c.best(h, "Accept-Charset", c.choose)
}

// BestString is Best for the field as a string.
func (c *Charsets) BestString(field string) (index int, ok bool) {
	return c.cache.answer(field, c.choose)
}

// choose reads the field once and weighs the offers.
func (c *Charsets) choose(field string) int {
	var ownRoom [scanOffers]heard
	own := room(&ownRoom, len(c.low))
	var star heard
	named := false
	valid := scanItems(field, firstToken, func(name string, q int) {
		named = true
		if name == "*" {
			hear(&star, q)
		}
		for i, low := range c.low {
			if foldsTo(name, low) {
				hear(&own[i], q)
			}
		}
	})
	if !valid || !named {
		index, _ := first(c.values)
		return index
	}
	for i := range own {
		if own[i] == 0 {
			own[i] = star
		}
	}
	return heaviestHeard(own)
}
