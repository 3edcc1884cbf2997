package arn

// The constructors below name IAM and STS entities. path is IAM's path: it
// begins and ends with a slash, and "" means "/". Names are taken as they are;
// whoever makes an entity checks its name.

// Root names the account's root user, which in a Principal element stands for
// the whole account.
func Root(partition string, account AccountID) ARN {
	return iam(partition, account, "root")
}

// User names an IAM user.
func User(partition string, account AccountID, path, name string) ARN {
	return iam(partition, account, "user"+dir(path)+name)
}

// Group names an IAM group.
func Group(partition string, account AccountID, path, name string) ARN {
	return iam(partition, account, "group"+dir(path)+name)
}

// Role names an IAM role.
func Role(partition string, account AccountID, path, name string) ARN {
	return iam(partition, account, "role"+dir(path)+name)
}

// Policy names a managed policy. AWS's own managed policies have the account
// "aws".
func Policy(partition string, account AccountID, path, name string) ARN {
	return iam(partition, account, "policy"+dir(path)+name)
}

// InstanceProfile names an instance profile.
func InstanceProfile(partition string, account AccountID, path, name string) ARN {
	return iam(partition, account, "instance-profile"+dir(path)+name)
}

// OIDCProvider names an OpenID Connect provider by its URL without the scheme.
func OIDCProvider(partition string, account AccountID, host string) ARN {
	return iam(partition, account, "oidc-provider/"+host)
}

// SAMLProvider names a SAML provider.
func SAMLProvider(partition string, account AccountID, name string) ARN {
	return iam(partition, account, "saml-provider/"+name)
}

// MFADevice names a virtual MFA device.
func MFADevice(partition string, account AccountID, path, name string) ARN {
	return iam(partition, account, "mfa"+dir(path)+name)
}

// AssumedRole names a session of a role: the role's name without its path, and
// the session's name.
func AssumedRole(partition string, account AccountID, role, session string) ARN {
	return ARN{Partition: partition, Service: "sts", Account: string(account), Resource: "assumed-role/" + role + "/" + session}
}

// FederatedUser names a session of GetFederationToken.
func FederatedUser(partition string, account AccountID, name string) ARN {
	return ARN{Partition: partition, Service: "sts", Account: string(account), Resource: "federated-user/" + name}
}

func iam(partition string, account AccountID, resource string) ARN {
	return ARN{Partition: partition, Service: "iam", Account: string(account), Resource: resource}
}

func dir(path string) string {
	if path == "" {
		return "/"
	}
	return path
}
