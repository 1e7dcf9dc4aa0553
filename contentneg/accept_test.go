package contentneg_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/contentneg"
)

// lines makes the lines of a field; "-" is no field at all.
func lines(field string) []string {
	if field == "-" {
		return nil
	}
	return []string{field}
}

// offersText writes offers as "text/html 1, text/plain 0.5".
func offersText(offers []contentneg.Offer) string {
	var texts []string
	for _, o := range offers {
		texts = append(texts, fmt.Sprint(o.Value, " ", o.Q))
	}
	return strings.Join(texts, ", ")
}

func TestAcceptKind(t *testing.T) {
	for _, row := range []struct {
		rule, field string
		want        contentneg.Kind
		tidied      string
	}{
		{"no field is missing", "-", contentneg.Missing, ""},
		{"an empty field is valid", "", contentneg.Valid, ""},
		{"an empty list is valid", " , ,", contentneg.Valid, ""},
		{"a list may begin with an empty element", ", text/html", contentneg.Valid, "text/html"},
		{"a parameter may be empty", "text/html;;level=1;", contentneg.Valid, "text/html;level=1"},
		{"spelling is kept, white space is not", "TEXT/html ; Level=1 ,a/b", contentneg.Valid, "TEXT/html;Level=1, a/b"},
		{"q may be upper case", "a/b;Q=0.50", contentneg.Valid, "a/b;q=0.5"},
		{"a weight of 1 is left out", "a/b;q=1.000", contentneg.Valid, "a/b"},
		{"a weight may end in a point", "a/b;q=0., c/d;q=1.", contentneg.Valid, "a/b;q=0, c/d"},
		{"parameters may follow the weight", "a/b;p=1;q=1;r=2", contentneg.Valid, "a/b;p=1;q=1;r=2"},
		{"RFC 7231 let a name alone follow the weight", "a/b;q=1;x;y=2", contentneg.Valid, "a/b;q=1;x;y=2"},
		{"but RFC 7231 had no empty parameters", "a/b;q=1;x;", contentneg.Invalid, ""},
		{"nor a comma and an element at the start", ",a/b;q=1;x", contentneg.Invalid, ""},
		{"values are unquoted where they are tokens", `a/b;p="x"`, contentneg.Valid, "a/b;p=x"},
		{"values stay quoted where they are none", `a/b;p="x y\"\z,"`, contentneg.Valid, `a/b;p="x y\"z,"`},
		{"a comma in quotes divides nothing", `a/b;p=",", c/d`, contentneg.Valid, `a/b;p=",", c/d`},
		{"* alone is no range", "*", contentneg.Invalid, ""},
		{"*/html is a range, which names nothing", "*/html", contentneg.Valid, "*/html"},
		{"a name alone before the weight is malformed", "a/b;x", contentneg.Invalid, ""},
		{"more than 1 is no weight", "a/b;q=1.001", contentneg.Invalid, ""},
		{"four decimals are too many", "a/b;q=0.1234", contentneg.Invalid, ""},
		{"a weight is not quoted", `a/b;q="0.5"`, contentneg.Invalid, ""},
		{"no space around =", "a/b;q = 0.5", contentneg.Invalid, ""},
		{"an open quote is malformed", `a/b;p="x`, contentneg.Invalid, ""},
		{"an escape at the end is malformed", `a/b;p="x\`, contentneg.Invalid, ""},
		{"one bad element spoils the field", "a/b, c", contentneg.Invalid, ""},
		{"Java's old header is malformed", "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", contentneg.Invalid, ""},
		{"white space at the start is malformed", " a/b", contentneg.Invalid, ""},
		{"white space at the end is malformed", "a/b ", contentneg.Invalid, ""},
		{"a line feed is malformed", "a/b\n", contentneg.Invalid, ""},
		{"a NUL is malformed", "a/b;p=\"\x00\"", contentneg.Invalid, ""},
	} {
		t.Run(row.rule, func(t *testing.T) {
			a := contentneg.ParseAccept(lines(row.field))
			assert.Equal(t, row.want, a.Kind(), "%v", a.Err())
			assert.Equal(t, row.tidied, a.String())
			if row.want != contentneg.Invalid {
				require.NoError(t, a.Err())
				return
			}
			var syntax *contentneg.SyntaxError
			require.ErrorAs(t, a.Err(), &syntax)
			assert.Equal(t, "Accept", syntax.Field)
			assert.Empty(t, a.Ranges())
		})
	}
}

func TestAcceptLinesCountAsOne(t *testing.T) {
	a := contentneg.ParseAccept([]string{"text/html;q=0.5", "", "text/plain"})
	assert.Equal(t, "text/html;q=0.5, text/plain", a.String())
	field, present := a.Field()
	assert.Equal(t, "text/html;q=0.5, , text/plain", field)
	assert.True(t, present)
}

func TestAcceptErrorNamesTheElement(t *testing.T) {
	err := contentneg.ParseAccept([]string{"text/html, text/plain;q=2, */*"}).Err()
	require.EqualError(t, err, `contentneg: Accept: "text/plain;q=2": a weight is a number from 0 to 1 with at most three decimals`)
	long := contentneg.ParseAccept([]string{strings.Repeat("x", 1_000)}).Err()
	assert.Less(t, len(long.Error()), 200, "a long element is cut in the message")
}

func TestAcceptRanges(t *testing.T) {
	a := contentneg.ParseAccept([]string{`Text/*;q=0.25, a/b;P="x y";q=0.5;q=0.7;e`})
	assert.Equal(t, []contentneg.MediaRange{
		{Type: "Text", Subtype: "*", Q: 0.25},
		{
			Type: "a", Subtype: "b", Q: 0.5, Params: []contentneg.Param{{Name: "P", Value: "x y"}},
			Extensions: []contentneg.Extension{
				{Param: contentneg.Param{Name: "q", Value: "0.7"}},
				{Param: contentneg.Param{Name: "e"}, Bare: true},
			},
		},
	}, a.Ranges())
	preferred := a.Preferred()
	require.Len(t, preferred, 2)
	assert.Equal(t, `a/b;P="x y"`, preferred[0].String())
	a.Ranges()[0].Q = 1
	assert.Equal(t, 0.25, a.Ranges()[0].Q, "a caller's changes do not reach the field")
}

func TestAcceptableOffers(t *testing.T) {
	for _, row := range []struct{ rule, field, offers, want string }{
		{"without a field all are acceptable", "-", "text/html|text/plain", "text/html 1, text/plain 1"},
		{"so they are with a malformed one", "*", "text/html|text/plain", "text/html 1, text/plain 1"},
		{"an empty field accepts none", "", "text/html", ""},
		{"the heaviest comes first", "a/b;q=0.5, c/d", "a/b|c/d", "c/d 1, a/b 0.5"},
		{"of equal ones the first offered", "c/d, */*", "a/b|c/d", "a/b 1, c/d 1"},
		{"the most specific range decides", "text/html;q=0.3, text/*;q=0.5, */*", "text/html|text/plain|a/b", "a/b 1, text/plain 0.5, text/html 0.3"},
		{"q=0 excludes even the only offer", "text/html;q=0, */*", "text/html", ""},
		{"of equal ranges the first decides", "a/b;q=0.2, a/b", "a/b", "a/b 0.2"},
		{"types are compared without case", "TEXT/HTML", "Text/html", "Text/html 1"},
		{"parameter names without, values with case", "a/b;P=x, a/b;p=Y;q=0.5", "a/b;p=x|a/b;p=y", "a/b;p=x 1"},
		{"a range without parameters names offers with them", "a/b", "a/b;p=1", "a/b;p=1 1"},
		{"a range with parameters needs the same", "a/b;p=1", "a/b|a/b;p=1;r=2|a/b;p=1", "a/b;p=1 1"},
		{"and beats one without", "a/b;p=1;q=0.2, a/b", "a/b;p=1|a/b", "a/b 1, a/b;p=1 0.2"},
		{"the order of parameters means nothing", "a/b;p=1;r=2", "a/b;r=2;p=1", "a/b;r=2;p=1 1"},
		{"but how often they come does", "a/b;p=1;p=1;p=2", "a/b;p=1;p=2;p=2", ""},
		{"a wildcard is narrowed by parameters too", "text/*;p=1, */*;p=2", "text/html|text/html;p=1|a/b;p=2", "text/html;p=1 1, a/b;p=2 1"},
		{"and more specific with them than without", "*/*;p=1;q=0.1, */*", "a/b;p=1|a/b", "a/b 1, a/b;p=1 0.1"},
		{"after the weight they narrow as well", "a/b;q=0.5;p=1", "a/b|a/b;p=1", "a/b;p=1 0.5"},
		{"a second weight does not", "a/b;q=0.5;q=0.7", "a/b", "a/b 0.5"},
		{"nor does a name alone", "a/b;q=0.5;x", "a/b", "a/b 0.5"},
		{"*/html names nothing", "*/html", "text/html", ""},
		{"what is no media type is passed over", "*/*", "text|text/*|a/b;q=1|a/b;|c/d", "c/d 1"},
		{"what is given twice is answered once", "*/*", "a/b|a/b|A/B", "a/b 1, A/B 1"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			offers := strings.Split(row.offers, "|")
			got := contentneg.ParseAccept(lines(row.field)).AcceptableOffers(offers...)
			assert.Equal(t, row.want, offersText(got))
		})
	}
}

