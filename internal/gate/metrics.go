package gate

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"rolecall.dev/rolecall/internal/apierr"
)

// Metrics counts and times requests. Its labels have few values: operations that
// the models do not know are all "unknown". Nil counts nothing.
type Metrics struct {
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
}

// NewMetrics registers the metrics of the road.
func NewMetrics(r prometheus.Registerer) *Metrics {
	m := &Metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "rolecall_requests_total", Help: "Requests by service, operation, HTTP status and AWS error code.",
		}, []string{"service", "operation", "status", "code"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "rolecall_request_seconds", Help: "Time from the request's header to the end of the answer.",
			Buckets: []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .05, .25, 1, 10},
		}, []string{"service"}),
	}
	r.MustRegister(m.requests, m.seconds)
	return m
}

// count takes one finished request.
func (m *Metrics) count(req *Request, failure *apierr.Error, now time.Time) {
	if m == nil {
		return
	}
	service, operation, status, code := "none", "unknown", 200, ""
	if req.Service != nil {
		service = req.Service.Name
	}
	if req.row != nil {
		operation = req.Operation
	}
	if failure != nil {
		status, code = failure.Status, failure.Code
	}
	m.requests.WithLabelValues(service, operation, strconv.Itoa(status), code).Inc()
	m.seconds.WithLabelValues(service).Observe(now.Sub(req.received).Seconds())
}
