// Package schooldb keeps the schools in the database.
package schooldb

import (
	"context"
	"fmt"
	"strings"

	"rinnova"
	"rinnova/internal/db"
	"rinnova/internal/latin"
	"rinnova/internal/school"
	"rinnova/internal/school/schooldb/query"
)

// Store implements school.Store.
type Store struct {
	DB *db.DB
}

var (
	_ school.Store           = Store{}
	_ school.CorrectionStore = Store{}
)

// InTx runs fn in a transaction.
func (s Store) InTx(ctx context.Context, fn func(context.Context) error) error {
	return s.DB.InTx(ctx, fn)
}

// All reads every school, ordered by ministry code.
func (s Store) All(ctx context.Context) ([]school.School, error) {
	return schools(s.read(ctx).Schools(ctx))
}

// After reads the next schools by id.
func (s Store) After(ctx context.Context, id string, limit int) ([]school.School, error) {
	rows, err := query.New(s.DB.Reader(ctx)).SchoolsAfter(ctx, id, int32(limit))
	if err != nil {
		return nil, fmt.Errorf("schools: %w", err)
	}
	out := make([]school.School, len(rows))
	for i, r := range rows {
		out[i] = full(r)
	}
	return out, nil
}

// CountAll is how many schools there are.
func (s Store) CountAll(ctx context.Context) (int, error) {
	n, err := query.New(s.DB.Reader(ctx)).CountSchools(ctx)
	if err != nil {
		return 0, fmt.Errorf("schools: %w", err)
	}
	return int(n), nil
}

// School reads one school; NotFound where there is none.
func (s Store) School(ctx context.Context, id string) (school.School, error) {
	r, err := query.New(s.DB.Reader(ctx)).School(ctx, id)
	if db.IsNone(err) {
		return school.School{}, rinnova.Fail(rinnova.NotFound, "Questa scuola non c’è.")
	}
	if err != nil {
		return school.School{}, fmt.Errorf("school: %w", err)
	}
	return full(r), nil
}

// ByCode finds a school by its portal code or ministry code, however it is written; ok is false where there is none.
func (s Store) ByCode(ctx context.Context, code string) (c school.School, ok bool, err error) {
	code = strings.ToUpper(latin.Code(code))
	r, err := query.New(s.DB.Reader(ctx)).SchoolByCode(ctx, code, code)
	if db.IsNone(err) {
		return school.School{}, false, nil
	}
	if err != nil {
		return school.School{}, false, fmt.Errorf("school: %w", err)
	}
	return full(r), true, nil
}

func full(r query.School) school.School {
	s := school.School{
		ID: r.ID, PortalCode: r.PortalCode, CustomerNumber: r.CustomerNumber, MinistryCode: r.MinistryCode, Name: r.Name,
		DisplayName: r.DisplayName, ShortName: r.ShortName, Type: r.Type, Address: r.Address, Postcode: r.Postcode, Town: r.Town,
		Province: r.Province, ProvinceCode: r.ProvinceCode, Region: r.Region, TaxCode: r.TaxCode, VATNumber: r.VatNumber,
		OfficeCode: r.OfficeCode, Email: r.Email, PEC: r.Pec, Website: r.Website, Pupils: int(r.Pupils), PupilsYear: r.PupilsYear,
		CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC(), Version: r.Version,
		MergedInto: r.MergedInto,
	}
	s.ClosedOn, _ = rinnova.ParseDate(r.ClosedOn) // '' is the zero day
	s.VanishedOn, _ = rinnova.ParseDate(r.VanishedOn)
	return s
}

