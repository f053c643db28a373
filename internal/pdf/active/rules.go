package active

import (
	"encoding/hex"
	"regexp"
	"strings"
	"unicode"

	"rinnova/internal/pdf/incremental"
)

// actionKinds are the actions (ISO 32000-2, 12.6.4) that do more than move within the document, by their /S. Links to the web are
// looked at one by one: letters that word processors make are full of them, and nothing happens until somebody follows them.
var actionKinds = map[incremental.Name]Kind{
	"JavaScript": Script, "Launch": Launch, "SubmitForm": Sending, "ImportData": Sending, "GoToR": Elsewhere, "GoToE": Elsewhere, "GoToDp": Elsewhere,
	"SetOCGState": Layers, "Rendition": Media, "Movie": Media, "Sound": Media, "GoTo3DView": Media, "RichMediaExecute": Media,
}

// harmlessActions move within the document, or do nothing until somebody follows them.
var harmlessActions = map[incremental.Name]bool{
	"GoTo": true, "Named": true, "URI": true, "Hide": true, "ResetForm": true, "Trans": true, "Thread": true,
}

// typeKinds are objects of the kinds, by their /Type or /Subtype.
var typeKinds = map[incremental.Name]Kind{
	"RichMedia": Media, "3D": Media, "U3D": Media, "PRC": Media, "Movie": Media, "Sound": Media, "Screen": Media, "RichMediaContent": Media,
	"EmbeddedFile": Attachment, "FileAttachment": Attachment,
}

// telling are names that in an object which cannot be read are enough to refuse it: who repairs more might find what they name.
var telling = map[incremental.Name]Kind{
	"JavaScript": Script, "JS": Script, "Launch": Launch, "OpenAction": Opening, "AA": Automatic, "SubmitForm": Sending, "ImportData": Sending,
	"GoToR": Elsewhere, "GoToE": Elsewhere, "XFA": Form, "EmbeddedFile": Attachment, "EmbeddedFiles": Attachment, "EF": Attachment,
	"FileAttachment": Attachment, "Filespec": External, "URI": Link, "SetOCGState": Layers, "FFilter": External, "RichMedia": Media, "Rendition": Media,
}

// look looks at the keys of one dictionary.
func (s *search) look(d incremental.Dict) {
	name := func(key incremental.Name) incremental.Name {
		n, _ := d[key].(incremental.Name)
		return n
	}
	s.note(typeKinds[name("Type")], true)
	s.note(typeKinds[name("Subtype")], true)
	s.note(actionKinds[name("S")], true)
	s.note(Elsewhere, name("S") == "Thread" && given(d["F"]))
	s.note(Script, isText(d["JS"]) || given(d["JavaScript"]))
	s.note(Form, given(d["XFA"]))
	s.note(Attachment, isPlace(d["EF"]) || files(d["EmbeddedFiles"]) || isPlace(d["Collection"]) && given(d["Pages"]))
	s.note(External, namesAFile(d))
	s.note(Media, given(d["RichMediaContent"]) || given(d["3DD"]))
	s.address(d["URI"])
	if base, ok := d["URI"].(incremental.Dict); ok {
		s.address(base["Base"])
	}
	if o := d["OpenAction"]; given(o) {
		s.opens = append(s.opens, o)
	}
	switch o := d["AA"].(type) {
	case incremental.Dict:
		s.note(Automatic, areTriggers(o))
	case incremental.Ref:
		s.happens = append(s.happens, o.Number)
	}
}

// lookAtStream looks at what only streams have: bytes in another file, and pages and pictures of one.
func (s *search) lookAtStream(d incremental.Dict) {
	s.note(External, given(d["F"]) || given(d["FFilter"]) || given(d["FDecodeParms"]) || isPlace(d["OPI"]))
	s.note(External, d["Subtype"] == incremental.Name("Form") && isPlace(d["Ref"]))
}

