//! Bodies of the API, and the settings in them: no panic, every fault says something, and nothing of this machine is read.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use vestibule_broker::config::{
    Faults, OwnListeners, Site, parse_manifest, parse_server, read_connection, read_limits, read_workspace,
};
use vestibule_broker::http::api::body;
use vestibule_policies::{Edition, Limits, Organization, OrganizationId};

const MANIFEST: &str = "[organization]\nslug = \"acme\"\n[[directories]]\nname = \"corp\"\n\
                        domain_sid = \"S-1-5-21-1-2-3\"\nupn_suffixes = [\"corp.example\"]\n";

static SITE: LazyLock<Site> = LazyLock::new(|| Site {
    allow_private: Vec::new(),
    listeners: ["127.0.0.1:8080".parse().expect("an address"), "127.0.0.1:9090".parse().expect("an address")],
    own_listeners: OwnListeners::Refused,
});

static ACME: LazyLock<Organization> = LazyLock::new(|| {
    let folder = std::path::Path::new("/nonexistent");
    let server = parse_server("", folder, folder).expect("every key has a default");
    let manifest = parse_manifest(MANIFEST, folder, folder, &server, OwnListeners::Refused).expect("it is right");
    let edition = Edition::Global;
    serde_json::from_value(serde_json::json!({
        "id": OrganizationId::from_bytes([1; 8]), "slug": manifest.slug, "name": manifest.name, "edition": edition,
        "workspaces": [], "directories": manifest.directories, "connections": [],
        "sessions": { "administrator": edition.administrator_limits(), "subscriber": edition.subscriber_limits() },
        "workspace": { "authentication": null, "admit_groups": [], "routes": [] },
    }))
    .expect("it is one")
});

fuzz_target!(|data: &[u8]| {
    let Ok(members) = body::object(data) else { return };
    match read_connection(&members, &SITE, &ACME) {
        // What names a file or a variable never gets here: both are refused before they are looked for.
        Ok(connection) => assert!(!connection.name.as_str().is_empty()),
        Err(faults) => telling(&faults),
    }
    if let Err(faults) = read_workspace(&members, &SITE, &ACME) {
        telling(&faults);
    }
    let judge = |wanted: Limits| Limits::subscriber(wanted.idle, wanted.maximum);
    match read_limits(&members, Edition::Global.subscriber_limits(), judge) {
        Ok(limits) => assert!(limits.maximum >= std::time::Duration::from_secs(10)),
        Err(faults) => telling(&faults),
    }
});

fn telling(faults: &Faults) {
    assert!(!faults.as_slice().is_empty());
    assert!(faults.as_slice().iter().all(|fault| !fault.message.is_empty()));
    assert!(!faults.to_string().contains('\u{1b}'), "a terminal would act on it");
}
