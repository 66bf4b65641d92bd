// Package counters shows the client's observer with Prometheus.
package counters
