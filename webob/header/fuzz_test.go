package header_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/webob/header"
)

// FuzzParseDate: what is read is what net/http reads (which reads more), and
// comes back when written.
func FuzzParseDate(f *testing.F) {
	for _, s := range []string{
		"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
		"Sat, 31 Dec 2016 23:59:60 GMT", "Sun, 06 Nov 0000 08:49:37 GMT", "Mon", "",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := header.ParseDateAt(s, in2026)
		if err != nil {
			return
		}
		back, err := header.ParseDateAt(header.FormatDate(got), in2026)
		if got.Year() > 9999 {
			return // a leap second at the end of time
		}
		require.NoError(t, err)
		assert.Equal(t, got, back)
		if theirs, err := http.ParseTime(s); err == nil && theirs.Year() > 0 && got.Year()/100 == theirs.Year()/100 {
			assert.True(t, got.Equal(theirs), "%q", s)
		}
	})
}
