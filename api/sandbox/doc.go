// Package sandbox is a fake of the Talkdesk Express contract actions service.
// Tests use it to call the service without an entitlement, a network or real
// subscriptions.
//
//	server := sandbox.Start(t, sandbox.WithGeneratedAccount(sandbox.DefaultAccountID, 425))
//	// Ask server.TokenURL for a token with server.ClientID and server.ClientSecret,
//	// then GET server.URL + "/express/accounts/" + sandbox.DefaultAccountID + "/contracts/actions".
//
// It serves two endpoints: the token endpoint at [TokenPath], which really
// authenticates the client, and the list of an account's contract actions as
// openapi.yaml describes it. The list is newest first unless order_by says
// otherwise, filter selects by status and action_type, and errors have the
// documented codes. Requests are checked against the contract, and so are
// responses before they are sent.
//
// The sandbox has state. Actions are added and replaced by [Server.Put]; they
// progress by [Server.Advance] or, with [WithProgress], over time; tokens expire
// and can be revoked; faults can be queued with [Server.Fail] and
// [Server.FailToken]; and the requests received can be read with
// [Server.Requests].
//
// # Where it goes beyond the vendor's documentation
//
// The vendor's documentation leaves much unsaid. These are choices of the
// sandbox, not facts about the service:
//
//   - The texts of errors are its own, and so are the codes
//     sandbox_method_not_allowed and sandbox_defect. A token that is missing,
//     unknown, expired or revoked is refused with the code 0011003, which is
//     documented for other operations.
//   - Unknown paths are refused with 404 and the code 3110006, and other methods,
//     HEAD included, with 405.
//   - Either of [ScopeRead] and [ScopeWrite] is enough for listing contract
//     actions.
//   - The response to a token that is missing, not valid or lacks a scope has a
//     WWW-Authenticate header (RFC 6750, section 3). So has the 401 of an account
//     without permission, and the response of the token endpoint to a client
//     that it refuses (RFC 6749, section 5.2).
//   - A request is checked in this order: the token, its scopes, the account, the
//     parameters. The first failure decides the response.
//   - A parameter that is repeated is refused with 400. Unknown parameters are
//     ignored, and links do not contain them. Links contain filter, order_by and
//     per_page as the client sent them.
//   - Actions with the same created_at or updated_at are sorted by when they were
//     added to the sandbox. Ascending and descending are exact reverses.
//   - A filter takes eq, and, or, not, parentheses and values in single quotes,
//     with the usual precedence: not before and before or. Words are case
//     sensitive, a value that the contract does not list matches nothing, and
//     parentheses and not can be nested 100 deep. Anything else is refused.
//   - With a filter, count, total and total_pages count the matches.
//   - A page after the last one is empty and has no next link. A list without
//     actions has one page, an empty one.
//   - An account is missing (404), forbidden for every token (403) or without
//     permission (401) as the test has configured it. Which of these the service
//     answers for an account of a different organization is unknown.
//   - The quantities of generated actions are at most 25 licences, and are left
//     out at times. Times have milliseconds or none.
//   - The moves between statuses, and how often actions fail.
//   - The token endpoint grants [ScopeRead], [ScopeWrite] and [ScopeAccounts]
//     unless [WithScopes] says otherwise, and lists scopes in alphabetical order.
//   - A client assertion is valid for five minutes at most and only once. The
//     general guide says that clients make them so, not that the service insists.
//   - Every response has the header X-Request-Id.
package sandbox
