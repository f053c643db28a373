package school

import "time"

// CorrectionView chooses corrections by where they stand.
type CorrectionView string

// The views of the office's list.
const (
	AllCorrections     CorrectionView = ""
	WaitingCorrections CorrectionView = "waiting" // something waits for a decision
	DecidedCorrections CorrectionView = "decided" // nothing does
)

// CorrectionRow is a line of the office's list.
type CorrectionRow struct {
	ID         string
	School     string // short name
	Province   string
	PortalCode string
	By         string // user name
	Registry   bool   // the registry asks, not the school
	At         time.Time
	Fields     []Field // in the order of Correctable
	Waiting    int
}

// CorrectionCounts counts corrections by where they stand.
type CorrectionCounts struct{ All, Waiting int }
