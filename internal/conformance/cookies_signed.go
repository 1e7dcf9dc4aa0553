package conformance

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"time"

	"github.com/gowebob/gowebob/webob"
	"github.com/gowebob/gowebob/webob/cookies"
)

// cookiesKey is the key of a signed value. Text is taken as UTF-8.
type cookiesKey struct {
	Secret  string
	Salt    *string
	HashAlg *string `json:"hashalg"`
}

func (k cookiesKey) signing() (cookies.Signing, error) {
	s := cookies.Signing{Secrets: [][]byte{[]byte(k.Secret)}}
	if k.Salt != nil {
		s.Salt = []byte(*k.Salt)
	}
	if k.HashAlg == nil {
		return s, nil
	}
	var err error
	s.Hash, err = cookies.HashNamed(*k.HashAlg)
	return s, err
}

func cookiesCodec[T any](k cookiesKey, serializer cookies.Serializer[T]) (cookies.Codec[T], error) {
	s, err := k.signing()
	if err != nil {
		return nil, err
	}
	return cookies.NewSignedWith(s, serializer)
}

func cookiesSign(in struct {
	cookiesKey
	Payload string
}) (any, error) {
	codec, err := cookiesCodec(in.cookiesKey, cookies.Text[string]())
	if err != nil {
		return nil, err
	}
	return codec.Encode("", Raw(in.Payload))
}

func cookiesUnsign(in struct {
	cookiesKey
	Token string
}) (any, error) {
	codec, err := cookiesCodec(in.cookiesKey, cookies.Text[string]())
	if err != nil {
		return nil, err
	}
	payload, err := codec.Decode("", Raw(in.Token))
	return Latin(payload), err
}

func cookiesSignedDumps(in struct {
	cookiesKey
	Value json.RawMessage
}) (any, error) {
	codec, err := cookiesCodec(in.cookiesKey, cookies.JSON[json.RawMessage]())
	if err != nil {
		return nil, err
	}
	return codec.Encode("", in.Value)
}

func cookiesSignedLoads(in struct {
	cookiesKey
	Token string
}) (any, error) {
	codec, err := cookiesCodec(in.cookiesKey, cookies.JSON[json.RawMessage]())
	if err != nil {
		return nil, err
	}
	return codec.Decode("", Raw(in.Token))
}

func cookiesBase64Dumps(in struct{ Value json.RawMessage }) (any, error) {
	return cookies.NewBase64[json.RawMessage]().Encode("", in.Value)
}

func cookiesBase64Loads(in struct{ Token string }) (any, error) {
	return cookies.NewBase64[json.RawMessage]().Decode("", Raw(in.Token))
}

// cookiesProfile describes a CookieProfile, and with a secret a SignedCookieProfile.
type cookiesProfile struct {
	Name    string
	Secret  *string
	Salt    *string
	HashAlg *string `json:"hashalg"`
}

// cookiesAttributes are what a profile has, and what an override changes. Null
// counts: it is another thing than absent.
type cookiesAttributes map[string]any

func (p cookiesProfile) profile(o cookies.Options) (*cookies.Profile[json.RawMessage], error) {
	codec := cookies.NewBase64[json.RawMessage]()
	if p.Secret != nil {
		var err error
		codec, err = cookiesCodec(cookiesKey{*p.Secret, p.Salt, p.HashAlg}, cookies.JSON[json.RawMessage]())
		if err != nil {
			return nil, err
		}
	}
	o.Name = p.Name
	return cookies.NewProfile(o, codec)
}

// apply puts attributes into options. WebOb's defaults are the weak ones.
func (a cookiesAttributes) apply(o *cookies.Options) {
	for name, v := range a {
		switch name {
		case "secure":
			o.Insecure = v != true
		case "httponly":
			o.Scripts = v != true
		case "samesite":
			o.SameSite = http.SameSiteDefaultMode
			if v != nil {
				o.SameSite = responseSameSite(v.(string))
			}
		case "path":
			if o.Path, _ = v.(string); o.Path == "" {
				o.Path = webob.NoPath
			}
		case "domains":
			o.Domains = nil
			list, _ := v.([]any)
			for _, domain := range list {
				o.Domains = append(o.Domains, domain.(string))
			}
		case "max_age":
			o.MaxAge = cookiesMaxAge(v)
		case "name", "secret", "salt", "hashalg":
		default:
			panic("unknown attribute " + name)
		}
	}
}

// cookiesMaxAge is an age as Options have it: 0 is none, and at once is below 0.
func cookiesMaxAge(v any) time.Duration {
	seconds := 0.0
	switch v := cookiesSpan(v).(type) {
	case nil:
		return 0
	case time.Duration:
		seconds = v.Seconds()
	case json.Number:
		seconds = number(v)
	default:
		panic(fmt.Sprintf("max_age %v", v))
	}
	if seconds < 1 {
		return -1
	}
	return time.Duration(min(math.Trunc(seconds), math.MaxInt64/1e9)) * time.Second
}

func cookiesProfileHeaders(in struct {
	Profile   json.RawMessage
	Value     json.RawMessage
	Overrides cookiesAttributes
	Now       string
}) (any, error) {
	p, err := cookiesMakeProfile(in.Profile, in.Overrides)
	if err != nil {
		return nil, err
	}
	var fields []string
	if string(in.Value) == "null" {
		fields, err = p.DeleteHeaders()
	} else {
		fields, err = p.Headers(in.Value, cookiesNow(in.Now))
	}
	pairs := [][2]string{}
	for _, field := range fields {
		pairs = append(pairs, [2]string{"Set-Cookie", Latin(field)})
	}
	return pairs, err
}

// cookiesMakeProfile makes a profile with what overrides it. WebOb looks at the
// attributes when it writes, so that one may be put right by an override.
func cookiesMakeProfile(raw json.RawMessage, overrides cookiesAttributes) (*cookies.Profile[json.RawMessage], error) {
	o := cookies.Options{Insecure: true, Scripts: true, SameSite: http.SameSiteDefaultMode}
	decodeStrict[cookiesAttributes](raw).apply(&o)
	overrides.apply(&o)
	var p cookiesProfile
	if err := json.Unmarshal(raw, &p); err != nil {
		panic(err)
	}
	return p.profile(o)
}

func cookiesProfileValue(in struct {
	Profile json.RawMessage
	Header  *string
}) (any, error) {
	p, err := cookiesMakeProfile(in.Profile, nil)
	if err != nil {
		return nil, err
	}
	v, ok := p.Bind(cookiesAsk(in.Header)).Get()
	if !ok {
		return nil, nil
	}
	return v, nil
}
