package header

import "strings"

// All challenges of a response, RFC 9110, sections 11.6.1 and 11.7.1. Several
// may stand in one line, divided by commas like their parameters:
//
//	WWW-Authenticate   = #challenge
//	Proxy-Authenticate = #challenge
//
//	WWW-Authenticate: Newauth realm="apps", type=1, title="Login", Basic realm="simple"
//
// Reading follows the grammar strictly. Set writes all into one line.
var (
	// Challenges are those of a 401.
	Challenges = NewField("Www-Authenticate", parseChallenges, formatChallenges)
	// ProxyChallenges are those of a 407.
	ProxyChallenges = NewField("Proxy-Authenticate", parseChallenges, formatChallenges)
)

// formatChallenges writes all into one line.
func formatChallenges(cs []Credentials) (string, error) {
	if len(cs) == 0 {
		return "", ErrAbsent
	}
	parts := make([]string, len(cs))
	for i, c := range cs {
		if !isToken(c.Scheme) {
			return "", bad(c.Scheme, -1, errScheme)
		}
		parts[i] = strings.TrimRight(c.String(), " ")
	}
	return strings.Join(parts, ", "), nil
}

const errScheme = syntaxError("name of a scheme expected")

// parseChallenges reads all lines as one list.
func parseChallenges(lines []string) ([]Credentials, error) {
	if allEmpty(lines) {
		return nil, ErrAbsent
	}
	var cs []Credentials
	for _, line := range lines {
		for i := skipListSpace(line, 0); i < len(line); i = skipListSpace(line, i) {
			c, end, err := parseChallenge(line, i)
			if err != nil {
				return nil, err
			}
			if len(cs) == maxParams {
				return nil, bad(line, i, ErrTooMany)
			}
			cs, i = append(cs, c), end
		}
	}
	return cs, nil
}

// parseChallenge reads one challenge that starts at i, and stops before the
// comma that divides it from the next.
func parseChallenge(s string, i int) (c Credentials, end int, err error) {
	end = tokenEnd(s, i)
	if end == i {
		return c, i, bad(s, i, errScheme)
	}
	c.Scheme = s[i:end]
	if end == len(s) || s[end] != ' ' {
		return c, end, listEnd(s, end)
	}
	from := skipOWS(s, end)
	if t := token68End(s, from); t > from && atListEnd(s, t) {
		c.Text = s[from:t]
		return c, t, nil
	}
	if end, err = challengeParams(s, from); err != nil {
		return c, end, err
	}
	c.Text = strings.TrimRight(s[from:end], " \t,")
	return c, end, nil
}

// challengeParams is where the parameters of a challenge end: before the end, or
// before a comma with another challenge behind it, which is a token without "=".
func challengeParams(s string, i int) (end int, err error) {
	end = i
	for {
		i = skipListSpace(s, i)
		if i == len(s) {
			return i, nil
		}
		name := tokenEnd(s, i)
		if eq := skipOWS(s, name); name > i && (eq == len(s) || s[eq] != '=') && i > end {
			return end, nil // the next challenge
		}
		if _, end, err = parseParam(s, i, paramStyle{space: true}); err != nil {
			return end, err
		}
		if err = listEnd(s, end); err != nil {
			return end, err
		}
		i = end
	}
}

// atListEnd tells whether an element of a list that ends at i is followed by a
// comma or nothing.
func atListEnd(s string, i int) bool {
	i = skipOWS(s, i)
	return i == len(s) || s[i] == ','
}

// listEnd is the error for what is not followed by a comma or nothing.
func listEnd(s string, i int) error {
	if atListEnd(s, i) {
		return nil
	}
	return bad(s, skipOWS(s, i), syntaxError("comma expected"))
}
