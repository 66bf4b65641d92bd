package wrapper

// NewTransport returns a transport like the one that clients share.
var NewTransport = newTransport
