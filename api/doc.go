// Package api serves the contract over HTTP: the OpenAPI document and a
// documentation page that can send requests to a sandbox.
//
//	http.Handle("/contract/", http.StripPrefix("/contract", api.Handler()))
//
// [Handler] serves these paths for GET and HEAD:
//
//   - /openapi.yaml: the document, byte for byte the file openapi.yaml
//   - /openapi.json: the same document as JSON, with its keys in the same order
//   - /openapi-open.yaml, /openapi-open.json: the variant with open enumerations,
//     for generators whose clients reject values that the contract does not list
//   - /sandbox.yaml, /sandbox.json: with a sandbox, the variant for tools that send
//     requests, whose server and token endpoint are the sandbox
//   - /docs: the documentation page
//   - /: an index of these paths, HTML for clients that ask for it and plain text
//     for others
//   - /healthz: the text ok, for load balancers
//
// Each document has a second address that begins with its version, for example
// /v0.1.0/openapi.yaml. After an update to a different version of this module, that
// address responds with 404.
//
// Responses have strong entity tags, honour conditional requests and ranges, are
// compressed for clients that accept gzip, and can be read by pages of any origin.
// Several ranges of compressed content are ignored. Every file that the pages need
// is embedded in this module. The pages send no request to another host, and their
// content security policy forbids it.
//
// # Trying requests
//
// With [WithSandbox], the documentation page shows /sandbox.json and so sends
// requests to the sandbox. The other documents do not change.
//
// Without a sandbox the page sends no request and asks for no credentials. It
// shows the operations and the code that would call the servers of the document.
// Sending requests to those servers would require typing the credentials of a
// real account into the page.
package api
