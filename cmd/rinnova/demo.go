package main

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"rinnova/internal/app"
	"rinnova/internal/demo"
)

type demoCmd struct {
	Reset   bool `help:"Start over: forget all data of the demonstration first."`
	Prepare bool `help:"Make the data and end, without serving."`
	Verbose bool `help:"Log every request."`
	Schools int  `help:"Only so many schools, for trying things quickly; 0 is all of them."`
}

// Run serves the demonstration, making it first where there is none.
func (c demoCmd) Run(r *run) error {
	if !c.Verbose {
		r.log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	}
	free, err := r.alone()
	if err != nil {
		return err
	}
	defer free()
	if c.Reset {
		if r.config.DatabaseURL != "" {
			return errors.New("--reset removes SQLite data only: empty the PostgreSQL database yourself")
		}
		if err := demo.Forget(r.ctx, r.config.Data, r.clock()); err != nil {
			return err
		}
	}
	a, err := r.open(demo.Install(r.config.Data))
	if err != nil {
		return err
	}
	defer a.Close()
	if err := demo.Seed(r.ctx, a, demo.Options{Schools: c.Schools}, func(s string) { fmt.Println(s) }); err != nil {
		return err
	}
	if err := demo.Letters(r.ctx, a, filepath.Join(r.config.Data, "demo-key", "scuole")); err != nil {
		return err
	}
	if c.Prepare {
		return nil
	}
	return r.listen(a, func() { welcome(a) })
}

func welcome(a *app.App) {
	fmt.Printf(`
  Rinnova, dimostrazione: %[1]s

  Scuola    nome utente  SUPERVISOR.SG00001   (e così via, una per ogni istituto)
            password     %[2]s
  Ufficio   nome utente  OPERATORE.UNO (elabora), RESPONSABILE (prepara le campagne),
                         AMMINISTRATORE (approva i listini)
            password     %[2]s

  Posta     %[1]s/posta   (nessun messaggio parte davvero)
  CIG       per provare: %[3]s, %[4]s, %[5]s

  Fornitore, prezzi, utenti e codici fiscali sono inventati; le scuole sono quelle
  dell’anagrafe pubblica del Ministero (IODL 2.0). Ctrl+C per finire.

`, a.Base, demo.Password, demo.CIG(1), demo.CIG(2), demo.CIG(3))
}
