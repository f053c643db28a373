package witness

import (
	"context"
	"slices"
	"strings"

	"rinnova"
	"rinnova/internal/event"
)

// Seals are the kept marks.
type Seals struct {
	Good   []Mark   // whole, by their places
	Bad    []string // names of those that are not
	Aside  int      // how many a person has set aside
	Signed int      // how many carry a good signature of the contract key
	Faults rinnova.Faults
}

func (m Mark) name() string { return strings.TrimPrefix(m.key(), string(m.Sort)+"/") }

// Seals reads all seals, and the latest mark, which is one too as long as it stands. Those that were set aside by a person are left out.
func (s *Service) Seals(ctx context.Context) (*Seals, error) {
	names, err := s.Files.List(ctx, string(Seal))
	if err != nil {
		return nil, err
	}
	out := &Seals{}
	all := map[string]Mark{}
	for _, name := range names {
		if err := s.readSeal(ctx, name, all, out); err != nil {
			return nil, err
		}
	}
	set := map[string]bool{}
	for _, m := range all {
		for _, name := range m.Aside {
			set[name] = true
		}
	}
	out.settle(names, all, set)
	begun, err := s.Events.Of(ctx, sealingAbout, event.SealingBegun)
	if err == nil && len(names) == 0 && len(begun) > 0 {
		out.Faults = append(out.Faults, rinnova.Say("Mancano tutti i sigilli: il registro dice che ce ne sono dall’evento n. %d.", begun[0].Seq))
	}
	return out, err
}

// readSeal reads one file of the folder of seals.
func (s *Service) readSeal(ctx context.Context, name string, all map[string]Mark, out *Seals) error {
	data, err := s.Files.Get(ctx, string(Seal)+"/"+name)
	if err != nil {
		return err
	}
	switch {
	case strings.HasSuffix(name, extension):
		if m, ok := read(data, s.Key, Seal); ok && m.name() == name {
			all[name] = m
			return nil
		}
		out.Bad = append(out.Bad, name)
	case strings.HasSuffix(name, signedExtension):
		content, by, err := s.Notary.Signed(data)
		plain := strings.TrimSuffix(name, signedExtension) + extension
		m, ok := read(content, s.Key, Seal)
		if err != nil || !ok || m.name() != plain || m.Certificate != by {
			out.Bad = append(out.Bad, name)
			return nil
		}
		all[plain] = m // also where somebody has taken the plain one away
		out.Signed++
	}
	return nil
}

// settle leaves out what was set aside, and says what is wrong with the rest.
func (x *Seals) settle(names []string, all map[string]Mark, aside map[string]bool) {
	bad := x.Bad
	x.Bad = nil
	for _, name := range bad {
		if aside[name] {
			x.Aside++
			continue
		}
		x.Bad = append(x.Bad, name)
		x.Faults = append(x.Faults, rinnova.Say("Il sigillo %s è stato cambiato, o è di un’altra chiave.", name))
	}
	for name, m := range all {
		if aside[name] {
			x.Aside++
			continue
		}
		x.Good = append(x.Good, m)
		if signed := strings.TrimSuffix(name, extension) + signedExtension; m.Certificate != "" && !slices.Contains(names, signed) {
			x.Faults = append(x.Faults, rinnova.Say("Manca la firma %s del sigillo.", signed))
		}
	}
	slices.SortFunc(x.Good, func(a, b Mark) int { return int(a.Seq - b.Seq) })
}

// Heads are the ends of the chain that are known outside the database, by their places: of all seals, and of the latest mark.
func (s *Service) Heads(ctx context.Context) ([]event.Head, *Seals, error) {
	seals, err := s.Seals(ctx)
	if err != nil {
		return nil, nil, err
	}
	latest, faults, err := s.marks(ctx, Latest)
	if err != nil {
		return nil, nil, err
	}
	if len(latest)+len(faults) == 0 && len(seals.Faults) == 0 {
		if faults, err = s.unmarked(ctx); err != nil {
			return nil, nil, err
		}
	}
	seals.Faults = append(seals.Faults, faults...)
	var heads []event.Head
	for _, m := range slices.Concat(seals.Good, latest) {
		if m.Seq > 0 {
			heads = append(heads, m.Head())
		}
	}
	return Sorted(heads), seals, nil
}

// Sorted puts heads into the order of their places.
func Sorted(heads []event.Head) []event.Head {
	slices.SortStableFunc(heads, func(a, b event.Head) int { return int(a.Seq - b.Seq) })
	return heads
}

// Certificates are those with which contracts were signed, as the seals say.
func (s *Service) Certificates(ctx context.Context) ([]string, error) {
	seals, err := s.Seals(ctx)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, m := range seals.Good {
		if m.Certificate != "" && !slices.Contains(out, m.Certificate) {
			out = append(out, m.Certificate)
		}
	}
	return out, nil
}
