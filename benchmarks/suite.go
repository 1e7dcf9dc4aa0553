package benchmarks

import "testing"

// The families of cases. Each has a table of its own and a peer that is the
// denominator of its ratios.
const (
	FamilyApp       = "App"       // the handlers, ratio to raw
	FamilyNegotiate = "Negotiate" // Accept alone, ratio to gddo
	FamilyRoute     = "Route50"   // fifty routes, ratio to servemux
)

// A Case is one thing to time: what one peer does with one row of a table.
type Case struct {
	Family string
	Row    string // the workload, or the Accept field's name; empty for routes
	Peer   string
	// Run is a benchmark as go test knows them.
	Run func(*testing.B)
}

// Name is the case's benchmark name without "Benchmark". The parts are key=value,
// so that benchstat can make a table of them (-row /work -col /peer).
func (c Case) Name() string { return c.Family + "/" + c.Sub() }

// Sub is Name without the family.
func (c Case) Sub() string {
	if key := RowKey(c.Family); key != "" {
		return key + "=" + c.Row + "/peer=" + c.Peer
	}
	return "peer=" + c.Peer
}

// RowKey is what the rows of a family are called in benchmark names.
func RowKey(family string) string {
	switch family {
	case FamilyApp:
		return "work"
	case FamilyNegotiate:
		return "accept"
	}
	return ""
}

// BasePeer is the peer that a family's ratios are taken to.
func BasePeer(family string) string {
	switch family {
	case FamilyApp:
		return "raw"
	case FamilyNegotiate:
		return "gddo"
	}
	return "servemux"
}

// Base names the case that c is compared with: the base peer's, for a workload
// that only gowebob has that of the plain workload.
func (c Case) Base() Case {
	row := c.Row
	if c.Family == FamilyApp {
		row = BaseOf(row)
	}
	return Case{Family: c.Family, Row: row, Peer: BasePeer(c.Family)}
}

// AppCases gives every workload on every peer, the peers of a workload side by
// side, so that a machine that slows down slows all of them.
func AppCases() (cs []Case) {
	peers := Peers()
	for _, work := range Workloads() {
		for _, p := range peers {
			h, ok := p.Apps[work]
			if !ok {
				continue
			}
			cs = append(cs, Case{FamilyApp, work, p.Name, func(b *testing.B) {
				q, w := p.Request(work), NewWriter(false)
				b.ReportAllocs()
				for b.Loop() {
					q.Reset()
					w.Reset()
					h.ServeHTTP(w, q.Request)
				}
			}})
		}
	}
	return cs
}

// Cases gives the cases of all three families.
func Cases() []Case {
	return append(append(AppCases(), NegotiateCases()...), RouteCases()...)
}
