"""Health and measures: alive, ready, Prometheus text. No personal data in any of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

from flask import Blueprint, Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from server.domain.delivery import ChannelState


class Measures:
    """What this process counts. One per application, so that tests do not share counts."""

    def __init__(self, sockets: Callable[[], int]) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "talon_http_requests", "Requests answered", ["route", "method", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "talon_http_seconds",
            "Time to answer a request",
            ["route"],
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
            registry=self.registry,
        )
        gauge = Gauge("talon_sockets", "Open sockets in this process", registry=self.registry)
        gauge.set_function(sockets)

    def watch_sending(self, states: Callable[[], Sequence[ChannelState]]) -> None:
        """Add how the sending of messages stands, asked anew for each answer."""
        self.registry.register(_Sending(states))


class _Sending(Collector):
    def __init__(self, states: Callable[[], Sequence[ChannelState]]) -> None:
        self._states = states

    def collect(self) -> Iterator[Metric]:
        """Messages by channel: what became of them here, and what waits in the whole company."""
        states = self._states()
        ended = CounterMetricFamily(
            "talon_messages", "Messages that were sent, given up or dropped", labels=["channel", "outcome"]
        )
        waiting = GaugeMetricFamily(
            "talon_messages_waiting", "Messages that should have been sent", labels=["channel"]
        )
        oldest = GaugeMetricFamily(
            "talon_messages_oldest_seconds", "How long the oldest of them has waited", labels=["channel"]
        )
        for state in states:
            for outcome in ("sent", "failed", "dropped"):
                ended.add_metric([state.channel, outcome], getattr(state, outcome))
            if state.waiting is not None and state.oldest_seconds is not None:
                waiting.add_metric([state.channel], state.waiting)
                oldest.add_metric([state.channel], state.oldest_seconds)
        yield from (ended, waiting, oldest)

    def describe(self) -> Iterator[Metric]:
        """Nothing is asked when it is registered."""
        return iter(())


def install(app: Flask, measures: Measures, not_ready: Callable[[], str | None]) -> None:
    """Count every request, and add /healthz, /readyz and /metrics (open to all, nothing of people)."""
    blueprint = Blueprint("health", __name__)

    @app.before_request
    def begin() -> None:
        g.began = time.monotonic()

    @app.after_request
    def count(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "unknown"
        measures.requests.labels(route, request.method, response.status_code).inc()
        measures.seconds.labels(route).observe(time.monotonic() - g.get("began", time.monotonic()))
        return response

    @blueprint.get("/healthz")
    def alive() -> Response:
        return Response("alive\n", mimetype="text/plain")

    @blueprint.get("/readyz")
    def ready() -> Response:
        fault = not_ready()
        return Response(f"{fault or 'ready'}\n", 503 if fault else 200, mimetype="text/plain")

    @blueprint.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(measures.registry), content_type=CONTENT_TYPE_LATEST)

    app.register_blueprint(blueprint)
