//! Asks the product what it has: the reader of manifests for kinds and parts, the program for commands. What is known and
//! not there is refused with `NOT-BUILT`; whatever else comes back is something else.

use std::path::Path;
use std::process::{Command, Stdio};

use vestibule_broker::config::{FaultCode, Faults, OwnListeners, parse_manifest, parse_server};
use vestibule_conformance::suite::Part;

/// Whether the product has something.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Refused by name.
    NotBuilt,
    /// It is.
    There,
    /// Neither here nor announced; with what was said.
    Nowhere(String),
}

/// What a part adds to a file, and the key that is refused while the part is not there.
pub(super) enum Question {
    Manifest(&'static str, &'static str),
    Server(&'static str, &'static str),
}

const CONNECTION: &str = "[[connections]]\nname = \"any\"\nkind = \"oidc\"\nissuer = \"https://id.example\"\n\
                          client_id = \"vestibule\"\nclient_secret = \"s\"\n";

/// A kind of connection.
pub(super) fn kind(kind: &str) -> Standing {
    let text = format!("[[connections]]\nname = \"any\"\nkind = \"{kind}\"\n");
    judge(manifest(&text), "connections.any.kind")
}

/// A command. One that is there is asked for its help alone.
pub(super) fn command(name: &str) -> Standing {
    let output = Command::new(env!("CARGO_BIN_EXE_vestibule-under-test"))
        .args([name, "--help"])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    match output.status.code() {
        Some(0) => Standing::There,
        Some(2) if said.contains("NOT-BUILT") && said.contains(name) => Standing::NotBuilt,
        _ => Standing::Nowhere(said),
    }
}

/// A part. One that no configuration names is believed to be missing.
pub(super) fn part(part: Part) -> Standing {
    match question(part) {
        None => Standing::NotBuilt,
        Some(Question::Manifest(text, key)) => judge(manifest(text), key),
        Some(Question::Server(text, key)) => judge(server(text), key),
    }
}

/// How the configuration can be asked for a part.
pub(super) fn question(part: Part) -> Option<Question> {
    match part {
        Part::Clients => Some(Question::Manifest("[[clients]]\nname = \"backup\"\n", "clients")),
        Part::OutboundProxy => Some(Question::Server(
            "[outbound]\nproxy = \"http://proxy.corp.example:3128\"\n",
            "outbound.proxy",
        )),
        Part::WebSocket => Some(Question::Manifest(
            "[workspace]\nauthentication = \"any\"\n[[workspace.routes]]\npath = \"/\"\n\
             upstream = \"https://app.corp.example\"\nwebsocket_activity = false\n",
            "workspace.routes.0.websocket_activity",
        )),
        Part::Api
        | Part::CipherTextInUnsignedResponse
        | Part::Http2
        | Part::ProviderRecheck
        | Part::ProviderSignOut
        | Part::RefreshTokens
        | Part::RevocationLists
        | Part::ThirdPartyInitiatedSignIn => None,
    }
}

fn judge(read: Result<(), Faults>, key: &str) -> Standing {
    let Err(faults) = read else { return Standing::There };
    let of_key: Vec<_> = faults.as_slice().iter().filter(|fault| fault.place.key == key).collect();
    match of_key.as_slice() {
        // Other keys of a kind may be missing from so short a manifest; the kind itself was taken.
        [] => Standing::There,
        [fault] if fault.code == FaultCode::NotBuilt => Standing::NotBuilt,
        _ => Standing::Nowhere(faults.to_string()),
    }
}

/// A manifest with a good connection, unless the text brings one of its own.
fn manifest(text: &str) -> Result<(), Faults> {
    let connection = if text.starts_with("[[connections]]") { "" } else { CONNECTION };
    // Bare keys go on with the connection, tables stand behind it.
    let text = format!("[organization]\nslug = \"acme\"\n{connection}{text}");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let server = parse_server("", Path::new("vestibule.toml"), folder)?;
    parse_manifest(&text, Path::new("acme.toml"), folder, &server, OwnListeners::Refused).map(drop)
}

fn server(text: &str) -> Result<(), Faults> {
    parse_server(text, Path::new("vestibule.toml"), Path::new(env!("CARGO_MANIFEST_DIR"))).map(drop)
}
