// Package wrapper lists the contract actions of Talkdesk Express accounts: new
// subscriptions, amendments and cancellations, and the progress of each.
//
//	client, err := wrapper.NewFromEnvironment()
//	if err != nil {
//		log.Fatal(err)
//	}
//	for action, err := range client.Actions(ctx, "5ea75fe7aa224700012eae40") {
//		if err != nil {
//			log.Fatal(err)
//		}
//		fmt.Println(action.ID, action.ActionType, action.Status)
//	}
//
// It adds authentication, pagination, retries and typed errors to the client in
// package gen, which is generated from the contract, openapi.yaml. It is not made
// or endorsed by the vendor.
//
// Statements about the service name their source by a letter, as the contract does:
// R is the vendor's reference page, V its OpenAPI document, G its general guides,
// S its support articles.
//
// # What is promised
//
// A listing delivers every page that it receives, once and in order. It then ends
// because the service reported the last page, or with an error. "Repeated" means
// by the [RetryPolicy].
//
//	when                                       the caller gets                      repeated
//	-----------------------------------------  -----------------------------------  --------
//	no next link, all counters agree           the end of the list                  -
//	an empty page with a next link             the pages after it                   -
//	fewer items than count, total or           IncompleteError with the numbers,    no
//	total_pages say                            after all that was received
//	an item on two pages (the list changed)    IncompleteError at the end           no
//	400 to the first request                   the list without the order, filter   once
//	                                           and page size that were preferred;
//	                                           Error if that is refused as well
//	400, 403, 404, 409, any other 3xx and 4xx  Error with status and body           no
//	401                                        the page, with a new token; Error    once
//	                                           if that is refused as well
//	401 with CodeNoPermission                  Error                                no
//	a service that ignores the order           with Changes: the whole list         -
//	updates while Changes reads several pages  the front again, until it is one     -
//	                                           page
//	408, 429, 500, 502, 503, 504               the page, or Error in the end        yes
//	no response, a broken connection, an       the page, or Error in the end        yes
//	attempt that takes too long
//	an incomplete body, invalid compression    the whole page, or Error in the end  yes
//	an unknown host, an invalid certificate    Error                                no
//	a body that is too large, not JSON, not    Error that names the item and field  no
//	a page, or does not match the contract
//	unknown fields, unknown enum values        the items; Valid reports false       -
//	a Retry-After longer than MaxDelay, or     Error with RetryAfter, immediately   no
//	past the context's deadline
//	a next link or redirect out of the API's   LinkError; no request is sent there  no
//	origin, or a next link in a circle
//	the token endpoint refuses (4xx)           TokenError, also for other callers   no
//	                                           during a short, growing time
//	the token endpoint is busy or breaks off   the page, or TokenError in the end   yes
//	an early renewal of the token fails        the page, with the current token     later
//	a token without a scope for listing        a warning in the log; named in the   -
//	                                           Error of a 403
//	a string that is not an account id         ErrInvalidAccountID; nothing is sent -
//	the context ends                           its error, never an end of the list  -
//
// Duplicates are found among the last 4096 items, so that a listing of any length
// needs the same memory. A list that changes repeats what was read last.
//
// # Listings are stable and short
//
// The first request asks for [CreatedAtAscending], so that contract actions created
// during the listing are at its end and no other moves to a different page, and for
// the largest pages. Both are preferences, see [Prefer]; [OrderBy] and [PerPage]
// override them. [Client.Changes] lists only what was updated lately.
//
// # Nothing is lost
//
// A listing ends after the page without a next link. If the service's own counters
// show that something is missing, it ends with an [*IncompleteError]. After a crash,
// [From] continues at the last [Page].Next that was stored.
//
// # Nothing is leaked
//
// Tokens and secrets are sent only to the scheme, host and port that they belong to.
// A next link or a redirect to any other is a [*LinkError], and no request is sent.
// Plain http is accepted for loopback addresses and the hosts of
// [WithPlainHTTPHosts] only. No error, log record or formatted value of this package
// contains a token, a secret or a key: a text from a server that contains one is
// replaced as a whole.
//
// # Observability
//
// [WithLogger] and [WithObserver] report every [Event]. [WithTransport] adds tracing
// to the transport that all clients share.
//
// # Errors
//
// A failed API request is an [*Error]; errors.Is with [ErrForbidden] and the other
// sentinel errors finds its status. A token that could not be obtained is a
// [*TokenError]. Every error of a listing names the account, and errors.Is finds the
// context's error in it.
package wrapper
