// Package header reads and writes HTTP header fields as typed values: dates,
// entity tags, ranges, cache directives, media types, credentials, links. It
// works on http.Header and on its own List, an ordered header, and knows nothing
// else of this module. Adding a field of your own takes two functions.
//
//	func handler(w http.ResponseWriter, r *http.Request) {
//		modified := time.Date(2026, time.January, 2, 3, 4, 5, 0, time.UTC)
//		if since, ok := header.IfModifiedSince.Get(r.Header); ok && !modified.After(since) {
//			w.WriteHeader(http.StatusNotModified)
//			return
//		}
//		var cc header.Directives
//		cc.SetSeconds("max-age", 3600)
//		header.LastModified.Set(w.Header(), modified)
//		header.CacheControl.Set(w.Header(), cc)
//		io.WriteString(w, "hello")
//	}
//
// # Fields
//
// A header field is a value of type Field[T]: LastModified is a
// Field[time.Time], ETag a Field[EntityTag]. Each has the same four methods on
// any Map, that is on http.Header and on *List:
//
//	v, ok := f.Get(h)            // for daily use: a bad field reads as an absent one
//	v, ok, err := f.Lookup(h)    // tells them apart; err is a *FieldError
//	err := f.Set(h, v)           // one line, in place of all that were there
//	f.Del(h)
//
// Reading follows the grammar of RFC 9110 and its neighbours to the letter, but
// where a doc comment says that it is lenient (Cache-Control), or that it takes
// what it gets (Authorization, text and lists). Two lines of a list are one
// list; of two lines of anything else the first counts.
//
// Writing never splits a header: CR, LF, NUL and all other control characters
// but TAB are refused, and the error names the field. What the grammar has no
// way to write (an entity tag with a quote in it) is refused too, and what it
// has a way to write (a quote in a parameter) is escaped.
//
// # Fields of your own
//
// NewField makes a field of a function that reads and one that writes. NewText,
// NewList, NewNumber and NewDate make the common kinds; NewItem, NewItemList
// and NewDictionary those of Structured Fields (RFC 9651).
//
// # List
//
// A List holds the fields of a message in their order. It has the methods of
// http.Header and is far cheaper to fill; AppendTo and HTTPHeader turn it into
// a map. It refuses what cannot be sent and remembers the first such field:
// ask Err before sending.
//
// # Conditions
//
// IfMatchHolds, IfNoneMatchHolds and IfRangeHolds evaluate the conditions of a
// request without building lists. They answer on the safe side where the field
// is bad: nothing is overwritten, everything is sent.
//
// # Limits and errors
//
// All readers take time in proportion to the field's length, and refuse what
// has more members than anybody means: 100 ranges, directives, parameters or
// challenges, 1,000 links or fields of a List. Errors are *FieldError: the
// field, the line, the byte, and a cause for errors.Is (ErrSyntax, ErrRange,
// ErrValue, ErrName, ErrTooMany). Fields and their values are safe for
// concurrent reading.
package header
