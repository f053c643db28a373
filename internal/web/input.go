package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"rinnova"
	"rinnova/internal/locale"
)

// AckField is the name of the checkboxes «È giusto così, l’ho controllato»; their values are the codes of the warnings.
const AckField = "controllato"

// FormState is what came back from looking at a form: its problems, and the codes of the warnings that the reader has
// acknowledged (r.PostForm[AckField]). The zero FormState is a form that nobody has sent yet.
type FormState struct {
	Problems     rinnova.Problems
	Acknowledged []string
}

// Input is a field of a form, for the components Field, TextArea, Select, Choice and Check.
type Input struct {
	Name     string // in the form, and of the field's problems
	ID       string // "" is Name
	Label    string
	Value    string
	Required bool
	Help     string
	More     Link      // what to read about the field; it opens in another tab, so that nothing typed is lost
	State    FormState // of the whole form: the field takes what is its own

	Type         string // of Field; "" is text
	MaxLength    int    // 0 is none
	InputMode    string // numeric, decimal, email
	Autocomplete string // "" is off: what schools type here is not about the person
	Code         bool   // a code: even letters, capitals, no spelling
	ReadOnly     bool
	Checked      bool     // of Check
	Options      []Option // of Select and Choice
	Rows         int      // of TextArea; 0 is 4
	Note         string   // what becomes of the value, said with its messages
	Live         bool     // its messages can be exchanged alone: patch MessagesID with Messages
	Attrs        templ.Attributes
}

// Option is something to choose.
type Option struct {
	Value, Text string
	Group       string // of a Select: the head under which it stands, with those before and after it; "" is none
}

func (f Input) id() string {
	if f.ID != "" {
		return f.ID
	}
	return f.Name
}

func (f Input) problems() rinnova.Problems { return f.State.Problems.Of(f.Name) }

func (f Input) refused() bool { return len(f.problems().Refused()) > 0 }

func (f Input) warned() bool { return !f.refused() && len(f.problems().Warnings()) > 0 }

// describedBy lists the ids of help and messages, in the order in which they are read out.
func (f Input) describedBy() string {
	var ids []string
	if f.Help != "" {
		ids = append(ids, f.helpID())
	}
	if f.Live {
		return strings.Join(append(ids, MessagesID(f.id())), " ")
	}
	for i := range f.problems() {
		ids = append(ids, f.messageID(i))
	}
	return strings.Join(ids, " ")
}

func (f Input) helpID() string { return f.id() + "-aiuto" }

// MessagesID is the id of the element around the messages of a field that is Live.
func MessagesID(id string) string { return id + "-msg" }

func (f Input) messageID(i int) string { return f.id() + "-msg" + strconv.Itoa(i) }

func (f Input) optionID(i int) string {
	if i == 0 {
		return f.id() // the error summary leads to the first option
	}
	return f.id() + "-" + strconv.Itoa(i)
}

func (f Input) inputType() string {
	if f.Type == "" {
		return "text"
	}
	return f.Type
}

func (f Input) rows() string {
	if f.Rows == 0 {
		return "4"
	}
	return strconv.Itoa(f.Rows)
}

// attributes are those that fields of text and selects share.
func (f Input) attributes() templ.Attributes {
	a := templ.Attributes{}
	if f.Required {
		a["required"] = true
	}
	if f.ReadOnly {
		a["readonly"] = true
	}
	if f.refused() {
		a["aria-invalid"] = "true"
	}
	if d := f.describedBy(); d != "" {
		a["aria-describedby"] = d
	}
	if f.MaxLength > 0 {
		a["maxlength"] = strconv.Itoa(f.MaxLength)
	}
	if f.InputMode != "" {
		a["inputmode"] = f.InputMode
	}
	if f.Code {
		a["autocapitalize"], a["spellcheck"] = "characters", "false"
	}
	a["autocomplete"] = "off"
	if f.Autocomplete != "" {
		a["autocomplete"] = f.Autocomplete
	}
	for k, v := range f.Attrs {
		a[k] = v
	}
	return a
}

// describes ties a group of options to its help and messages.
func (f Input) describes() templ.Attributes {
	a := templ.Attributes{}
	if d := f.describedBy(); d != "" {
		a["aria-describedby"] = d
	}
	return a
}

func (s FormState) acknowledged(code string) bool { return slices.Contains(s.Acknowledged, code) }

// Links makes the lines of an error summary from the problems that cannot be passed over: the field's name, what is
// wrong, and the way to it. Fields without a name in labels show the sentence alone.
func (s FormState) Links(l locale.Lang, labels map[string]string) []Link {
	return problemLinks(l, s.Problems.Refused(), labels)
}

// Doubts are the same lines of what is only asked about.
func (s FormState) Doubts(l locale.Lang, labels map[string]string) []Link {
	return problemLinks(l, s.Problems.Warnings(), labels)
}

func problemLinks(l locale.Lang, problems rinnova.Problems, labels map[string]string) []Link {
	var out []Link
	for _, p := range problems {
		text := l.Text(p.Text)
		if name := labels[p.Field]; name != "" {
			text = name + ": " + text
		}
		out = append(out, Link{Text: text, Href: "#" + p.Field})
	}
	return out
}
