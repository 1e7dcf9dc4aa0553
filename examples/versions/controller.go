package main

import (
	"net/http"
	"slices"
	"sync"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/routes"
	"github.com/gowebob/gowebob/webob"
)

// test is what the API is about: something with a name.
type test struct {
	ID   int    `json:"id"`
	Name string `json:"name"`
	Href string `json:"href"`
}

// controller has the actions. They take what the request says as values and return values or
// errors; routing, JSON and the pages of errors are not theirs.
type controller struct {
	urls *routes.Mapper

	mu    sync.Mutex
	last  int
	tests []test
}

// maxTests is how many are kept: it is all in memory.
const maxTests = 100

func (c *controller) index(*webob.Request) (map[string][]test, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return map[string][]test{"tests": append([]test{}, c.tests...)}, nil
}

func (c *controller) create(req *webob.Request, in struct {
	Name string `json:"name"`
}) (test, error) {
	if in.Name == "" {
		return test{}, exc.UnprocessableContent.With("A test has a name.")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.tests) == maxTests {
		return test{}, exc.Conflict.Withf("There are %d tests already: delete some.", maxTests)
	}
	href, err := c.urls.For(req).URL("test", routes.Values{"id": c.last + 1})
	if err != nil {
		return test{}, err
	}
	c.last++
	made := test{ID: c.last, Name: in.Name, Href: href}
	c.tests = append(c.tests, made)
	req.Response().SetStatus(http.StatusCreated)
	req.Response().Header().Set("Location", href)
	return made, nil
}

// byID is what the URL says: the route's variable, read as a number.
type byID struct {
	ID int `path:"id"`
}

func (c *controller) show(_ *webob.Request, in byID) (test, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	i, err := c.find(in.ID)
	if err != nil {
		return test{}, err
	}
	return c.tests[i], nil
}

func (c *controller) delete(_ *webob.Request, in byID) (*webob.Response, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	i, err := c.find(in.ID)
	if err != nil {
		return nil, err
	}
	c.tests = slices.Delete(c.tests, i, i+1)
	return webob.NewResponse(http.StatusNoContent), nil
}

func (c *controller) find(id int) (int, error) {
	i := slices.IndexFunc(c.tests, func(t test) bool { return t.ID == id })
	if i < 0 {
		return 0, exc.NotFound.Withf("There is no test %d.", id)
	}
	return i, nil
}
