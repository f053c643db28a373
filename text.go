package rinnova

import (
	"encoding/json"
	"fmt"
	"reflect"
)

// Texts are kept in snapshots (a contract's band, a revision's warnings) and must read the same years later, so their
// values keep their types in JSON: an amount stays an amount, a rate a rate.

type textJSON struct {
	Format  string      `json:"format,omitempty"`
	Args    []valueJSON `json:"args,omitempty"`
	English string      `json:"english,omitempty"`
}

// valueJSON is one value of a Text under the name of its type.
type valueJSON struct {
	Cents *Cents       `json:"cents,omitempty"`
	Rate  *BasisPoints `json:"rate,omitempty"`
	Date  *Date        `json:"date,omitempty"`
	Text  *Text        `json:"text,omitempty"`
	Int   *int64       `json:"int,omitempty"`
	Str   *string      `json:"str,omitempty"`
}

// MarshalJSON writes the sentence with its values apart. A value of a type that sentences do not take is an error.
func (t Text) MarshalJSON() ([]byte, error) {
	out := textJSON{Format: t.Format, English: t.English}
	for _, a := range t.Args {
		v, err := valueOf(a)
		if err != nil {
			return nil, fmt.Errorf("sentence %q: %w", t.Format, err)
		}
		out.Args = append(out.Args, v)
	}
	return json.Marshal(out)
}

func valueOf(a any) (valueJSON, error) {
	switch v := a.(type) {
	case Cents:
		return valueJSON{Cents: &v}, nil
	case BasisPoints:
		return valueJSON{Rate: &v}, nil
	case Date:
		return valueJSON{Date: &v}, nil
	case Text:
		return valueJSON{Text: &v}, nil
	}
	switch r := reflect.ValueOf(a); r.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		n := r.Int()
		return valueJSON{Int: &n}, nil
	case reflect.String:
		s := r.String()
		return valueJSON{Str: &s}, nil
	}
	return valueJSON{}, fmt.Errorf("a value of type %T cannot be kept", a)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (t *Text) UnmarshalJSON(b []byte) error {
	var in textJSON
	if err := json.Unmarshal(b, &in); err != nil {
		return err
	}
	*t = Text{Format: in.Format, English: in.English}
	for _, v := range in.Args {
		a, err := v.value()
		if err != nil {
			return fmt.Errorf("sentence %q: %w", in.Format, err)
		}
		t.Args = append(t.Args, a)
	}
	return nil
}

func (v valueJSON) value() (any, error) {
	switch {
	case v.Cents != nil:
		return *v.Cents, nil
	case v.Rate != nil:
		return *v.Rate, nil
	case v.Date != nil:
		return *v.Date, nil
	case v.Text != nil:
		return *v.Text, nil
	case v.Int != nil:
		return int(*v.Int), nil
	case v.Str != nil:
		return *v.Str, nil
	}
	return nil, fmt.Errorf("a value without a type")
}
