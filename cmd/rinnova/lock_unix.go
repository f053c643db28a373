//go:build unix

package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"rinnova"
)

// lockName is the file that the process which serves a data folder holds.
const lockName = "serving.lock"

// alone makes sure that this process is the only one that serves a folder with SQLite; free ends it, and so does the end of the process,
// however it comes. Commands that look or import may run beside it.
func (r *run) alone() (free func(), err error) {
	if r.config.DatabaseURL != "" {
		return func() {}, nil
	}
	if err := os.MkdirAll(r.config.Data, 0o700); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(r.config.Data, lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	switch err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); {
	case errors.Is(err, syscall.EWOULDBLOCK):
		f.Close()
		return nil, rinnova.Fail(rinnova.Conflict, "Un altro processo serve già la cartella %s: fermatelo, o indicatene un’altra con --data o RINNOVA_DATA.", r.config.Data)
	case err != nil:
		f.Close()
		return nil, fmt.Errorf("%s: %w", f.Name(), err)
	}
	return func() { f.Close() }, nil
}
