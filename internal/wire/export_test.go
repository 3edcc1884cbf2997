package wire

// Reserved is reserved, for tests that look at the generated shapes.
func Reserved(name string) bool { return reserved(name) }
