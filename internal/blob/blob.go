// Package blob keeps files: written once, durable before anybody says that they are there, never changed.
package blob

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// ErrExists says that there is a file with this key already.
var ErrExists = errors.New("blob: the file exists")

// Dir keeps files in a folder. Several processes may share it.
type Dir struct {
	Root string
}

// Put writes a file under key (slash-separated): to a temporary name, synced, linked to its own name, the folder
// synced. When it returns nil the file survives a power cut. ErrExists where the key is taken.
func (d Dir) Put(_ context.Context, key string, data []byte) error {
	name, err := d.name(key)
	if err != nil {
		return err
	}
	folder := filepath.Dir(name)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("blob: %w", err)
	}
	temp, err := writeTemp(folder, data)
	if err != nil {
		return fmt.Errorf("blob: %w", err)
	}
	defer os.Remove(temp)
	if err := os.Link(temp, name); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return ErrExists
		}
		return fmt.Errorf("blob: %w", err)
	}
	return syncDirs(d.Root, folder)
}

func writeTemp(folder string, data []byte) (name string, err error) {
	f, err := os.CreateTemp(folder, temporary+"*")
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if _, err := f.Write(data); err != nil {
		return "", err
	}
	if err := f.Sync(); err != nil {
		return "", err
	}
	return f.Name(), f.Close()
}

// syncDirs syncs the folder and those above it up to root: a new folder is an entry in the one above.
func syncDirs(root, folder string) error {
	for dir := folder; ; dir = filepath.Dir(dir) {
		f, err := os.Open(dir)
		if err != nil {
			return fmt.Errorf("blob: %w", err)
		}
		err = f.Sync()
		f.Close()
		if err != nil {
			return fmt.Errorf("blob: %w", err)
		}
		if dir == filepath.Clean(root) || len(dir) <= len(root) {
			return nil
		}
	}
}

// Get reads a file; fs.ErrNotExist where there is none.
func (d Dir) Get(_ context.Context, key string) ([]byte, error) {
	name, err := d.name(key)
	if err != nil {
		return nil, err
	}
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	return b, nil
}

// Has tells whether there is a file.
func (d Dir) Has(_ context.Context, key string) (bool, error) {
	name, err := d.name(key)
	if err != nil {
		return false, err
	}
	if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
		return false, nil
	} else if err != nil {
		return false, fmt.Errorf("blob: %w", err)
	}
	return true, nil
}

// List names the files of a folder in alphabetical order; none where there is no such folder.
func (d Dir) List(_ context.Context, folder string) ([]string, error) {
	name, err := d.name(folder)
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("blob: %w", err)
	}
	var out []string
	for _, e := range entries {
		if e.Type().IsRegular() && !strings.HasPrefix(e.Name(), temporary) {
			out = append(out, e.Name())
		}
	}
	return out, nil
}

// temporary begins the names of files that are being written.
const temporary = ".new-"

// Remove takes a file away that nothing speaks of any more; one that is not there is removed already.
func (d Dir) Remove(_ context.Context, key string) error {
	name, err := d.name(key)
	if err != nil {
		return err
	}
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("blob: %w", err)
	}
	return nil
}

// name maps a key into the folder and refuses whatever could lead out of it.
func (d Dir) name(key string) (string, error) {
	if !fs.ValidPath(key) || key == "." || strings.ContainsAny(key, `\:`) {
		return "", fmt.Errorf("blob: bad key %q", key)
	}
	return filepath.Join(d.Root, filepath.FromSlash(key)), nil
}