func TestAcceptsHTML(t *testing.T) {
	for field, want := range map[string]bool{
		"-": true, "bad": true, "": false, "*/*": true, "text/*": true, "application/xml": true, "application/json": false,
		"text/html;q=0, */*;q=0.1": true, "text/html;q=0": false,
	} {
		assert.Equal(t, want, contentneg.ParseAccept(lines(field)).AcceptsHTML(), field)
	}
}

func TestAcceptAdd(t *testing.T) {
	for _, row := range []struct{ rule, left, right, want string }{
		{"two valid fields are joined", "a/b", "c/d;q=0", "a/b, c/d;q=0"},
		{"a missing one adds nothing", "a/b", "-", "a/b"},
		{"nor does an invalid one", "bad", "a/b", "a/b"},
		{"nor an empty one, on the right", "a/b", "", "a/b"},
		{"nor on the left", "", "a/b", "a/b"},
		{"an empty one stays where there is no other", "bad", "", ""},
		{"nothing and nothing is missing", "-", "bad", "-"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			sum := contentneg.ParseAccept(lines(row.left)).Add(contentneg.ParseAccept(lines(row.right)))
			field, present := sum.Field()
			assert.Equal(t, row.want != "-", present)
			assert.Equal(t, strings.TrimPrefix(row.want, "-"), field)
			assert.NotEqual(t, contentneg.Invalid, sum.Kind())
		})
	}
}

