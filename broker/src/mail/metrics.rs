//! What is counted of mail. No address and no organisation is a label.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::sender::Dropped;

/// Counters since the start, and how it stands now.
#[derive(Debug, Default)]
pub(crate) struct MailMetrics {
    sent: AtomicU64,
    failed: AtomicU64,
    dropped: [AtomicU64; Dropped::ALL.len()],
    capped: AtomicU64,
    full: AtomicU64,
    waiting: AtomicU64,
    away: AtomicBool,
}

impl MailMetrics {
    pub(super) fn sent(&self) {
        self.sent.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn failed(&self) {
        self.failed.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn dropped(&self, reason: Dropped) {
        for (counter, _) in self.dropped.iter().zip(Dropped::ALL).filter(|(_, one)| *one == reason) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(super) fn capped(&self) {
        self.capped.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn full(&self) {
        self.full.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn waiting(&self, count: u64) {
        self.waiting.store(count, Ordering::Relaxed);
    }

    pub(super) fn server_is_away(&self, away: bool) {
        self.away.store(away, Ordering::Relaxed);
    }

    /// The text that Prometheus reads.
    pub(crate) fn write(&self, text: &mut String) {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let up = u64::from(!self.away.load(Ordering::Relaxed));
        for (kind, name, help, value) in [
            ("counter", "vestibule_mail_sent_total", "Mails that the server took.", count(&self.sent)),
            (
                "counter",
                "vestibule_mail_failed_total",
                "Attempts that failed and are made again.",
                count(&self.failed),
            ),
            ("gauge", "vestibule_mail_waiting", "Mails that wait for the server.", count(&self.waiting)),
            (
                "gauge",
                "vestibule_mail_server_up",
                "Whether the mail server answered at the last attempt.",
                up,
            ),
        ] {
            let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}\n");
        }
        let name = "vestibule_mail_dropped_total";
        let _ = write!(text, "# HELP {name} Mails that were given up, by reason.\n# TYPE {name} counter\n");
        for (counter, reason) in self.dropped.iter().zip(Dropped::ALL) {
            let _ = writeln!(text, "{name}{{reason=\"{}\"}} {}", reason.as_str(), count(counter));
        }
        let name = "vestibule_mail_refused_total";
        let _ = write!(text, "# HELP {name} Mails that were not queued, by reason.\n# TYPE {name} counter\n");
        for (counter, reason) in [(&self.capped, "capped"), (&self.full, "full")] {
            let _ = writeln!(text, "{name}{{reason=\"{reason}\"}} {}", count(counter));
        }
    }
}
