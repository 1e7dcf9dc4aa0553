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

// A long name over many values that do not fit must not be repeated for each.
func TestPointersOfLongNamesAreCut(t *testing.T) {
	long := strings.Repeat("é", 1<<19)
	var v struct{ A map[string][]int }
	err := post("application/json", `{"A":{"`+long+`":[`+strings.Repeat(`"x",`, 200)+`"x"]}}`).JSON(&v)
	var faults FieldErrors
	require.ErrorAs(t, err, &faults)
	assert.Len(t, faults, 100)
	assert.Equal(t, "/A/"+strings.Repeat("é", 128)+".../0", faults[0].Pointer)
	assert.Less(t, len(err.Error()), 20<<10)

	odd := "a" + strings.Repeat("é", 200)
	assert.Equal(t, "/"+odd[:255]+"...", pointerTo(odd), "no half a letter")
	assert.Equal(t, "/"+odd[:256-1], pointerTo(odd[:256-1]))
}

func TestFieldErrorOfTheWholeInput(t *testing.T) {
	assert.Equal(t, "json must be an object", FieldErrors{{InJSON, "", "must be an object"}}.Error())
	require.NoError(t, FieldErrors{}.InputError())
}
