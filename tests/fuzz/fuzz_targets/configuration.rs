//! The configuration's texts: no panic, and every fault stands on a line of the file.
#![no_main]

use std::path::Path;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use vestibule_broker::config::{Faults, OwnListeners, ServerConfig, parse_manifest, parse_server};

/// Where no file is: a manifest may name files, and reading them is not what is tried here.
const NOWHERE: &str = "/nonexistent/vestibule";

static SERVER: LazyLock<ServerConfig> = LazyLock::new(|| server("").expect("every key has a default"));

fuzz_target!(|data: &[u8]| {
    let Some((&form, data)) = data.split_first() else { return };
    let Some(text) = vestibule_fuzz::text(data) else { return };
    // An absolute path may name a device that never ends.
    if text.contains("/dev") || text.contains("/proc") || text.contains("\\u") || text.contains("\\U") {
        return;
    }
    if form % 2 == 0 {
        match server(text) {
            Ok(config) => {
                assert_ne!(config.server.public_port, 0);
                assert_ne!(config.server.listen, config.server.operator_listen);
            }
            Err(faults) => well_placed(&faults, text),
        }
    } else {
        let file = Path::new("acme.toml");
        match parse_manifest(text, file, Path::new(NOWHERE), &SERVER, OwnListeners::Refused) {
            Ok(manifest) => {
                assert!(manifest.workspaces.iter().all(|host| !SERVER.server.hosts.accounts.contains(host)))
            }
            Err(faults) => well_placed(&faults, text),
        }
    }
});

fn server(text: &str) -> Result<ServerConfig, Faults> {
    parse_server(text, Path::new("vestibule.toml"), Path::new(NOWHERE))
}

fn well_placed(faults: &Faults, text: &str) {
    let lines = text.bytes().filter(|byte| *byte == b'\n').count() + 1;
    assert!(!faults.as_slice().is_empty());
    assert!(faults.as_slice().iter().all(|fault| fault.place.line <= lines && !fault.message.is_empty()));
    assert!(!faults.to_string().contains('\u{1b}'), "a terminal would act on it");
}
