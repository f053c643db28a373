package sign

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// opensslBench makes keys and signs and verifies with openssl (Debian package openssl).
type opensslBench struct {
	t   *testing.T
	dir string
}

func (o opensslBench) try(args ...string) error {
	cmd := exec.Command("openssl", args...)
	cmd.Dir = o.dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("openssl %v: %w\n%s", args, err, out)
	}
	return nil
}

func (o opensslBench) run(args ...string) {
	o.t.Helper()
	if err := o.try(args...); err != nil {
		o.t.Fatal(err)
	}
}

func (o opensslBench) write(name string, b []byte) {
	o.t.Helper()
	if err := os.WriteFile(filepath.Join(o.dir, name), b, 0o600); err != nil {
		o.t.Fatal(err)
	}
}

func (o opensslBench) read(name string) []byte {
	o.t.Helper()
	b, err := os.ReadFile(filepath.Join(o.dir, name))
	if err != nil {
		o.t.Fatal(err)
	}
	return b
}

// verifies tells whether openssl finds a signature good.
func (o opensslBench) verifies(p7m []byte) bool {
	o.write("verify.p7m", p7m)
	return o.try("cms", "-verify", "-noverify", "-binary", "-inform", "DER", "-in", "verify.p7m", "-out", "out") == nil
}

// TestAgainstOpenSSL signs in every way in which openssl does that people here may meet, and holds both verdicts against each
// other: of what it has signed, and of the same with something changed.
func TestAgainstOpenSSL(t *testing.T) {
	if testing.Short() {
		t.Skip("starts some hundreds of processes")
	}
	o := opensslBench{t, t.TempDir()}
	content := append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("una riga del documento\r\n"), 200)...)
	o.write("in", content)
	for name, args := range map[string][]string{
		"rsa": {"-newkey", "rsa:2048"}, "pss": {"-newkey", "rsa-pss", "-pkeyopt", "rsa_keygen_bits:2048"}, "p256": {"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"},
		"p384": {"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"}, "p521": {"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-521"}, "ed25519": {"-newkey", "ed25519"},
	} {
		o.run(append([]string{"req", "-x509", "-nodes", "-keyout", name + ".key", "-out", name + ".crt", "-days", "30", "-subj", "/CN=FIRMATARIO/O=Ente"}, args...)...)
	}
	signers := map[string][]string{"rsa": nil, "rsa signs pss": {"-keyopt", "rsa_padding_mode:pss"}, "rsa signs pss with a short salt": {"-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:8"},
		"pss": {"-keyopt", "rsa_padding_mode:pss"}, "p256": nil, "p384": nil, "p521": nil, "ed25519": nil}
	hashes := []string{"sha1", "sha224", "sha256", "sha384", "sha512", "sha512-256", "sha3-256", "sha3-384", "sha3-512"}
	ways := map[string][]string{"": nil, "without attributes": {"-noattr"}, "by key": {"-keyid"}, "cades": {"-cades"}, "written as it goes": {"-stream"}}
	made, skipped := 0, 0
	for signer, options := range signers {
		key := signer
		if len(signer) > 3 && signer[:3] == "rsa" {
			key = "rsa"
		}
		for _, hash := range hashes {
			for way, more := range ways {
				if way != "" && hash != "sha256" && key != "rsa" || way != "" && len(options) > 0 {
					continue // what a way to sign changes does not depend on key and digest
				}
				args := []string{"cms", "-sign", "-binary", "-nodetach", "-outform", "DER", "-md", hash, "-signer", key + ".crt", "-inkey", key + ".key", "-in", "in", "-out", "p7m"}
				if o.try(append(append(args, options...), more...)...) != nil {
					skipped++ // there are pairs that openssl does not sign
					continue
				}
				made++
				o.hold(fmt.Sprintf("%s, %s, %s", signer, hash, way), o.read("p7m"), content, hash == "sha1")
			}
		}
	}
	t.Logf("%d ways to sign, %d that openssl does not", made, skipped)
	if made < 80 {
		t.Errorf("only %d ways to sign", made)
	}
}

// hold holds the two verdicts on a file against each other, and on the same file with one byte of the content, of the attributes and
// of the signature changed. What holds only by a weak digest is left unchecked here.
func (o opensslBench) hold(name string, p7m, content []byte, weak bool) {
	o.t.Helper()
	at := bytes.Index(p7m, []byte("una riga"))
	for change, where := range map[string]int{"": -1, "its content changed": at + 3, "its signature changed": len(p7m) - 12} {
		b := bytes.Clone(p7m)
		if where >= 0 {
			b[where] ^= 1
		}
		theirs := where < 0
		if where < 0 || bytes.HasSuffix([]byte(name), []byte("sha256, ")) {
			theirs = o.verifies(b)
		}
		f, err := InspectFile(b)
		ours := err == nil && len(f.Signatures) == 1 && f.Signatures[0].Integrity == Intact
		if weak && where < 0 {
			ours = err == nil && f.Signatures[0].Integrity == Unchecked
		}
		if ours != theirs || theirs != (where < 0) {
			o.t.Errorf("%s, %s: openssl %t, ours %t: %+v %v", name, change, theirs, ours, f.Signatures, err)
		}
		if where == at+3 && err == nil && f.Signatures[0].Integrity != Altered {
			o.t.Errorf("%s, %s: %s", name, change, f.Signatures[0].Integrity)
		}
	}
}

// A signature that brings along the revocations of a large authority is no larger to check than another.
func TestManyRevocations(t *testing.T) {
	o := opensslBench{t, t.TempDir()}
	o.write("in", []byte("%PDF-1.7\n"))
	o.run("req", "-x509", "-nodes", "-newkey", "rsa:2048", "-keyout", "k", "-out", "c", "-days", "30", "-subj", "/CN=FIRMATARIO")
	o.run("cms", "-sign", "-binary", "-nodetach", "-outform", "DER", "-signer", "c", "-inkey", "k", "-in", "in", "-out", "p7m")
	p7m := withRevocations(t, o.read("p7m"), 150_000)
	f, err := InspectFile(p7m)
	if err != nil || f.Signatures[0].Integrity != Intact || !o.verifies(p7m) {
		t.Errorf("%d bytes: %+v, %v", len(p7m), f.Signatures, err)
	}
}

// FuzzInspectFile looks for panics and for work without end.
func FuzzInspectFile(f *testing.F) {
	f.Add([]byte{0x30, 0x80, 0, 0})
	f.Add([]byte("0\x80\x06\t*\x86H\x86\xf7\r\x01\x07\x02\xa0\x800\x80\x02\x01\x011\x00"))
	f.Fuzz(func(_ *testing.T, b []byte) { InspectFile(b) })
}
