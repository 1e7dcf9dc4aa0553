package cookies

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"time"

	"github.com/gowebob/gowebob/webob"
)

// MaxValue is how long the text of a value may be, in bytes, as in WebOb. Name and
// value together may have 4096.
const MaxValue = 4093

// Options are the attributes of a profile's cookies. The zero value, with a name, is
// the safe choice: Secure, HttpOnly, SameSite=Lax, for all paths of this host, until
// the browser is closed.
type Options struct {
	// Name of the cookie. One that begins with __Host- cannot be set by a
	// neighbour on another subdomain. WebOb: cookie_name.
	Name string
	// Path is "/" if empty; webob.NoPath leaves it out.
	Path string
	// Domains are one cookie each; none means this host alone. WebOb: domains.
	Domains []string
	// MaxAge is how long the browser keeps the cookie, until it is closed if 0;
	// rounded up to seconds. Below 0 it forgets it at once.
	MaxAge time.Duration
	// Insecure leaves Secure out: the cookie is sent over plain HTTP too.
	Insecure bool
	// Scripts leaves HttpOnly out: JavaScript sees the cookie.
	Scripts bool
	// SameSite is Lax if 0; http.SameSiteDefaultMode leaves it out.
	SameSite http.SameSite
	// Partitioned gives each top-level site that embeds us a cookie of its own (CHIPS).
	Partitioned bool
}

// cookie is a cookie with these attributes.
func (o *Options) cookie(domain string) http.Cookie {
	c := http.Cookie{
		Name: o.Name, Path: o.Path, Domain: domain, MaxAge: seconds(o.MaxAge),
		Secure: !o.Insecure, HttpOnly: !o.Scripts, SameSite: o.SameSite, Partitioned: o.Partitioned,
	}
	if c.SameSite == 0 {
		c.SameSite = http.SameSiteLaxMode
	}
	return c
}

// seconds is a Max-Age as http.Cookie has it.
func seconds(d time.Duration) int {
	if d < 0 {
		return -1
	}
	whole := d / time.Second
	if d%time.Second != 0 {
		whole++
	}
	return int(min(whole, math.MaxInt))
}

// thisHost is one cookie without a domain.
var thisHost = []string{""}

// domains are those to set cookies for.
func (o *Options) domains() []string {
	if len(o.Domains) == 0 {
		return thisHost
	}
	return o.Domains
}

// Profile keeps a value of type T in a cookie: codec and attributes at one place. It
// is made once, by NewProfile, and is safe for concurrent use.
// WebOb: CookieProfile, and with NewSigned's codec SignedCookieProfile.
type Profile[T any] struct {
	codec   Codec[T]
	options Options
}

// errNoProfile is what a Profile says that NewProfile has not made.
var errNoProfile = errors.New("cookies: a Profile is made by NewProfile")

// NewProfile makes a profile. Attributes that break a rule of RFC 6265bis are told
// here: the error is a *webob.CookieError.
func NewProfile[T any](o Options, codec Codec[T]) (*Profile[T], error) {
	if codec == nil {
		return nil, errNoProfile
	}
	o.Domains = slices.Clone(o.Domains)
	for _, domain := range o.domains() {
		c := o.cookie(domain)
		if _, err := webob.FormatCookie(&c, time.Time{}); err != nil {
			return nil, err
		}
	}
	return &Profile[T]{codec, o}, nil
}

// With is a profile with other attributes and the same codec, for the one cookie
// that must be otherwise: "remember me" is a longer MaxAge. WebOb: the arguments of
// set_cookies.
func (p *Profile[T]) With(change func(*Options)) (*Profile[T], error) {
	o := p.options
	o.Domains = slices.Clone(o.Domains)
	change(&o)
	return NewProfile(o, p.codec)
}

// Options are the profile's attributes.
func (p *Profile[T]) Options() Options {
	o := p.options
	o.Domains = slices.Clone(o.Domains)
	return o
}

// Get is the value in the request's cookie; ok is false where there is none, or none
// that can be trusted. WebOb: get_value.
func (p *Profile[T]) Get(req *webob.Request) (v T, ok bool) {
	v, err := p.Lookup(req)
	return v, err == nil
}

// Lookup is Get, and tells why there is no value: http.ErrNoCookie, ErrMalformed,
// ErrForged, ErrExpired or ErrTooLong. That is for the log; an answer should
// not depend on which it is.
func (p *Profile[T]) Lookup(req *webob.Request) (v T, err error) {
	if p.codec == nil {
		return v, errNoProfile
	}
	text, ok := req.CookieDict().Lookup(p.options.Name)
	switch {
	case !ok:
		return v, http.ErrNoCookie
	case len(text) > MaxValue:
		return v, ErrTooLong
	}
	return p.codec.Decode(p.options.Name, text)
}

// Headers are the values of the Set-Cookie fields that store a value, one for each
// domain; Max-Age is counted from now. ErrTooLong, a *webob.CookieError and what
// the codec says are the errors. WebOb: get_headers.
func (p *Profile[T]) Headers(v T, now time.Time) ([]string, error) {
	if p.codec == nil {
		return nil, errNoProfile
	}
	text, err := p.codec.Encode(p.options.Name, v)
	if err != nil {
		return nil, err
	}
	if len(text) > MaxValue {
		return nil, fmt.Errorf("%w: %.64q has %d bytes", ErrTooLong, p.options.Name, len(text))
	}
	return format(&p.options, text, now)
}

// DeleteHeaders are the values of the Set-Cookie fields that make a client forget
// the cookie. WebOb: get_headers(None).
func (p *Profile[T]) DeleteHeaders() ([]string, error) {
	if p.codec == nil {
		return nil, errNoProfile
	}
	o := p.options
	o.MaxAge = -1
	return format(&o, "", time.Time{})
}

// format writes a field for each domain.
func format(o *Options, text string, now time.Time) ([]string, error) {
	domains := o.domains()
	fields := make([]string, len(domains))
	for i, domain := range domains {
		c := o.cookie(domain)
		c.Value = text
		field, err := webob.FormatCookie(&c, now)
		if err != nil {
			return nil, err
		}
		fields[i] = field
	}
	return fields, nil
}

// SetCookies has a Response store a value, in the place of what it would store
// already under that name. WebOb: set_cookies, which leaves both.
func (p *Profile[T]) SetCookies(resp *webob.Response, v T) error {
	fields, err := p.Headers(v, time.Now())
	return p.put(resp, fields, err)
}

// DeleteCookies has a Response make the client forget the cookie. WebOb:
// set_cookies(response, None).
func (p *Profile[T]) DeleteCookies(resp *webob.Response) error {
	fields, err := p.DeleteHeaders()
	return p.put(resp, fields, err)
}

func (p *Profile[T]) put(resp *webob.Response, fields []string, err error) error {
	if err != nil {
		return err
	}
	resp.UnsetCookie(p.options.Name)
	for _, field := range fields {
		resp.Header().Add("Set-Cookie", field)
	}
	return nil
}
