package list

import (
	"bufio"

	"github.com/talkdesk-express/contractactions/internal/cli/flagvalue"
	"github.com/talkdesk-express/contractactions/internal/cli/listing"
	"github.com/talkdesk-express/contractactions/internal/cli/output"
	"github.com/talkdesk-express/contractactions/internal/cli/selection"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// sink is where contract actions are printed.
type sink interface {
	listing.Sink
	// finish prints what is buffered.
	finish() error
}

// direct prints each page as it arrives, up to a limit.
type direct struct {
	out     *bufio.Writer
	printer output.Printer[output.Record]
	counts  *summary
	limit   int // 0 for none
}

func (d *direct) Page(page wrapper.AccountPage, records []output.Record) error {
	reached := d.limit > 0 && d.counts.printed+len(records) >= d.limit
	if reached {
		records = records[:d.limit-d.counts.printed]
	}
	d.counts.add(page, records)
	if err := d.printer.Print(records); err != nil {
		return err
	}
	if err := d.out.Flush(); err != nil {
		return err
	}
	if reached {
		return listing.ErrLimitReached
	}
	return nil
}

func (*direct) Failed(string) error { return nil }

func (*direct) finish() error { return nil }

// sorted buffers everything until the end, and prints it sorted.
type sorted struct {
	printer output.Printer[output.Record]
	counts  *summary
	keys    flagvalue.StringList
	limit   int // 0 for none
	records []output.Record
}

func (s *sorted) Page(page wrapper.AccountPage, records []output.Record) error {
	s.counts.add(page, nil)
	s.records = append(s.records, records...)
	return nil
}

func (*sorted) Failed(string) error { return nil }

func (s *sorted) finish() error {
	selection.Sort(s.records, s.keys)
	if s.limit > 0 && len(s.records) > s.limit {
		s.records = s.records[:s.limit]
	}
	s.counts.count(s.records)
	return s.printer.Print(s.records)
}
