package contentneg

import (
	"errors"
	"fmt"
)

// ErrNoDefault is returned by [AcceptLanguage.Lookup] when it is given neither a
// [DefaultTag] nor a [Default]: then there might be no language to answer in.
var ErrNoDefault = errors.New("contentneg: lookup needs a default tag or a default")

// ErrDefaultRange is returned by [AcceptLanguage.Lookup] for a [DefaultRange] of
// "*", which names no language.
var ErrDefaultRange = errors.New(`contentneg: default range "*" names no language`)

// ErrControl is returned when a field value holds CR, LF or another control
// character, which would split or garble the header.
var ErrControl = errors.New("contentneg: control character in field value")

// SyntaxError says what is wrong with a field or an offer. It is what Err of a
// parsed field and the constructors of offers return.
type SyntaxError struct {
	Field   string // name of the field, such as "Accept"; empty for an offer
	Element string // the element or offer as it came
	Reason  string // what the grammar asks for
}

// Error names the field, the element (its first 80 bytes) and the reason.
func (e *SyntaxError) Error() string {
	const most = 80
	element := e.Element
	if len(element) > most {
		element = element[:most] + "..."
	}
	where := "offer"
	if e.Field != "" {
		where = e.Field
	}
	return fmt.Sprintf("contentneg: %s: %q: %s", where, element, e.Reason)
}
