package contentneg_test

import (
	"fmt"

	"github.com/gowebob/gowebob/contentneg"
)

// A field is missing, valid or malformed; a malformed one counts as missing when
// offers are weighed.
func ExampleParseAccept() {
	for _, lines := range [][]string{nil, {"text/html , */*; q=0.10"}, {"html"}} {
		a := contentneg.ParseAccept(lines)
		fmt.Printf("%v %q %v\n", a.Kind(), a, a.Err())
	}
	// Output:
	// missing "" <nil>
	// valid "text/html, */*;q=0.1" <nil>
	// invalid "" contentneg: Accept: "html": not a type and a subtype
}

func ExampleAccept_AcceptableOffers() {
	a := contentneg.ParseAccept([]string{"text/html, text/*;q=0.5, */*;q=0.1, image/gif;q=0"})
	for _, offer := range a.AcceptableOffers("image/png", "image/gif", "text/plain", "text/html") {
		fmt.Println(offer.Value, offer.Q)
	}
	// Output:
	// text/html 1
	// text/plain 0.5
	// image/png 0.1
}

func ExampleAccept_Ranges() {
	a := contentneg.ParseAccept([]string{`text/html;level="1", */*;q=0.8`})
	for _, r := range a.Ranges() {
		fmt.Println(r, r.Q, r.Params)
	}
	// Output:
	// text/html;level=1 1 [{level 1}]
	// */* 0.8 []
}

func ExampleAccept_Preferred() {
	fmt.Println(contentneg.ParseAccept([]string{"a/b;q=0.5, c/d, e/f;q=0"}).Preferred())
	// Output:
	// [c/d a/b]
}

// Whether to answer a person or a program.
func ExampleAccept_AcceptsHTML() {
	fmt.Println(contentneg.ParseAccept([]string{"text/html,application/xhtml+xml,*/*;q=0.8"}).AcceptsHTML())
	fmt.Println(contentneg.ParseAccept([]string{"application/json"}).AcceptsHTML())
	// Output:
	// true
	// false
}

func ExampleParseOffer() {
	media, err := contentneg.ParseOffer(`Text/HTML; Charset="utf-8"`)
	fmt.Println(media, err)
	_, err = contentneg.ParseOffer("text/*")
	fmt.Println(err)
	// Output:
	// text/html;charset=utf-8 <nil>
	// contentneg: offer: "text/*": an offer has no wildcard
}

func ExampleParseAcceptEncoding() {
	a := contentneg.ParseAcceptEncoding([]string{"gzip;q=0.5, br"})
	fmt.Println(a.AcceptableOffers("gzip", "identity", "br"))
	fmt.Println(a.Items())
	// Output:
	// [{br 1} {gzip 0.5} {identity 0.5}]
	// [{gzip 0.5} {br 1}]
}

func ExampleParseAcceptCharset() {
	a := contentneg.ParseAcceptCharset([]string{"utf-8, *;q=0.1"})
	fmt.Println(a.AcceptableOffers("iso-8859-1", "UTF-8"))
	// Output:
	// [{UTF-8 1} {iso-8859-1 0.1}]
}

// The matching of old WebOb, for programs that come from there.
func ExampleAccept_BestMatch() {
	a := contentneg.ParseAccept([]string{"text/html;q=0.8, application/json"})
	best, ok := a.BestMatch(contentneg.Offer{Value: "text/html", Q: 1}, contentneg.Offer{Value: "application/json", Q: 0.5})
	fmt.Println(best, ok)
	// Output:
	// text/html true
}
