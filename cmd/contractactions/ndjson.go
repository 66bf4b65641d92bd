package main

import "bufio"

// jsonLines prints one object a line.
type jsonLines struct {
	out    *bufio.Writer
	fields []field
}

func (l jsonLines) print(records []record) error {
	for _, record := range records {
		encoded, err := encodeRecord(record, l.fields)
		if err != nil {
			return err
		}
		l.out.Write(encoded)
		l.out.WriteByte('\n')
	}
	return nil
}

func (jsonLines) close(string) {}
