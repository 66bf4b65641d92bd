// Package memory proves that a response takes at most a small multiple of its body's
// size, whatever it contains. Each one is read by a process of its own, whose memory is
// measured.
package memory
