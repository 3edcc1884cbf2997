// Package client owns what the command line needs to talk to a server: whose
// credentials to use and where to send requests, as the usual profiles and AWS_
// variables say; assuming a role; the forms in which credentials are handed on;
// and signed calls of services that the AWS SDK has no client for. Flags, exit
// codes and what people read belong to the command.
//
// The one idea: nothing here knows whether the other side is Rolecall or AWS. An
// answer that refuses is an *apierr.Error in the words of the service; an answer
// that never came is an error that says what to set.
package client
