package app

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"rinnova"
)

// others are the rights on a file of everybody but its owner.
const others fs.FileMode = 0o077

// kept are what the data folder holds: nobody but the owner of the program reads any of it.
var kept = []string{databaseFile, databaseFile + "-wal", databaseFile + "-shm", databaseFile + "-journal", "files", "mailbox", "demo-key", sealKeyFile}

const databaseFile = "rinnova.db"

// prepare makes the data folder, and refuses one that other users of the computer can look into: it holds password hashes, signed
// papers and, in a demonstration, a key. The key that signs is held to the same.
func (c Config) prepare(log *slog.Logger) error {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	open, err := openToOthers(c.Data)
	if err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	if open && !(isEmpty(c.Data) && os.Chmod(c.Data, 0o700) == nil) {
		return rinnova.Fail(rinnova.Conflict, "La cartella dei dati %s è aperta ad altri utenti del computer: chiudetela con «chmod -R go= %s».", c.Data, quoted(c.Data))
	}
	for _, name := range kept {
		if err := closeToOthers(filepath.Join(c.Data, name), log); err != nil {
			return err
		}
	}
	return c.Sign.private()
}

// isEmpty tells a folder that somebody has just made for us.
func isEmpty(folder string) bool {
	all, err := os.ReadDir(folder)
	return err == nil && len(all) == 0
}

func openToOthers(path string) (bool, error) {
	f, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil && f.Mode().Perm()&others != 0, err
}

// closeToOthers takes the rights of others on what lies in a folder that was closed to them all along: nobody has read it. What is
// linked from elsewhere, or belongs to somebody else, is for a person to look at.
func closeToOthers(path string, log *slog.Logger) error {
	open, err := openToOthers(path)
	if err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	if !open {
		return nil
	}
	f, err := os.Lstat(path)
	if err == nil && f.Mode()&fs.ModeSymlink == 0 {
		if os.Chmod(path, f.Mode().Perm()&^others) == nil {
			log.Info("closed to other users of the computer", "file", path)
			return nil
		}
	}
	return rinnova.Fail(rinnova.Conflict, "%s è aperto ad altri utenti del computer: chiudetelo con «chmod -R go= %s/».", path, quoted(path))
}

// private refuses files with the key that signs, where others can read them.
func (c SignConfig) private() error {
	for _, file := range c.files() {
		secret, err := holdsKey(file)
		if err != nil || !secret {
			continue // what cannot be read is told where it is wanted: it keeps nobody from working
		}
		if open, err := openToOthers(file); err == nil && open {
			return rinnova.Fail(rinnova.Conflict, "Il file %s, con la chiave di firma, è aperto ad altri utenti del computer: chiudetelo con «chmod go= %s».", file, quoted(file))
		}
	}
	return nil
}

// files are those that the key may be in.
func (c SignConfig) files() []string {
	if c.PKCS12 != "" {
		return []string{c.PKCS12}
	}
	return c.PEM
}

// holdsKey tells a file with a key from one with certificates only, which everybody may read.
func holdsKey(file string) (bool, error) {
	data, err := os.ReadFile(file)
	return !strings.Contains(string(data), "-----BEGIN ") || strings.Contains(string(data), "PRIVATE KEY-----"), err
}

// quoted is a path as a shell takes it.
func quoted(path string) string {
	if strings.Trim(path, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-") == "" {
		return path
	}
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}