func (s *search) note(k Kind, found bool) {
	if found && k != "" {
		s.found[k] = true
	}
}

// address looks at where a link leads.
func (s *search) address(o incremental.Object) {
	if r, ok := o.(incremental.Ref); ok {
		s.follows = append(s.follows, r.Number)
	}
	s.note(Link, isText(o) && !harmlessLink(o))
}

var (
	// scheme is how an address begins that is not one within the same site.
	scheme = regexp.MustCompile(`^([a-z][a-z0-9+.-]*):`)
	// port follows the name of a computer, which looks like a scheme.
	port = regexp.MustCompile(`^www\.[a-z0-9.-]+:[0-9]{1,5}([/?#]|$)`)
	// percent is a character in the notation of addresses.
	percent = regexp.MustCompile(`%[0-9A-Fa-f]{2}`)
)

// harmlessLink tells whether an address leads to a page, a mailbox or a telephone.
func harmlessLink(o incremental.Object) bool {
	b, _ := incremental.StringBytes(o)
	b = percent.ReplaceAllFunc(b, func(c []byte) []byte {
		plain, _ := hex.DecodeString(string(c[1:]))
		return plain
	})
	address := strings.ToLower(strings.Map(func(c rune) rune {
		if c == 0 || unicode.IsSpace(c) || !unicode.IsPrint(c) {
			return -1
		}
		return c
	}, strings.ToValidUTF8(string(b), "")))
	if strings.HasPrefix(strings.ReplaceAll(address, `\`, "/"), "//") {
		return false
	}
	m := scheme.FindStringSubmatch(address)
	if m == nil || port.MatchString(address) {
		return true
	}
	switch m[1] {
	case "http", "https", "mailto", "tel", "sms", "callto", "pec", "localhost":
		return true
	}
	return false
}

// isAction tells whether a dictionary is an action.
func isAction(d incremental.Dict) bool {
	n, ok := d["S"].(incremental.Name)
	_, indirect := d["S"].(incremental.Ref)
	return d["Type"] == incremental.Name("Action") || indirect || ok && (actionKinds[n] != "" || harmlessActions[n])
}

// triggers are the moments at which something can happen (12.6.3).
var triggers = map[incremental.Name]bool{
	"E": true, "X": true, "D": true, "U": true, "Fo": true, "Bl": true, "PO": true, "PC": true, "PV": true, "PI": true, "O": true, "C": true,
	"K": true, "F": true, "V": true, "WC": true, "WS": true, "DS": true, "WP": true, "DP": true,
}

// areTriggers tells whether a dictionary says what happens when, whatever else it says: readers pass over keys that they do not know.
// There are others with a key AA, for example of fonts by name.
func areTriggers(d incremental.Dict) bool {
	for k, v := range d {
		if triggers[k] && isPlace(v) {
			return true
		}
	}
	return false
}

// namesAFile tells whether a dictionary names a file that is not inside (7.11.3).
func namesAFile(d incremental.Dict) bool {
	switch d["Type"] {
	case incremental.Name("Filespec"), incremental.Name("FileSpec"), incremental.Name("F"):
		return !given(d["EF"])
	}
	return isText(d["UF"]) && !given(d["EF"])
}

// files tells whether the names of attachments might be any.
func files(o incremental.Object) bool {
	d, ok := o.(incremental.Dict)
	if !ok {
		return given(o)
	}
	names, ok := d["Names"].(incremental.Array)
	return given(d["Kids"]) || given(d["Names"]) && !(ok && len(names) == 0)
}

// given tells whether a key has a value.
func given(o incremental.Object) bool { return o != nil && o != incremental.Object(incremental.Null{}) }

// isPlace tells whether a value is a dictionary, or refers to something.
func isPlace(o incremental.Object) bool {
	switch o.(type) {
	case incremental.Dict, incremental.Ref:
		return true
	}
	return false
}

func isText(o incremental.Object) bool {
	_, ok := incremental.StringBytes(o)
	return ok
}
