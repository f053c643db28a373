package main

import (
	"fmt"
	"net/http"
	"time"
)

type readyCmd struct{}

// Run asks the portal at the configured address whether it is ready; exit status 1 where it is not.
func (readyCmd) Run(r *run) error {
	client := http.Client{Timeout: 2 * time.Second}
	res, err := client.Get("http://" + r.config.Addr + "/healthz")
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", r.config.Addr, res.Status)
	}
	fmt.Println("ready")
	return nil
}
