package main

import (
	"errors"
	"fmt"

	"rinnova/identifier"
	"rinnova/internal/locale"
)

type checkCmd struct {
	Kind  string   `arg:"" enum:"cig,meccanografico,cf,piva,cuu,cup,letter" help:"cig, meccanografico, cf, piva, cuu or cup; letter for files as schools send them."`
	Codes []string `arg:"" help:"Codes, or files, to check."`
}

var checks = map[string]func(string) identifier.Result{
	"cig": identifier.CIG, "meccanografico": identifier.Meccanografico, "cf": identifier.CF,
	"piva": identifier.PIVA, "cuu": identifier.CUU, "cup": identifier.CUP,
}

var errRefused = errors.New("at least one is refused")

// Run prints a line for each code: the code as it is stored, its kind, ok, warn or refused, and why.
func (c checkCmd) Run(r *run) error {
	if c.Kind == "letter" {
		return checkLetters(r, c.Codes)
	}
	refused := false
	for _, code := range c.Codes {
		res := checks[c.Kind](code)
		refused = refused || res.Verdict == identifier.Refused
		why := res.Why.Italian
		if r.lang == locale.English {
			why = res.Why.English
		}
		fmt.Printf("%s\t%s\t%s\t%s\n", or(res.Normalised, "-"), or(res.Kind, "-"), res.Verdict, why)
	}
	if refused {
		return errRefused
	}
	return nil
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
