package policy

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// parser turns a document into a Policy. Its methods follow the grammar of
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html.
type parser struct {
	kind     Kind
	document string
	vars     bool // ${…} is special: Version 2012-10-17
	path     string
	sids     map[string]bool

	// What the policy is made of.
	textBuilder
	patterns   []pattern
	conditions []condition
	operands   operands
	keys       map[span]bool // condition keys in lower case
}

func (p *parser) policy() (*Policy, error) {
	if p.kind < Identity || p.kind > Endpoint {
		return nil, p.fail(0, syntax, "no such kind of policy")
	}
	root, jerr := readJSON(p.document)
	if jerr != nil {
		return nil, p.fail(jerr.pos, invalidJSON, jerr.detail)
	}
	if root.kind != objectNode {
		return nil, p.fail(int(root.pos), invalidJSON, "a policy is a JSON object")
	}
	if err := p.header(&root); err != nil {
		return nil, err
	}
	list, err := p.statementNodes(&root)
	if err != nil {
		return nil, err
	}
	statements := make([]statement, len(list))
	for i := range list {
		p.path = "Statement[" + strconv.Itoa(i) + "]"
		if err := p.statement(&list[i], &statements[i]); err != nil {
			return nil, err
		}
	}
	return p.finish(statements), nil
}

// finish makes the policy, without room to spare.
func (p *parser) finish(statements []statement) *Policy {
	out := &Policy{
		kind: p.kind, current: p.vars, texts: texts{p.document, strings.Clone(p.extra.String())}, statements: statements,
		patterns: slices.Clone(p.patterns), conditions: slices.Clone(p.conditions),
		keys: slices.AppendSeq(make([]span, 0, len(p.keys)), maps.Keys(p.keys)),
	}
	slices.SortFunc(out.keys, func(a, b span) int { return strings.Compare(out.text(a), out.text(b)) })
	if len(p.operands.numbers)+len(p.operands.dates)+len(p.operands.ranges) > 0 {
		out.operands = &operands{slices.Clone(p.operands.numbers), slices.Clone(p.operands.dates), slices.Clone(p.operands.ranges)}
	}
	out.index = out.buildIndex()
	return out
}

// The versions of the policy language; a document without one has the first.
const (
	currentVersion = "2012-10-17"
	firstVersion   = "2008-10-17"
)

// header checks the elements beside Statement.
func (p *parser) header(root *node) error {
	for i := range root.items {
		n := &root.items[i]
		switch n.name {
		case "Version":
			p.vars = n.text == currentVersion
			if n.kind != stringNode || n.text != currentVersion && n.text != firstVersion {
				return p.fail(int(n.pos), syntax, "Version is 2012-10-17 or 2008-10-17")
			}
		case "Id":
			if n.kind != stringNode {
				return p.fail(int(n.pos), syntax, "Id is a string")
			}
		case "Statement":
		default:
			return p.unknownField(n)
		}
	}
	if p.kind == RCP && !p.vars {
		return p.fail(int(root.pos), organizations, "a resource control policy has Version 2012-10-17")
	}
	return nil
}

func (p *parser) statementNodes(root *node) ([]node, error) {
	n := root.member("Statement")
	if n == nil {
		return nil, p.missing(root, "Statement", syntax)
	}
	list := n.items
	if n.kind == objectNode {
		list = []node{*n}
	} else if n.kind != arrayNode || len(list) == 0 {
		return nil, p.fail(int(n.pos), syntax, "Statement is an object or a list of objects")
	}
	for i := range list {
		if list[i].kind != objectNode {
			return nil, p.fail(int(list[i].pos), syntax, "a statement is an object")
		}
	}
	return list, nil
}

// parts are a statement's elements as they stand in the document.
type parts struct {
	effect, sid, condition           *node
	action, notAction                *node
	resource, notResource            *node
	principal, notPrincipal, element *node
}

// slot is where the element of this name goes, or nil if there is none such.
func (s *parts) slot(name string) **node {
	switch name {
	case "Sid":
		return &s.sid
	case "Effect":
		return &s.effect
	case "Action":
		return &s.action
	case "NotAction":
		return &s.notAction
	case "Resource":
		return &s.resource
	case "NotResource":
		return &s.notResource
	case "Principal":
		return &s.principal
	case "NotPrincipal":
		return &s.notPrincipal
	case "Condition":
		return &s.condition
	}
	return nil
}

func (p *parser) statement(n *node, out *statement) error {
	s := parts{element: n}
	for i := range n.items {
		slot := s.slot(n.items[i].name)
		if slot == nil {
			return p.unknownField(&n.items[i])
		}
		*slot = &n.items[i]
	}
	out.pos = n.pos
	for _, step := range [...]func(*parts, *statement) error{
		p.effect, p.sid, p.actions, p.resources, p.principals, p.readConditions,
	} {
		if err := step(&s, out); err != nil {
			return err
		}
	}
	return nil
}

