package benchmarks

import (
	"bytes"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
)

// ginPeer is gin with encoding/json, its default.
func ginPeer() *Peer {
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.GET("/hello", func(c *gin.Context) { c.String(200, "hello") })
	e.GET("/json", func(c *gin.Context) { c.JSON(200, &TheServer) })
	negotiate := ginNegotiate()
	e.GET("/negotiate-html", negotiate)
	e.GET("/negotiate-json", negotiate)
	e.POST("/form", ginForm)
	e.GET("/cookies", ginCookies)
	e.GET("/etag200", ginEtag)
	e.GET("/etag304", ginEtag)
	g := e.Group("")
	for i := range PipelineDepth {
		g.Use(ginMW(i))
	}
	g.GET("/pipeline8", func(c *gin.Context) { c.String(200, "hello") })
	g.GET("/pipeline8err", func(c *gin.Context) { c.String(500, "boom") })
	return &Peer{
		Name: "gin",
		Apps: serving(e, Hello, JSON, NegotiateHTML, NegotiateJSON, Form, Cookies, Pipeline8, Pipeline8Err, Etag200, Etag304),
		Wrong: map[string]string{
			NegotiateJSON: "gin's NegotiateFormat ignores q: gives HTML",
		},
	}
}

func ginEtag(c *gin.Context) {
	c.Header("Content-Type", textType)
	c.Header("Etag", EtagOf(Page))
	http.ServeContent(c.Writer, c.Request, "", time.Time{}, bytes.NewReader(Page))
}

func ginNegotiate() gin.HandlerFunc {
	offers := Offers()
	return func(c *gin.Context) {
		c.Header("Vary", "Accept")
		switch c.NegotiateFormat(offers...) {
		case gin.MIMEHTML:
			c.Data(200, htmlType, TheServer.HTML())
		case gin.MIMEJSON:
			c.JSON(200, &TheServer)
		case gin.MIMEXML:
			c.XML(200, &TheServer)
		default:
			c.AbortWithStatus(http.StatusNotAcceptable)
		}
	}
}

func ginForm(c *gin.Context) {
	var b Boot
	if err := c.ShouldBind(&b); err != nil {
		c.String(400, "%s", err.Error())
		return
	}
	c.String(200, b.Text())
}

func ginCookies(c *gin.Context) {
	a, err1 := c.Cookie("session")
	b, err2 := c.Cookie("theme")
	d, err3 := c.Cookie("lang")
	if err1 != nil || err2 != nil || err3 != nil {
		c.String(400, "no cookie")
		return
	}
	c.SetSameSite(http.SameSiteLaxMode)
	c.SetCookie("seen", "1", 3600, "/", "", false, true)
	c.String(200, a+"|"+b+"|"+d)
}

// ginWriter is the usual wrapper around gin's ResponseWriter; here it steps in
// when the status goes out.
type ginWriter struct {
	gin.ResponseWriter
	key, val string
	onErr    bool
	done     bool
}

func (w *ginWriter) before() {
	if w.done {
		return
	}
	w.done = true
	w.Header().Add(w.key, w.val)
	if w.onErr && w.Status() >= 500 {
		w.ResponseWriter.WriteHeader(503)
	}
}

func (w *ginWriter) WriteHeaderNow() { w.before(); w.ResponseWriter.WriteHeaderNow() }

func (w *ginWriter) Write(p []byte) (int, error) {
	w.before()
	return w.ResponseWriter.Write(p)
}

func (w *ginWriter) WriteString(s string) (int, error) {
	w.before()
	return w.ResponseWriter.WriteString(s)
}

func ginMW(i int) gin.HandlerFunc {
	in, out := InKey(i), OutKey(i)
	return func(c *gin.Context) {
		w := &ginWriter{ResponseWriter: c.Writer, key: out, val: c.GetHeader(in), onErr: i == ErrorMW}
		c.Writer = w
		c.Next()
		w.before()
		c.Writer = w.ResponseWriter
	}
}
