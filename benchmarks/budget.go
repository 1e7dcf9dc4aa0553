package benchmarks

// A Budget is what one case of gowebob may cost.
type Budget struct {
	Case
	// To is the peer that the ratio is taken to; empty means the family's base.
	To string
	// Must is the largest ratio of times allowed, Aim the one hoped for (0: none).
	// For budgets against Python they are the smallest factors by which gowebob
	// has to be faster.
	Must, Aim float64
	// Allocs is the largest number of allocations allowed, AnyAllocs for no limit.
	Allocs int
	// Ahead says that gowebob has to be faster than every peer that gives the right
	// answer; raw and its relatives do not count as peers.
	Ahead bool
}

// AnyAllocs is a Budget without a limit of allocations.
const AnyAllocs = -1

// Denominator names the case that the budget's ratio is taken to.
func (b Budget) Denominator() Case {
	base := b.Base()
	if b.To != "" {
		base.Peer = b.To
	}
	return base
}

// Budgets gives the ratios that gowebob must keep, in table order. They were set
// from a prototype, with room for what it did not do.
func Budgets() []Budget {
	return []Budget{
		{Case: app(Hello), Must: 1.4, Aim: 1.33, Allocs: 1},
		{Case: app(Hello), To: "rawcl", Must: 0.8, Aim: 0.73, Allocs: 1},
		{Case: app(HelloResponse), Must: 2.0, Aim: 1.75, Allocs: 2},
		{Case: app(JSON), Must: 1.0, Aim: 0.92, Allocs: 1},
		{Case: app(NegotiateHTML), Must: 0.75, Aim: 0.62, Allocs: AnyAllocs},
		{Case: app(NegotiateJSON), Must: 0.75, Aim: 0.68, Allocs: AnyAllocs},
		{Case: app(Form), Must: 0.5, Aim: 0.38, Allocs: AnyAllocs},
		{Case: app(Cookies), Must: 0.65, Aim: 0.5, Allocs: AnyAllocs},
		{Case: app(SignedCookie), Must: 0.85, Aim: 0.7, Allocs: AnyAllocs},
		{Case: app(Pipeline8), Must: 0.8, Aim: 0.67, Allocs: 5, Ahead: true},
		{Case: app(Pipeline8Err), Must: 0.8, Aim: 0.67, Allocs: 5, Ahead: true},
		{Case: app(Pipeline8Mux), Must: 1.0, Aim: 0.9, Allocs: AnyAllocs},
		{Case: app(Pipeline8ChiInline), Must: 1.3, Aim: 1.15, Allocs: AnyAllocs},
		{Case: app(Pipeline8ForeignInline), Must: 1.25, Aim: 1.07, Allocs: AnyAllocs},
		{Case: app(Pipeline8Foreign), Must: 1.9, Aim: 1.7, Allocs: AnyAllocs},
		{Case: app(Etag200), Must: 0.95, Aim: 0.87, Allocs: AnyAllocs},
		{Case: app(Etag304), Must: 1.0, Aim: 0.92, Allocs: AnyAllocs},
		{Case: accept("chrome", OursUncached), Must: 0.5, Aim: 0.3, Allocs: 0},
		{Case: accept("chrome", Ours), Must: 0.1, Aim: 0.04, Allocs: 0},
		{Case: accept("any", Ours), Must: 0.4, Aim: 0.2, Allocs: 0},
		{Case: accept("json", Ours), Must: 0.4, Aim: 0.2, Allocs: 0},
		{Case: Case{Family: FamilyRoute, Peer: Ours}, Must: 1.0, Aim: 0.85, Allocs: 2},
	}
}

// PythonBudgets gives the factors by which gowebob must be faster than Python
// WebOb on a ready environ.
func PythonBudgets() (bs []Budget) {
	for _, row := range []struct {
		factor float64
		works  []string
	}{
		{40, []string{Hello, Cookies, NegotiateHTML, NegotiateJSON, Pipeline8, Pipeline8Err}},
		{20, []string{JSON, Form}},
		{10, []string{SignedCookie}},
		{8, []string{Etag200, Etag304}},
	} {
		for _, work := range row.works {
			bs = append(bs, Budget{Case: app(work), To: Python, Must: row.factor, Allocs: AnyAllocs})
		}
	}
	return bs
}

func app(work string) Case { return Case{Family: FamilyApp, Row: work, Peer: Ours} }

func accept(row, peer string) Case { return Case{Family: FamilyNegotiate, Row: row, Peer: peer} }
