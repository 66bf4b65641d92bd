package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"unicode"
	"unicode/utf16"

	"github.com/talkdesk-express/contractactions/wrapper"
)

// jsonArray prints one array with an element on each line.
type jsonArray struct {
	out   *bufio.Writer
	begun bool
}

func (a *jsonArray) page(page *wrapper.Page) error {
	for _, action := range page.Actions {
		encoded, err := encodeJSON(action)
		if err != nil {
			return err
		}
		a.separate()
		a.out.Write(encoded)
	}
	return nil
}

// separate prints what comes before the next element.
func (a *jsonArray) separate() {
	separator := "[\n"
	if a.begun {
		separator = ",\n"
	}
	a.begun = true
	a.out.WriteString(separator)
}

func (a *jsonArray) close(error) {
	end := "[]\n"
	if a.begun {
		end = "\n]\n"
	}
	a.out.WriteString(end)
}

// encodeJSON encodes a contract action on one line.
func encodeJSON(action wrapper.ContractAction) ([]byte, error) {
	var encoded bytes.Buffer
	encoder := json.NewEncoder(&encoded)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(action); err != nil {
		return nil, fmt.Errorf("contract action %q cannot be printed as JSON: %w", action.ID, err)
	}
	return escapeControls(bytes.TrimSpace(encoded.Bytes())), nil
}

// escapeControls escapes what encoding/json leaves as it is although it can
// steer a terminal: DEL, the C1 controls and invisible formatting. To whoever
// parses the JSON it stays the same.
func escapeControls(encoded []byte) []byte {
	escaped := make([]byte, 0, len(encoded))
	for _, character := range string(encoded) {
		if unicode.IsGraphic(character) {
			escaped = append(escaped, string(character)...)
			continue
		}
		for _, unit := range utf16.Encode([]rune{character}) {
			escaped = fmt.Appendf(escaped, `\u%04x`, unit)
		}
	}
	return escaped
}
