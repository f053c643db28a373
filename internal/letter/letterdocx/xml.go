package letterdocx

import "encoding/xml"

// The elements of WordprocessingML that the letter uses (ECMA-376, part 1, 17), their children in the order of the schema.

type empty struct{}

type value struct {
	Val string `xml:"w:val,attr"`
}

type para struct {
	XMLName    xml.Name        `xml:"w:p"`
	Properties *paraProperties `xml:"w:pPr"`
	Runs       []run
}

type paraProperties struct {
	Style           *value   `xml:"w:pStyle"`
	KeepNext        *empty   `xml:"w:keepNext"`
	PageBreakBefore *empty   `xml:"w:pageBreakBefore"`
	Borders         *borders `xml:"w:pBdr"`
	Tabs            *tabs    `xml:"w:tabs"`
	Spacing         *spacing `xml:"w:spacing"`
	Justify         *value   `xml:"w:jc"`
}

type spacing struct {
	Before int `xml:"w:before,attr"`
	After  int `xml:"w:after,attr"`
}

type borders struct {
	Bottom *border `xml:"w:bottom"`
}

type border struct {
	Kind  string `xml:"w:val,attr"`
	Size  int    `xml:"w:sz,attr"`
	Space int    `xml:"w:space,attr"`
	Color string `xml:"w:color,attr"`
}

type tabs struct {
	All []tab `xml:"w:tab"`
}

type tab struct {
	Kind string `xml:"w:val,attr"`
	At   int    `xml:"w:pos,attr"`
}

type run struct {
	XMLName     xml.Name       `xml:"w:r"`
	Properties  *runProperties `xml:"w:rPr"`
	Tab         *empty         `xml:"w:tab"`
	Field       *field         `xml:"w:fldChar"`
	Instruction *spaced        `xml:"w:instrText"`
	Text        *spaced        `xml:"w:t"`
}

type runProperties struct {
	Bold *empty `xml:"w:b"`
	Size *value `xml:"w:sz"`
}

type field struct {
	Kind string `xml:"w:fldCharType,attr"`
}

// spaced is text whose spaces count.
type spaced struct {
	Space string `xml:"xml:space,attr"`
	Text  string `xml:",chardata"`
}

type table struct {
	XMLName    xml.Name        `xml:"w:tbl"`
	Properties tableProperties `xml:"w:tblPr"`
	Grid       grid            `xml:"w:tblGrid"`
	Rows       []row
}

type tableProperties struct {
	Width   width         `xml:"w:tblW"`
	Borders *tableBorders `xml:"w:tblBorders"`
	Layout  *layout       `xml:"w:tblLayout"`
}

type tableBorders struct {
	Top     *border `xml:"w:top"`
	Bottom  *border `xml:"w:bottom"`
	InsideH *border `xml:"w:insideH"`
}

type layout struct {
	Kind string `xml:"w:type,attr"`
}

type width struct {
	W    string `xml:"w:w,attr"`
	Unit string `xml:"w:type,attr"`
}

type grid struct {
	Columns []column `xml:"w:gridCol"`
}

type column struct {
	W int `xml:"w:w,attr"`
}

type row struct {
	XMLName    xml.Name       `xml:"w:tr"`
	Properties *rowProperties `xml:"w:trPr"`
	Cells      []cell
}

type rowProperties struct {
	KeepWhole *empty `xml:"w:cantSplit"`
	Head      *empty `xml:"w:tblHeader"`
}

type cell struct {
	XMLName    xml.Name `xml:"w:tc"`
	Width      width    `xml:"w:tcPr>w:tcW"`
	Paragraphs []para
}

type section struct {
	XMLName xml.Name        `xml:"w:sectPr"`
	Footer  footerReference `xml:"w:footerReference"`
	Size    size            `xml:"w:pgSz"`
	Margins margins         `xml:"w:pgMar"`
}

type footerReference struct {
	Type string `xml:"w:type,attr"`
	ID   string `xml:"r:id,attr"`
}

type size struct {
	W int `xml:"w:w,attr"`
	H int `xml:"w:h,attr"`
}

type margins struct {
	Top    int `xml:"w:top,attr"`
	Right  int `xml:"w:right,attr"`
	Bottom int `xml:"w:bottom,attr"`
	Left   int `xml:"w:left,attr"`
	Header int `xml:"w:header,attr"`
	Footer int `xml:"w:footer,attr"`
	Gutter int `xml:"w:gutter,attr"`
}
