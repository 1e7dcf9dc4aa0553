package middleware

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net/http"
	"unicode/utf8"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
	"github.com/gowebob/gowebob/webob/header"
)

// CheckPassword says whether a user may come in. It compares in constant time; an error is
// answered as one of the app, a database that is away for example.
type CheckPassword func(req *webob.Request, user, password string) (bool, error)

// BasicAuthOptions are settings of BasicAuth.
type BasicAuthOptions struct {
	// Realm is what the browser shows: "Water works". It has to be set.
	Realm string
	// Check says who may come in. It has to be set.
	Check CheckPassword
	// NoCharset leaves charset="UTF-8" (RFC 7617 section 2.1) out of the challenge, for
	// clients that compare it as text.
	NoCharset bool
}

// Validate says what is wrong with the options.
func (o BasicAuthOptions) Validate() error {
	switch {
	case o.Realm == "":
		return errors.New("middleware: basic auth: no realm")
	case o.Check == nil:
		return errors.New("middleware: basic auth: no function to check passwords with")
	}
	_, err := o.challenge()
	return err
}

func (o BasicAuthOptions) challenge() (string, error) {
	params := header.Params{{Name: "realm", Value: o.Realm}}
	if !o.NoCharset {
		params = append(params, header.Param{Name: "charset", Value: "UTF-8"})
	}
	h := http.Header{}
	err := header.Challenges.Set(h, []header.Credentials{header.NewCredentials("Basic", params)})
	return h.Get("Www-Authenticate"), err
}

// BasicAuth lets nobody in without a name and a password (RFC 7617). Who has come in is in
// the environ, as REMOTE_USER, with AUTH_TYPE; a request that has a REMOTE_USER already
// passes. Everybody else is answered 401 with the challenge. Malformed credentials, an empty
// name, and text that is no UTF-8 or has control characters, count as wrong.
//
// Passwords travel in the clear, with every request: use it over TLS alone. Users makes a
// Check of a list. Paste: auth_basic. It panics if Validate has an error.
func BasicAuth(o BasicAuthOptions) func(http.Handler) http.Handler {
	if err := o.Validate(); err != nil {
		panic(err)
	}
	challenge, _ := o.challenge()
	refused := exc.Unauthorized.Challenge(challenge)
	return dec.Middleware(func(req *webob.Request, app http.Handler) (http.Handler, error) {
		env := req.Environ()
		if env.String("REMOTE_USER") != "" {
			return app, nil
		}
		credentials, _ := header.Authorization.Get(req.Header)
		user, password, ok := credentials.Basic()
		if !ok || user == "" || !isPlainText(user) || !isPlainText(password) {
			return nil, refused
		}
		ok, err := o.Check(req, user, password)
		switch {
		case err != nil:
			return nil, err
		case !ok:
			return nil, refused
		}
		if err := errors.Join(env.Set("AUTH_TYPE", "basic"), env.Set("REMOTE_USER", user)); err != nil {
			return nil, err
		}
		return app, nil
	})
}

// isPlainText is what RFC 7617 allows: UTF-8 without control characters.
func isPlainText(s string) bool {
	for _, c := range s {
		if c < ' ' || c == 0x7f || c == utf8.RuneError {
			return false
		}
	}
	return true
}

// Users is a check against a list of names with their passwords, in constant time whatever
// name is tried. Where more than a handful may come in, keep no passwords but slow hashes of
// them (bcrypt, argon2) and write a check for those.
func Users(passwords map[string]string) CheckPassword {
	known := make(map[string][sha256.Size]byte, len(passwords))
	for user, password := range passwords {
		known[user] = sha256.Sum256([]byte(password))
	}
	return func(_ *webob.Request, user, password string) (bool, error) {
		want, there := known[user]
		got := sha256.Sum256([]byte(password))
		return subtle.ConstantTimeCompare(want[:], got[:]) == 1 && there, nil
	}
}
