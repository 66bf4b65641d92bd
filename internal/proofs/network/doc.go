// Package network proves what the client does when the network misbehaves:
// real sockets, with faults between the client and the sandbox that toxiproxy
// makes inside of the test process.
package network
