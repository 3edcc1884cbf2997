package server

import (
	"fmt"
	"net"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"rolecall.dev/rolecall/internal/gate"
)

// startAdmin serves /metrics on a listener of its own: what operators see is
// never on the listener that clients use. It does nothing without --admin-listen.
func (s *Server) startAdmin() (*gate.Metrics, error) {
	if s.config.AdminListen == "" {
		return nil, nil
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "rolecall_audit_state", Help: "The record: 0 normal, 1 on its reserve, 2 full, 3 failed.",
		}, func() float64 { return float64(s.audit.State()) }),
	)
	metrics := gate.NewMetrics(registry)
	listener, err := net.Listen("tcp", s.config.AdminListen)
	if err != nil {
		return nil, fmt.Errorf("listen on --admin-listen %s: %w", s.config.AdminListen, err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	s.admin = &http.Server{Handler: mux, ReadHeaderTimeout: headerTimeout, ErrorLog: quiet(s.config.Log)}
	go func() { _ = s.admin.Serve(listener) }() // ends with release
	s.config.Log.Info("metrics", "url", "http://"+listener.Addr().String()+"/metrics")
	return metrics, nil
}
