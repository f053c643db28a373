package event

// Checker goes over a chain, link by link, and finds the first one that is wrong. It remembers two links and no more.
type Checker struct {
	Head  Head   // as noted beside the chain
	Noted []Head // as they were noted earlier, by their places

	before, earlier *Link // the last one seen, and the one before it
	doubt           bool  // those two do not fit: the next one tells which is genuine
}

// Next looks at the next link, in the order of places; nil where all is well so far.
func (c *Checker) Next(l Link) *Damage {
	if d := c.settle(l.Prev); d != nil {
		return d
	}
	next, prev := int64(1), ""
	if c.before != nil {
		next, prev = c.before.Seq+1, c.before.Hash
	}
	switch {
	case l.Seq > next:
		return &Damage{Fault: Missing, Seq: next, Last: l.Seq - 1}
	case l.Seq < next:
		return damaged(Inserted, &l)
	case l.Digest() != l.Hash:
		return c.differs(&l)
	case l.Prev != prev && c.before == nil:
		return damaged(Altered, &l)
	case c.rewritten(&l):
		return damaged(Rewritten, &l)
	case l.Foreign:
		return damaged(Foreign, &l)
	}
	c.doubt = l.Prev != prev
	c.earlier, c.before = c.before, &l
	return nil
}

// settle ends a doubt: two neighbours are each whole, but the second does not follow from the first, so one was hashed anew.
// What comes after the second vouches for it by naming its hash.
func (c *Checker) settle(vouched string) *Damage {
	switch {
	case !c.doubt:
		return nil
	case vouched == c.before.Hash:
		return damaged(Altered, c.earlier)
	}
	return damaged(Altered, c.before)
}

// differs tells what became of a link that is not what was hashed: was it hashed for another place?
func (c *Checker) differs(l *Link) *Damage {
	if c.before != nil && c.before.Hash == l.Hash {
		return damaged(Inserted, l) // a copy
	}
	there := *l
	for there.Seq = 1; there.Seq <= c.Head.Seq+1; there.Seq++ {
		if there.Digest() != l.Hash {
			continue
		}
		if c.before != nil && there.Seq == c.before.Seq && c.before.Prev == l.Prev {
			return damaged(Inserted, c.before) // it took the place of this one
		}
		d := damaged(Moved, l)
		d.Was = there.Seq
		return d
	}
	return damaged(Altered, l)
}

// End looks at the end: beyond is the first link after the head's place; nil where there is none, as it should be.
func (c *Checker) End(beyond *Link) *Damage {
	if d := c.settle(c.Head.Hash); d != nil {
		return d
	}
	last := Link{}
	if c.before != nil {
		last = *c.before
	}
	switch {
	case c.Head == Head{} && c.before != nil:
		return &Damage{Fault: HeadMissing, Seq: last.Seq}
	case c.Head.Seq > last.Seq && c.Head.Hash != last.Hash:
		return &Damage{Fault: Missing, Seq: last.Seq + 1, Last: c.Head.Seq}
	case c.Head.Seq > last.Seq, beyond != nil && c.Head.Hash != last.Hash:
		return &Damage{Fault: HeadAltered, Seq: c.Head.Seq}
	case beyond != nil:
		return damaged(Inserted, beyond)
	case c.Head.Hash != last.Hash:
		return damaged(EndAltered, &last)
	case len(c.Noted) > 0:
		return &Damage{Fault: Missing, Seq: last.Seq + 1, Last: c.Noted[len(c.Noted)-1].Seq}
	}
	return nil
}

// rewritten tells whether a link is another one than was noted at its place. What was noted up to there is done with.
func (c *Checker) rewritten(l *Link) bool {
	for len(c.Noted) > 0 && c.Noted[0].Seq <= l.Seq {
		noted := c.Noted[0]
		c.Noted = c.Noted[1:]
		if noted.Seq == l.Seq && noted.Hash != l.Hash {
			return true
		}
	}
	return false
}

func damaged(f Fault, l *Link) *Damage {
	d := &Damage{Fault: f, Seq: l.Seq}
	if l.ID != "" {
		d.Event = &l.Event
	}
	return d
}
