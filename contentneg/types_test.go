package contentneg_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/contentneg"
)

// headerOf is a header with one field; "-" is none.
func headerOf(name, field string) http.Header {
	if field == "-" {
		return http.Header{}
	}
	return http.Header{name: {field}}
}

func TestBest(t *testing.T) {
	types := contentneg.MustTypes("text/html", "application/json", "text/html;level=1")
	for _, row := range []struct {
		rule  string
		lines []string
		want  string
	}{
		{"without a field the first", nil, "text/html"},
		{"with a malformed one too", []string{"json"}, "text/html"},
		{"an empty one accepts none", []string{""}, ""},
		{"anything", []string{"*/*"}, "text/html"},
		{"a single type", []string{"application/json"}, "application/json"},
		{"a type in other letters", []string{"Application/JSON"}, "application/json"},
		{"the heaviest", []string{"text/html;q=0.5, application/json;q=0.7"}, "application/json"},
		{"several lines count as one", []string{"text/html;q=0.5", "application/json"}, "application/json"},
		{"parameters are looked at", []string{"text/html;level=1, text/html;q=0.5"}, "text/html;level=1"},
		{"nothing suits", []string{"image/png"}, ""},
		{"q=0 refuses", []string{"application/json;q=0"}, ""},
	} {
		t.Run(row.rule, func(t *testing.T) {
			h := http.Header{}
			if row.lines != nil {
				h["Accept"] = row.lines
			}
			index, ok := types.Best(h)
			assert.Equal(t, row.want, types.Value(index))
			assert.Equal(t, row.want != "", ok)
		})
	}
}

func TestOfferListsRefuseNonsense(t *testing.T) {
	var syntax *contentneg.SyntaxError
	_, err := contentneg.NewTypes("text/html", "text/*")
	require.ErrorAs(t, err, &syntax)
	require.EqualError(t, err, `contentneg: offer: "text/*": an offer has no wildcard`)
	_, err = contentneg.NewEncodings("g zip")
	require.ErrorAs(t, err, &syntax)
	_, err = contentneg.NewCharsets("*")
	require.ErrorAs(t, err, &syntax)
	_, err = contentneg.NewLanguages("en_US")
	require.ErrorAs(t, err, &syntax)
	assert.Panics(t, func() { contentneg.MustTypes("") })
}

func TestNoOffers(t *testing.T) {
	for _, field := range []string{"-", "*/*", "bad", ""} {
		index, ok := contentneg.MustTypes().Best(headerOf("Accept", field))
		assert.False(t, ok)
		assert.Equal(t, -1, index)
	}
	_, ok := new(contentneg.Encodings).BestString("gzip")
	assert.False(t, ok, "the zero value offers nothing")
	assert.Equal(t, []string{"a/b", "C/D"}, contentneg.MustTypes("a/b", "C/D").Values())
}

// TestBestIsFirstOfAcceptableOffers plays fields put together at random.
func TestBestIsFirstOfAcceptableOffers(t *testing.T) {
	parts := []string{
		"text/html", "TEXT/*", "*/*", "application/json", "text/plain", "application/*", ";q=0", ";q=0.5", ";q=1", ";q=0.999",
		";level=1", `;p="a,b"`, ";q=0.3;e", ";", ", ", ",", ", ", " ;q=0.2", "*/html", "\t", "x",
	}
	random := rand.New(rand.NewPCG(1, 2))
	valid := 0
	for range 8_000 {
		var b strings.Builder
		for range random.IntN(12) {
			b.WriteString(parts[random.IntN(len(parts))])
		}
		a := contentneg.ParseAccept([]string{b.String()})
		if a.Kind() == contentneg.Valid {
			valid++
		}
		for _, types := range typeLists {
			index, _ := types.BestString(b.String())
			want := firstOf(a.AcceptableOffers(types.Values()...))
			require.Equal(t, want, types.Value(index), "%q of %q", b.String(), types.Values())
		}
	}
	assert.Greater(t, valid, 400, "the fields are not all malformed")
}

