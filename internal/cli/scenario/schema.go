package scenario

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/talkdesk-express/contractactions"
)

//go:embed scenario.schema.json
var ownSchema string

// Schema returns the JSON Schema (draft-07) of scenario files. The fields of accounts
// and contract actions are those of the contract.
func Schema() []byte {
	encoded, err := json.MarshalIndent(schema(), "", "  ")
	if err != nil {
		panic(err)
	}
	return append(encoded, '\n')
}

type object = map[string]any

// schema adds what is in the contract to the part that is not. The tests read every
// file that is embedded here.
var schema = sync.OnceValue(func() object {
	var own, document object
	for text, target := range map[string]*object{ownSchema: &own, string(contractactions.DocumentJSON()): &document} {
		if err := json.Unmarshal([]byte(text), target); err != nil {
			panic(fmt.Sprintf("scenario: schema: %v", err))
		}
	}
	schemas := document["components"].(object)["schemas"].(object)
	for definition, name := range map[string]string{"account": "Account", "action": "ContractAction"} {
		properties := own["definitions"].(object)[definition].(object)["properties"].(object)
		for field := range schemas[name].(object)["properties"].(object) {
			properties[field] = object{"$ref": "#/components/schemas/" + name + "/properties/" + field}
		}
	}
	own["components"] = object{"schemas": schemas}
	return own
})

var compiled = sync.OnceValue(func() *jsonschema.Schema {
	const name = "scenario.schema.json"
	compiler := jsonschema.NewCompiler()
	// The library needs the numbers as it reads them.
	if err := compiler.AddResource(name, schema()); err != nil {
		panic(fmt.Sprintf("scenario: schema: %v", err))
	}
	return compiler.MustCompile(name)
})
