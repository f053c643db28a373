// Package locale puts words, amounts and dates in front of people.
//
// Italian is the language of the trade: sentences stand in the source in Italian, and the Italian sentence is the
// key of its translation (the files in en/, one for each package that speaks). Documents and mails are always Italian;
// screens are Italian unless the reader asks for English.
package locale

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"sync"

	"rinnova"
)

// Lang is a language that screens can speak.
type Lang string

// The languages.
const (
	Italian Lang = "it"
	English Lang = "en"
)

// Parse returns the language named by s; anything unknown is Italian.
func Parse(s string) Lang {
	if Lang(s) == English {
		return English
	}
	return Italian
}

//go:embed en/*.json
var files embed.FS

var english = sync.OnceValue(func() map[string]string {
	m, err := load(files)
	if err != nil {
		panic(err) // the files are compiled in: a bad one fails every test
	}
	return m
})

func load(fsys fs.FS) (map[string]string, error) {
	names, err := fs.Glob(fsys, "en/*.json")
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	for _, n := range names {
		b, err := fs.ReadFile(fsys, n)
		if err != nil {
			return nil, err
		}
		var m map[string]string
		if err := json.Unmarshal(b, &m); err != nil {
			return nil, fmt.Errorf("%s: %w", n, err)
		}
		for k, v := range m {
			if old, ok := all[k]; ok && old != v {
				return nil, fmt.Errorf("%s: %q has two translations: %q and %q", n, k, old, v)
			}
			all[k] = v
		}
	}
	return all, nil
}

// T writes an Italian sentence in the language l. The sentence is a format for Sprintf, with %s and %d; arguments of
// the vocabulary's types are written in the reader's way: Cents as an amount with €, BasisPoints in percent, Date as a day, Text translated.
// A sentence without a translation stays Italian: better than nothing, and a test finds it.
func (l Lang) T(sentence string, args ...any) string {
	if l == English {
		if e, ok := english()[sentence]; ok {
			sentence = e
		}
	}
	if len(args) == 0 {
		return sentence
	}
	return fmt.Sprintf(sentence, l.values(args)...)
}

// Text writes a sentence of the domain.
func (l Lang) Text(t rinnova.Text) string {
	if l == English && t.English != "" {
		if len(t.Args) == 0 {
			return t.English
		}
		return fmt.Sprintf(t.English, l.values(t.Args)...)
	}
	return l.T(t.Format, t.Args...)
}

func (l Lang) values(args []any) []any {
	out := make([]any, len(args))
	for i, a := range args {
		switch v := a.(type) {
		case rinnova.Cents:
			out[i] = Euro(v)
		case rinnova.BasisPoints:
			out[i] = Percent(v)
		case rinnova.Date:
			out[i] = Date(v)
		case rinnova.Text:
			out[i] = l.Text(v)
		default:
			out[i] = a
		}
	}
	return out
}