func (p *parser) effect(s *parts, out *statement) error {
	switch {
	case s.effect == nil:
		return p.missing(s.element, "Effect", syntax)
	case s.effect.kind != stringNode || s.effect.text != "Allow" && s.effect.text != "Deny":
		return p.fail(int(s.effect.pos), syntax, "Effect is Allow or Deny")
	}
	out.deny = s.effect.text == "Deny"
	if p.kind == RCP && !out.deny {
		return p.fail(int(s.effect.pos), organizations, "a resource control policy can only deny")
	}
	return nil
}

func (p *parser) sid(s *parts, out *statement) error {
	if s.sid == nil {
		return nil
	}
	if s.sid.kind != stringNode {
		return p.fail(int(s.sid.pos), syntax, "Sid is a string")
	}
	sid := s.sid.text
	free := p.kind == Resource || p.kind == Endpoint
	for i := range len(sid) {
		if !free && !isAlnum(sid[i]) {
			return p.fail(int(s.sid.pos), sidCharacters, "")
		}
	}
	if sid == "" {
		return nil
	}
	if p.sids[sid] {
		return p.fail(int(s.sid.pos), sidUnique, "")
	}
	if p.sids == nil {
		p.sids = make(map[string]bool)
	}
	p.sids[sid] = true
	return nil
}

func (p *parser) actions(s *parts, out *statement) error {
	n := s.action
	if s.notAction != nil {
		n, out.notAction = s.notAction, true
	}
	switch {
	case s.action != nil && s.notAction != nil:
		return p.fail(int(s.notAction.pos), syntax, "a statement has Action or NotAction, not both")
	case n == nil:
		return p.missing(s.element, "Action", noActions)
	case p.kind == RCP && out.notAction:
		return p.fail(int(n.pos), organizations, "a resource control policy has no NotAction")
	}
	list, err := p.strings(n)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return p.fail(int(n.pos), noActions, "")
	}
	out.actions.from = uint32(len(p.patterns))
	for _, v := range list {
		if message := checkAction(v.text); message != "" {
			return p.failValue(v, message)
		}
		pat := p.action(&v)
		if p.kind == Trust && pat.class != matchAll && !strings.HasPrefix(strings.ToLower(v.text), "sts:") {
			return p.failValue(v, trustActions)
		}
		p.patterns = append(p.patterns, pat)
	}
	out.actions.to = uint32(len(p.patterns))
	return nil
}

func (p *parser) resources(s *parts, out *statement) error {
	n := s.resource
	if s.notResource != nil {
		n, out.notResource = s.notResource, true
	}
	switch {
	case p.kind == Trust && n != nil:
		return p.fail(int(n.namePos), "Has prohibited field "+n.name, "")
	case p.kind == Trust:
		out.unbound = true
		return nil
	case s.resource != nil && s.notResource != nil:
		return p.fail(int(s.notResource.pos), syntax, "a statement has Resource or NotResource, not both")
	case n == nil && p.kind == Session && !out.deny:
		return nil
	case n == nil:
		return p.missing(s.element, "Resource", noResources)
	}
	list, err := p.strings(n)
	if err != nil {
		return err
	}
	if len(list) == 0 && (p.kind != Session || out.deny || out.notResource) {
		return p.fail(int(n.pos), noResources, "")
	}
	out.resources.from = uint32(len(p.patterns))
	for _, v := range list {
		if err := p.resource(v); err != nil {
			return err
		}
	}
	out.resources.to = uint32(len(p.patterns))
	return nil
}

func (p *parser) resource(v node) error {
	if v.text != "*" && !strings.HasPrefix(v.text, "arn:") {
		message := "Resource " + v.text + " must be in ARN format or \"*\"."
		if !p.legacy() {
			message = "Policy has invalid resource"
		}
		return p.failValue(v, message)
	}
	pat, ok := p.name(&v, p.vars)
	if !ok {
		return p.failValue(v, legacyParsing)
	}
	p.patterns = append(p.patterns, pat)
	if p.vars {
		p.mention(v.text)
	}
	return nil
}

// strings reads a string or a list of strings.
func (p *parser) strings(n *node) ([]node, error) {
	list := n.items
	if n.kind == stringNode {
		list = []node{*n}
	} else if n.kind != arrayNode {
		return nil, p.fail(int(n.pos), syntax, n.name+" is a string or a list of strings")
	}
	for i := range list {
		if list[i].kind != stringNode {
			return nil, p.fail(int(list[i].pos), syntax, n.name+" is a string or a list of strings")
		}
	}
	return list, nil
}
