// Package catalog owns the table of AWS's services: their actions, resource
// types and condition keys, as AWS's Service Authorization Reference publishes
// them. What a policy means never depends on it, so it stays apart from package
// policy, whose importers need not carry it; judging policies by it is for
// others. ORIGIN.md says where the table comes from.
//
// The one idea: the table is compressed service by service, and a service is
// unpacked when it is first asked for, once. All functions may be called
// concurrently; what they return is shared and must not be changed.
package catalog
