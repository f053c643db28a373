// Package renewal is the heart: the frozen proposal, the school's draft, its confirmed revisions, and the states of a
// request until it is processed.
package renewal
