package active_test

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rinnova/internal/pdf/active"
)

// page is a file of one page with more in its catalog, on its page, and as objects from 4 on.
func page(catalog, onPage string, more ...string) []byte {
	objects := append([]string{
		"<</Type/Catalog/Pages 2 0 R" + catalog + ">>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]" + onPage + ">>"}, more...)
	return written(objects)
}

func written(objects []string) []byte {
	b := []byte("%PDF-1.7\n")
	xref := fmt.Appendf(nil, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for i, o := range objects {
		xref = fmt.Appendf(xref, "%010d 00000 n \n", len(b))
		b = fmt.Appendf(b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := len(b)
	return fmt.Appendf(append(b, xref...), "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
}

const script = "<</S/JavaScript/JS(app.alert\\(1\\))>>"

// each kind of activity as files really have it.
func samples() map[string]struct {
	file []byte
	want []active.Kind
} {
	type sample = struct {
		file []byte
		want []active.Kind
	}
	annotation := func(action string) []byte {
		return page("", "/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A"+action+">>]")
	}
	is := func(file []byte, kinds ...active.Kind) sample { return sample{file, kinds} }
	return map[string]sample{
		"nothing":                                  is(page("", "")),
		"opens at a page":                          is(page("/OpenAction[3 0 R/Fit]", "")),
		"opens at a page, by an object":            is(page("/OpenAction 4 0 R", "", "[3 0 R/XYZ null null 0]")),
		"opens at a page, by an action":            is(page("/OpenAction<</S/GoTo/D[3 0 R/Fit]>>", "")),
		"opens at a named place":                   is(page("/OpenAction(inizio)", "")),
		"links to the web":                         is(annotation("<</S/URI/URI(https://www.scuola.example/a?b=c)>>")),
		"links to a mailbox":                       is(annotation("<</Type/Action/S/URI/URI(mailto:a@b.example)>>")),
		"links without a scheme":                   is(annotation("<</S/URI/URI(www.scuola.example:80/x)>>")),
		"links by an object":                       is(page("", "/Annots[<</Subtype/Link/A<</S/URI/URI 4 0 R>>>>]", "(http://a.example)")),
		"a base of links":                          is(page("/URI<</Base(https://a.example/)>>", "")),
		"turns the page":                           is(annotation("<</S/Named/N/NextPage>>")),
		"fonts called like actions":                is(page("", "/Resources<</Font<</AA 4 0 R/JS 4 0 R/F 4 0 R>>>>", "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")),
		"no attachments any more":                  is(page("/Names<</EmbeddedFiles<</Names[]>>>>", "")),
		"structure":                                is(page("/StructTreeRoot<</Type/StructTreeRoot/K<</S/Document/P 1 0 R/AF null>>>>", "")),
		"script when opened":                       is(page("/OpenAction"+script, ""), active.Script, active.Opening),
		"script when opened, by an object":         is(page("/OpenAction 4 0 R", "", script), active.Script, active.Opening),
		"script after going to a page":             is(page("/OpenAction<</S/GoTo/D[3 0 R/Fit]/Next 4 0 R>>", "", script), active.Script, active.Opening),
		"the web when opened":                      is(page("/OpenAction<</S/URI/URI(https://a.example)>>", ""), active.Opening),
		"the web after going to a page":            is(page("/OpenAction<</S/GoTo/D[3 0 R/Fit]/Next[<</S/URI/URI(https://a.example)>>]>>", ""), active.Opening),
		"prints when opened":                       is(page("/OpenAction<</S/Named/N/Print>>", ""), active.Opening),
		"script in the names":                      is(page("/Names<</JavaScript<</Names[(a)4 0 R]>>>>", "", script), active.Script),
		"script in a stream":                       is(page("", "", "<</S/JavaScript/JS 5 0 R>>", "<</Length 9>>stream\napp.beep(\nendstream"), active.Script),
		"script by the name of an object":          is(page("", "/Annots[<</A<</S 4 0 R/JS(x)>>>>]", "/JavaScript"), active.Script),
		"script on closing":                        is(page("/AA<</WC"+script+">>", ""), active.Script, active.Automatic),
		"something when the page turns":            is(page("", "/AA<</O<</S/GoTo/D[3 0 R/Fit]>>>>"), active.Automatic),
		"the same, by an object":                   is(page("", "/AA 4 0 R", "<</O<</S/GoTo/D[3 0 R/Fit]>>>>"), active.Automatic),
		"script in a field":                        is(page("/AcroForm<</Fields[<</FT/Tx/T(a)/Kids[<</AA<</K"+script+">>>>]>>]>>", ""), active.Script, active.Automatic),
		"a program":                                is(annotation("<</S/Launch/F(cmd.exe)/Win<</F(cmd.exe)/P(/c calc)>>>>"), active.Launch),
		"a form that is sent":                      is(annotation("<</S/SubmitForm/F<</FS/URL/F(https://a.example)>>>>"), active.Sending),
		"data that come":                           is(annotation("<</S/ImportData/F(a.fdf)>>"), active.Sending),
		"another document":                         is(annotation("<</S/GoToR/F(altro.pdf)/D[0/Fit]>>"), active.Elsewhere),
		"an attached document":                     is(annotation("<</S/GoToE/D[0/Fit]/T<</R/C/N(a)>>>>"), active.Elsewhere),
		"a link to a file":                         is(annotation("<</S/URI/URI(file:///c:/a.exe)>>"), active.Link),
		"a link to a share":                        is(annotation("<</S/URI/URI(\\\\\\\\server\\\\a)>>"), active.Link),
		"a link that is a script":                  is(annotation("<</S/URI/URI( JavaScript:alert\\(1\\))>>"), active.Link),
		"a link to a file, by an object":           is(page("", "/Annots[<</A<</S/URI/URI 4 0 R>>>>]", "(file:///a)"), active.Link),
		"a base that is a folder":                  is(page("/URI<</Base(file:///c:/)>>", ""), active.Link),
		"a dynamic form":                           is(page("/AcroForm<</Fields[]/XFA[(template)4 0 R]>>", "", "<</Length 4>>stream\n<a/>\nendstream"), active.Form),
		"an attachment":                            is(page("/Names<</EmbeddedFiles<</Names[(a.exe)4 0 R]>>>>", "", "<</Type/Filespec/F(a.exe)/EF<</F 5 0 R>>>>", "<</Type/EmbeddedFile/Length 2>>stream\nMZ\nendstream"), active.Attachment),
		"an attachment on the page":                is(page("", "/Annots[<</Subtype/FileAttachment/FS 4 0 R>>]", "<</F(a.exe)/EF<</F 5 0 R>>>>", "<</Length 2>>stream\nMZ\nendstream"), active.Attachment),
		"an associated file":                       is(page("/AF[4 0 R]", "", "<</Type/Filespec/F(a.xml)/UF(a.xml)/EF<</F 5 0 R>>>>", "<</Length 2>>stream\n<>\nendstream"), active.Attachment),
		"a collection":                             is(page("/Collection<</View/T>>", ""), active.Attachment),
		"bytes in another file":                    is(page("", "/Contents 4 0 R", "<</Length 0/F(c:/secret.txt)>>stream\n\nendstream"), active.External),
		"a picture on the web":                     is(page("", "", "<</Type/XObject/Subtype/Image/F<</FS/URL/F(http://a.example/i)>>/Length 0>>stream\n\nendstream"), active.External),
		"a filter of another file":                 is(page("", "", "<</FFilter/FlateDecode/Length 0>>stream\n\nendstream"), active.External),
		"a page of another file":                   is(page("", "", "<</Type/XObject/Subtype/Form/BBox[0 0 1 1]/Ref<</F(a.pdf)/Page 0>>/Length 0>>stream\n\nendstream"), active.External),
		"a name of another file":                   is(page("", "", "<</Type/Filespec/F(//server/a)>>"), active.External),
		"a film":                                   is(page("", "/Annots[<</Subtype/Screen/A<</S/Rendition/OP 0>>>>]"), active.Media),
		"a sound":                                  is(page("", "/Annots[<</Subtype/Sound/Sound 4 0 R>>]"), active.Media),
		"a rich medium":                            is(page("", "/Annots[<</Subtype/RichMedia/RichMediaContent<<>>>>]"), active.Media),
		"a model":                                  is(page("", "/Annots[<</Subtype/3D/3DD 4 0 R>>]"), active.Media),
		"something beside a key that nobody knows": is(page("", "/AA<</O<</S/URI/URI(https://a.example)>>/Junk 1>>"), active.Automatic),
		"something beside a key without a value":   is(page("", "/AA<</O<</S/GoTo/D[3 0 R/Fit]>>/X null>>"), active.Automatic),
		"the same, by an object with a type":       is(page("", "/AA 4 0 R", "<</Type/AA/O<</S/GoTo/D[3 0 R/Fit]>>>>"), active.Automatic),
		"printing, beside another key":             is(page("/AA<</WP<</S/Named/N/Print>>/q 1>>", ""), active.Automatic),
		"layers that change by themselves":         is(page("", "/AA<</O<</S/SetOCGState/State[/Toggle 4 0 R]>>/J 1>>", "<</Type/OCG/Name(x)>>"), active.Automatic, active.Layers),
		"layers that change by a link":             is(annotation("<</S/SetOCGState/State[/Toggle 4 0 R]>>"), active.Layers),
		"fonts called like moments":                is(page("", "/Resources<</Font<</AA 4 0 R/O 4 0 R>>>>", "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")),
		"opens at a page, or else the web":         is(page("/OpenAction<</S/URI/S/GoTo/URI(https://a.example)/D[3 0 R/Fit]>>", ""), active.Opening),
		"a link to a program":                      is(annotation("<</S/URI/URI(com.epicgames.launcher://x)>>"), active.Link),
		"a link to a file in percent":              is(annotation("<</S/URI/URI(%66ile:///c:/x.exe)>>"), active.Link),
		"a link to a share, both ways":             is(annotation("<</S/URI/URI(/\\\\server/a)>>"), active.Link),
		"links with percent":                       is(annotation("<</S/URI/URI(https://a.example/100%25%3Fa%3Ab?c=50%)>>")),
		"all at once":                              is(page("/OpenAction"+script+"/AA<</WC<</S/Launch/F(a)>>>>", ""), active.Script, active.Launch, active.Opening, active.Automatic),
	}
}

func find(t testing.TB, file []byte) []active.Kind {
	t.Helper()
	kinds, err := active.Find(t.Context(), file)
	if err != nil {
		t.Error(err)
	}
	return kinds
}

func TestFind(t *testing.T) {
	for name, x := range samples() {
		if d := cmp.Diff(x.want, find(t, x.file)); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

// hidings are ways to keep something from those who look for it.
var hidings = map[string]func([]byte) []byte{
	"as it is": func(b []byte) []byte { return b },
	"names in hexadecimal": func(b []byte) []byte {
		for _, n := range []string{"JavaScript", "JS", "Launch", "OpenAction", "AA", "SubmitForm", "ImportData", "GoToR", "GoToE", "URI", "XFA", "EmbeddedFiles", "EmbeddedFile",
			"EF", "Filespec", "FileAttachment", "Collection", "FFilter", "Ref", "Rendition", "Screen", "Sound", "RichMedia", "3D", "3DD"} {
			escaped := fmt.Sprintf("/#%02X%s#%02x", n[0], n[1:len(n)-1], n[len(n)-1])
			for _, after := range []string{"/", "<", "(", "[", " "} {
				b = bytes.ReplaceAll(b, []byte("/"+n+after), []byte(escaped+after))
			}
		}
		return b
	},
	"comments in the heads": func(b []byte) []byte { return bytes.ReplaceAll(b, []byte(" 0 obj\n"), []byte(" %x\r0%y\nobj ")) },
	"an older revision": func(b []byte) []byte {
		clean := page("", "")
		start := bytes.LastIndex(b, []byte("\nxref\n")) + 1
		out := append(bytes.Clone(b), bytes.TrimPrefix(clean[:bytes.Index(clean, []byte("xref\n"))], []byte("%PDF-1.7\n"))...)
		at := func(n int) int { return bytes.LastIndex(out, fmt.Appendf(nil, "\n%d 0 obj", n)) + 1 }
		one, two, three := at(1), at(2), at(3)
		here := len(out)
		return fmt.Appendf(out, "xref\n1 3\n%010d 00000 n \n%010d 00000 n \n%010d 00000 n \ntrailer\n<</Size 9/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n", one, two, three, start, here)
	},
	"nothing refers to it": func(b []byte) []byte { return bytes.Replace(b, []byte("/Root 1 0 R"), []byte("/Root 9 0 R"), 1) },
	"a key twice": func(b []byte) []byte {
		return bytes.ReplaceAll(bytes.ReplaceAll(b, []byte("/OpenAction<<"), []byte("/OpenAction[3 0 R/Fit]/OpenAction<<")), []byte("/S/Launch"), []byte("/S/Launch/S/GoTo"))
	},
	"in the stream of another object": func(b []byte) []byte {
		return append([]byte("%PDF-1.7\n8 0 obj\n<</Length 99999>>stream\n"), b...)
	},
	"with a broken end": func(b []byte) []byte { return bytes.ReplaceAll(b, []byte(">>\nendobj"), []byte(">> ]\nendobj")) },
	"in object streams": packed,
	"in object streams of no type, cut": func(b []byte) []byte {
		return bytes.ReplaceAll(packed(b), []byte("/Type/ObjStm"), nil)
	},
}

// packed puts the objects that are no streams into an object stream.
func packed(b []byte) []byte {
	var header, body, rest bytes.Buffer
	n := 0
	for part := range strings.SplitSeq(string(b), "endobj\n") {
		at := strings.Index(part, " 0 obj\n")
		if at < 0 {
			continue
		}
		number := part[strings.LastIndex("\n"+part[:at], "\n"):at]
		if strings.Contains(part, "stream\n") {
			rest.WriteString(part + "endobj\n")
			continue
		}
		fmt.Fprintf(&header, "%s %d ", number, body.Len())
		body.WriteString(part[at+len(" 0 obj\n"):] + " ")
		n++
	}
	var z bytes.Buffer
	w := zlib.NewWriter(&z)
	w.Write(header.Bytes())
	w.Write(body.Bytes())
	w.Close()
	return fmt.Appendf(nil, "%%PDF-1.7\n%s90 0 obj\n<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>stream\n%s\nendstream\nendobj\n%%%%EOF\n",
		rest.String(), n, header.Len(), z.Len(), z.Bytes())
}

// However it is hidden, it is found; and what is harmless is not taken for something else.
func TestFindHidden(t *testing.T) {
	all := samples()
	for hiding, hide := range hidings {
		for _, name := range slices.Sorted(maps.Keys(all)) {
			x := all[name]
			if d := cmp.Diff(x.want, find(t, hide(x.file))); d != "" {
				t.Errorf("%s, %s (-want +got):\n%s", name, hiding, d)
			}
		}
	}
}

// What cannot be read is looked at for names that tell; what cannot be unpacked is said to be so.
func TestFindInWhatIsBroken(t *testing.T) {
	for name, x := range map[string]struct {
		file []byte
		want []active.Kind
	}{
		"opens by way of an object":       {page("/OpenAction 4 0 R", "", "5 0 R", "<</S/URI/URI(https://a.example)>>"), []active.Kind{active.Opaque}},
		"what happens, too large to read": {page("", "/AA 4 0 R", "<</O<</S/URI/URI(http://a.example)>>/J["+strings.Repeat("0 ", 300_000)+"]>>"), []active.Kind{active.Automatic, active.Link}},
		"what opens, too large to read":   {page("/OpenAction 4 0 R", "", "<</S/GoTo/J["+strings.Repeat("0 ", 300_000)+"]>>"), []active.Kind{active.Opening}},
		"where a link leads, unreadable":  {page("", "/Annots[<</Subtype/Link/A<</S/URI/URI 4 0 R>>>>]", "(file:///a"), []active.Kind{active.Link}},
		"a dictionary without end":        {page("", "", "<</S/JavaScript/JS(x)"), []active.Kind{active.Script}},
		"a string without end":            {page("", "", "<</A(/S/Java#53cript"), []active.Kind{active.Script}},
		"nested too deep":                 {page("", "", strings.Repeat("[", 100)+"<</S/Launch>>"), []active.Kind{active.Launch}},
		"very many":                       {page("", "", "["+strings.Repeat("0 ", 300_000)+"/XFA]"), []active.Kind{active.Form}},
		"a number cut in two by a head":   {page("", "", "<</A(5 0 obj)/S/Launch>>"), []active.Kind{active.Launch}},
		"an unknown filter":               {page("", "", "<</Type/ObjStm/N 1/First 4/Filter/LZWDecode/Length 3>>stream\nabc\nendstream"), []active.Kind{active.Opaque}},
		"not compressed":                  {page("", "", "<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length 3>>stream\nabc\nendstream"), []active.Kind{active.Opaque}},
		"places behind its end":           {page("", "", "<</Type/ObjStm/N 1/First 99/Length 19>>stream\n4 0 <</S/SubmitForm>>\nendstream"), []active.Kind{active.Sending}},
		"no places":                       {page("", "", "<</Type/ObjStm/N -1/First 4/Length 19>>stream\n4 0 <</S/SubmitForm>>\nendstream"), []active.Kind{active.Sending}},
		"its length is a lie":             {page("", "", "<</Type/ObjStm/N 1/First 4/Length 3>>stream\n4 0 <</S/SubmitForm>>\nendstream"), []active.Kind{active.Sending}},
		"a bomb":                          {bomb(), []active.Kind{active.Opaque}},
	} {
		if d := cmp.Diff(x.want, find(t, x.file)); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

// bomb unpacks to far more than it is.
func bomb() []byte {
	var z bytes.Buffer
	w := zlib.NewWriter(&z)
	w.Write(make([]byte, 15<<20))
	w.Close()
	one := fmt.Sprintf("<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n%s\nendstream", z.Len(), z.Bytes())
	return page("", "", slices.Repeat([]string{one}, 20)...)
}

// FuzzFind looks for panics and for work without end.
func FuzzFind(f *testing.F) {
	for _, x := range samples() {
		f.Add(x.file)
		f.Add(packed(x.file))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		found, err := active.Find(t.Context(), b)
		if err != nil {
			return
		}
		if twice, err := active.Find(t.Context(), append(bytes.Clone(b), "\n9 0 obj\n"+script...)); err == nil && !slices.Contains(twice, active.Script) && !slices.Contains(twice, active.Opaque) {
			t.Errorf("a script behind it is not found, only %v and %v", found, twice)
		}
	})
}
