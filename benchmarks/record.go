package benchmarks

import (
	"crypto/md5"
	"encoding/base64"
	"html"
	"strconv"
	"strings"
)

// Server is the record of eight fields which the json and negotiate workloads
// answer with.
type Server struct {
	ID     string   `json:"id" xml:"id"`
	Name   string   `json:"name" xml:"name"`
	Status string   `json:"status" xml:"status"`
	Flavor string   `json:"flavor" xml:"flavor"`
	VCPUs  int      `json:"vcpus" xml:"vcpus"`
	RAM    int      `json:"ram" xml:"ram"`
	Public bool     `json:"public" xml:"public"`
	Tags   []string `json:"tags" xml:"tags"`
}

// TheServer is the one record there is. Nobody changes it.
var TheServer = Server{
	ID: "b0f2a7c4-5d1e-4f6f-9d53-6c2f1c7f2a11", Name: "web-01", Status: "ACTIVE",
	Flavor: "m1.small", VCPUs: 2, RAM: 4096, Public: true, Tags: []string{"web", "prod", "eu-1"},
}

// HTML is the record as a small page. Every peer uses this one renderer, so
// that the negotiate workloads compare negotiation and dispatch, not templates.
func (s *Server) HTML() []byte {
	b := make([]byte, 0, 512)
	b = append(b, "<!doctype html><title>"...)
	b = append(b, html.EscapeString(s.Name)...)
	b = append(b, "</title><dl><dt>id<dd>"...)
	b = append(b, html.EscapeString(s.ID)...)
	b = append(b, "<dt>status<dd>"...)
	b = append(b, html.EscapeString(s.Status)...)
	b = append(b, "<dt>flavor<dd>"...)
	b = append(b, html.EscapeString(s.Flavor)...)
	b = append(b, "<dt>vcpus<dd>"...)
	b = strconv.AppendInt(b, int64(s.VCPUs), 10)
	b = append(b, "<dt>ram<dd>"...)
	b = strconv.AppendInt(b, int64(s.RAM), 10)
	return append(b, "</dl>"...)
}

// Boot is what the form workload decodes into.
type Boot struct {
	Name   string  `form:"name" schema:"name"`
	Image  string  `form:"image" schema:"image"`
	Flavor string  `form:"flavor" schema:"flavor"`
	Count  int     `form:"count" schema:"count"`
	Disk   float64 `form:"disk" schema:"disk"`
	Public bool    `form:"public" schema:"public"`
}

// FormBody is the urlencoded form.
const FormBody = "name=web+01&image=debian%2F12&flavor=m1.small&count=3&disk=12.5&public=true"

// Text is the answer which proves that the form was decoded.
func (b *Boot) Text() string {
	buf := make([]byte, 0, 64)
	buf = append(buf, b.Name...)
	buf = append(buf, '|')
	buf = append(buf, b.Image...)
	buf = append(buf, '|')
	buf = append(buf, b.Flavor...)
	buf = append(buf, '|')
	buf = strconv.AppendInt(buf, int64(b.Count), 10)
	buf = append(buf, '|')
	buf = strconv.AppendFloat(buf, b.Disk, 'g', -1, 64)
	buf = append(buf, '|')
	buf = strconv.AppendBool(buf, b.Public)
	return string(buf)
}

// Page is the 1 KiB body of the etag workloads. Nobody changes it.
var Page = []byte(strings.Repeat("0123456789abcdef0123456789abcdef", 32))

// EtagOf gives the entity tag that WebOb's Response.md5_etag gives: the MD5 in
// base64 without its padding, quoted.
func EtagOf(b []byte) string {
	sum := md5.Sum(b)
	var buf [24]byte
	buf[0] = '"'
	base64.RawStdEncoding.Encode(buf[1:], sum[:])
	buf[23] = '"'
	return string(buf[:])
}
