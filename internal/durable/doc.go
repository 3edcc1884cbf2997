// Package durable owns what a write of a file guarantees after a crash, and
// that the directories of a server belong to its user alone. It leaves the
// contents, and the choice of the place, to its callers.
//
// The one idea: a file is on the disk when its contents and the directory that
// names it have both been synced. A file is therefore written under another
// name, synced, given its name in one step, and the directory synced: at every
// moment, and after any crash, the name stands for the old contents or for the
// new ones, all of them.
package durable
