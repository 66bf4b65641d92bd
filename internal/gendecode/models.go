package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"reflect"
	"strconv"
	"strings"
	"unicode"
)

// models are the types of models.gen.go.
type models struct {
	pkg      string
	types    map[string]*ast.TypeSpec
	decoding map[string]bool // those that have decoding methods
}

func parseModels(file string) (*models, error) {
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	m := &models{parsed.Name.Name, map[string]*ast.TypeSpec{}, map[string]bool{}}
	for _, declaration := range parsed.Decls {
		switch declaration := declaration.(type) {
		case *ast.GenDecl:
			for _, spec := range declaration.Specs {
				if spec, ok := spec.(*ast.TypeSpec); ok {
					m.types[spec.Name.Name] = spec
				}
			}
		case *ast.FuncDecl:
			if name := declaration.Name.Name; name == "UnmarshalJSON" || name == "UnmarshalText" {
				m.decoding[receiver(declaration)] = true
			}
		}
	}
	return m, nil
}

// receiver returns the name of a method's type.
func receiver(method *ast.FuncDecl) string {
	return strings.TrimPrefix(types.ExprString(method.Recv.List[0].Type), "*")
}

// named returns the type whose name is the same but for case and punctuation:
// oapi-codegen makes ListAccountsParams of listAccounts and Params.
func (m *models) named(kind, name string) (string, error) {
	for declared := range m.types {
		if plain(declared) == plain(name) {
			return m.alias(declared), nil
		}
	}
	return "", fmt.Errorf("%s %s: models.gen.go has no type for it", kind, name)
}

func plain(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

// alias follows a name for as long as it is an alias of another type of the
// models.
func (m *models) alias(name string) string {
	for m.types[name] != nil && m.types[name].Assign.IsValid() {
		next, ok := m.types[name].Type.(*ast.Ident)
		if !ok || m.types[next.Name] == nil {
			break
		}
		name = next.Name
	}
	return name
}

// shape is how a value of a Go type is decoded.
type goShape int

const (
	other goShape = iota // with encoding/json
	text
	integer
	float
	boolean
	moment
	pointer
	slice
	object // a struct of the models
)

var basicShapes = map[string]goShape{
	"string": text, "bool": boolean, "float32": float, "float64": float,
	"int": integer, "int8": integer, "int16": integer, "int32": integer, "int64": integer,
}

// shape returns a type's shape, and the type that it points to, has as elements,
// or is the name of.
func (m *models) shape(expression ast.Expr) (goShape, ast.Expr) {
	switch typ := expression.(type) {
	case *ast.StarExpr:
		if inner, _ := m.shape(typ.X); inner != other && inner != pointer && inner != slice {
			return pointer, typ.X
		}
	case *ast.ArrayType:
		element := types.ExprString(typ.Elt)
		// encoding/json takes []byte for Base64.
		if inner, _ := m.shape(typ.Elt); typ.Len == nil && inner != other && element != "byte" && element != "uint8" {
			return slice, typ.Elt
		}
	case *ast.SelectorExpr:
		if types.ExprString(typ) == "time.Time" {
			return moment, typ
		}
	case *ast.Ident:
		return m.shapeOfName(typ)
	}
	return other, expression
}

func (m *models) shapeOfName(name *ast.Ident) (goShape, ast.Expr) {
	name = ast.NewIdent(m.alias(name.Name))
	declared, ours := m.types[name.Name]
	switch {
	case !ours:
		return basicShapes[name.Name], name
	case m.decoding[name.Name]:
		return other, name
	}
	switch typ := declared.Type.(type) {
	case *ast.StructType:
		if isPlain(typ) {
			return object, name
		}
	case *ast.Ident:
		return basicShapes[typ.Name], name
	}
	return other, name
}

// canBeNil reports whether a type has nil for an absent value.
func (m *models) canBeNil(typ ast.Expr) bool {
	switch typ := typ.(type) {
	case *ast.StarExpr, *ast.MapType, *ast.InterfaceType:
		return true
	case *ast.ArrayType:
		return typ.Len == nil
	case *ast.Ident:
		declared := m.types[typ.Name]
		return typ.Name == "any" || declared != nil && m.canBeNil(declared.Type)
	}
	return types.ExprString(typ) == "json.RawMessage"
}

// isPlain reports whether a struct's fields are all that encoding/json sees.
func isPlain(structure *ast.StructType) bool {
	for _, field := range structure.Fields.List {
		if len(field.Names) != 1 {
			return false
		}
	}
	return true
}

// field is one field of a struct that has a name in JSON.
type field struct {
	goName, jsonName string
	typ              ast.Expr
}

// fields returns the fields of a struct of the models.
func (m *models) fields(name string) ([]field, error) {
	var structure *ast.StructType
	if declared := m.types[name]; declared != nil {
		structure, _ = declared.Type.(*ast.StructType)
	}
	if structure == nil || !isPlain(structure) {
		return nil, fmt.Errorf("schema %s: models.gen.go has no struct for it whose fields all have names", name)
	}
	var all []field
	for _, each := range structure.Fields.List {
		goName := each.Names[0].Name
		jsonName, options, err := jsonTag(each)
		if err != nil {
			return nil, fmt.Errorf("schema %s, property %s: %w", name, goName, err)
		}
		switch {
		case jsonName == "-" || !ast.IsExported(goName):
			continue
		case jsonName == "":
			return nil, fmt.Errorf("schema %s, property %s: the field has no name in JSON", name, goName)
		case strings.Contains(","+options+",", ",string,"):
			return nil, fmt.Errorf("schema %s, property %s: numbers in strings are not supported", name, jsonName)
		}
		all = append(all, field{goName, jsonName, each.Type})
	}
	return all, nil
}

func jsonTag(field *ast.Field) (name, options string, err error) {
	if field.Tag == nil {
		return "", "", nil
	}
	tag, err := strconv.Unquote(field.Tag.Value)
	name, options, _ = strings.Cut(reflect.StructTag(tag).Get("json"), ",")
	return name, options, err
}
