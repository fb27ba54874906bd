//! What the operator's listener counts, as Prometheus text. No organisation or person is a label (OPS-15).

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use vestibule_policies::code::Code;

/// Counters since the start.
#[derive(Debug, Default)]
pub struct Metrics {
    started: AtomicU64,
    succeeded: AtomicU64,
    forwarded: AtomicU64,
    refused: Mutex<BTreeMap<Code, u64>>,
}

impl Metrics {
    /// A browser was sent to a provider.
    pub fn started(&self) {
        self.started.fetch_add(1, Ordering::Relaxed);
    }

    /// Somebody signed in.
    pub fn succeeded(&self) {
        self.succeeded.fetch_add(1, Ordering::Relaxed);
    }

    /// A request went to an application.
    pub fn forwarded(&self) {
        self.forwarded.fetch_add(1, Ordering::Relaxed);
    }

    /// A sign-in was refused.
    pub fn refused(&self, code: Code) {
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner).entry(code).or_default() += 1;
    }

    /// The text that Prometheus reads.
    #[must_use]
    pub fn text(&self, sessions_in_memory: u64, organizations: usize) -> String {
        let mut text = String::new();
        let mut line = |kind: &str, name: &str, help: &str, value: u64| {
            let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}\n");
        };
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        line(
            "counter",
            "vestibule_sign_ins_started_total",
            "Browsers sent to a provider.",
            count(&self.started),
        );
        line(
            "counter",
            "vestibule_sign_ins_succeeded_total",
            "Sign-ins that succeeded.",
            count(&self.succeeded),
        );
        line(
            "counter",
            "vestibule_requests_forwarded_total",
            "Requests sent to applications.",
            count(&self.forwarded),
        );
        line(
            "gauge",
            "vestibule_accesses_in_memory",
            "Accesses of live sessions in memory.",
            sessions_in_memory,
        );
        line("gauge", "vestibule_organizations", "Organisations served.", organizations as u64);
        let name = "vestibule_sign_ins_refused_total";
        let _ = write!(text, "# HELP {name} Sign-ins that were refused, by code.\n# TYPE {name} counter\n");
        for (code, count) in self.refused.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            let _ = writeln!(text, "{name}{{code=\"{code}\"}} {count}");
        }
        text
    }
}
