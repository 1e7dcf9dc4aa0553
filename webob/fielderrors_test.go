package webob

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A client decides how many fields do not fit, so the text that names them is bounded;
// the FieldErrors behind it have them all.
func TestFieldErrorsNameTwentyFields(t *testing.T) {
	var many FieldErrors
	for i := range 5000 {
		many = append(many, FieldError{InForm, pointerTo("a", fmt.Sprint(i)), "does not fit"})
	}
	text := many.Error()
	assert.Less(t, len(text), 1000)
	assert.True(t, strings.HasPrefix(text, "form /a/0 does not fit; form /a/1 does not fit; "), text)
	assert.True(t, strings.HasSuffix(text, "form /a/19 does not fit; and 4980 more"), text)

	var in *InputError
	require.ErrorAs(t, many.InputError(), &in)
	assert.Equal(t, text, in.Public)
	var faults FieldErrors
	require.ErrorAs(t, many.InputError(), &faults)
	assert.Len(t, faults, 5000)

	assert.Equal(t, 20, strings.Count(many[:20].Error(), "does not fit"))
	assert.NotContains(t, many[:20].Error(), "more")
}

func TestFieldErrorOfTheWholeInput(t *testing.T) {
	assert.Equal(t, "json must be an object", FieldErrors{{InJSON, "", "must be an object"}}.Error())
	require.NoError(t, FieldErrors{}.InputError())
}
