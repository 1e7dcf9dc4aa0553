// Package contentneg reads the Accept fields of a request and chooses among what
// the server can offer: media types, content codings, languages and charsets.
// RFC 9110 section 12 and RFC 4647 say how. The package is pure: strings and
// http.Header in, values out.
//
//	var formats = contentneg.MustTypes("text/html", "application/json")
//
//	func page(w http.ResponseWriter, r *http.Request) {
//		w.Header().Add("Vary", "Accept")
//		i, ok := formats.Best(r.Header)
//		if !ok {
//			http.Error(w, "only HTML and JSON", http.StatusNotAcceptable)
//			return
//		}
//		w.Header().Set("Content-Type", formats.Value(i))
//		...
//	}
//
// # Offers made once
//
// [Types], [Encodings], [Languages] and [Charsets] hold what a server offers, the
// dearest first. Best chooses from a request's header without allocating, so it may
// stand in every handler and filter. Several lines of a field count as one.
//
// # Fields as values
//
// [ParseAccept] and its three siblings make a value of a field, which tells a
// missing, a valid and a malformed one apart ([Accept.Kind], [Accept.Err]), lists
// its elements, and weighs any offers: [Accept.AcceptableOffers] answers all that
// will do, not just the best. Best is always the first of these. Languages have the
// three schemes of RFC 4647: [AcceptLanguage.BasicFiltering],
// [AcceptLanguage.ExtendedFiltering] and [AcceptLanguage.Lookup].
//
// # How offers are weighed
//
// The most specific range that names an offer gives it its weight, whatever other
// ranges say, and weight 0 refuses it. The heaviest offer wins, of equal ones the
// one offered first. No field means no preference, and so does a malformed one.
// Parameters of a range narrow it, in any order, wildcard or not.
//
// # Fields of one's own
//
// [MakeAccept] and its siblings make a field for a request that is to be sent,
// [Weight] and [ByWeight] write its elements, Add joins two fields, SetIn puts the
// result into a header.
//
// # Limits
//
// Time and memory grow with the length of a field and not faster, whatever is in
// it; net/http limits that length. The cache of an offer list keeps at most 64
// fields of at most 512 bytes.
package contentneg
