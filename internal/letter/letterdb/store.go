// Package letterdb keeps the letters and their signed files in the database.
package letterdb

import (
	"rinnova/internal/db"
)

// Store keeps letters.
type Store struct {
	DB *db.DB
}
