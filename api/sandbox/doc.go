// Package sandbox implements a stateful fake of the Talkdesk Express contract
// actions service. Tests use it to call the service without an entitlement, a
// network or real subscriptions.
//
//	server := sandbox.Start(t, sandbox.WithGeneratedAccount(sandbox.DefaultAccountID, 425))
//	// Request a token from server.TokenURL with server.ClientID and server.ClientSecret,
//	// then GET server.URL + "/express/accounts/" + sandbox.DefaultAccountID + "/contracts/actions".
//
// It serves the token endpoint at [TokenPath], which verifies the client's
// credentials, and the operations of openapi.yaml: the lists of accounts and of an
// account's contract actions. Actions are newest first unless order_by requests a
// different order, filter selects them by status and action_type, the scopes are those
// that the contract requires, and errors have the documented codes. Requests are
// validated against the contract, and so are responses before they are sent.
//
// The sandbox has state. [Server.Put] adds and replaces actions. They progress by
// [Server.Advance], by [Server.Schedule] or, with [WithProgress], over time. Tokens
// expire and can be revoked. [Server.Fail] and [Server.FailToken] queue faults, and
// [WithAccountFault], [WithFailures] and [WithLatency] set lasting ones.
// [Server.Requests] returns the requests received, which are recorded in bounded
// memory.
//
// # Choices
//
// The vendor's documentation leaves much open. The following are choices of the
// sandbox, not facts about the service:
//
//   - The texts of errors are its own, and so are the codes
//     sandbox_method_not_allowed and sandbox_defect. A token that is missing,
//     unknown, expired or revoked is rejected with the code 0011003, which is
//     documented for other operations.
//   - Unknown paths are answered with 404 and the code 3110006, and methods that
//     the contract does not list, including HEAD, with 405.
//   - Either of [ScopeRead] and [ScopeWrite] is sufficient for listing contract
//     actions.
//   - The response to a token that is missing, not valid or lacks a scope has a
//     WWW-Authenticate header (RFC 6750, section 3). So has the 401 of an account
//     without permission. The token endpoint's response to a client that it rejects
//     has one only if the client sent an Authorization header (RFC 6749, section
//     5.2).
//   - A request is checked in this order: the token, its scopes, the account, the
//     parameters. The first failure determines the response. A fault of the account
//     comes last.
//   - A repeated parameter is rejected with 400. Unknown parameters are ignored,
//     and links do not contain them. Links contain the other parameters as the
//     client sent them, except for page.
//   - Actions with the same created_at or updated_at are sorted by when they were
//     added to the sandbox. Ascending and descending order are exact reverses.
//   - A filter supports eq, and, or, not, parentheses and values in single quotes,
//     with the usual precedence: not before and before or. Words are case
//     sensitive. A value that the contract does not list matches nothing.
//     Parentheses and not can be nested 100 deep. Any other filter is rejected.
//   - With a filter, count, total and total_pages count the matches.
//   - A page after the last one is empty and has no next link. An empty list has
//     one page.
//   - An account is missing (404), forbidden for every token (403) or without
//     permission (401) as the test configures it. It is unknown which of these the
//     service returns for an account of a different organization.
//   - Generated quantities are at most 25 licences and sometimes missing. Generated
//     times have milliseconds or none.
//   - The transitions between statuses, and how often actions fail.
//   - The token endpoint issues every scope in openapi.yaml unless [WithScopes] or
//     [WithClients] sets different scopes, and lists them in alphabetical order.
//   - A client assertion is valid for five minutes at most and can be used once.
//     The general guide tells clients to create them this way. It does not say
//     that the service enforces it.
//   - The sandbox knows the latest 10,000 access tokens and client assertions.
//   - Every response has the header X-Request-Id.
package sandbox
