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
// # Nothing is lost
//
// A list ends after the page without a next link, and only there: an empty
// page in the middle does not end it. Whatever stops it earlier is an error,
// and all that was received before has been delivered. If the service's own
// counters say that something is missing, that is an [*IncompleteError].
// Unknown fields and unknown values of enumerations pass; the Valid methods of
// [ContractActionType] and [ContractActionStatus] tell them apart.
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
// Requests that are safe to repeat are, when the service is busy or the
// connection breaks: see [RetryPolicy] for the rules and the defaults. A 401
// renews the token and repeats the request once.
//
// # Errors
//
// An answer that is not what the contract promises is an [*Error]; errors.Is
// with [ErrForbidden] and its kin tells the usual ones. A token that could not
// be had is a [*TokenError]. Every error of a listing says which account it was
// about, and the context's error is found in it by errors.Is.
package wrapper