func TestSetIn(t *testing.T) {
	h := http.Header{"Accept": {"a/b", "c/d"}, "Accept-Charset": {"x"}, "Accept-Encoding": {"x"}, "Accept-Language": {"x"}}
	require.NoError(t, contentneg.MakeAccept("e/f").SetIn(h))
	assert.Equal(t, []string{"e/f"}, h["Accept"])
	require.ErrorIs(t, contentneg.ParseAccept([]string{"a/b\r\nX: y"}).SetIn(h), contentneg.ErrControl)
	assert.Equal(t, []string{"e/f"}, h["Accept"], "a refused value changes nothing")
	require.NoError(t, contentneg.Accept{}.SetIn(h))
	require.NoError(t, contentneg.AcceptCharset{}.SetIn(h))
	require.NoError(t, contentneg.AcceptEncoding{}.SetIn(h))
	require.NoError(t, contentneg.AcceptLanguage{}.SetIn(h))
	assert.Empty(t, h, "a missing field is deleted")
}

func TestMake(t *testing.T) {
	assert.Equal(t, contentneg.Valid, contentneg.MakeAccept().Kind(), "no elements make an empty field")
	for rule, a := range map[string]contentneg.Accept{
		"an element that names nothing": contentneg.MakeAccept("a/b", ", "),
		"an empty parameter":            contentneg.MakeAccept("a/b;"),
		"a malformed element":           contentneg.MakeAccept("a/b", "bad"),
		"a weight above 1":              contentneg.MakeAccept(contentneg.Weight{Text: "a/b", Q: 2}.String()),
	} {
		assert.Equal(t, contentneg.Invalid, a.Kind(), rule)
		require.Error(t, a.Err(), rule)
		assert.Empty(t, a.Ranges(), rule)
	}
	assert.Equal(t, contentneg.Invalid, contentneg.MakeAcceptCharset("utf-8", "").Kind())
	assert.Equal(t, contentneg.Invalid, contentneg.MakeAcceptEncoding("g zip").Kind())
	assert.Equal(t, contentneg.Invalid, contentneg.MakeAcceptLanguage("en_US").Kind())
	assert.Equal(t, "de, en;q=0.5", contentneg.MakeAcceptLanguage("de", "en;q=0.5").String())
}

func TestParseOffer(t *testing.T) {
	media, err := contentneg.ParseOffer(`TEXT/Html; Charset="UTF-8";X="a b"`)
	require.NoError(t, err)
	assert.Equal(t, `text/html;charset=UTF-8;x="a b"`, media.String())
	for _, bad := range []string{"", "text", "text/", "/html", "*/*", "text/*", "a/b;q=1", "a/b;p=1;Q=0", "a/b;", "a/b;p", " a/b", "a/b ", "a/b, c/d", "a/b\n"} {
		_, err := contentneg.ParseOffer(bad)
		var syntax *contentneg.SyntaxError
		require.ErrorAs(t, err, &syntax, "%q", bad)
		assert.Equal(t, bad, syntax.Element)
	}
}

func TestKindString(t *testing.T) {
	assert.Equal(t, "missing valid invalid",
		contentneg.Missing.String()+" "+contentneg.Valid.String()+" "+contentneg.Invalid.String())
}
