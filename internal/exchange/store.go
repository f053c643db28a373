package exchange

import (
	"context"
	"io"
	"time"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/school"
)

// State is where an import stands.
type State string

// The states of an import. Applied and Failed are final.
const (
	Reading  State = "reading"  // the plan is being made
	Ready    State = "ready"    // it can be looked at and applied
	Applying State = "applying" // it is being written
	Applied  State = "applied"
	Failed   State = "failed" // the file cannot be read; Message says why
)

// Import is a file that was sent, and what became of it.
type Import struct {
	ID       string
	What     What
	FileName string
	SHA256   string // of the file, in hexadecimal
	Size     int64  // bytes
	State    State
	Detail   Detail
	Digest   string // of the plan that is shown
	By       rinnova.Actor
	SentAt   time.Time
	DoneAt   time.Time // when it was read, applied or failed; zero: not yet
}

// Detail is what is said of an import.
type Detail struct {
	Message rinnova.Text // why it failed
	Stale   bool         // data has changed since the plan that was to be applied
	Counts  Counts
	Notes   []rinnova.Text
	Sender  string `json:",omitempty"` // account that sent the file, where somebody has applied it
}

// NamedList is a price list that can be exported.
type NamedList struct {
	ID, Name  string
	ValidFrom rinnova.Date
}

// Store keeps imports with their plans.
type Store interface {
	InTx(ctx context.Context, fn func(context.Context) error) error
	Add(ctx context.Context, i Import) error
	// Import reads one; NotFound where there is none.
	Import(ctx context.Context, id string) (Import, error)
	// Imports reads the newest.
	Imports(ctx context.Context, limit int) ([]Import, error)
	// Move writes state, detail, digest and DoneAt of an import that is still in a state with a digest; false where it is not.
	Move(ctx context.Context, i Import, from State, digest string) (bool, error)
	// SetPages puts pages in place of those of an import.
	SetPages(ctx context.Context, id string, pages []Page) error
	// Page reads the rows of a page; none where there is no such page.
	Page(ctx context.Context, id string, v View, number int) ([]Row, error)
	// PriceLists names all price lists, the newest first.
	PriceLists(ctx context.Context) ([]NamedList, error)
}

// SchoolStore is what of schools is read and written.
type SchoolStore interface {
	All(ctx context.Context) ([]school.School, error)
	Add(ctx context.Context, s school.School) error
	UpdateFrom(ctx context.Context, s school.School) error
}

// Catalog is what of the catalog is read and written.
type Catalog interface {
	Products(ctx context.Context) ([]catalog.Product, error)
	PriceList(ctx context.Context, id string) (catalog.PriceList, error)
	AddPriceList(ctx context.Context, l catalog.PriceList, at time.Time) error
}

// RegistryImporter takes over the ministry's registry.
type RegistryImporter interface {
	ImportRegistry(ctx context.Context, r io.Reader, o school.ImportOptions, progress func(school.Progress)) (school.Report, error)
}
