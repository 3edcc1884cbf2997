// Command generate writes the shapes, codecs and operation tables of package
// wire's subpackages from the service models in internal/wire/models. It owns
// the translation from model to Go and reads nothing but these files; how
// values are spelled is left to package wire.
//
// It runs in internal/wire, by go generate, and takes no arguments. What it
// cannot translate faithfully (a trait, type or expression that the models did
// not have when it was written) is an error, never a silent omission.
//
// models.py beside it refreshes the models themselves.
package main
