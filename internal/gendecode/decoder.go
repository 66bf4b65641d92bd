package main

import (
	"fmt"
	"go/ast"
	"go/types"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// decodeFile writes decode.gen.go.
func decodeFile(contract *contract, models *models) ([]byte, error) {
	bodies, err := contract.bodies()
	if err != nil {
		return nil, err
	}
	w := &decoderWriter{models: models, slabs: map[string]string{}, methods: map[string]string{}}
	var functions source
	done := map[string]bool{}
	for _, schema := range bodies {
		name, err := models.named("schema", schema)
		if err != nil {
			return nil, err
		}
		if done[name] { // one schema is another name of the other
			continue
		}
		done[name] = true
		if err := w.entry(&functions, name); err != nil {
			return nil, err
		}
	}
	var out source
	out.printf("// decoder reads one body.\ntype decoder struct {\n\tdecode.Decoder\n\n")
	for _, typ := range slices.Sorted(maps.Keys(w.slabs)) {
		out.printf("\t%s decode.Slab[%s]\n", w.slabs[typ], typ)
	}
	out.printf("}\n%s", functions.String())
	for _, name := range slices.Sorted(maps.Keys(w.methods)) {
		out.WriteString(w.methods[name])
	}
	return out.file(models.pkg, "time", "github.com/go-faster/jx", "github.com/talkdesk-express/contractactions/internal/decode")
}

type decoderWriter struct {
	models  *models
	slabs   map[string]string // by the type of the values
	methods map[string]string // by the type that they read
}

// entry writes the function that decodes a body.
func (w *decoderWriter) entry(out *source, name string) error {
	read, err := w.reader(ast.NewIdent(name))
	if err != nil {
		return err
	}
	out.printf("\n// Decode%[1]s decodes JSON. It accepts and rejects what\n"+
		"// [encoding/json.Unmarshal] does, with the same result, and is several times\n"+
		"// faster. The result shares no memory with body.\n"+
		"func Decode%[1]s(body []byte) (*%[1]s, error) {\n\tvar d decoder\n", name)
	room := w.room(name)
	if len(room) == 0 {
		out.printf("\treturn decode.Body(&d.Decoder, body, new(%s), %s)\n}\n", name, read)
		return nil
	}
	out.printf("\tvar room struct { // for the body and what there is once in it: one allocation\n\t\tbody %s\n", name)
	for _, typ := range slices.Sorted(maps.Keys(room)) {
		out.printf("\t\t%s [%d]%s\n", w.slabs[typ], room[typ], typ)
	}
	out.printf("\t}\n")
	for _, typ := range slices.Sorted(maps.Keys(room)) {
		out.printf("\td.%[1]s = room.%[1]s[:0]\n", w.slabs[typ])
	}
	out.printf("\treturn decode.Body(&d.Decoder, body, &room.body, %s)\n}\n", read)
	return nil
}

// room counts the values behind pointers in a body, by their types, without
// those in its arrays.
func (w *decoderWriter) room(name string) map[string]int {
	count, open := map[string]int{}, map[string]bool{}
	var walk func(typ ast.Expr)
	walk = func(typ ast.Expr) {
		switch shape, of := w.models.shape(typ); shape {
		case pointer:
			_, target := w.models.shape(of)
			count[types.ExprString(target)]++
			walk(of)
		case object:
			name := types.ExprString(of)
			if open[name] { // it contains itself
				return
			}
			open[name] = true
			fields, _ := w.models.fields(name) // has been read before
			for _, field := range fields {
				walk(field.typ)
			}
			open[name] = false
		}
	}
	walk(ast.NewIdent(name))
	return count
}

// reader returns an expression: a function that reads into a pointer to typ.
func (w *decoderWriter) reader(typ ast.Expr) (string, error) {
	if shape, of := w.models.shape(typ); shape == object {
		return "d." + lower(types.ExprString(of)), w.method(types.ExprString(of))
	}
	statements, err := w.value(typ, "*v", "v")
	return fmt.Sprintf("func(v *%s) error {\n%s\n}", types.ExprString(typ), statements), err
}

// value returns statements that read a value into target, whose address is at,
// and return an error or nil.
func (w *decoderWriter) value(typ ast.Expr, target, at string) (string, error) {
	shape, of := w.models.shape(typ)
	switch shape {
	case text:
		return "return decode.Text(&d.Decoder, " + at + ")", nil
	case integer:
		return "return decode.Integer(&d.Decoder, " + at + ")", nil
	case float:
		return "return decode.Float(&d.Decoder, " + at + ")", nil
	case boolean:
		return "return decode.Bool(&d.Decoder, " + at + ")", nil
	case moment:
		return "return decode.Time(&d.Decoder, " + at + ")", nil
	case pointer:
		_, inner := w.models.shape(of)
		slab := w.slab(types.ExprString(inner))
		read, err := w.value(of, "*"+target, target)
		return fmt.Sprintf("if %[1]s = decode.Optional(&d.Decoder, %[1]s, &d.%[2]s); %[1]s == nil {\nreturn d.JSON.Null()\n}\n%[3]s", target, slab, read), err
	case slice:
		read, err := w.reader(of)
		return fmt.Sprintf("return decode.Slice(&d.Decoder, %s, %s)", at, read), err
	case object:
		read, err := w.reader(typ)
		return fmt.Sprintf("return %s(%s)", read, at), err
	}
	return "return d.Any(" + at + ")", nil
}

func (w *decoderWriter) slab(typ string) string {
	if w.slabs[typ] == "" {
		w.slabs[typ] = lower(strings.ReplaceAll(typ, ".", "")) + "Slab"
	}
	return w.slabs[typ]
}

// method writes the method that reads a struct.
func (w *decoderWriter) method(name string) error {
	if _, known := w.methods[name]; known {
		return nil
	}
	w.methods[name] = "" // it may contain itself
	fields, err := w.models.fields(name)
	if err != nil {
		return err
	}
	var out source
	out.printf("\nfunc (d *decoder) %s(v *%s) error {\n", lower(name), name)
	out.printf("return d.JSON.ObjBytes(func(_ *jx.Decoder, name []byte) error {\nswitch string(name) {\n")
	var known string
	for _, field := range fields {
		read, err := w.value(field.typ, "v."+field.goName, "&v."+field.goName)
		if err != nil {
			return err
		}
		out.printf("case %q:\n%s\n", field.jsonName, read)
		known += fmt.Sprintf(", %q", field.jsonName)
	}
	out.printf("}\nreturn d.Unknown(name%s)\n})\n}\n", known)
	w.methods[name] = out.String()
	return nil
}

func upper(name string) string {
	first, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(first)) + name[size:]
}

func lower(name string) string {
	first, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToLower(first)) + name[size:]
}