func TestHotPathsDoNotAllocate(t *testing.T) {
	types := contentneg.MustTypes(benchOffers...)
	h := http.Header{
		"Accept":          {benchFields[0].field},
		"Accept-Encoding": {"gzip, deflate, br, zstd"},
		"Accept-Language": {"de-CH,de;q=0.9,en-US;q=0.8,en;q=0.7"},
		"Accept-Charset":  {"utf-8, iso-8859-1;q=0.5"},
	}
	for _, f := range benchFields {
		accept := http.Header{"Accept": {f.field}}
		assert.Zero(t, testing.AllocsPerRun(100, func() { types.BestUncached(accept) }), "%s, uncached", f.name)
		assert.Zero(t, testing.AllocsPerRun(100, func() { types.Best(accept) }), "%s, cached", f.name)
	}
	encodings, languages := contentneg.MustEncodings("br", "gzip", "identity"), contentneg.MustLanguages("en", "de")
	charsets := contentneg.MustCharsets("utf-8")
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		encodings.Best(h)
		languages.Best(h)
		charsets.Best(h)
	}))
	short := http.Header{"Accept-Encoding": {"gzip, br;q=0.5"}, "Accept-Language": {"de, en;q=0.5"}, "Accept-Charset": {"utf-8"}}
	assert.Zero(t, testing.AllocsPerRun(100, func() { // too short for the cache
		encodings.Best(short)
		languages.Best(short)
		charsets.Best(short)
	}))
}

// TestCacheIsBounded: fields made up at random stop being stored.
func TestCacheIsBounded(t *testing.T) {
	types := contentneg.MustTypes("text/html", "application/json")
	fields := make([]string, 1<<16+1_000)
	for i := range fields {
		fields[i] = fmt.Sprintf("text/html;q=0.5, application/x-%d", i)
	}
	for _, field := range fields {
		index, _ := types.BestString(field)
		require.Zero(t, index)
	}
	next := 0
	assert.Zero(t, testing.AllocsPerRun(500, func() {
		types.BestString(fields[next])
		next++
	}), "after 65,536 misses nothing is stored any more")
}

func TestBestConcurrently(t *testing.T) {
	types := contentneg.MustTypes(benchOffers...)
	var group sync.WaitGroup
	for worker := range 4 {
		group.Go(func() {
			for i := range 2_000 {
				field := fmt.Sprintf("application/json;q=0.9, text/plain;q=0.%d", (i+worker)%9)
				index, _ := types.BestString(field)
				assert.Equal(t, 1, index)
			}
		})
	}
	group.Wait()
}

// TestHugeFields: a megabyte, and ten thousand elements, end in good time and give
// the right answer.
func TestHugeFields(t *testing.T) {
	const n = 10_000
	types, languages := contentneg.MustTypes(benchOffers...), contentneg.MustLanguages("en", "de")
	encodings := contentneg.MustEncodings("br", "gzip")
	withParams := contentneg.MustTypes("text/plain;a=1;b=2")
	for name, huge := range map[string]string{
		"elements":       strings.Repeat("a/b;q=0.1, ", n) + "text/plain",
		"commas":         strings.Repeat(", ", n) + "text/plain",
		"parameters":     "x/y" + strings.Repeat(";a=1;b=2", n) + ", text/plain",
		"a quoted value": `x/y;p="` + strings.Repeat(`\"`, 1<<19) + `", text/plain`,
		"a long name":    strings.Repeat("x", 1<<20) + "/y, text/plain",
	} {
		index, ok := types.BestString(huge)
		assert.True(t, ok, name)
		assert.Equal(t, "text/plain", types.Value(index), name)
		assert.Equal(t, contentneg.Valid, contentneg.ParseAccept([]string{huge}).Kind(), name)
		_, ok = withParams.BestString(huge)
		assert.True(t, ok, name)
	}
	index, _ := types.BestString(`x/y;p="` + strings.Repeat("x", 1<<20))
	assert.Zero(t, index, "an open quote over a megabyte is malformed")
	index, _ = encodings.BestString(strings.Repeat("x;q=0.1,", n) + "gzip")
	assert.Equal(t, 1, index)
	long := strings.Repeat("fr-x,", n) + "de" + strings.Repeat("-a", 1<<18)
	index, _ = languages.BestString(long)
	assert.Equal(t, 1, index)
	tag, err := contentneg.ParseAcceptLanguage([]string{long}).Lookup([]string{"en", "de"}, contentneg.Default(""))
	require.NoError(t, err)
	assert.Equal(t, "de", tag)
}
