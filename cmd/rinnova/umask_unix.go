//go:build unix

package main

import "syscall"

// keepPrivate lets whatever this process makes be its owner's alone: passwords, papers and exported tables are nobody else's.
func keepPrivate() { syscall.Umask(0o077) }
