package counters

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"

	"github.com/talkdesk-express/contractactions/api/sandbox"
	"github.com/talkdesk-express/contractactions/wrapper"
)

// observe returns an observer that counts the requests and retries of a client, by
// operation and status. The status of a request that had no response is 0. Account
// ids are no labels: each would be a time series of its own.
func observe(registry prometheus.Registerer) func(context.Context, wrapper.Event) {
	labels := []string{"operation", "status"}
	requests := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "contractactions_requests_total", Help: "Requests."}, labels)
	retries := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "contractactions_retries_total", Help: "Retries."}, labels)
	registry.MustRegister(requests, retries)
	return func(_ context.Context, event wrapper.Event) {
		switch event.Kind {
		case wrapper.EventRequest:
			requests.WithLabelValues(event.Operation, strconv.Itoa(event.Status)).Inc()
		case wrapper.EventRetry:
			retries.WithLabelValues(event.Operation, strconv.Itoa(event.Status)).Inc()
		}
	}
}

func Example() {
	service := sandbox.New(sandbox.WithGeneratedAccount(sandbox.DefaultAccountID, 70)) // two pages
	listening := httptest.NewServer(service)
	defer listening.Close()
	service.URL, service.TokenURL = listening.URL, listening.URL+sandbox.TokenPath
	service.Fail(sandbox.Fault{Status: http.StatusServiceUnavailable})

	registry := prometheus.NewRegistry() // usually prometheus.DefaultRegisterer
	client, err := wrapper.NewFromVariables(service.Variables,
		wrapper.WithRetry(wrapper.RetryPolicy{BaseDelay: time.Nanosecond}),
		wrapper.WithObserver(observe(registry)))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, err := range client.Actions(context.Background(), sandbox.DefaultAccountID, wrapper.PerPage(50)) {
		if err != nil {
			fmt.Println(err)
			return
		}
	}

	families, err := registry.Gather()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, family := range families { // what GET /metrics returns
		if _, err := expfmt.MetricFamilyToText(os.Stdout, family); err != nil {
			fmt.Println(err)
		}
	}
	// Output:
	// # HELP contractactions_requests_total Requests.
	// # TYPE contractactions_requests_total counter
	// contractactions_requests_total{operation="listContractActions",status="200"} 2
	// contractactions_requests_total{operation="listContractActions",status="503"} 1
	// contractactions_requests_total{operation="token",status="200"} 1
	// # HELP contractactions_retries_total Retries.
	// # TYPE contractactions_retries_total counter
	// contractactions_retries_total{operation="listContractActions",status="503"} 1
}
