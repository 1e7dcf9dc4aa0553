package benchmarks

import (
	"bytes"
	"net/http"
	"time"

	"github.com/golang/gddo/httputil"
	"github.com/labstack/echo/v5"
)

// echoPeer is echo with its own binder and Response.Before.
func echoPeer() *Peer {
	e := echo.New()
	e.GET("/hello", func(c *echo.Context) error { return c.String(200, "hello") })
	e.GET("/json", func(c *echo.Context) error { return c.JSON(200, &TheServer) })
	negotiate := echoNegotiate()
	e.GET("/negotiate-html", negotiate)
	e.GET("/negotiate-json", negotiate)
	e.POST("/form", echoForm)
	e.GET("/cookies", echoCookies)
	e.GET("/etag200", echoEtag)
	e.GET("/etag304", echoEtag)
	var mws []echo.MiddlewareFunc
	for i := range PipelineDepth {
		mws = append(mws, echoMW(i))
	}
	e.GET("/pipeline8", func(c *echo.Context) error { return c.String(200, "hello") }, mws...)
	e.GET("/pipeline8err", func(c *echo.Context) error { return c.String(500, "boom") }, mws...)
	return &Peer{
		Name: "echo",
		Apps: serving(e, Hello, JSON, NegotiateHTML, NegotiateJSON, Form, Cookies, Pipeline8, Pipeline8Err, Etag200, Etag304),
	}
}

func echoEtag(c *echo.Context) error {
	h := c.Response().Header()
	h.Set("Content-Type", textType)
	h.Set("Etag", EtagOf(Page))
	http.ServeContent(c.Response(), c.Request(), "", time.Time{}, bytes.NewReader(Page))
	return nil
}

// echoNegotiate negotiates by gddo's hand, as raw does: echo has nothing of its
// own for it.
func echoNegotiate() echo.HandlerFunc {
	offers := Offers()
	return func(c *echo.Context) error {
		c.Response().Header().Set("Vary", "Accept")
		switch httputil.NegotiateContentType(c.Request(), offers, "") {
		case "text/html":
			return c.HTMLBlob(200, TheServer.HTML())
		case "application/json":
			return c.JSON(200, &TheServer)
		}
		return c.NoContent(http.StatusNotAcceptable)
	}
}

func echoForm(c *echo.Context) error {
	var b Boot
	if err := c.Bind(&b); err != nil {
		return err
	}
	return c.String(200, b.Text())
}

func echoCookies(c *echo.Context) error {
	a, err1 := c.Cookie("session")
	b, err2 := c.Cookie("theme")
	d, err3 := c.Cookie("lang")
	if err1 != nil || err2 != nil || err3 != nil {
		return c.String(400, "no cookie")
	}
	c.SetCookie(seenCookie())
	return c.String(200, a.Value+"|"+b.Value+"|"+d.Value)
}

// echoMW is echo's idiom for work after the answer is known: Response.Before.
func echoMW(i int) echo.MiddlewareFunc {
	in, out := InKey(i), OutKey(i)
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c *echo.Context) error {
			res, err := echo.UnwrapResponse(c.Response())
			if err != nil {
				return err
			}
			val := c.Request().Header.Get(in)
			if i == ErrorMW {
				res.Before(func() {
					res.Header().Add(out, val)
					if res.Status >= 500 {
						res.Status = 503
					}
				})
			} else {
				res.Before(func() { res.Header().Add(out, val) })
			}
			return next(c)
		}
	}
}
