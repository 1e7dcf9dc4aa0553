package contentneg_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gowebob/gowebob/contentneg"
)

// weighed makes offers of one server weight.
func weighed(values ...string) (offers []contentneg.Offer) {
	for _, value := range values {
		offers = append(offers, contentneg.Offer{Value: value, Q: 1})
	}
	return offers
}

func TestOldMediaMatching(t *testing.T) {
	for _, row := range []struct {
		rule, field, offer string
		want               float64
	}{
		{"a missing field takes everything", "-", "a/b", 1},
		{"an empty one nothing", "", "a/b", 0},
		{"a wildcard in the offer matches", "a/b;q=0.5", "*/b", 0.5},
		{"so does a type alone", "a/b", "a", 1},
		{"parameters are part of the subtype", "a/b", "a/b;p=1", 0},
		{"and equal when spelt alike", "a/b;p=1", "A/b;p=1", 1},
		{"a wildcard undoes q=0", "a/b;q=0, */*;q=0.3", "a/b", 0.3},
		{"q=0 alone is none", "a/b;q=0", "a/b", 0},
		{"*/* in the offer matches all", "a/b;q=0.2, c/d;q=0.4", "*/*", 0.4},
	} {
		t.Run(row.rule, func(t *testing.T) {
			a := contentneg.ParseAccept(lines(row.field))
			q, ok := a.Quality(row.offer)
			assert.Equal(t, row.want, q)
			assert.Equal(t, row.want > 0, ok)
			assert.Equal(t, row.want > 0, a.Contains(row.offer))
		})
	}
}

func TestOldNameMatching(t *testing.T) {
	assert.True(t, contentneg.ParseAcceptCharset(lines("x;q=0, *")).Contains("X"))
	assert.True(t, contentneg.ParseAcceptCharset(lines("")).Contains("x"), "an empty field says nothing of charsets")
	assert.False(t, contentneg.ParseAcceptEncoding(lines("")).Contains("identity"))
	assert.True(t, contentneg.ParseAcceptLanguage(lines("en-GB")).Contains("en_gb"))
	assert.True(t, contentneg.ParseAcceptLanguage(lines("en-GB")).Contains("en"))
	assert.False(t, contentneg.ParseAcceptLanguage(lines("en-GB")).Contains("en-US"))
	q, ok := contentneg.ParseAcceptEncoding(lines("gzip;q=0.5")).Quality("GZIP")
	assert.Equal(t, 0.5, q)
	assert.True(t, ok)
	_, ok = contentneg.ParseAcceptCharset(lines("x")).Quality("y")
	assert.False(t, ok)
	_, ok = contentneg.ParseAcceptLanguage(lines("x")).Quality("y")
	assert.False(t, ok)
}

func TestOldBestMatch(t *testing.T) {
	for _, row := range []struct {
		rule, field string
		offers      []contentneg.Offer
		want        string
	}{
		{"the heaviest product", "a/b;q=0.5, c/d", []contentneg.Offer{{Value: "c/d", Q: 0.4}, {Value: "a/b", Q: 1}}, "a/b"},
		{"of equal ones the fewest wildcards", "*/*, c/d", weighed("a/b", "c/d"), "c/d"},
		{"then the first", "*/*", weighed("a/b", "c/d"), "a/b"},
		{"none", "a/b", weighed("c/d"), ""},
		{"without a field the server's weight decides", "-", []contentneg.Offer{{Value: "a/b", Q: 0.4}, {Value: "c/d", Q: 1}}, "c/d"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			best, ok := contentneg.ParseAccept(lines(row.field)).BestMatch(row.offers...)
			assert.Equal(t, row.want, best)
			assert.Equal(t, row.want != "", ok)
		})
	}
	best, _ := contentneg.ParseAcceptCharset(lines("y, *;q=0.5")).BestMatch(weighed("x", "y")...)
	assert.Equal(t, "y", best)
	best, _ = contentneg.ParseAcceptEncoding(lines("br;q=0.5, gzip")).BestMatch(weighed("br", "gzip")...)
	assert.Equal(t, "gzip", best)
	best, _ = contentneg.ParseAcceptLanguage(lines("de;q=0.5, en")).BestMatch(weighed("de", "en-US")...)
	assert.Equal(t, "en-US", best)
}
