package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"unicode"
	"unicode/utf16"
)

// jsonArray prints one array with an element on each line.
type jsonArray struct {
	out    *bufio.Writer
	fields []field
	begun  bool
}

func (a *jsonArray) print(records []record) error {
	for _, record := range records {
		encoded, err := encodeRecord(record, a.fields)
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

func (a *jsonArray) close(string) {
	end := "[]\n"
	if a.begun {
		end = "\n]\n"
	}
	a.out.WriteString(end)
}

// encodeRecord encodes a record on one line, with the fields in their order.
// Those that the service did not send are null.
func encodeRecord(record record, fields []field) ([]byte, error) {
	var encoded bytes.Buffer
	encoder := json.NewEncoder(&encoded)
	encoder.SetEscapeHTML(false)
	separator := byte('{')
	for _, field := range fields {
		encoded.WriteByte(separator)
		separator = ','
		encoded.WriteString(`"` + field.name + `":`)
		text := field.text(record)
		switch {
		case field.kind != textField && text == "":
			encoded.WriteString("null")
		case field.kind == numberField:
			encoded.WriteString(text)
		default:
			if err := encoder.Encode(text); err != nil {
				return nil, err
			}
			encoded.Truncate(encoded.Len() - 1) // the encoder's line break
		}
	}
	encoded.WriteByte('}')
	return escapeControls(encoded.Bytes()), nil
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

// encodeAny encodes a value on one line that is fit for a terminal.
func encodeAny(value any) ([]byte, error) {
	var encoded bytes.Buffer
	encoder := json.NewEncoder(&encoded)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return escapeControls(bytes.TrimSpace(encoded.Bytes())), nil
}
