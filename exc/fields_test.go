package exc_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// A client decides how many fields are wrong: the page is bounded, the error is not.
func TestPageListsAHundredFields(t *testing.T) {
	for _, row := range []struct {
		name                 string
		bad, listed, omitted int
	}{
		{"one", 1, 1, 0},
		{"just as many as are listed", 100, 100, 0},
		{"one more", 101, 100, 1},
		{"as many as a form may have", 10000, 100, 9900},
	} {
		for _, accept := range []string{"application/json", "application/problem+json"} {
			t.Run(row.name+"/"+accept, func(t *testing.T) {
				fields := make(webob.FieldErrors, row.bad)
				for i := range fields {
					fields[i] = webob.FieldError{Source: webob.InForm, Pointer: fmt.Sprintf("/a/%d", i), Message: "must be a whole number"}
				}
				p := exc.Page(webob.Blank("/", webob.WithHeader("Accept", accept)), fields.InputError())
				assert.Equal(t, 422, p.Status())
				var have webob.FieldErrors
				require.ErrorAs(t, p.Err(), &have)
				assert.Len(t, have, row.bad)
				b, err := p.Bytes()
				require.NoError(t, err)
				var page struct {
					Errors  []webob.FieldError `json:"errors"`
					Omitted *int               `json:"errors_left_out"`
				}
				require.NoError(t, json.Unmarshal(b, &page))
				assert.Equal(t, []webob.FieldError(fields[:row.listed]), page.Errors)
				if row.omitted == 0 {
					assert.Nil(t, page.Omitted)
				} else {
					assert.Equal(t, row.omitted, *page.Omitted)
				}
				assert.Less(t, len(b), 12<<10)
			})
		}
	}
}
