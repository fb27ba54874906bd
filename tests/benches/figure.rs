//! How a figure is shown: its value, its aim, and whether it is met.

use std::io::Write as _;

/// Which side of the aim is the good one.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Aim {
    /// At most this.
    AtMost(f64),
    /// At least this.
    AtLeast(f64),
}

/// Shows one figure.
pub(crate) fn show(name: &str, value: f64, unit: &str, aim: Aim) {
    let (word, bound, met) = match aim {
        Aim::AtMost(bound) => ("at most", bound, value <= bound),
        Aim::AtLeast(bound) => ("at least", bound, value >= bound),
    };
    let verdict = if met { "met" } else { "MISSED" };
    line(&format!("{name:<58} {value:>9.3} {unit:<8} aim {word} {bound} {unit}: {verdict}"));
}

/// Shows something that has no aim but explains a figure.
pub(crate) fn note(text: &str) {
    line(&format!("    {text}"));
}

/// The middle one; rounds that a neighbour on the machine disturbed stand at the ends.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn line(text: &str) {
    // Whoever closed our standard output does not want it.
    drop(writeln!(std::io::stdout().lock(), "{text}"));
}
