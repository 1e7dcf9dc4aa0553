package conformance

func acceptRules() []Rule         { return nil }
func acceptCharsetRules() []Rule  { return nil }
func acceptEncodingRules() []Rule { return nil }
func acceptLanguageRules() []Rule { return nil }
