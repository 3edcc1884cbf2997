package policy

import "strings"

// texts is where the strings of a policy lie. Most are parts of its document;
// extra holds, each once, those that the document does not have as they are
// needed: names in lower case, strings with escapes, programs.
type texts struct{ document, extra string }

// span is a string of texts, in a quarter of the room that two words for each
// string and a copy would take.
type span struct{ at, n uint32 }

// inExtra marks the place of a span that lies in extra. Documents are far
// shorter (maxDocument).
const inExtra = 1 << 31

func (t *texts) text(s span) string {
	if s.at&inExtra != 0 {
		at := s.at &^ inExtra
		return t.extra[at : at+s.n]
	}
	return t.document[s.at : s.at+s.n]
}

// seq is a part of one of a policy's flat lists.
type seq struct{ from, to uint32 }

// of is the part of a list that s stands for.
func of[T any](list []T, s seq) []T { return list[s.from:s.to] }

// textBuilder collects texts while a document is parsed.
type textBuilder struct {
	extra strings.Builder
	known map[string]span
}

// add returns the span of text in extra, the same for the same text.
func (b *textBuilder) add(text string) span {
	if s, ok := b.known[text]; ok {
		return s
	}
	s := span{inExtra | uint32(b.extra.Len()), uint32(len(text))}
	b.extra.WriteString(text)
	if b.known == nil {
		b.known = make(map[string]span)
	}
	b.known[text] = s
	return s
}

// part returns the span of v.text[from:to]: in the document, unless escapes
// stand between.
func (b *textBuilder) part(v *node, from, to int) span {
	start := int(v.pos)
	if v.kind == stringNode {
		start++
	}
	if 2*(start-int(v.pos))+len(v.text) == int(v.end-v.pos) {
		return span{uint32(start + from), uint32(to - from)}
	}
	return b.add(v.text[from:to])
}
