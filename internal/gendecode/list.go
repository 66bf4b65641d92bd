package main

import (
	"go/ast"
	"go/types"
	"slices"
)

// list writes the List method of a body that is a page in the vendor's HAL style.
// Other bodies have none.
func (w *tableWriter) list(schema string) error {
	name, err := w.models.named("schema", schema)
	if err != nil || w.done["list "+name] {
		return err
	}
	w.done["list "+name] = true
	embedded, links := w.property(name, "_embedded"), w.property(name, "_links")
	if embedded == nil || links == nil {
		return nil
	}
	items, item := w.onlySlice(embedded.typ)
	if items == "" {
		return nil
	}
	w.out.printf("\n// List returns the page without its nesting. The items share memory with v.\n"+
		"func (v %[1]s) List() List[%[2]s] {\n\tvar list List[%[2]s]\n", name, item)
	w.out.printf("if v.%[1]s != nil {\nlist.Items = v.%[1]s.%[2]s\n}\n", embedded.goName, items)
	if count := w.property(name, "count"); count != nil {
		w.out.printf("list.Count = v.%s\n", count.goName)
	}
	for _, counter := range []struct{ jsonName, goName string }{
		{"page", "Page"}, {"per_page", "PerPage"}, {"total", "Total"}, {"total_pages", "TotalPages"},
	} {
		if field := w.property(name, counter.jsonName); field != nil {
			w.out.printf("if v.%[1]s != nil {\nlist.%[2]s = *v.%[1]s\n}\n", field.goName, counter.goName)
		}
	}
	w.link(links, "next", "Next")
	w.link(links, "self", "Self")
	w.out.printf("return list\n}\n")
	w.out.printf("\n// Split%[1]s returns the JSON of each item of a page, as it was sent.\n"+
		"func Split%[1]s(body []byte) ([]json.RawMessage, error) { return decode.Items(body, %[2]q, %[3]q) }\n", name, "_embedded", w.jsonNameOf(embedded.typ, items))
	w.out.printf("\n// Parse%[1]s decodes a page and checks that it is one. Errors name the\n// item and the field that do not fit, or describe the body.\n"+
		"func Parse%[1]s(body []byte) (List[%[2]s], error) {\npage, err := decode.Page(body, Decode%[1]s)\n"+
		"if err != nil {\nreturn List[%[2]s]{}, err\n}\nreturn page.List(), nil\n}\n", name, item)
	return nil
}

// jsonNameOf returns the name in JSON of a field of the struct behind a pointer.
func (w *tableWriter) jsonNameOf(structure ast.Expr, goName string) string {
	fields, _ := w.models.fields(w.target(structure))
	return fields[slices.IndexFunc(fields, func(f field) bool { return f.goName == goName })].jsonName
}

// link writes statements that copy a link's address.
func (w *tableWriter) link(links *field, relation, target string) {
	link := w.property(w.target(links.typ), relation)
	if link == nil {
		return
	}
	if href := w.property(w.target(link.typ), "href"); href != nil {
		w.out.printf("if v.%[1]s != nil && v.%[1]s.%[2]s != nil && v.%[1]s.%[2]s.%[3]s != nil {\nlist.%[4]s = *v.%[1]s.%[2]s.%[3]s\n}\n",
			links.goName, link.goName, href.goName, target)
	}
}

// property returns the field for a property of a struct that an optional property
// of its kind has: one behind a pointer. It is nil if there is none.
func (w *tableWriter) property(structure, jsonName string) *field {
	fields, err := w.models.fields(structure)
	at := slices.IndexFunc(fields, func(f field) bool { return f.jsonName == jsonName })
	if err != nil || at < 0 {
		return nil
	}
	if _, isPointer := fields[at].typ.(*ast.StarExpr); !isPointer {
		return nil
	}
	return &fields[at]
}

// target returns the name of the type that a pointer points to.
func (w *tableWriter) target(typ ast.Expr) string {
	_, of := w.models.shape(typ)
	_, of = w.models.shape(of)
	return types.ExprString(of)
}

// onlySlice returns the name of the only list of a struct, and its elements' type.
func (w *tableWriter) onlySlice(structure ast.Expr) (goName, element string) {
	fields, _ := w.models.fields(w.target(structure))
	for _, field := range fields {
		if shape, of := w.models.shape(field.typ); shape == slice {
			if goName != "" {
				return "", ""
			}
			goName, element = field.goName, types.ExprString(of)
		}
	}
	return goName, element
}
