package schooldb_test

import (
	"context"
	"fmt"
	"testing"

	"rinnova"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/school"
	"rinnova/internal/school/schooldb"
)

// nation is how many state institutes there are in Italy (a.s. 2025/26).
const nation = 7860

// BenchmarkList reads what one page of the office's list of schools needs.
func BenchmarkList(b *testing.B) {
	d := dbtest.SQLite(b)
	store := schooldb.Store{DB: d}
	err := d.InTx(b.Context(), func(ctx context.Context) error {
		for i := range nation {
			s := example()
			s.ID, s.PortalCode, s.CustomerNumber, s.MinistryCode = rinnova.NewID(now), fmt.Sprintf("AA%05d", i), fmt.Sprintf("9%05d", i), fmt.Sprintf("AAIC%06d", i)
			s.Town, s.Region, s.ProvinceCode = fmt.Sprintf("COMUNE %d", i%900), fmt.Sprint("REGIONE ", i%20), fmt.Sprintf("%c%c", 'A'+i%26, 'A'+i%4)
			s.Rename(fmt.Sprintf("I.C. N. %d", i*7919%nation))
			if err := store.Add(ctx, s); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	for name, f := range map[string]school.Filter{"all": {}, "search": {Search: "comune 77"}, "last": {Offset: 7850}, "no-email": {Condition: school.NoEmail}} {
		b.Run(name, func(b *testing.B) {
			f.Limit = 50
			for b.Loop() {
				if _, err := store.List(b.Context(), f); err != nil {
					b.Fatal(err)
				}
				if _, err := store.Count(b.Context(), f); err != nil {
					b.Fatal(err)
				}
				if _, _, err := store.Places(b.Context(), ""); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
