package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gowebob/gowebob/examples/internal/comments"
	"github.com/gowebob/gowebob/exc"
)

func TestWhereTheWikiHasComments(t *testing.T) {
	app := testWiki(t)
	mustSave(t, app, "Home", "0", "a")
	for path, want := range map[string]bool{
		"/wiki/Home": true, "/edit/Home": false, "/history/Home": false, "/history/Home/1": false, "/pages": false,
	} {
		assert.Equal(t, want, strings.Contains(text(t, get(app, path)), `id="comments"`), path)
	}
	resp := post(app, comments.Path, "page", "/edit/Home", "name", "Ann", "text", "x")
	assert.ErrorIs(t, resp.Err(), exc.NotFound, "a comment on the form")
}
