package exc

// Class is a group of statuses. It is an error only so that errors.Is can match
// it; it is no answer and cannot be returned as one.
//
//	if errors.Is(err, exc.ClientError) { ... }
type Class uint8

// The classes of RFC 9110 §15. WebOb: HTTPOk, HTTPRedirection, HTTPClientError,
// HTTPServerError.
const (
	Success     Class = 2 // 200 to 299
	Redirection Class = 3 // 300 to 399
	ClientError Class = 4 // 400 to 499
	ServerError Class = 5 // 500 to 599
)

// Error names the class.
func (c Class) Error() string {
	switch c {
	case Success:
		return "success"
	case Redirection:
		return "redirection"
	case ClientError:
		return "client error"
	case ServerError:
		return "server error"
	}
	return "no class of HTTP statuses"
}

// MatchesStatus says whether the status is of this class.
func (c Class) MatchesStatus(status int) bool { return status/100 == int(c) }
