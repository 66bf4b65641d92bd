// Package wrapper lists the contract actions of Talkdesk Express accounts:
// what became of a new subscription, an amendment, a cancellation.
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
// It puts authentication, pagination, retries and errors that say what
// happened around the client in package gen, which is generated from the
// contract, openapi.yaml. It is not made or endorsed by the vendor.
//
// # What is promised
//
// Whatever happens, a listing delivers what it has received, once and in order,
// and then either ends because the service said so, or with an error. In
// detail, where "repeated" means by the [RetryPolicy]:
//
//	when                                       the caller gets                      repeated
//	-----------------------------------------  -----------------------------------  --------
//	no next link, all counters agree           the end of the list                  -
//	an empty page with a next link             the pages after it                   -
//	fewer items than count, total or           IncompleteError with the numbers,    no
//	total_pages say                            after all that was received
//	an item on two pages (the list moved)      IncompleteError at the end           no
//	400 to the first request                   the list without the order, filter   once
//	                                           and page size that were preferred;
//	                                           Error if that is refused as well
//	400, 403, 404, 409, any other 3xx and 4xx  Error with status and body           no
//	401                                        the page, with a new token; Error    once
//	                                           if that is refused as well
//	401 with CodeNoPermission                  Error                                no
//	a service that ignores the order           with StopBefore: the whole list      -
//	408, 429, 500, 502, 503, 504               the page, or Error in the end        yes
//	no answer, a broken connection, an         the page, or Error in the end        yes
//	attempt that takes too long
//	a body that breaks off, bad compression    the whole page, or Error in the end  yes
//	an unknown host, a bad certificate         Error                                no
//	a body that is too large, not JSON, not    Error that names the item and field  no
//	a page, or does not fit the contract
//	unknown fields, unknown enum values        the items; Valid tells               -
//	a Retry-After longer than MaxDelay, or     Error with RetryAfter, at once       no
//	past the context's deadline
//	a next link or redirect out of the API's   LinkError; nothing is sent there     no
//	origin, or a next link in a circle
//	the token endpoint refuses (4xx)           TokenError, to all who come within   no
//	                                           a short, growing time
//	the token endpoint is busy or breaks off   the page, or TokenError in the end   yes
//	an early renewal of the token fails        the page, with the token there is    later
//	a token without a scope for listing        a warning in the log; named in the   -
//	                                           Error of a 403
//	an account id that cannot be one           ErrInvalidAccountID; nothing is sent -
//	the context ends                           its error, never an end of the list  -
//
// One limit: that an item came twice is noticed within the last 4096 items, so
// that a listing needs the same memory however long it is. A list that moves
// repeats what has just been read.
//
// # A listing is stable and short
//
// The first request asks for [CreatedAtAscending], so that contract actions that
// are created during the listing arrive at its end and nothing moves, and for the
// largest pages. Both are preferences, see [Prefer]; [OrderBy] and [PerPage]
// replace them. To read only what was updated lately, use [StopBefore].
//
// # Nothing is lost
//
// A list ends after the page without a next link, and only there. If by the
// service's own counters something is missing, that is an [*IncompleteError].
// After a crash, [From] goes on at the [Page].Next that was stored last.
//
// # Nothing is leaked
//
// Tokens and secrets go only to the scheme, host and port that they belong to.
// A next link or a redirect to anywhere else is a [*LinkError], and nothing is
// sent. Plain http is accepted for this machine only. No error, log record or
// formatted value of this package contains a token, a secret or a key.
//
// # What is repeated
//
// Only what is safe: see [RetryPolicy] for the rules and the defaults.
//
// # What can be watched
//
// [WithLogger] logs what happens on the way, and [WithObserver] is told of it,
// for counters; both see an [Event] and nothing else. [WithHTTPClient] takes a
// client whose transport traces.
//
// # Errors
//
// An answer that is not what the contract promises is an [*Error]; errors.Is
// with [ErrForbidden] and its kin tells the usual ones. A token that could not
// be had is a [*TokenError]. Every error of a listing says which account it was
// about, and the context's error is found in it by errors.Is.
package wrapper
