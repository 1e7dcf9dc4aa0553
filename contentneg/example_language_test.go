package contentneg_test

import (
	"fmt"

	"github.com/gowebob/gowebob/contentneg"
)

// Lookup answers one tag, always.
func ExampleAcceptLanguage_Lookup() {
	a := contentneg.ParseAcceptLanguage([]string{"zh-Hant-TW, fr;q=0.5"})
	tag, _ := a.Lookup([]string{"zh-Hant", "zh", "fr"}, contentneg.DefaultTag("en"))
	fmt.Println(tag)
	tag, _ = a.Lookup([]string{"de", "en"}, contentneg.DefaultTag("en"))
	fmt.Println(tag)
	// Output:
	// zh-Hant
	// en
}

// The defaults are tried in the order range, tag, answer; the client may refuse the
// first two.
func ExampleDefaultRange() {
	a := contentneg.ParseAcceptLanguage([]string{"ja, en;q=0"})
	tag, _ := a.Lookup([]string{"en", "de"}, contentneg.DefaultRange("de-CH"), contentneg.DefaultTag("en"))
	fmt.Println(tag)
	tag, _ = a.Lookup([]string{"en"}, contentneg.DefaultTag("en"), contentneg.Default("ask"))
	fmt.Println(tag)
	// Output:
	// de
	// ask
}

// Filtering answers all that will do, for a list of translations say.
func ExampleAcceptLanguage_BasicFiltering() {
	a := contentneg.ParseAcceptLanguage([]string{"de-DE, en;q=0.5"})
	fmt.Println(a.BasicFiltering("en-GB", "de-DE-1996", "de-Latn-DE", "fr"))
	fmt.Println(a.ExtendedFiltering("en-GB", "de-DE-1996", "de-Latn-DE", "fr"))
	// Output:
	// [{de-DE-1996 1} {en-GB 0.5}]
	// [{de-DE-1996 1} {de-Latn-DE 1} {en-GB 0.5}]
}

func ExampleExtendedMatch() {
	fmt.Println(contentneg.ExtendedMatch("de-*-DE", "de-Latn-DE-1996"))
	fmt.Println(contentneg.ExtendedMatch("*-CH", "de-DE"))
	// Output:
	// true
	// false
}
