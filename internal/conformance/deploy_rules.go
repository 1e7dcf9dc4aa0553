package conformance

func deployRules() []Rule {
	return nil
}
