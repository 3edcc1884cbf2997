// Rolecall is temporary access by assuming roles, run by yourself and
// wire-compatible with AWS.
//
//	rolecall serve --data-dir DIR      STS, IAM and S3 on one listener
//	rolecall assume ROLE_ARN           credentials of a role, for shells and programs
//	rolecall clock advance DURATION    move the clock of a server, to see things expire
//	rolecall demo                      the whole story on a throwaway server
//	rolecall policy test FILE          run a file of policy cases
//	rolecall policy validate FILE      tell what is wrong or unwise about a policy
//	rolecall policy decide CASE        decide one request and give the reasons
//	rolecall admin reset|root-key      a new administrator's or root user's key
//
// Exit codes: 0 done; 1 it failed; 2 the command line was not understood.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // the second signal does not wait
	os.Exit(run(ctx, os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr))
}
