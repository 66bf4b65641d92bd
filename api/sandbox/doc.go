// Package sandbox is a fake of the Talkdesk Express contract actions service,
// for tests that want to talk to the service without an entitlement, a network
// or somebody's real subscriptions.
//
//	server := sandbox.Start(t, sandbox.WithGeneratedAccount(sandbox.DefaultAccountID, 425))
//	// Ask server.TokenURL for a token with server.ClientID and server.ClientSecret,
//	// then GET server.URL + "/express/accounts/" + sandbox.DefaultAccountID + "/contracts/actions".
//
// It serves two endpoints: the token endpoint at [TokenPath], where the
// client really has to authenticate, and the list of an account's contract
// actions, as the contract openapi.yaml describes it. Requests are checked
// against the contract, and so is every answer before it leaves.
//
// The sandbox remembers. Actions move on by [Server.Advance] or, with
// [WithProgress], by themselves; tokens expire and can be revoked; faults can
// be queued with [Server.Fail] and [Server.FailToken]; and what was received
// can be read with [Server.Requests].
//
// # Where it goes beyond the vendor's documentation
//
// The reference page and the general guides leave much unsaid. These are
// choices of the sandbox, not facts about the service:
//
//   - The codes and messages of errors are its own: bad_request, unauthorized,
//     forbidden, not_found and method_not_allowed. Documented is only the shape
//     of the body.
//   - Other paths are refused with 404 and other methods, HEAD included, with
//     405, in that shape.
//   - The answer to a token that is missing, not valid or lacks the scope has
//     a WWW-Authenticate header (RFC 6750, section 3), and so has the token
//     endpoint's to a client that it refuses (RFC 6749, section 5.2).
//   - The first page has the number 1. Smaller numbers are refused with 400, and
//     so is a parameter that is repeated.
//   - per_page is 1000 at most.
//   - A page after the last one is empty and has no next link. A list without
//     actions has one page, an empty one.
//   - An account that is unknown is refused like one that is forbidden, with
//     403.
//   - Of scopes it grants [Scope] and, so that a token that may not list
//     contract actions can be had, express-accounts:read. The general guide
//     documents the latter for the list of accounts, which the sandbox does
//     not serve.
//   - A client assertion is valid for five minutes at most and only once.
//     The general guide says that clients make them so, not that the service
//     insists.
//   - Every answer carries the header X-Request-Id.
package sandbox
