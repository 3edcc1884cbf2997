package main

import (
	"fmt"
	"strings"

	"rolecall.dev/rolecall/arn"
	"rolecall.dev/rolecall/policy"
)

// request makes a request of the flags.
func (q *question) request() (*policy.Request, error) {
	caller, err := callerOf(q.principal)
	if err != nil {
		return nil, err
	}
	req := &policy.Request{Principal: caller, Action: q.action, Resource: q.resource, ResourceAccount: q.account}
	target, err := arn.Parse(q.resource)
	service, name, _ := strings.Cut(q.action, ":")
	switch {
	case service == "" || name == "" || strings.ContainsAny(q.action, "*? "):
		return nil, fmt.Errorf("--action %q is not one action, SERVICE:NAME", q.action)
	case err != nil && q.resource != "*":
		return nil, fmt.Errorf("--resource %q is neither an ARN nor \"*\"", q.resource)
	case req.ResourceAccount == "" && err == nil:
		req.ResourceAccount = target.Account
	}
	if req.ResourceAccount == "" {
		req.ResourceAccount = caller.Account
	}
	if caller.Type == policy.Federated {
		req.Principal.Account = req.ResourceAccount
	}
	context, err := q.keys(&caller)
	req.Context = context
	return req, err
}

// keys are the condition keys: what the caller gives, and what the flags say.
func (q *question) keys(caller *policy.Principal) (*policy.Values, error) {
	given := map[string][]string{}
	for _, pair := range q.context {
		key, value, found := strings.Cut(pair, "=")
		if !found || key == "" {
			return nil, fmt.Errorf("--context %q is not KEY=VALUE", pair)
		}
		key = strings.ToLower(key)
		given[key] = append(given[key], value)
	}
	for key, value := range callerKeys(caller) {
		if _, found := given[key]; !found && value != "" {
			given[key] = []string{value}
		}
	}
	return policy.MakeValues(given), nil
}

func callerKeys(caller *policy.Principal) map[string]string {
	keys := map[string]string{"aws:principalaccount": caller.Account}
	switch caller.Type {
	case policy.User:
		keys["aws:principalarn"] = caller.ARN
		keys["aws:username"] = caller.ARN[strings.LastIndexByte(caller.ARN, '/')+1:]
	case policy.RoleSession:
		keys["aws:principalarn"] = caller.Role
	case policy.FederatedUser, policy.Root:
		keys["aws:principalarn"] = caller.ARN
	}
	return keys
}

// callerOf reads the caller from its name. A role stands for a session of it
// that is called "session".
func callerOf(name string) (policy.Principal, error) {
	if name == "anonymous" {
		return policy.Principal{Type: policy.Anonymous}, nil
	}
	a, err := arn.Parse(name)
	switch {
	case err == nil:
		return callerOfARN(name, a)
	case strings.HasSuffix(name, ".amazonaws.com") && !strings.HasPrefix(name, "cognito-identity."):
		return policy.Principal{Type: policy.Service, ARN: name}, nil
	case strings.Contains(name, ".") && !strings.ContainsAny(name, " :"):
		return policy.Principal{Type: policy.Federated, ARN: name}, nil
	}
	return policy.Principal{}, fmt.Errorf("--principal %q is no principal", name)
}

func callerOfARN(name string, a arn.ARN) (policy.Principal, error) {
	p := policy.Principal{ARN: name, Account: a.Account}
	sort, rest, _ := strings.Cut(a.Resource, "/")
	switch a.Service + ":" + sort {
	case "iam:root":
		p.Type = policy.Root
	case "iam:user":
		p.Type = policy.User
	case "iam:role":
		p.Type, p.Role, p.Session = policy.RoleSession, name, "session"
		p.ARN = arn.AssumedRole(a.Partition, arn.AccountID(a.Account), a.Name(), p.Session).String()
	case "sts:assumed-role":
		role, session, _ := strings.Cut(rest, "/")
		p.Type, p.Session = policy.RoleSession, session
		p.Role = arn.Role(a.Partition, arn.AccountID(a.Account), "/", role).String()
	case "sts:federated-user":
		p.Type = policy.FederatedUser
	case "iam:oidc-provider", "iam:saml-provider":
		p.Type = policy.Federated
	default:
		return p, fmt.Errorf("--principal %q is no principal", name)
	}
	return p, nil
}
