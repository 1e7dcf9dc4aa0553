package exc_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

type debt struct {
	Amount int `json:"amount"`
	note   string
}

func TestMemberFromContent(t *testing.T) {
	owed := exc.NewMember[debt]("debt")
	asText := exc.NewMember[string]("debt")
	other := exc.NewMember[int]("other")
	var seen int
	pages := exc.NewPages(exc.NewFormat("text/plain; charset=utf-8", func(c *exc.Content) ([]byte, error) {
		seen++
		v, ok := owed.From(c)
		assert.True(t, ok)
		assert.Equal(t, debt{30, "kept"}, v, "the value itself")
		s, ok := asText.From(c)
		assert.False(t, ok, "another type")
		assert.Empty(t, s)
		_, ok = other.From(c)
		assert.False(t, ok, "none of that name")
		return []byte("x"), nil
	}))
	p := pages.Page(webob.Blank("/"), fmt.Errorf("wrapped: %w", owed.Set(exc.Forbidden, debt{30, "kept"})))
	_, err := p.Bytes()
	require.NoError(t, err)
	assert.Equal(t, 1, seen)

	made := &exc.Content{Members: []exc.ContentMember{{Name: "debt", JSON: []byte(`{"amount":7}`)}, {Name: "other", JSON: []byte(`"x"`)}}}
	v, ok := owed.From(made)
	assert.True(t, ok)
	assert.Equal(t, debt{Amount: 7}, v, "else what its JSON says")
	n, ok := other.From(made)
	assert.False(t, ok)
	assert.Zero(t, n)
}

func ExampleMember_From() {
	create := exc.NewMember[string]("create")
	pages := exc.NewPages(exc.NewFormat("text/plain", func(c *exc.Content) ([]byte, error) {
		at, _ := create.From(c)
		return fmt.Appendf(nil, "%s Create it at %s.", c.StatusText(), at), nil
	}))
	resp := pages.Page(webob.Blank("/wiki/Go"), create.Set(exc.NotFound, "/edit/Go"))
	fmt.Println(resp.Text())
	// Output: 404 Not Found Create it at /edit/Go. <nil>
}
