//! The configuration as operators write it. Every accepted file has faulty ones beside it, most of them different in
//! one key, each with the line, key and code that it must be told with.

mod connection;
mod directory;
mod gateway;
mod golden;
mod hostile;
mod mail;
mod manifest;
mod server;

use std::path::{Path, PathBuf};

use super::*;

fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/config/testdata")
}

fn server_of(text: &str) -> Result<ServerConfig, Faults> {
    parse_server(text, Path::new("vestibule.toml"), &testdata())
}

fn local_server() -> ServerConfig {
    server_of("[outbound]\nallow_private = [\"127.0.0.0/8\"]").unwrap()
}

fn manifest_of(text: &str, server: &ServerConfig) -> Result<Manifest, Faults> {
    parse_manifest(text, Path::new("acme.toml"), &testdata(), server, OwnListeners::Refused)
}

/// The faults as a test states them.
fn told<T>(outcome: Result<T, Faults>) -> Vec<(usize, String, FaultCode)> {
    let faults = outcome.err().map(|faults| faults.into_iter().collect::<Vec<_>>()).unwrap_or_default();
    faults.into_iter().map(|fault| (fault.place.line, fault.place.key, fault.code)).collect()
}

/// Holds every row against what `parse` makes of its text behind `head`, whose lines count. A row is a name, a text in
/// which ` ; ` ends a line, and the line, key and code of the one fault.
fn assert_refused<T>(head: &str, rows: &str, parse: impl Fn(&str) -> Result<T, Faults>) {
    for row in rows.lines().filter(|row| !row.trim().is_empty()) {
        let [name, text, expected] = row.split(" | ").collect::<Vec<_>>()[..] else { panic!("{row}") };
        let faults = told(parse(&format!("{head}{}", text.replace(" ; ", "\n"))));
        let told: Vec<_> = faults
            .iter()
            .map(|(line, key, code)| format!("{line} {key} {code}").replace("  ", " "))
            .collect();
        assert_eq!(told, [expected.trim_end()], "{}", name.trim());
    }
}
