package schooldb

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"rinnova"
	"rinnova/internal/db"
	"rinnova/internal/school"
	"rinnova/internal/school/schooldb/query"
)

func (s Store) read(ctx context.Context) *query.Queries  { return query.New(s.DB.Reader(ctx)) }
func (s Store) write(ctx context.Context) *query.Queries { return query.New(s.DB.Writer(ctx)) }

// named adds to an error of the database what was being done.
func named(err error) error {
	if err != nil {
		return fmt.Errorf("corrections: %w", err)
	}
	return nil
}

// AddCorrection writes a correction with its items, all open; school.ErrStale where another open item speaks of the same value.
func (s Store) AddCorrection(ctx context.Context, c *school.Correction) error {
	err := s.write(ctx).AddCorrection(ctx, query.AddCorrectionParams{ID: c.ID, SchoolID: c.SchoolID, ByID: c.By.AccountID, ByName: c.By.Username,
		ByRole: string(c.By.Role), SentAt: c.At.UTC(), Note: c.Note, Waiting: int64(len(c.Items))})
	if err != nil {
		return named(err)
	}
	for _, i := range c.Items {
		warnings, err := json.Marshal(i.Warnings)
		if err != nil {
			return named(err)
		}
		err = s.write(ctx).AddCorrectionItem(ctx, query.AddCorrectionItemParams{CorrectionID: c.ID, SchoolID: c.SchoolID, Field: string(i.Field),
			OldValue: i.Old, NewValue: i.New, Warnings: string(warnings)})
		if db.IsTaken(err) {
			return school.ErrStale
		}
		if err != nil {
			return named(err)
		}
	}
	return nil
}

// Correction reads one with its items; NotFound where there is none.
func (s Store) Correction(ctx context.Context, id string) (*school.Correction, error) {
	r, err := s.read(ctx).Correction(ctx, id)
	if db.IsNone(err) {
		return nil, rinnova.Fail(rinnova.NotFound, "Questa correzione non c’è.")
	}
	if err != nil {
		return nil, named(err)
	}
	rows, err := s.read(ctx).CorrectionItems(ctx, id)
	if err != nil {
		return nil, named(err)
	}
	c := &school.Correction{ID: r.ID, SchoolID: r.SchoolID, At: r.SentAt.UTC(), Note: r.Note, Waiting: int(r.Waiting),
		By: rinnova.Actor{AccountID: r.ByID, Username: r.ByName, Role: rinnova.Role(r.ByRole)}}
	c.Items, err = items(rows)
	slices.SortFunc(c.Items, func(a, b school.Item) int {
		return slices.Index(school.Correctable, a.Field) - slices.Index(school.Correctable, b.Field)
	})
	return c, err
}

// items makes items of the rows of any of the queries that read them.
func items[R query.CorrectionItemsRow | query.OpenItemsRow | query.ItemsOfSchoolRow](rows []R) ([]school.Item, error) {
	out := make([]school.Item, len(rows))
	for i, row := range rows {
		r := query.CorrectionItemsRow(row)
		out[i] = school.Item{CorrectionID: r.CorrectionID, Field: school.Field(r.Field), Old: r.OldValue, New: r.NewValue, State: school.ItemState(r.State),
			DecidedBy: r.DecidedBy, DecidedName: r.DecidedName, Reason: r.Reason, AskedAt: r.SentAt.UTC(), Registry: r.ByRole == string(rinnova.RoleSystem)}
		if r.DecidedAt.Valid {
			out[i].DecidedAt = r.DecidedAt.Time.UTC()
		}
		if err := json.Unmarshal([]byte(r.Warnings), &out[i].Warnings); err != nil {
			return nil, named(err)
		}
	}
	return out, nil
}

// OpenItems reads the values of a school that wait for a decision.
func (s Store) OpenItems(ctx context.Context, schoolID string) ([]school.Item, error) {
	rows, err := s.read(ctx).OpenItems(ctx, schoolID)
	if err != nil {
		return nil, named(err)
	}
	return items(rows)
}

// ItemsOfSchool reads the items of a school's corrections, the newest corrections first.
func (s Store) ItemsOfSchool(ctx context.Context, schoolID string, limit int) ([]school.Item, error) {
	rows, err := s.read(ctx).ItemsOfSchool(ctx, schoolID, int32(limit))
	if err != nil {
		return nil, named(err)
	}
	return items(rows)
}

