package campaign

import (
	"slices"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/school"
)

// Setup is what the vendor chooses for a campaign beside its dates. The zero value asks everybody, makes no reminders and
// offers nothing beyond what schools have.
type Setup struct {
	Filter   Filter
	Payments []string `json:",omitempty"` // codes of the vendor's payment terms that schools can choose; empty: all
	// Threshold is how much dearer than last year a proposal may be before it is odd; 0 is DefaultThreshold.
	Threshold rinnova.BasisPoints `json:",omitempty"`
	Rhythm    Rhythm              `json:",omitempty"`
	Suggest   bool                `json:",omitempty"` // products are offered to schools that do not have them (catalog.Product.Offer)
	Years     []YearsOffer        `json:",omitempty"` // several years, for products outside the cap
	NoticeBy  rinnova.Date        // until when a school can say that it does not renew; zero: until the close
	Together  bool                `json:",omitempty"` // one order and one CIG for this campaign and the other kind's
	Reminders Reminders
}

// DefaultThreshold is ten percent.
const DefaultThreshold rinnova.BasisPoints = 1000

// OddAbove is how much dearer than last year a proposal may be before it is odd.
func (s Setup) OddAbove() rinnova.BasisPoints {
	if s.Threshold == 0 {
		return DefaultThreshold
	}
	return s.Threshold
}

// Filter says which schools take part. An empty list leaves nobody out.
type Filter struct {
	Regions   []string           `json:",omitempty"`
	Provinces []string           `json:",omitempty"` // codes: RG
	Cycles    []catalog.Audience `json:",omitempty"`
	Products  []string           `json:",omitempty"` // ids: only schools that have one of these
	Except    []string           `json:",omitempty"` // ministry codes
}

// Takes tells whether a school takes part. Products are those that it has, by id.
func (f Filter) Takes(s school.School, products []string) bool {
	in := func(list []string, x string) bool { return len(list) == 0 || slices.Contains(list, x) }
	switch {
	case slices.Contains(f.Except, s.MinistryCode), !in(f.Regions, s.Region), !in(f.Provinces, s.ProvinceCode):
		return false
	case len(f.Cycles) > 0 && !slices.ContainsFunc(f.Cycles, func(a catalog.Audience) bool { return Reaches(a, s) }):
		return false
	case len(f.Products) > 0 && !slices.ContainsFunc(products, func(id string) bool { return slices.Contains(f.Products, id) }):
		return false
	}
	return true
}

// Reaches tells whether an audience has a school in it: the third and fourth characters of the ministry code are its type.
func Reaches(a catalog.Audience, s school.School) bool {
	switch a {
	case catalog.Nobody:
		return false
	case catalog.FirstCycle:
		return s.FirstCycle()
	case catalog.SecondCycle:
		return !s.FirstCycle()
	}
	return true
}

// Rhythm is the periods that a campaign renews.
type Rhythm string

// The rhythms.
const (
	// ToTheEnd renews each product from the day after its period to the end of the campaign's: what ended during the year gets
	// a shorter period.
	ToTheEnd Rhythm = ""
	// OwnRhythm renews each product for twelve months from the day after its period. Where that does not end with the campaign's
	// period the school is offered, beside it, a period that does.
	OwnRhythm Rhythm = "own"
)

// YearsOffer is an offer to renew for several years at once.
type YearsOffer struct {
	Years int                 // 2, 3…
	Step  rinnova.BasisPoints // by how much the fee grows from one year to the next; 0: it is fixed
}

// Reminders say whom a campaign reminds, and when. The zero value reminds nobody.
type Reminders struct {
	Before    []int `json:",omitempty"` // days before the close, to who has not confirmed
	NoCIGDays int   `json:",omitempty"` // days after the draft was begun without a CIG; 0: never
	PerMinute int   `json:",omitempty"` // how many leave in a minute; 0 is DefaultPace
}

// DefaultPace is how many reminders leave in a minute.
const DefaultPace = 30
