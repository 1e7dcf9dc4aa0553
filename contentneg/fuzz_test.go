package contentneg_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/contentneg"
)

// seeds adds the fields of the conformance vectors (answers of WebOb 1.8.6) and
// fields that once were read wrongly.
func seeds(f *testing.F, family string) {
	for _, field := range vectorFields(f, family) {
		f.Add(field)
	}
	for _, field := range []string{
		"", " ", ",", ", ", " ,", "a/b ", "a/b; ", "a/b;\t,c/d", "a/b\r\n", "a/b;q=0.5;e, , c/d", "a/b;q=0.5555",
		`a/b;q="0.5"`, `a/b;p="`, `a/b;p="\`, "a/b;q=1;q=0", "*/*;p=1", "text/*;q=0,text/html", "te*/*", "*/html",
		"text/html;level=1;q=0.3, text/html", "gzip;q=0.5,", "x-gzip, gzip;q=0", "en-", "*;q=0, *", "identity;q=0",
	} {
		f.Add(field)
	}
}

func vectorFields(t testing.TB, family string) (fields []string) {
	file, err := os.Open(filepath.Join("..", "internal", "conformance", "testdata", family+".jsonl"))
	require.NoError(t, err)
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var vector struct {
			In struct{ Header any }
		}
		require.NoError(t, json.Unmarshal(lines.Bytes(), &vector))
		if field, ok := vector.In.Header.(string); ok {
			b := make([]byte, 0, len(field))
			for _, r := range field {
				b = append(b, byte(r)) // latin-1
			}
			fields = append(fields, string(b))
		}
	}
	return fields
}

var typeLists = []*contentneg.Types{
	contentneg.MustTypes(benchOffers...),
	contentneg.MustTypes("a/b", "TEXT/Plain", "text/html", "text/html"),
	contentneg.MustTypes("text/html;level=1", "text/html", "text/plain; format=flowed", "a/b;p=1;q2=2", "image/png"),
	contentneg.MustTypes("application/vnd.a-very-long-name-that-fills-more-than-the-bits-there-are+json", "te*/html", "image/*x"),
	contentneg.MustTypes(strings.Fields(strings.Repeat("a/b c/d text/html text/plain;a=1 x/y ", 4))...),
	contentneg.MustTypes(),
}

// FuzzAccept: a field is valid as the grammar says, the tidied text means the same,
// and the one-pass reader agrees with the long way, whether the cache has the
// answer or not.
func FuzzAccept(f *testing.F) {
	seeds(f, "accept")
	f.Fuzz(func(t *testing.T, field string) {
		a := contentneg.ParseAccept([]string{field})
		if wellFormedAccept(field) {
			require.Equal(t, contentneg.Valid, a.Kind(), a.Err())
		} else if a.Kind() == contentneg.Valid {
			require.True(t, hasBare(a), "%q is not RFC 9110's grammar", field)
		}
		require.Equal(t, a.Kind() == contentneg.Invalid, a.Err() != nil)
		again := contentneg.ParseAccept([]string{a.String()})
		require.Equal(t, a.String(), again.String())
		for _, types := range typeLists {
			want := firstOf(a.AcceptableOffers(types.Values()...))
			for range 2 {
				index, ok := types.BestString(field)
				assert.Equal(t, want, types.Value(index), "%q of %q", field, types.Values())
				assert.Equal(t, want != "", ok)
			}
			if a.Kind() == contentneg.Valid {
				assert.Equal(t, a.AcceptableOffers(types.Values()...), again.AcceptableOffers(types.Values()...))
			}
		}
	})
}

func hasBare(a contentneg.Accept) bool {
	for _, r := range a.Ranges() {
		for _, e := range r.Extensions {
			if e.Bare {
				return true
			}
		}
	}
	return false
}

func firstOf(offers []contentneg.Offer) string {
	if len(offers) == 0 {
		return ""
	}
	return offers[0].Value
}

var encodingLists = []*contentneg.Encodings{
	contentneg.MustEncodings("br", "gzip", "identity"),
	contentneg.MustEncodings("Identity", "X-GZIP", "gzip", "compress"),
	contentneg.MustEncodings("zstd"),
	contentneg.MustEncodings(strings.Fields(strings.Repeat("a b c identity gzip ", 4))...),
}

// FuzzAcceptEncoding is FuzzAccept for content codings.
func FuzzAcceptEncoding(f *testing.F) {
	seeds(f, "accept_encoding")
	f.Fuzz(func(t *testing.T, field string) {
		a := contentneg.ParseAcceptEncoding([]string{field})
		require.Equal(t, itemGrammar.MatchString(latin1(field)), a.Kind() == contentneg.Valid, "%v", a.Err())
		require.Equal(t, a.String(), contentneg.ParseAcceptEncoding([]string{a.String()}).String())
		for _, encodings := range encodingLists {
			index, ok := encodings.BestString(field)
			want := firstOf(a.AcceptableOffers(encodings.Values()...))
			assert.Equal(t, want, encodings.Value(index), "%q of %q", field, encodings.Values())
			assert.Equal(t, want != "", ok)
		}
	})
}

var charsetLists = []*contentneg.Charsets{
	contentneg.MustCharsets("utf-8", "ISO-8859-1"),
	contentneg.MustCharsets(strings.Fields(strings.Repeat("a b c utf-8 ", 5))...),
}

// FuzzAcceptCharset is FuzzAccept for charsets.
func FuzzAcceptCharset(f *testing.F) {
	seeds(f, "accept_charset")
	f.Fuzz(func(t *testing.T, field string) {
		a := contentneg.ParseAcceptCharset([]string{field})
		require.Equal(t, itemGrammar.MatchString(latin1(field)), a.Kind() == contentneg.Valid, "%v", a.Err())
		require.Equal(t, a.String(), contentneg.ParseAcceptCharset([]string{a.String()}).String())
		for _, charsets := range charsetLists {
			index, ok := charsets.BestString(field)
			want := firstOf(a.AcceptableOffers(charsets.Values()...))
			assert.Equal(t, want, charsets.Value(index), "%q of %q", field, charsets.Values())
			assert.Equal(t, want != "", ok)
		}
	})
}

var languageLists = []*contentneg.Languages{
	contentneg.MustLanguages("en", "de-CH", "de", "fr-CA", "zh-Hant"),
	contentneg.MustLanguages("EN-us", "x-klingon", "en-a-bbb"),
	contentneg.MustLanguages(strings.Fields(strings.Repeat("a b c en de ", 4))...),
}

// FuzzAcceptLanguage: Languages and Lookup agree, but for "*".
func FuzzAcceptLanguage(f *testing.F) {
	seeds(f, "accept_language")
	f.Fuzz(func(t *testing.T, field string) {
		a := contentneg.ParseAcceptLanguage([]string{field})
		require.Equal(t, languageGrammar.MatchString(latin1(field)), a.Kind() == contentneg.Valid, "%v", a.Err())
		require.Equal(t, a.String(), contentneg.ParseAcceptLanguage([]string{a.String()}).String())
		for _, languages := range languageLists {
			tags := languages.Values()
			a.BasicFiltering(tags...)
			a.ExtendedFiltering(tags...)
			want, err := a.Lookup(tags, contentneg.Default(""))
			require.NoError(t, err)
			if want == "" && (len(a.Items()) == 0 || acceptsAny(a)) {
				want = firstUnrefused(a, tags)
			}
			index, ok := languages.BestString(field)
			assert.Equal(t, want, languages.Value(index), "%q of %q", field, tags)
			assert.Equal(t, want != "", ok)
		}
	})
}

// acceptsAny tells whether the first "*" has a weight.
func acceptsAny(a contentneg.AcceptLanguage) bool {
	for _, item := range a.Items() {
		if item.Name == "*" {
			return item.Q > 0
		}
	}
	return false
}

func firstUnrefused(a contentneg.AcceptLanguage, tags []string) string {
	for _, tag := range tags {
		refused := false
		for _, item := range a.Items() {
			refused = refused || item.Q == 0 && strings.EqualFold(item.Name, tag)
		}
		if !refused {
			return tag
		}
	}
	return ""
}

// FuzzParseOffer: what is read is written so that it reads the same.
func FuzzParseOffer(f *testing.F) {
	for _, offer := range []string{"text/html", `a/b;p="x y"`, "a/b;p=1;", "a/*", "a/b;q=1", "A/B;C=D", " a/b", `a/b;p="\"\\"`} {
		f.Add(offer)
	}
	f.Fuzz(func(t *testing.T, offer string) {
		media, err := contentneg.ParseOffer(offer)
		if err != nil {
			return
		}
		again, err := contentneg.ParseOffer(media.String())
		require.NoError(t, err)
		assert.Equal(t, media, again)
	})
}
