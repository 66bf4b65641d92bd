package checkpoint

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

func TestASpoolKeepsEverythingInOrder(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	t.Setenv("TMP", folder)
	for name, parts := range map[string]int{"nothing": 0, "in memory": 3, "with a file": 30} {
		t.Run(name, func(t *testing.T) {
			var spool spool
			var want strings.Builder
			for i := range parts {
				part := bytes.Repeat([]byte{byte('a' + i)}, mostInMemory/10)
				want.Write(part)
				if _, err := spool.Write(part); err != nil {
					t.Fatal(err)
				}
			}
			if (spool.file != nil) != (want.Len() > mostInMemory) {
				t.Errorf("a file is there: %v", spool.file != nil)
			}
			var got bytes.Buffer
			if err := spool.writeTo(&got); err != nil || got.String() != want.String() {
				t.Errorf("%d bytes, want %d, %v", got.Len(), want.Len(), err)
			}
			spool.discard()
			if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
}
