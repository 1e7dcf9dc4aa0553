package header_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gowebob/gowebob/webob/header"
)

func TestAddVary(t *testing.T) {
	tests := []struct {
		name       string
		have, more []string
		want       string
	}{
		{"none yet", nil, []string{"Accept"}, "Accept"},
		{"one more", []string{"Accept"}, []string{"Cookie"}, "Accept|Cookie"},
		{"there already, in another case", []string{"accept, Cookie"}, []string{"Accept", "cookie"}, "accept, Cookie"},
		{"a star is all", []string{"*"}, []string{"Accept"}, "*"},
		{"twice the same", nil, []string{"Accept", "accept"}, "Accept"},
		{"a star among them", nil, []string{"*", "Accept"}, "*"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			eachMap(t, func(t *testing.T, h header.Map) {
				for _, v := range tt.have {
					h.Add("Vary", v)
				}
				header.AddVary(h, tt.more...)
				assert.Equal(t, tt.want, strings.Join(h.Values("Vary"), "|"))
			})
		})
	}
}
