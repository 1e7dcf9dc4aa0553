package routes_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/gowebob/gowebob/routes"
)

type color string

type everything struct {
	ID     int           `path:"id"`
	Color  color         `path:"color"`
	Format *string       `path:"format"`
	Page   uint8         `query:"page"`
	Tags   []color       `query:"tag"`
	Since  time.Duration `query:"since"`
	Other  string
}

func TestBuilder(t *testing.T) {
	b := routes.MustBuilder[everything](routes.MustTemplate("/{color:red|blue}/{id}{.format}"))
	json := "json"
	for name, row := range map[string]struct {
		in   everything
		want string
	}{
		"zero values of the query stay away": {everything{ID: 7, Color: "red", Other: "x"}, "/red/7"},
		"all of them":                        {everything{7, "blue", &json, 2, []color{"a", "b c"}, time.Minute, ""}, "/blue/7.json?page=2&since=1m0s&tag=a&tag=b+c"},
	} {
		t.Run(name, func(t *testing.T) {
			u, err := b.Build(row.in)
			assert.NoError(t, err)
			assert.Equal(t, row.want, u)
		})
	}
	_, err := b.Build(everything{Color: "green"})
	assert.ErrorIs(t, err, routes.ErrBadValue)
}

func TestBuilderRefusals(t *testing.T) {
	tpl := routes.MustTemplate("/{id}/{name}")
	_, err := routes.NewBuilder[int](tpl)
	assert.EqualError(t, err, `routes: builder of "/{id}/{name}": int is no struct`)
	_, err = routes.NewBuilder[struct {
		ID int `path:"id"`
	}](tpl)
	assert.ErrorContains(t, err, `has no field for variable 2, "name"`)
	_, err = routes.NewBuilder[struct {
		ID int `path:"ident"`
	}](tpl)
	assert.EqualError(t, err, `routes: builder of "/{id}/{name}": field ID: no variable "ident"`)
	assert.Panics(t, func() { routes.MustBuilder[string](tpl) })
}

func ExampleBuilder() {
	type page struct {
		Project string `path:"project"`
		ID      int    `path:"id"`
		Page    int    `query:"page"`
	}
	servers := routes.MustBuilder[page](routes.MustTemplate("/v1/{project}/servers/{id:[0-9]+}"))
	fmt.Println(servers.Build(page{Project: "acme", ID: 7, Page: 2}))
	_, err := servers.Build(page{ID: 7})
	fmt.Println(err)
	// Output:
	// /v1/acme/servers/7?page=2 <nil>
	// routes: URL of "/v1/{project}/servers/{id:[0-9]+}": bad value: it is empty: project is ""
}