// Settle moves an open item to the state that i has; false where it is not open.
func (s Store) Settle(ctx context.Context, i school.Item) (bool, error) {
	n, err := s.write(ctx).SettleItem(ctx, query.SettleItemParams{State: string(i.State), DecidedBy: i.DecidedBy, DecidedName: i.DecidedName,
		DecidedAt: db.Instant(i.DecidedAt), Reason: i.Reason, CorrectionID: i.CorrectionID, Field: string(i.Field)})
	return n == 1, named(err)
}

// CountDown takes n values off those of a correction that wait, and gives what is left.
func (s Store) CountDown(ctx context.Context, correctionID string, n int) (int, error) {
	left, err := s.write(ctx).CountDown(ctx, int64(n), correctionID)
	return int(left), named(err)
}

// KeptValues reads the corrected values, by school and field, with what the registry last said of them.
func (s Store) KeptValues(ctx context.Context) (map[string]map[school.Field]string, error) {
	rows, err := s.read(ctx).KeptValues(ctx)
	if err != nil {
		return nil, named(err)
	}
	out := map[string]map[school.Field]string{}
	for _, r := range rows {
		if out[r.SchoolID] == nil {
			out[r.SchoolID] = map[school.Field]string{}
		}
		out[r.SchoolID][school.Field(r.Field)] = r.Registry
	}
	return out, nil
}

// KeptOf reads the corrected values of a school, with what the registry last said of them.
func (s Store) KeptOf(ctx context.Context, schoolID string) (map[school.Field]string, error) {
	rows, err := s.read(ctx).KeptOf(ctx, schoolID)
	out := map[school.Field]string{}
	for _, r := range rows {
		out[school.Field(r.Field)] = r.Registry
	}
	return out, named(err)
}

// Keep notes what the registry says of a corrected value.
func (s Store) Keep(ctx context.Context, schoolID string, f school.Field, registry string) error {
	return named(s.write(ctx).Keep(ctx, schoolID, string(f), registry))
}

// KeepFirst notes what the registry says of a value that is corrected, unless it is noted already.
func (s Store) KeepFirst(ctx context.Context, schoolID string, f school.Field, registry string) error {
	return named(s.write(ctx).KeepFirst(ctx, schoolID, string(f), registry))
}

// Unkeep gives a value back to the registry.
func (s Store) Unkeep(ctx context.Context, schoolID string, f school.Field) error {
	return named(s.write(ctx).Unkeep(ctx, schoolID, string(f)))
}

// WaitingCorrections counts the corrections that wait for the office.
func (s Store) WaitingCorrections(ctx context.Context) (int, error) {
	n, err := s.read(ctx).WaitingCorrections(ctx)
	return int(n), named(err)
}

// WaitingOfSchool finds the ids of a school's corrections that wait, the oldest first.
func (s Store) WaitingOfSchool(ctx context.Context, schoolID string) ([]string, error) {
	ids, err := s.read(ctx).WaitingOfSchool(ctx, schoolID)
	return ids, named(err)
}

// CorrectionCounts counts the corrections that the search chooses.
func (s Store) CorrectionCounts(ctx context.Context, search string) (school.CorrectionCounts, error) {
	r, err := s.read(ctx).CorrectionCounts(ctx, db.Words(search), db.Code(search))
	return school.CorrectionCounts{All: int(r.Total), Waiting: int(r.Waiting)}, named(err)
}

// CorrectionList reads a page of corrections: those that wait before the others, the oldest of them first; the others the
// newest first.
func (s Store) CorrectionList(ctx context.Context, v school.CorrectionView, search string, limit, offset int) ([]school.CorrectionRow, error) {
	rows, err := s.read(ctx).CorrectionList(ctx, query.CorrectionListParams{Search: db.Words(search), Code: db.Code(search), View: string(v), MaxRows: int32(limit), SkipRows: int32(offset)})
	if err != nil {
		return nil, named(err)
	}
	out := make([]school.CorrectionRow, len(rows))
	for i, r := range rows {
		out[i] = school.CorrectionRow{ID: r.ID, School: r.ShortName, Province: r.ProvinceCode, PortalCode: r.PortalCode, By: r.ByName,
			Registry: r.ByRole == string(rinnova.RoleSystem), At: r.SentAt.UTC(), Waiting: int(r.Waiting)}
		fields := strings.Fields(r.Fields)
		for _, f := range school.Correctable {
			if slices.Contains(fields, string(f)) {
				out[i].Fields = append(out[i].Fields, f)
			}
		}
	}
	return out, nil
}
