package main

import (
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// unread are the settings in the environment that no flag reads: a name with a slip in it would be passed over in silence. What
// Kubernetes puts there for a service of our name is not meant for us.
func unread(environ []string, flags []*kong.Flag) []string {
	var out []string
	for _, e := range environ {
		name, _, _ := strings.Cut(e, "=")
		ours := slices.ContainsFunc(flags, func(f *kong.Flag) bool { return slices.Contains(f.Envs, name) })
		others := strings.HasPrefix(name, "RINNOVA_PORT") || strings.HasPrefix(name, "RINNOVA_SERVICE_") || strings.HasPrefix(name, "RINNOVA_TEST_")
		if strings.HasPrefix(name, "RINNOVA_") && !ours && !others {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}
