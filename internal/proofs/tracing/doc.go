// Package tracing shows the client under OpenTelemetry: its HTTP
// instrumentation goes into the http.Client that the client is given, and
// needs nothing else.
package tracing
