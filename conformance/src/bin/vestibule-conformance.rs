//! Tells what stands behind the conformance list: `vestibule-conformance [--json]` counts, `vestibule-conformance rows
//! SECTION` lists. Exit codes: 1 when the row files are faulty, 2 for a wrong call.
#![forbid(unsafe_code)]

use std::io::{self, Write as _};
use std::process::ExitCode;

use vestibule_conformance::suite::{Report, Row, Section, State, read};

const USAGE: &str = "usage: vestibule-conformance [--json] | rows SECTION   (SECTION is A to J)";

/// What was asked for.
enum Call {
    Table,
    Json,
    List(Section),
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(call) = parse(&arguments) else { return failed(USAGE, 2) };
    let rows = match read() {
        Ok(rows) => rows,
        Err(faults) => return failed(&faults.to_string(), 1),
    };
    match io::stdout().write_all(answer(&call, &rows).as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => failed(&fault.to_string(), 1),
    }
}

fn parse(arguments: &[String]) -> Option<Call> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] => Some(Call::Table),
        ["--json"] => Some(Call::Json),
        ["rows", letter] => Section::of(letter).map(Call::List),
        _ => None,
    }
}

fn failed(message: &str, code: u8) -> ExitCode {
    // With nowhere left to complain, the exit code has to do.
    let _ = writeln!(io::stderr(), "{message}");
    ExitCode::from(code)
}

fn answer(call: &Call, rows: &[Row]) -> String {
    match call {
        Call::Table => format!("{}\n", Report::of(rows)),
        Call::Json => format!("{:#}\n", serde_json::json!(Report::of(rows))),
        Call::List(section) => rows.iter().filter(|row| row.section == *section).map(line).collect(),
    }
}

fn line(row: &Row) -> String {
    let Row { id, outcome, source, .. } = row;
    let state = match &row.state {
        State::Implemented(tests) => format!("implemented by {}", tests.join(", ")),
        State::Waived(reason) => format!("waived: {reason}"),
        State::NotBuilt(need) => format!("not built, needs {need}"),
    };
    format!("{id}: {outcome} [{source}]\n    {state}\n")
}
