// Package api serves the contract over HTTP: the OpenAPI document, and a
// documentation page on which calls can be tried.
//
//	http.Handle("/contract/", http.StripPrefix("/contract", api.Handler()))
//
// What [Handler] serves, all of it for GET and HEAD:
//
//   - /openapi.yaml: the document, byte for byte the file openapi.yaml
//   - /openapi.json: the same document as JSON, its keys in the same order
//   - /openapi: either, as the Accept header asks for; YAML if it does not care
//   - /docs: the documentation page
//   - /: an index of these, as text or HTML
//   - /healthz: ok, for load balancers
//
// Answers have strong entity tags, are compressed for those who accept gzip,
// and may be read by pages of other origins. Everything that the pages need is
// in this module: they make no request to another host, and the content
// security policy that they are served with would not let them.
//
// # Trying calls
//
// With [WithSandbox], calls are tried against the sandbox: the page takes the
// servers and the token endpoint of the document to be at its own address, in
// memory only. The documents that are served stay as they are.
//
// Without a sandbox nothing can be tried, and the page asks for no
// credentials: it shows the operations, and the code that would call the
// servers of the document. Calling those from the page would mean to type the
// credentials of a real account into it.
package api
