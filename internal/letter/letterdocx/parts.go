package letterdocx

import (
	"encoding/xml"
	"time"
)

// The small parts of the package (ECMA-376, part 2): what is in it, what belongs to what, who made it.

// raw is a part that is written by hand.
type raw string

func marshal(content any) ([]byte, error) {
	if s, ok := content.(raw); ok {
		return []byte(xml.Header + string(s)), nil
	}
	b, err := xml.Marshal(content)
	return append([]byte(xml.Header), b...), err
}

type types struct {
	XMLName   xml.Name `xml:"http://schemas.openxmlformats.org/package/2006/content-types Types"`
	Defaults  []typeDefault
	Overrides []typeOverride
}

type typeDefault struct {
	XMLName   xml.Name `xml:"Default"`
	Extension string   `xml:",attr"`
	Type      string   `xml:"ContentType,attr"`
}

type typeOverride struct {
	XMLName xml.Name `xml:"Override"`
	Part    string   `xml:"PartName,attr"`
	Type    string   `xml:"ContentType,attr"`
}

func contentTypes() types {
	const word = "application/vnd.openxmlformats-officedocument.wordprocessingml."
	return types{
		Defaults: []typeDefault{
			{Extension: "rels", Type: "application/vnd.openxmlformats-package.relationships+xml"},
			{Extension: "xml", Type: "application/xml"},
		},
		Overrides: []typeOverride{
			{Part: "/docProps/core.xml", Type: "application/vnd.openxmlformats-package.core-properties+xml"},
			{Part: "/word/document.xml", Type: word + "document.main+xml"},
			{Part: "/word/styles.xml", Type: word + "styles+xml"},
			{Part: "/word/numbering.xml", Type: word + "numbering+xml"},
			{Part: "/word/settings.xml", Type: word + "settings+xml"},
			{Part: "/word/footer1.xml", Type: word + "footer+xml"},
		},
	}
}

type relations struct {
	XMLName xml.Name `xml:"http://schemas.openxmlformats.org/package/2006/relationships Relationships"`
	All     []relation
}

type relation struct {
	XMLName xml.Name `xml:"Relationship"`
	ID      string   `xml:"Id,attr"`
	Type    string   `xml:",attr"`
	Target  string   `xml:",attr"`
}

// office is the namespace of relations and of their ids.
const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

// footerID is the footer's id among the relations of the document.
const footerID = "rId4"

func packageRelations() relations {
	return relations{All: []relation{
		{ID: "rId1", Type: office + "/officeDocument", Target: "word/document.xml"},
		{ID: "rId2", Type: "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties", Target: "docProps/core.xml"},
	}}
}

func documentRelations() relations {
	return relations{All: []relation{
		{ID: "rId1", Type: office + "/styles", Target: "styles.xml"},
		{ID: "rId2", Type: office + "/numbering", Target: "numbering.xml"},
		{ID: "rId3", Type: office + "/settings", Target: "settings.xml"},
		{ID: footerID, Type: office + "/footer", Target: "footer1.xml"},
	}}
}

type core struct {
	XMLName  xml.Name `xml:"cp:coreProperties"`
	CP       string   `xml:"xmlns:cp,attr"`
	DC       string   `xml:"xmlns:dc,attr"`
	Terms    string   `xml:"xmlns:dcterms,attr"`
	XSI      string   `xml:"xmlns:xsi,attr"`
	Title    string   `xml:"dc:title"`
	Creator  string   `xml:"dc:creator"`
	Language string   `xml:"dc:language"`
	Created  created  `xml:"dcterms:created"`
}

type created struct {
	Type string `xml:"xsi:type,attr"`
	At   string `xml:",chardata"`
}

func coreProperties(title, creator string, at time.Time) core {
	return core{
		CP: "http://schemas.openxmlformats.org/package/2006/metadata/core-properties", DC: "http://purl.org/dc/elements/1.1/",
		Terms: "http://purl.org/dc/terms/", XSI: "http://www.w3.org/2001/XMLSchema-instance",
		Title: title, Creator: creator, Language: "it-IT", Created: created{"dcterms:W3CDTF", at.UTC().Format(time.RFC3339)},
	}
}

const wordNamespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

// styles are those of the letter; sizes are in half points, distances in twentieths of a point.
const styles = `<w:styles xmlns:w="` + wordNamespace + `">` +
	`<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial" w:eastAsia="Arial"/><w:sz w:val="19"/><w:szCs w:val="19"/>` +
	`<w:lang w:val="it-IT" w:eastAsia="it-IT" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="80" w:line="259" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>` +
	`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>` +
	`<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont"><w:name w:val="Default Paragraph Font"/></w:style>` +
	`<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="0" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>` +
	`<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr><w:spacing w:before="240" w:after="0"/><w:jc w:val="center"/></w:pPr><w:rPr><w:b/><w:sz w:val="28"/><w:szCs w:val="28"/></w:rPr></w:style>` +
	`<w:style w:type="paragraph" w:styleId="Subtitle"><w:name w:val="Subtitle"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr><w:spacing w:after="200"/><w:jc w:val="center"/></w:pPr></w:style>` +
	`<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:qFormat/><w:pPr><w:keepNext/><w:spacing w:before="160" w:after="40"/><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>` +
	`<w:style w:type="paragraph" w:styleId="Head"><w:name w:val="Intestazione della scuola"/><w:basedOn w:val="Normal"/><w:pPr><w:spacing w:after="0"/><w:jc w:val="center"/></w:pPr><w:rPr><w:sz w:val="17"/><w:szCs w:val="17"/></w:rPr></w:style>` +
	`<w:style w:type="paragraph" w:styleId="Clause"><w:name w:val="Punto"/><w:basedOn w:val="Normal"/><w:pPr><w:jc w:val="both"/></w:pPr></w:style>` +
	`<w:style w:type="paragraph" w:styleId="Cell"><w:name w:val="Cella"/><w:basedOn w:val="Normal"/><w:pPr><w:spacing w:before="40" w:after="40" w:line="240" w:lineRule="auto"/></w:pPr><w:rPr><w:sz w:val="17"/><w:szCs w:val="17"/></w:rPr></w:style>` +
	`<w:style w:type="paragraph" w:styleId="Small"><w:name w:val="Nota"/><w:basedOn w:val="Normal"/><w:pPr><w:spacing w:after="0"/></w:pPr><w:rPr><w:sz w:val="15"/><w:szCs w:val="15"/></w:rPr></w:style>` +
	`<w:style w:type="paragraph" w:styleId="Item"><w:name w:val="Voce di elenco"/><w:basedOn w:val="Normal"/><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:spacing w:after="40"/></w:pPr></w:style>` +
	`</w:styles>`

// numbering is the dash of lists.
const numbering = `<w:numbering xmlns:w="` + wordNamespace + `"><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/>` +
	`<w:numFmt w:val="bullet"/><w:lvlText w:val="–"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="284" w:hanging="284"/></w:pPr></w:lvl></w:abstractNum>` +
	`<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>`

const settings = `<w:settings xmlns:w="` + wordNamespace + `"><w:defaultTabStop w:val="708"/><w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>`
