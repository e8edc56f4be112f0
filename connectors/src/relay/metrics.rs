//! What a relay counts, for Prometheus. A number says nothing about whom an event is for or from.

use std::time::Duration;

use inlet_model::Fate;
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{
        counter::Counter,
        family::Family,
        gauge::Gauge,
        histogram::{Histogram, exponential_buckets},
    },
    registry::Registry,
};

use crate::inbound::{Outcome, Platform};

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    platform: &'static str,
    outcome: &'static str,
}

/// The counters.
pub(super) struct Metrics {
    registry: Registry,
    requests: Family<Labels, Counter>,
    seconds: Histogram,
    connected: Gauge,
}

impl Metrics {
    pub(super) fn new() -> Self {
        let mut registry = Registry::with_prefix("inlet_relay");
        let requests = Family::<Labels, Counter>::default();
        registry.register("requests", "Requests to a hook, by what became of them", requests.clone());
        // From a millisecond to half a minute.
        let seconds = Histogram::new(exponential_buckets(0.001, 2.0, 16));
        registry.register("request_seconds", "Time until a request was answered", seconds.clone());
        let connected = Gauge::default();
        registry.register("nats_connected", "1 while NATS is reached, else 0", connected.clone());
        Self { registry, requests, seconds, connected }
    }

    pub(super) fn count(&self, platform: Platform, outcome: Outcome, took: Duration) {
        let labels = Labels { platform: platform.as_str(), outcome: word(outcome) };
        self.requests.get_or_create(&labels).inc();
        self.seconds.observe(took.as_secs_f64());
    }

    /// All of it, as Prometheus reads it.
    pub(super) fn text(&self, connected: bool) -> String {
        self.connected.set(connected.into());
        let mut text = String::new();
        // A string takes everything.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

/// An outcome, as the metrics name it.
pub(super) fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Introduced => "introduced",
        Outcome::Stranger => "stranger",
        Outcome::Kept(Fate::Stored) => "stored",
        Outcome::Kept(Fate::Known) => "known",
        Outcome::Kept(Fate::Stale) => "stale",
        Outcome::Unsigned => "unsigned",
        Outcome::Unread => "unread",
        Outcome::Unkept => "unkept",
        Outcome::Odd => "odd",
    }
}
