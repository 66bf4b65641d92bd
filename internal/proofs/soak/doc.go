// Package soak proves that the client can run for long: many callers, a
// service that fails in every way that it knows, and nothing lost, repeated or
// left behind.
package soak
