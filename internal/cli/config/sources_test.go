package config

import "testing"

func TestWhichVariableWins(t *testing.T) {
	type values = map[string]string
	for _, test := range []struct {
		name         string
		above, below values
		want         values // "" where nothing is to be found
	}{
		{"the upper one", values{"TALKDESK_ACCOUNT": "a"}, values{"TALKDESK_ACCOUNT": "b"}, values{"TALKDESK_ACCOUNT": "a"}},
		{"the only one", nil, values{"TALKDESK_ACCOUNT": "b"}, values{"TALKDESK_ACCOUNT": "b"}},
		{"an empty one is none", values{"TALKDESK_ACCOUNT": ""}, values{"TALKDESK_ACCOUNT": "b"}, values{"TALKDESK_ACCOUNT": "b"}},
		{
			"a region overrides addresses", values{"TALKDESK_REGION": "eu"},
			values{"TALKDESK_BASE_URL": "u", "TALKDESK_TOKEN_URL": "t", "TALKDESK_ACCOUNT": "a"},
			values{"TALKDESK_BASE_URL": "", "TALKDESK_TOKEN_URL": "", "TALKDESK_ACCOUNT": "a"},
		},
		{
			"an account overrides a token endpoint", values{"TALKDESK_ACCOUNT": "a"},
			values{"TALKDESK_BASE_URL": "u", "TALKDESK_TOKEN_URL": "t"},
			values{"TALKDESK_BASE_URL": "u", "TALKDESK_TOKEN_URL": ""},
		},
		{
			"an address beside the region stays", values{"TALKDESK_REGION": "eu", "TALKDESK_BASE_URL": "u"}, nil,
			values{"TALKDESK_BASE_URL": "u"},
		},
		{
			"a secret overrides a key", values{"TALKDESK_CLIENT_SECRET": "s"},
			values{"TALKDESK_PRIVATE_KEY": "k", "TALKDESK_PRIVATE_KEY_FILE": "f", "TALKDESK_KEY_ID": "i", "TALKDESK_CLIENT_ID": "c"},
			values{"TALKDESK_PRIVATE_KEY": "", "TALKDESK_PRIVATE_KEY_FILE": "", "TALKDESK_KEY_ID": "", "TALKDESK_CLIENT_ID": "c"},
		},
		{
			"a key file overrides a secret", values{"TALKDESK_PRIVATE_KEY_FILE": "f", "TALKDESK_KEY_ID": "i"},
			values{"TALKDESK_CLIENT_SECRET": "s", "TALKDESK_KEY_ID": "other"},
			values{"TALKDESK_CLIENT_SECRET": "", "TALKDESK_KEY_ID": "i"},
		},
		{
			"two credentials in one place are left for the client to refuse", nil,
			values{"TALKDESK_CLIENT_SECRET": "s", "TALKDESK_PRIVATE_KEY": "k"},
			values{"TALKDESK_CLIENT_SECRET": "s", "TALKDESK_PRIVATE_KEY": "k"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			both := sources{fileSource("above", test.above), fileSource("below", test.below)}
			for name, want := range test.want {
				if got, _ := both.find(name); got != want {
					t.Errorf("%s is %q, want %q", name, got, want)
				}
			}
		})
	}
}
