//! How many rows stand where, by section: a table for people and for `docs/conformance.md`, JSON for scripts.

use std::fmt;

use serde::Serialize;

use super::row::{Need, Row, State};
use super::section::Section;

/// The counts of every section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// In the order of the letters.
    pub sections: Vec<Line>,
    /// All of them together.
    pub total: Count,
}

/// A section's counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// `A` to `J`.
    pub section: char,
    /// What it is about.
    pub title: &'static str,
    /// How many rows.
    #[serde(flatten)]
    pub count: Count,
}

/// How many rows are in each state. A row in parts counts as its parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Proved by tests.
    pub implemented: usize,
    /// Not offered, with a reason.
    pub waived: usize,
    /// Waiting for a kind, a command or a part.
    pub not_built: usize,
    /// Waiting for a test alone.
    pub untested: usize,
}

impl Report {
    /// Counts these rows.
    #[must_use]
    pub fn of(rows: &[Row]) -> Self {
        let line = |section: Section| {
            let rows = rows.iter().filter(|row| row.section == section);
            Line { section: section.letter(), title: section.title(), count: Count::of(rows) }
        };
        Self { sections: Section::ALL.map(line).to_vec(), total: Count::of(rows.iter()) }
    }
}

impl Count {
    fn of<'a>(rows: impl Iterator<Item = &'a Row>) -> Self {
        let mut count = Self::default();
        for row in rows {
            let place = match &row.state {
                State::Implemented(_) => &mut count.implemented,
                State::Waived(_) => &mut count.waived,
                State::NotBuilt(Need::Test) => &mut count.untested,
                State::NotBuilt(Need::Kind(_) | Need::Command(_) | Need::Part(_)) => &mut count.not_built,
            };
            *place += 1;
        }
        count
    }

    /// All states together.
    #[must_use]
    pub const fn rows(self) -> usize {
        self.implemented + self.waived + self.not_built + self.untested
    }
}

/// A table in Markdown.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| Section | Rows | Implemented | Waived | Not built | Untested |")?;
        writeln!(f, "|---|--:|--:|--:|--:|--:|")?;
        for line in &self.sections {
            writeln!(f, "| {}. {} {}", line.section, line.title, line.count)?;
        }
        write!(f, "| All {}", self.total)
    }
}

/// The cells of a line behind its first.
impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { implemented, waived, not_built, untested } = self;
        write!(f, "| {} | {implemented} | {waived} | {not_built} | {untested} |", self.rows())
    }
}

#[cfg(test)]
mod tests {
    use super::super::read_section;
    use super::*;

    #[test]
    fn every_row_is_counted_once_in_its_state() {
        let row = |number: usize, state: &str| {
            format!("[[row]]\nid = \"TLS-0{number}\"\noutcome = \"o\"\nsource = \"s\"\nstate = {state}\n")
        };
        let states = [
            "\"implemented\"\ntests = [\"it::a\"]",
            "\"waived\"\nreason = \"r\"",
            "\"not-built\"\nneeds = \"kind saml\"",
            "\"not-built\"\nneeds = \"part http2\"",
            "\"not-built\"\nneeds = \"test\"",
        ];
        let text: String = (1..).zip(states).map(|(number, state)| row(number, state)).collect();
        let report = Report::of(&read_section(Section::Tls, &text).unwrap());
        assert_eq!(report.total, Count { implemented: 1, waived: 1, not_built: 2, untested: 1 });
        assert_eq!(report.sections.len(), 10);
        let table = report.to_string();
        assert!(table.contains("\n| I. TLS and certificates | 5 | 1 | 1 | 2 | 1 |\n"), "{table}");
        assert!(table.contains("\n| J. Operations | 0 | 0 | 0 | 0 | 0 |\n"), "{table}");
        assert!(table.ends_with("\n| All | 5 | 1 | 1 | 2 | 1 |"), "{table}");
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!(
            (&json["sections"][8]["section"], &json["sections"][8]["not_built"]),
            (&"I".into(), &2.into())
        );
    }
}
