package contentneg_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/contentneg"
)

func TestLanguageRanges(t *testing.T) {
	for field, want := range map[string]contentneg.Kind{
		"en": contentneg.Valid, "*": contentneg.Valid, "zh-Hant-TW;q=0.5": contentneg.Valid, "i-klingon": contentneg.Valid,
		"es-419": contentneg.Valid, "abcdefgh-12345678": contentneg.Valid, "": contentneg.Valid, "-": contentneg.Missing,
		"abcdefghi": contentneg.Invalid, "en-123456789": contentneg.Invalid, "1": contentneg.Invalid, "en-": contentneg.Invalid,
		"en_US": contentneg.Invalid, "de-*-DE": contentneg.Invalid, "**": contentneg.Invalid, "é": contentneg.Invalid,
		"en--us": contentneg.Invalid,
	} {
		assert.Equal(t, want, contentneg.ParseAcceptLanguage(lines(field)).Kind(), "%q", field)
	}
}

func TestFiltering(t *testing.T) {
	for _, row := range []struct{ rule, field, tags, basic, extended string }{
		{"without a field any language will do", "-", "en de", "en 1, de 1", "en 1, de 1"},
		{"so it will with an empty one", "", "en de", "en 1, de 1", "en 1, de 1"},
		{"with a malformed one the caller chooses", "en_US", "en", "", ""},
		{"a range names tags that begin with it", "de", "de-CH den DE", "de-CH 1, DE 1", "de-CH 1, DE 1"},
		{"extended filtering passes over subtags", "de-DE", "de-Latn-DE de-DE-1996", "de-DE-1996 1", "de-Latn-DE 1, de-DE-1996 1"},
		{"but not over single letters", "de-DE", "de-x-DE", "", ""},
		{"nor does it skip the first", "DE", "en-DE", "", ""},
		{"the heavier range decides, wherever it stands", "de;q=0.2, de-CH", "de-CH de", "de-CH 1, de 0.2", "de-CH 1, de 0.2"},
		{"a range of weight 0 excludes all it names", "en;q=0, en-US", "en-US", "", ""},
		{"* is for tags that no other range names", "en;q=0.1, *;q=0.5", "en de", "de 0.5, en 0.1", "de 0.5, en 0.1"},
		{"equal weights go by the place of the range", "fr, de", "de fr", "fr 1, de 1", "fr 1, de 1"},
		{"then by the order of tags", "de", "de-CH de-AT", "de-CH 1, de-AT 1", "de-CH 1, de-AT 1"},
		{"a range counts where it first stands", "de, fr, DE;q=0", "fr de", "de 1, fr 1", "de 1, fr 1"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			a, tags := contentneg.ParseAcceptLanguage(lines(row.field)), strings.Fields(row.tags)
			assert.Equal(t, row.basic, offersText(a.BasicFiltering(tags...)))
			assert.Equal(t, row.extended, offersText(a.ExtendedFiltering(tags...)))
		})
	}
}

// TestExtendedMatch has the examples of RFC 4647 section 3.3.2.
func TestExtendedMatch(t *testing.T) {
	for tag, want := range map[string]bool{
		"de-DE": true, "de-de": true, "de-Latn-DE": true, "de-Latf-DE": true, "de-DE-x-goethe": true,
		"de-Latn-DE-1996": true, "de-Deva-DE": true, "de": false, "de-x-DE": false, "de-Deva": false,
	} {
		assert.Equal(t, want, contentneg.ExtendedMatch("de-DE", tag), tag)
		assert.Equal(t, want, contentneg.ExtendedMatch("de-*-DE", tag), tag)
	}
	assert.True(t, contentneg.ExtendedMatch("*-CH", "it-CH"))
	assert.True(t, contentneg.ExtendedMatch("*", "x"))
	assert.False(t, contentneg.ExtendedMatch("*-CH", "it"))
}

