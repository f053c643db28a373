package rinnova

// Role is what an account may do.
type Role string

// The roles: one for the schools, four for the vendor's office, one for the program itself.
const (
	RoleSchool    Role = "school"
	RoleClerk     Role = "clerk"
	RoleManager   Role = "manager"
	RoleSignatory Role = "signatory"
	RoleAdmin     Role = "admin"
	RoleSystem    Role = "system"
)

// Actor is who does something: an account that has logged in, or the program itself. The zero Actor is nobody.
type Actor struct {
	AccountID string
	Username  string // SUPERVISOR.SG00001, or the office user's name
	Name      string // for people
	Role      Role
	SchoolID  string // only for RoleSchool
}

// System is the program acting by itself, in a job or a command.
var System = Actor{Username: "rinnova", Name: "Rinnova", Role: RoleSystem}

// IsOffice tells whether the actor belongs to the vendor's office.
func (a Actor) IsOffice() bool {
	switch a.Role {
	case RoleClerk, RoleManager, RoleSignatory, RoleAdmin:
		return true
	}
	return false
}

// IsSchool tells whether the actor belongs to the school with this id.
func (a Actor) IsSchool(id string) bool {
	return a.Role == RoleSchool && id != "" && a.SchoolID == id
}

// IsManager tells whether the actor prepares seasons: price lists, campaigns, what schools have.
func (a Actor) IsManager() bool { return a.Role == RoleManager || a.Role == RoleAdmin }
