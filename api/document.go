package api

import (
	"fmt"
	"sync"

	"github.com/talkdesk-express/contractactions"
)

var yamlDocument = sync.OnceValue(func() content {
	return newContent("application/yaml", contractactions.Document())
})

// That the document can be converted is tested: it is part of the program.
var jsonDocument = sync.OnceValue(func() content {
	converted, err := toJSON(contractactions.Document())
	if err != nil {
		panic(fmt.Sprintf("api: openapi.yaml: %v", err))
	}
	return newContent("application/json", converted)
})
