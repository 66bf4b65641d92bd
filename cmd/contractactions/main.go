// Command contractactions follows Talkdesk Express contract actions from a
// shell. Run it without arguments for help.
package main

import (
	"os"

	"github.com/talkdesk-express/contractactions/internal/cli"
)

func main() {
	os.Exit(cli.Main())
}
