//go:build !unix

package main

// alone does nothing where files are not locked so.
func (r *run) alone() (free func(), err error) { return func() {}, nil }
