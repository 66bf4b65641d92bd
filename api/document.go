package api

import (
	"sync"

	"github.com/talkdesk-express/contractactions"
)

var yamlDocument = sync.OnceValue(func() content {
	return newContent("application/yaml", contractactions.Document())
})

var jsonDocument = sync.OnceValue(func() content {
	return newContent("application/json", contractactions.DocumentJSON())
})
