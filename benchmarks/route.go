package benchmarks

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// routes50 is a REST API of fifty routes in OpenStack's manner, in ServeMux's
// notation. No static segment stands where a sibling has a parameter, as
// httprouter cannot do that.
const routes50 = `
GET /v1/{project}/servers
POST /v1/{project}/servers
GET /v1/{project}/servers/{id}
PUT /v1/{project}/servers/{id}
DELETE /v1/{project}/servers/{id}
POST /v1/{project}/servers/{id}/action
GET /v1/{project}/servers/{id}/ips
GET /v1/{project}/servers/{id}/ips/{network}
GET /v1/{project}/servers/{id}/metadata
PUT /v1/{project}/servers/{id}/metadata
GET /v1/{project}/servers/{id}/metadata/{key}
PUT /v1/{project}/servers/{id}/metadata/{key}
DELETE /v1/{project}/servers/{id}/metadata/{key}
GET /v1/{project}/servers/{id}/volume_attachments
POST /v1/{project}/servers/{id}/volume_attachments
GET /v1/{project}/servers/{id}/volume_attachments/{attachment}
DELETE /v1/{project}/servers/{id}/volume_attachments/{attachment}
GET /v1/{project}/servers/{id}/interfaces
POST /v1/{project}/servers/{id}/interfaces
GET /v1/{project}/servers/{id}/interfaces/{port}
DELETE /v1/{project}/servers/{id}/interfaces/{port}
GET /v1/{project}/flavors
POST /v1/{project}/flavors
GET /v1/{project}/flavors/{id}
DELETE /v1/{project}/flavors/{id}
GET /v1/{project}/flavors/{id}/extra_specs
POST /v1/{project}/flavors/{id}/extra_specs
GET /v1/{project}/flavors/{id}/extra_specs/{key}
PUT /v1/{project}/flavors/{id}/extra_specs/{key}
DELETE /v1/{project}/flavors/{id}/extra_specs/{key}
GET /v1/{project}/images
GET /v1/{project}/images/{id}
DELETE /v1/{project}/images/{id}
GET /v1/{project}/images/{id}/metadata
PUT /v1/{project}/images/{id}/metadata/{key}
GET /v1/{project}/keypairs
POST /v1/{project}/keypairs
GET /v1/{project}/keypairs/{name}
DELETE /v1/{project}/keypairs/{name}
GET /v1/{project}/limits
GET /v1/{project}/volumes
POST /v1/{project}/volumes
GET /v1/{project}/volumes/{id}
PUT /v1/{project}/volumes/{id}
DELETE /v1/{project}/volumes/{id}
POST /v1/{project}/volumes/{id}/action
GET /v1/{project}/snapshots
POST /v1/{project}/snapshots
GET /v1/{project}/snapshots/{id}
DELETE /v1/{project}/snapshots/{id}
`

type route struct {
	method, pattern string
	params          []string
}

func routes() (rs []route) {
	for line := range strings.Lines(strings.TrimSpace(routes50)) {
		method, pattern, _ := strings.Cut(strings.TrimSpace(line), " ")
		r := route{method: method, pattern: pattern}
		for seg := range strings.SplitSeq(pattern, "/") {
			if strings.HasPrefix(seg, "{") {
				r.params = append(r.params, strings.Trim(seg, "{}"))
			}
		}
		rs = append(rs, r)
	}
	return rs
}

// routeValue is what parameter j of route i is filled with.
func routeValue(i, j int) string { return "val-" + strconv.Itoa(i) + "-" + strconv.Itoa(j) }

// routeRequests gives one request for each route.
func routeRequests() (qs []*http.Request) {
	for i, r := range routes() {
		path := r.pattern
		for j, p := range r.params {
			path = strings.Replace(path, "{"+p+"}", routeValue(i, j), 1)
		}
		q := NewRequest(Hello).Request
		q.Method, q.URL.Path, q.RequestURI = r.method, path, path
		qs = append(qs, q)
	}
	return qs
}

// A Router is one router with the fifty routes. Its handlers read every
// parameter and add up their lengths in *read, which is how the check knows that
// they were found.
type Router struct {
	Name string
	New  func(read *int) http.Handler
}

// Check sees to it that every route is found and every parameter read.
func (r Router) Check() error {
	read, want := 0, 0
	h, w := r.New(&read), NewWriter(false)
	for _, q := range routeRequests() {
		w.Reset()
		h.ServeHTTP(w, q)
	}
	for i, rt := range routes() {
		for j := range rt.params {
			want += len(routeValue(i, j))
		}
	}
	if read != want {
		return fmt.Errorf("%s: %d bytes of parameters read, want %d", r.Name, read, want)
	}
	return nil
}

// RouteCases times match and parameter reading, going round the fifty routes. A router
// that leaves its parameters on the request does so anew each time, as behind a server.
func RouteCases() (cs []Case) {
	for _, r := range Routers() {
		cs = append(cs, Case{FamilyRoute, "", r.Name, func(b *testing.B) {
			read := 0
			h, w, qs := r.New(&read), NewWriter(false), routeRequests()
			q := new(http.Request)
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				w.Reset()
				*q = *qs[i] // a new request: what a router left on the last one is gone
				h.ServeHTTP(w, q)
				if i++; i == len(qs) {
					i = 0
				}
			}
		}})
	}
	return cs
}
