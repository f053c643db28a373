package blob_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"rinnova/internal/blob"
)

func TestAFileIsWrittenOnce(t *testing.T) {
	d := blob.Dir{Root: filepath.Join(t.TempDir(), "files")}
	ctx := t.Context()
	if _, err := d.Get(ctx, "contracts/2027/a.pdf"); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("missing file: %v", err)
	}
	if err := d.Put(ctx, "contracts/2027/a.pdf", []byte("one")); err != nil {
		t.Fatal(err)
	}
	if err := d.Put(ctx, "contracts/2027/a.pdf", []byte("two")); !errors.Is(err, blob.ErrExists) {
		t.Fatalf("a second file: %v", err)
	}
	if b, err := d.Get(ctx, "contracts/2027/a.pdf"); err != nil || string(b) != "one" {
		t.Fatalf("%q, %v", b, err)
	}
	left, err := filepath.Glob(filepath.Join(d.Root, "contracts/2027/.new-*"))
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestOneOfManyWins(t *testing.T) {
	d := blob.Dir{Root: t.TempDir()}
	var won atomic.Int64
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			switch err := d.Put(t.Context(), "x", bytes.Repeat([]byte{byte(i)}, 10_000)); {
			case err == nil:
				won.Add(1)
			case !errors.Is(err, blob.ErrExists):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	b, err := d.Get(t.Context(), "x")
	if won.Load() != 1 || err != nil || len(b) != 10_000 || bytes.Count(b, b[:1]) != 10_000 {
		t.Errorf("%d won, %d bytes, %v", won.Load(), len(b), err)
	}
}

func TestRemove(t *testing.T) {
	d := blob.Dir{Root: t.TempDir()}
	for range 2 { // the second time it is gone already
		if err := d.Put(t.Context(), "a/b", []byte("x")); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := d.Remove(t.Context(), "a/b"); err != nil {
				t.Error(err)
			}
		}
		if _, err := d.Get(t.Context(), "a/b"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("after it was removed: %v", err)
		}
	}
	if err := d.Remove(t.Context(), "../x"); err == nil {
		t.Error("a key that leads out was taken")
	}
}

func TestKeysStayInside(t *testing.T) {
	root := t.TempDir()
	d := blob.Dir{Root: filepath.Join(root, "files")}
	for _, key := range []string{"", ".", "..", "../x", "/etc/passwd", "a/../../x", "a//b", `a\b`, "C:x", "a/./b", "a/"} {
		if err := d.Put(t.Context(), key, []byte("x")); err == nil {
			t.Errorf("%q: written", key)
		}
		if _, err := d.Get(t.Context(), key); err == nil {
			t.Errorf("%q: read", key)
		}
	}
	entries, err := os.ReadDir(root)
	if err != nil || len(entries) > 1 {
		t.Errorf("outside the folder: %v, %v", entries, err)
	}
}

func TestAFolderThatCannotBeIsAnError(t *testing.T) {
	root := t.TempDir()
	file := filepath.Join(root, "not-a-folder")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	d := blob.Dir{Root: file}
	if err := d.Put(t.Context(), "x", []byte("x")); err == nil {
		t.Error("written into a file")
	}
}
