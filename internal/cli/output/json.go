package output

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"time"
	"unicode"
	"unicode/utf16"
)

// jsonArray prints one array with an element on each line.
type jsonArray[R any] struct {
	out    *bufio.Writer
	fields []Field[R]
	begun  bool
}

func (a *jsonArray[R]) Print(records []R) error {
	for i := range records {
		encoded, err := encodeRecord(&records[i], a.fields)
		if err != nil {
			return err
		}
		separator := "[\n"
		if a.begun {
			separator = ",\n"
		}
		a.begun = true
		a.out.WriteString(separator)
		a.out.Write(encoded)
	}
	return nil
}

func (a *jsonArray[R]) Close(string) {
	end := "[]\n"
	if a.begun {
		end = "\n]\n"
	}
	a.out.WriteString(end)
}

// jsonLines prints one object per line.
type jsonLines[R any] struct {
	out    *bufio.Writer
	fields []Field[R]
}

func (l jsonLines[R]) Print(records []R) error {
	for i := range records {
		encoded, err := encodeRecord(&records[i], l.fields)
		if err != nil {
			return err
		}
		l.out.Write(encoded)
		l.out.WriteByte('\n')
	}
	return nil
}

func (jsonLines[R]) Close(string) {}

// encodeRecord encodes a record on one line, with the fields in their order.
// Those that the service did not send are null.
func encodeRecord[R any](record *R, fields []Field[R]) ([]byte, error) {
	var encoded bytes.Buffer
	encoder := json.NewEncoder(&encoded)
	encoder.SetEscapeHTML(false)
	separator := byte('{')
	for _, field := range fields {
		encoded.WriteByte(separator)
		separator = ','
		encoded.WriteString(`"` + field.Name + `":`)
		value := field.Value(record)
		if moment, ok := value.(time.Time); ok { // which encoding/json refuses beyond the year 9999
			value = moment.Format(time.RFC3339Nano)
		}
		if err := encoder.Encode(value); err != nil {
			return nil, err
		}
		encoded.Truncate(encoded.Len() - 1) // the encoder's line break
	}
	encoded.WriteByte('}')
	return escapeControls(encoded.Bytes()), nil
}

// escapeControls escapes what encoding/json does not although it can control a
// terminal: DEL, the C1 controls and invisible formatting. Parsers read the same
// JSON.
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

// JSON encodes a value on one line that is safe for a terminal.
func JSON(value any) ([]byte, error) {
	var encoded bytes.Buffer
	encoder := json.NewEncoder(&encoded)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return escapeControls(bytes.TrimSpace(encoded.Bytes())), nil
}
