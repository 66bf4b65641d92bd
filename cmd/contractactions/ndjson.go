package main

import (
	"bufio"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// jsonLines prints one object a line.
type jsonLines struct{ out *bufio.Writer }

func (l jsonLines) page(page *wrapper.Page) error {
	for _, action := range page.Actions {
		encoded, err := encodeJSON(action)
		if err != nil {
			return err
		}
		l.out.Write(encoded)
		l.out.WriteByte('\n')
	}
	return nil
}

func (jsonLines) close(error) {}
