//! The row files to typed rows. A key without a meaning is a fault, and so is a state without what belongs to it.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::{Table, Value};

use super::fault::{Fault, Faults};
use super::row::{Need, Row, RowId, State};
use super::section::Section;

/// The longest text of a row, in bytes: it stands in one line of a table.
const LONGEST: usize = 200;

/// Every row of every section.
///
/// # Errors
/// Every fault of every file, and every id that stands twice.
pub fn read() -> Result<Vec<Row>, Faults> {
    let (mut rows, mut faults) = (Vec::new(), Vec::new());
    for section in Section::ALL {
        match read_section(section, section.text()) {
            Ok(found) => rows.extend(found),
            Err(Faults(found)) => faults.extend(found),
        }
    }
    if faults.is_empty() { Ok(rows) } else { Err(Faults(faults)) }
}

/// The rows of one section's text.
///
/// # Errors
/// Every fault of the text.
pub fn read_section(section: Section, text: &str) -> Result<Vec<Row>, Faults> {
    let fault = |row: &str, message: String| Fault { section, row: row.to_owned(), message };
    let file: File = toml::from_str(text).map_err(|error| Faults(vec![fault("", error.to_string())]))?;
    let (mut rows, mut faults) = (Vec::new(), Vec::new());
    for (number, table) in (1..).zip(file.row) {
        let name =
            table.get("id").and_then(Value::as_str).map_or_else(|| format!("row {number}"), str::to_owned);
        match row(section, table) {
            Ok(row) => rows.push(row),
            Err(messages) => faults.extend(messages.into_iter().map(|message| fault(&name, message))),
        }
    }
    // Prefixes differ between sections, so an id that stands twice does so within one file.
    faults.extend(twice(&rows).into_iter().map(|(id, message)| fault(&id, message)));
    if faults.is_empty() { Ok(rows) } else { Err(Faults(faults)) }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    row: Vec<Table>,
}

/// A row as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    id: String,
    outcome: String,
    source: String,
    state: Word,
    tests: Option<Vec<String>>,
    needs: Option<String>,
    reason: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Word {
    Implemented,
    Waived,
    NotBuilt,
}

fn row(section: Section, table: Table) -> Result<Row, Vec<String>> {
    let written: Written = Value::Table(table).try_into().map_err(|error| vec![error.to_string()])?;
    let mut faults = Vec::new();
    let id = RowId::parse(&written.id, section);
    if id.is_none() {
        faults.push(format!("no id of section {}", section.letter()));
    }
    for (name, text) in [("outcome", &written.outcome), ("source", &written.source)] {
        if !is_line(text) {
            faults.push(format!("{name} is one line of 1 to {LONGEST} bytes"));
        }
    }
    let state = state(written.state, written.tests, written.needs, written.reason);
    match (id, state) {
        (Some(id), Ok(state)) if faults.is_empty() => {
            Ok(Row { id, section, outcome: written.outcome, source: written.source, state })
        }
        (_, state) => {
            faults.extend(state.err());
            Err(faults)
        }
    }
}

fn is_line(text: &str) -> bool {
    (1..=LONGEST).contains(&text.len()) && text.trim() == text && !text.contains(['\n', '|'])
}

fn state(
    word: Word,
    tests: Option<Vec<String>>,
    needs: Option<String>,
    reason: Option<String>,
) -> Result<State, String> {
    match (word, tests, needs, reason) {
        (Word::Implemented, Some(tests), None, None) if !tests.is_empty() => Ok(State::Implemented(tests)),
        (Word::Implemented, ..) => Err("implemented has tests, one at least, and nothing else".to_owned()),
        (Word::Waived, None, None, Some(reason)) if is_line(&reason) => Ok(State::Waived(reason)),
        (Word::Waived, ..) => Err("waived has a reason in one line, and nothing else".to_owned()),
        (Word::NotBuilt, None, Some(needs), None) => Need::parse(&needs)
            .map(State::NotBuilt)
            .ok_or_else(|| format!("needs is a kind, a command, a known part or test, not {needs:?}")),
        (Word::NotBuilt, ..) => Err("not-built has needs, and nothing else".to_owned()),
    }
}

/// Ids that stand twice, and rows that stand whole beside a part of themselves.
fn twice(rows: &[Row]) -> Vec<(String, String)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows {
        *counts.entry(row.id.as_str()).or_default() += 1;
    }
    let again = counts.iter().filter(|(_, count)| **count > 1);
    let mut faults: Vec<(String, String)> =
        again.map(|(id, count)| ((*id).to_owned(), format!("stands {count} times"))).collect();
    for row in rows {
        if row.id.whole() != row.id.as_str() && counts.contains_key(row.id.whole()) {
            faults.push((row.id.to_string(), "stands whole too".to_owned()));
        }
    }
    faults
}

#[cfg(test)]
mod tests;