func TestLookup(t *testing.T) {
	tag, answer := contentneg.DefaultTag("zz"), contentneg.Default("none")
	for _, row := range []struct {
		rule, field, tags string
		options           []contentneg.LookupOption
		want              string
	}{
		{"a range that is a tag", "de", "en de", []contentneg.LookupOption{tag}, "de"},
		{"spelt as given, compared without case", "DE-ch", "de-CH", []contentneg.LookupOption{tag}, "de-CH"},
		{"a range is shortened from the end", "zh-Hant-CN", "zh zh-Hant", []contentneg.LookupOption{tag}, "zh-Hant"},
		{"a single letter left over goes too", "zh-Hant-CN-x-private1-private2", "zh-Hant-CN-x zh-Hant-CN", []contentneg.LookupOption{tag}, "zh-Hant-CN"},
		{"not the other way round", "de", "de-CH", []contentneg.LookupOption{tag}, "zz"},
		{"by weight", "de;q=0.5, fr", "de fr", []contentneg.LookupOption{tag}, "fr"},
		{"then by place", "de, fr", "fr de", []contentneg.LookupOption{tag}, "de"},
		{"all of the first before the second", "de-CH, fr", "fr de", []contentneg.LookupOption{tag}, "de"},
		{"a tag of weight 0 never fits", "de-CH, de;q=0", "de", []contentneg.LookupOption{tag}, "zz"},
		{"* fits nothing by itself", "*", "de", []contentneg.LookupOption{tag}, "zz"},
		{"the default range is tried last", "fr", "de", []contentneg.LookupOption{contentneg.DefaultRange("de-CH"), tag}, "de"},
		{"not where *;q=0 says so", "fr, *;q=0", "de", []contentneg.LookupOption{contentneg.DefaultRange("de"), tag, answer}, "none"},
		{"a refused default tag is passed over", "fr, ZZ;q=0", "de", []contentneg.LookupOption{tag, answer}, "none"},
		{"the default tag goes before the default", "fr", "de", []contentneg.LookupOption{answer, tag}, "zz"},
		{"without a field it is the default tag", "-", "de", []contentneg.LookupOption{answer, tag}, "zz"},
		{"else the default", "-", "de", []contentneg.LookupOption{answer}, "none"},
		{"a malformed field is like none", "d_e", "de", []contentneg.LookupOption{contentneg.DefaultRange("*"), tag}, "zz"},
		{"a default may be empty", "fr", "de", []contentneg.LookupOption{contentneg.Default("")}, ""},
	} {
		t.Run(row.rule, func(t *testing.T) {
			got, err := contentneg.ParseAcceptLanguage(lines(row.field)).Lookup(strings.Fields(row.tags), row.options...)
			require.NoError(t, err)
			assert.Equal(t, row.want, got)
		})
	}
}

func TestLookupErrors(t *testing.T) {
	a := contentneg.ParseAcceptLanguage([]string{"de"})
	_, err := a.Lookup([]string{"de"})
	require.ErrorIs(t, err, contentneg.ErrNoDefault)
	_, err = a.Lookup([]string{"de"}, contentneg.DefaultRange("*"), contentneg.Default(""))
	require.ErrorIs(t, err, contentneg.ErrDefaultRange)
}

func TestBestLanguage(t *testing.T) {
	for _, row := range []struct{ rule, field, tags, want string }{
		{"without a field the first", "-", "en de", "en"},
		{"with an empty or malformed one too", "d_e", "en de", "en"},
		{"else what Lookup finds", "de-AT, en;q=0.5", "en de", "de"},
		{"* is for the first that is not refused", "en;q=0, fr, *;q=0.1", "en de", "de"},
		{"none where nothing fits", "fr", "en de", ""},
		{"none where all is refused", "*;q=0", "en de", ""},
		{"none where * and every tag are", "*, en;q=0, de;q=0", "en de", ""},
	} {
		t.Run(row.rule, func(t *testing.T) {
			languages := contentneg.MustLanguages(strings.Fields(row.tags)...)
			index, ok := languages.Best(headerOf("Accept-Language", row.field))
			assert.Equal(t, row.want, languages.Value(index))
			assert.Equal(t, row.want != "", ok)
		})
	}
}
