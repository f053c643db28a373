package main

import (
	"os"
	"time"

	"rinnova/internal/demo"
	"rinnova/internal/locale"
	"rinnova/internal/tour"
)

type tourCmd struct {
	Out string `help:"Folder of contracts, reminders and mails." default:"./tour" type:"path"`
}

// Run plays the tour against the demonstration that runs at the configured address.
func (c tourCmd) Run(r *run) error {
	base := r.config.BaseURL
	if base == "" {
		base = "http://" + r.config.Addr
	}
	t := tour.Tour{
		Base: base, Out: c.Out, Say: os.Stdout, Password: demo.Password, Clerk: demo.Office[0].Username,
		Schools: []string{"SG00001", "SG00002", "SG00003"}, CIG: demo.CIG, Date: locale.Date(r.clock.Today()), Wait: time.Minute,
	}
	return t.Play()
}