// Add writes a new school; Conflict where another has one of its codes.
func (s Store) Add(ctx context.Context, c school.School) error {
	err := query.New(s.DB.Writer(ctx)).AddSchool(ctx, query.AddSchoolParams{
		ID: c.ID, PortalCode: c.PortalCode, CustomerNumber: c.CustomerNumber, MinistryCode: c.MinistryCode, Name: c.Name, Type: c.Type,
		Address: c.Address, Postcode: c.Postcode, Town: c.Town, Province: c.Province, ProvinceCode: c.ProvinceCode, Region: c.Region,
		TaxCode: c.TaxCode, VatNumber: c.VATNumber, OfficeCode: c.OfficeCode, Email: c.Email, Pec: c.PEC, Website: c.Website,
		Pupils: int64(c.Pupils), PupilsYear: c.PupilsYear, DisplayName: c.DisplayName, ShortName: c.ShortName, Search: c.SearchText(),
		CreatedAt: c.CreatedAt.UTC(), UpdatedAt: c.UpdatedAt.UTC(), ClosedOn: c.ClosedOn.String(), VanishedOn: c.VanishedOn.String(), MergedInto: c.MergedInto,
		SortKey: c.SortKey(), Folded: school.FoldRules,
	})
	return wrap(c, err)
}

// Update writes what may change of a school, whoever else has written it.
func (s Store) Update(ctx context.Context, c school.School) error {
	n, err := s.update(ctx, c, anyVersion)
	if err == nil && n == 0 {
		return rinnova.Fail(rinnova.NotFound, "Questa scuola non c’è.")
	}
	return wrap(c, err)
}

// UpdateFrom writes what may change of a school where its Version is still the stored one, else school.ErrStale.
func (s Store) UpdateFrom(ctx context.Context, c school.School) error {
	n, err := s.update(ctx, c, c.Version)
	if err == nil && n == 0 {
		return school.ErrStale
	}
	return wrap(c, err)
}

// anyVersion is none that a school has.
const anyVersion = -1

func (s Store) update(ctx context.Context, c school.School, version int64) (int64, error) {
	return query.New(s.DB.Writer(ctx)).UpdateSchool(ctx, query.UpdateSchoolParams{
		ID: c.ID, MinistryCode: c.MinistryCode, Name: c.Name, Type: c.Type, Address: c.Address, Postcode: c.Postcode, Town: c.Town,
		Province: c.Province, ProvinceCode: c.ProvinceCode, Region: c.Region, TaxCode: c.TaxCode, VatNumber: c.VATNumber,
		OfficeCode: c.OfficeCode, Email: c.Email, Pec: c.PEC, Website: c.Website, Pupils: int64(c.Pupils), PupilsYear: c.PupilsYear,
		DisplayName: c.DisplayName, ShortName: c.ShortName, Search: c.SearchText(), UpdatedAt: c.UpdatedAt.UTC(), ClosedOn: c.ClosedOn.String(),
		VanishedOn: c.VanishedOn.String(), MergedInto: c.MergedInto, SortKey: c.SortKey(), Folded: school.FoldRules, Version: version,
	})
}

func wrap(c school.School, err error) error {
	switch {
	case err == nil:
		return nil
	case db.IsTaken(err):
		return rinnova.Fail(rinnova.Conflict, "Un’altra scuola ha già il codice %s, %s o %s.", c.MinistryCode, c.PortalCode, c.CustomerNumber).Because(err)
	}
	return fmt.Errorf("school %s: %w", c.MinistryCode, err)
}

// EmailNear is the address of the first school whose ministry code does not come before code, of the very first school where
// all do; "" where there is none.
func (s Store) EmailNear(ctx context.Context, code string) (string, error) {
	email, err := query.New(s.DB.Reader(ctx)).EmailNear(ctx, code)
	if err != nil {
		return "", fmt.Errorf("school: %w", err)
	}
	return email, nil
}

// OtherWith is the short name of another school that has the tax code, e-mail or PEC; "" where none has.
func (s Store) OtherWith(ctx context.Context, schoolID string, f school.Field, value string) (string, error) {
	name, err := query.New(s.DB.Reader(ctx)).OtherSchoolWith(ctx, schoolID, string(f), value)
	if db.IsNone(err) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("schools: %w", err)
	}
	return name, nil
}
