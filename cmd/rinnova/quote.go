package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"rinnova"
	"rinnova/internal/catalog"
)

type quoteCmd struct {
	File string `arg:"" help:"JSON file with cases; - reads standard input. docs/quotes.md describes the layout."`
}

// quoteFile is the layout of the file: cases with an input, to which quote adds what it expects. Everything else in the
// file is kept as it stands.
type quoteFile struct {
	Rules json.RawMessage `json:"rules,omitempty"`
	Cases []quoteCase     `json:"cases"`
}

type quoteCase struct {
	ID       string          `json:"id"`
	Why      string          `json:"why,omitempty"`
	Input    json.RawMessage `json:"input"`
	Expected quoteResult     `json:"expected"`
}

type quoteInput struct {
	Band  catalog.Band   `json:"band"`
	Cap   *rinnova.Cents `json:"cap"`
	Lines []struct {
		Fee    rinnova.Cents       `json:"fee"`
		Months int                 `json:"months"`
		InCap  bool                `json:"in_cap"`
		Ticked bool                `json:"ticked"`
		VAT    rinnova.BasisPoints `json:"vat_bp"`
		Parts  []struct {
			Fee    rinnova.Cents `json:"fee"`
			Months int           `json:"months"`
		} `json:"parts"`
	} `json:"lines"`
}

type quoteResult struct {
	Lines        []quoteLine   `json:"lines"`
	Included     rinnova.Cents `json:"included"`
	Reduction    rinnova.Cents `json:"reduction"`
	Excluded     rinnova.Cents `json:"excluded"`
	Taxable      rinnova.Cents `json:"taxable"`
	VATByRate    []quoteVAT    `json:"vat_by_rate"`
	VAT          rinnova.Cents `json:"vat"`
	Total        rinnova.Cents `json:"total"`
	SplitPayment quoteSplit    `json:"split_payment"`
}

type quoteLine struct {
	Amount    rinnova.Cents `json:"amount"`
	Reduction rinnova.Cents `json:"reduction"`
	Net       rinnova.Cents `json:"net"`
}

type quoteVAT struct {
	Rate    rinnova.BasisPoints `json:"rate_bp"`
	Taxable rinnova.Cents       `json:"taxable"`
	VAT     rinnova.Cents       `json:"vat"`
}

type quoteSplit struct {
	ToVendor rinnova.Cents `json:"to_vendor"`
	ToState  rinnova.Cents `json:"to_state"`
}

// Run computes every case with the one function of money and prints the file with the results.
func (c quoteCmd) Run(*run) error {
	data, err := read(c.File)
	if err != nil {
		return err
	}
	out, err := quote(data)
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(out)
	return err
}

func read(file string) ([]byte, error) {
	if file == "-" {
		return io.ReadAll(os.Stdin)
	}
	return os.ReadFile(file)
}

// quote fills in the results of a file of cases.
func quote(data []byte) ([]byte, error) {
	var f quoteFile
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, fmt.Errorf("not a file of cases: %w", err)
	}
	if len(f.Cases) == 0 {
		return nil, fmt.Errorf("the file has no cases")
	}
	for i := range f.Cases {
		c := &f.Cases[i]
		if err := c.compute(); err != nil {
			return nil, fmt.Errorf("case %d (%s): %w", i+1, c.ID, err)
		}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(f); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func (c *quoteCase) compute() error {
	var in quoteInput
	d := json.NewDecoder(bytes.NewReader(c.Input))
	if err := d.Decode(&in); err != nil {
		return err
	}
	lines := make([]catalog.QuoteLine, len(in.Lines))
	for i, l := range in.Lines {
		lines[i] = catalog.QuoteLine{Fee: l.Fee, Months: l.Months, InCap: l.InCap, Ticked: l.Ticked, VAT: l.VAT}
		for _, p := range l.Parts {
			lines[i].Parts = append(lines[i].Parts, catalog.QuotePart(p))
		}
	}
	if err := catalog.CheckQuote(in.Cap, lines); err != nil {
		return err
	}
	t := catalog.Quote(in.Cap, lines)
	c.Expected = quoteResult{
		Lines: []quoteLine{}, Included: t.Included, Reduction: t.Reduction, Excluded: t.Excluded, Taxable: t.Taxable, VATByRate: []quoteVAT{},
		VAT: t.VAT, Total: t.Total, SplitPayment: quoteSplit{t.ToVendor(true), t.ToState(true)},
	}
	for _, l := range t.Lines {
		c.Expected.Lines = append(c.Expected.Lines, quoteLine(l))
	}
	for _, v := range t.VATByRate {
		c.Expected.VATByRate = append(c.Expected.VATByRate, quoteVAT(v))
	}
	return nil
}
