package contentneg_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gowebob/gowebob/contentneg"
)

func TestItemKind(t *testing.T) {
	for _, row := range []struct {
		rule, field string
		want        contentneg.Kind
		tidied      string
	}{
		{"no field is missing", "-", contentneg.Missing, ""},
		{"an empty list is valid", "", contentneg.Valid, ""},
		{"empty elements are fine", ",, gzip ,\t,br;q=0.50,", contentneg.Valid, "gzip, br;q=0.5"},
		{"white space stands around the semicolon", "gzip ;\tQ=0", contentneg.Valid, "gzip;q=0"},
		{"* is a name", "*", contentneg.Valid, "*"},
		{"nothing but a weight may follow", "gzip;p=1", contentneg.Invalid, ""},
		{"not even an empty parameter", "gzip;", contentneg.Invalid, ""},
		{"nor a second weight", "gzip;q=1;q=0", contentneg.Invalid, ""},
		{"a name is a token", "g zip", contentneg.Invalid, ""},
		{"a name there is", ";q=1", contentneg.Invalid, ""},
		{"no white space inside the weight", "gzip;q= 1", contentneg.Invalid, ""},
		{"a line feed is malformed", "gzip\n", contentneg.Invalid, ""},
	} {
		t.Run(row.rule, func(t *testing.T) {
			encoding, charset := contentneg.ParseAcceptEncoding(lines(row.field)), contentneg.ParseAcceptCharset(lines(row.field))
			assert.Equal(t, row.want, encoding.Kind(), "%v", encoding.Err())
			assert.Equal(t, row.want, charset.Kind(), "%v", charset.Err())
			assert.Equal(t, row.tidied, encoding.String())
			assert.Equal(t, row.want == contentneg.Invalid, charset.Err() != nil)
		})
	}
}

func TestItems(t *testing.T) {
	a := contentneg.ParseAcceptEncoding([]string{"GZip;q=0.5, br, x;q=0"})
	assert.Equal(t, []contentneg.Item{{Name: "GZip", Q: 0.5}, {Name: "br", Q: 1}, {Name: "x", Q: 0}}, a.Items())
	assert.Equal(t, []contentneg.Item{{Name: "br", Q: 1}, {Name: "GZip", Q: 0.5}}, a.Preferred())
}

func TestAcceptableEncodings(t *testing.T) {
	for _, row := range []struct{ rule, field, offers, want string }{
		{"without a field all are acceptable", "-", "br gzip", "br 1, gzip 1"},
		{"so they are with a malformed one", "g zip", "br gzip", "br 1, gzip 1"},
		{"an empty field accepts identity alone", "", "gzip identity", "identity 1"},
		{"the heaviest comes first", "gzip;q=0.5, br;q=0.8", "gzip br", "br 0.8, gzip 0.5"},
		{"of equal ones the first offered", "gzip, br", "br gzip", "br 1, gzip 1"},
		{"names are compared without case", "GZIP", "gzip", "gzip 1"},
		{"an own entry goes before *", "*, gzip;q=0.1", "gzip br", "br 1, gzip 0.1"},
		{"q=0 excludes, even against *", "gzip;q=0, *", "gzip br", "br 1"},
		{"of equal entries the first decides", "gzip;q=0.1, gzip", "gzip", "gzip 0.1"},
		{"identity unnamed is acceptable", "br", "gzip identity", "identity 1"},
		{"and never beats what is named", "gzip;q=0.5", "identity gzip br", "identity 0.5, gzip 0.5"},
		{"but takes the least place", "gzip;q=0.5, br", "identity gzip br", "br 1, identity 0.5, gzip 0.5"},
		{"a refused coding does not count there", "gzip;q=0, br;q=0.4", "identity gzip br", "identity 0.4, br 0.4"},
		{"identity named has its own weight", "identity;q=0.3, gzip;q=0.2", "gzip identity", "identity 0.3, gzip 0.2"},
		{"identity;q=0 excludes it", "identity;q=0, gzip", "identity gzip", "gzip 1"},
		{"*;q=0 excludes it", "*;q=0, gzip", "identity gzip", "gzip 1"},
		{"*;q=0 does not where it is named", "*;q=0, identity", "identity gzip", "identity 1"},
		{"* names it", "*;q=0.3", "identity gzip", "identity 0.3, gzip 0.3"},
		{"x-gzip is gzip", "x-gzip;q=0.5", "gzip", "gzip 0.5"},
		{"and gzip x-gzip", "gzip;q=0.5, *", "x-gzip", "x-gzip 0.5"},
		{"the very name goes first", "gzip, x-gzip;q=0.2", "x-gzip gzip", "gzip 1, x-gzip 0.2"},
		{"x-compress is compress", "x-compress", "compress", "compress 1"},
		{"and compress x-compress", "compress", "x-compress", "x-compress 1"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			offers := strings.Fields(row.offers)
			got := contentneg.ParseAcceptEncoding(lines(row.field)).AcceptableOffers(offers...)
			assert.Equal(t, row.want, offersText(got))
			best := contentneg.MustEncodings(offers...)
			index, _ := best.Best(headerOf("Accept-Encoding", row.field))
			assert.Equal(t, firstOf(got), best.Value(index), "Best is the first of these")
		})
	}
}

func TestAcceptableCharsets(t *testing.T) {
	for _, row := range []struct{ rule, field, offers, want string }{
		{"without a field all are acceptable", "-", "utf-8 latin1", "utf-8 1, latin1 1"},
		{"so they are with a malformed one", "utf/8", "utf-8", "utf-8 1"},
		{"and with an empty one, which says nothing", ",", "utf-8", "utf-8 1"},
		{"names are compared without case", "UTF-8", "utf-8 x", "utf-8 1"},
		{"and literally", "iso-8859-1", "latin1", ""},
		{"an own entry goes before *", "*;q=0.5, x", "y x", "x 1, y 0.5"},
		{"q=0 excludes", "x;q=0, *", "x y", "y 1"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			offers := strings.Fields(row.offers)
			got := contentneg.ParseAcceptCharset(lines(row.field)).AcceptableOffers(offers...)
			assert.Equal(t, row.want, offersText(got))
			best := contentneg.MustCharsets(offers...)
			index, _ := best.Best(headerOf("Accept-Charset", row.field))
			assert.Equal(t, firstOf(got), best.Value(index), "Best is the first of these")
		})
	}
}

func TestItemAdd(t *testing.T) {
	for _, row := range []struct{ rule, left, right, encoding, charset string }{
		{"two valid fields are joined", "a", "b;q=0", "a, b;q=0", "a, b;q=0"},
		{"missing and invalid ones add nothing", "a;", "b", "b", "b"},
		{"nor do empty ones", "", "b", "b", "b"},
		{"what is empty says something of encodings, nothing of charsets", "-", "", "", "-"},
		{"nothing and nothing is missing", "-", "a;", "-", "-"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			left, right := lines(row.left), lines(row.right)
			encoding := contentneg.ParseAcceptEncoding(left).Add(contentneg.ParseAcceptEncoding(right))
			charset := contentneg.ParseAcceptCharset(left).Add(contentneg.ParseAcceptCharset(right))
			language := contentneg.ParseAcceptLanguage(left).Add(contentneg.ParseAcceptLanguage(right))
			assert.Equal(t, row.encoding, fieldText(encoding))
			assert.Equal(t, row.charset, fieldText(charset))
			assert.Equal(t, row.charset, fieldText(language))
		})
	}
}

func fieldText(f interface{ Field() (string, bool) }) string {
	if field, present := f.Field(); present {
		return field
	}
	return "-"
}
