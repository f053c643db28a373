package main

import (
	"fmt"
	"os"

	"rinnova"
	"rinnova/internal/letter"
)

type verifyLettersCmd struct{}

// errLetters ends the program with exit status 1; what is wrong has been printed.
var errLetters = rinnova.Fail(rinnova.Conflict, "Non tutte le lettere di nomina sono quelle che sono state registrate.")

// Run prints every letter, signed file and acceptance that does not hold, with the id of its school.
func (verifyLettersCmd) Run(r *run) error {
	a, err := r.existing()
	if err != nil {
		return err
	}
	defer a.Close()
	var all, faulty int
	err = a.Letters.ProveAll(r.ctx, func(f letter.Finding) {
		all++
		if len(f.Faults) > 0 {
			faulty++
		}
		for _, x := range f.Faults {
			fmt.Fprintf(os.Stdout, "%s\t%s\t%s\n", f.SchoolID, or(f.Name, "-"), r.lang.Text(x))
		}
	})
	if err != nil {
		return err
	}
	fmt.Println(r.lang.T("%d file di lettere di nomina controllati: %d non sono quelli registrati.", all, faulty))
	if faulty > 0 {
		return errLetters
	}
	return nil
}
