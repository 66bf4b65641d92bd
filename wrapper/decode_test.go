package wrapper_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/talkdesk-express/contractactions/wrapper"
)

func TestBodiesLargerThanAllowed(t *testing.T) {
	body := fmt.Sprintf(`{"count":0,"padding":%q}`, strings.Repeat("x", 3<<20))
	server := serve(t, answer(200, "application/json", body))

	_, err := collect(newClientOf(t, server.URL, wrapper.WithMaxBodySize(2<<20)).Pages(t.Context(), account))
	var failure *wrapper.Error
	if !errors.As(err, &failure) || failure.Attempts != 1 || !strings.Contains(err.Error(), "larger than the 2097152 bytes that are allowed") {
		t.Errorf("the error is %v", err)
	}
	if failure != nil && len(failure.Body) != 1<<20 {
		t.Errorf("the error keeps %d bytes of the body, want 1 MiB", len(failure.Body))
	}
	if _, err := collect(newClientOf(t, server.URL).Pages(t.Context(), account)); err != nil {
		t.Errorf("3 MiB are more than the default allows: %v", err)
	}
	if _, err := collect(newClientOf(t, server.URL, wrapper.WithMaxBodySize(math.MaxInt64)).Pages(t.Context(), account)); err != nil {
		t.Errorf("3 MiB are more than no limit allows: %v", err)
	}
}
