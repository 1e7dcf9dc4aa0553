package header

// Vary are the names of the request fields that have led to this response, or a
// star, RFC 9110, section 12.5.5:
//
//	Vary = #( "*" / field-name )
//
//	Vary: accept-encoding, accept-language
//	Vary: *
//
// A cache must not give the response to a request that differs in one of them.
// WebOb: Response.vary.
var Vary = NewList("Vary")

// AddVary adds names to Vary that are not in it yet, whatever their case; a star
// stands for all. Use it and not Set where others may have had their say.
func AddVary(h Map, names ...string) {
	have, _ := Vary.Get(h)
	for _, name := range names {
		if !varies(have, name) {
			have = append(have, name)
			h.Add(Vary.Name(), name)
		}
	}
}

// varies tells whether a list of names covers one.
func varies(have []string, name string) bool {
	for _, v := range have {
		if v == "*" || equalFold(v, name) {
			return true
		}
	}
	return false
}
