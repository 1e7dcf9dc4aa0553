package main

import (
	"github.com/gofiber/fiber/v3"
	"github.com/gowebob/gowebob/benchmarks"
)

// fiberApp stands on fasthttp, not on net/http. It has no place in the in-process
// tables, where a parsed net/http request goes in, and is measured over a socket
// only: it shows what leaving net/http would bring.
func fiberApp() *fiber.App {
	app := fiber.New()
	app.Get("/"+benchmarks.Hello, fiberHello)
	app.Get("/"+benchmarks.JSON, func(c fiber.Ctx) error { return c.JSON(&benchmarks.TheServer) })
	var chain []any
	for i := range benchmarks.PipelineDepth {
		chain = append(chain, fiberMW(i))
	}
	chain = append(chain, fiberHello)
	app.Get("/"+benchmarks.Pipeline8, chain[0], chain[1:]...)
	return app
}

func fiberHello(c fiber.Ctx) error {
	c.Set("Content-Type", "text/plain; charset=utf-8")
	return c.SendString("hello")
}

func fiberMW(i int) fiber.Handler {
	in, out := benchmarks.InKey(i), benchmarks.OutKey(i)
	return func(c fiber.Ctx) error {
		val := c.Get(in)
		err := c.Next()
		c.Response().Header.Add(out, val)
		if i == benchmarks.ErrorMW && c.Response().StatusCode() >= 500 {
			c.Status(503)
		}
		return err
	}
}
