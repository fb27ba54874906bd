//! The layers of the six crates, read from their manifests: an arrow only ever points to a lower layer, and what one
//! dependency can do has one door.

use std::fs;

use toml::{Table, Value};

use super::{files, has_word, nothing_breaks, root};

/// A crate of the workspace and the ones that it may build on.
const LAYERS: [(&str, &[&str]); 6] = [
    ("certs", &[]),
    ("policies", &[]),
    ("providers", &["certs", "policies"]),
    // The other side of the wire: an oracle that shares our code shares our bugs.
    ("conformance", &[]),
    ("broker", &["certs", "policies", "providers", "conformance"]),
    ("tests", &["certs", "policies", "providers", "conformance", "broker"]),
];

/// The pure domain has no runtime, no sockets and no store.
const IMPURE: [&str; 8] = ["tokio", "hyper", "hyper-util", "sqlx", "rustls", "tokio-rustls", "ring", "time"];

/// A dependency, and the one folder of the product whose sources may name it.
const DOORS: [(&str, &str); 9] = [
    ("argon2", "broker/src/passwords/hash.rs"),
    ("ldap3", "providers/src/directory/"),
    ("openssl", "certs/src/"),
    ("uppsala", "providers/src/saml/"),
    ("bergshamra_c14n", "providers/src/saml/verify/"),
    ("bergshamra_xml", "providers/src/saml/verify/"),
    ("lettre", "broker/src/mail/"),
    ("qrcode", "broker/src/pages/qr.rs"),
    // It cannot be built without libxml2, which is to see nothing from outside in a broker: it judges in tests, from a process
    // of its own.
    ("samael", "tests/oracle/"),
];

/// What no product is made of, and where a dependency may be named beside its door: the directory of the sandbox is tried, filled
/// and measured with a client that is not the broker, and the fuzz target asks that very library.
const BESIDE: [(&str, &[&str]); 1] = [(
    "ldap3",
    &[
        "tests/Cargo.toml",
        "tests/benches/directory.rs",
        "tests/fuzz/fuzz_targets/ldap_message.rs",
        "conformance/src/sandbox/directory/tests/",
    ],
)];

#[test]
fn the_workspace_is_these_six_crates() {
    let workspace = manifest(".");
    let mut members: Vec<&str> =
        workspace["workspace"]["members"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    members.sort_unstable();
    let mut layers = LAYERS.map(|(crate_, _)| crate_);
    layers.sort_unstable();
    assert_eq!(members, layers);
}

#[test]
fn an_arrow_only_points_to_a_lower_layer() {
    let mut broken = Vec::new();
    for (crate_, below) in LAYERS {
        let manifest = manifest(crate_);
        for section in ["dependencies", "build-dependencies", "dev-dependencies"] {
            for name in workspace_crates(&manifest, section) {
                // Tests of any layer may meet the other side of the wire.
                let excused = section == "dev-dependencies" && name == "conformance";
                if !below.contains(&name.as_str()) && !excused {
                    broken.push(format!("{crate_} -> {name} ({section})"));
                }
            }
        }
    }
    nothing_breaks("docs/architecture.md fixes who may build on whom", &broken);
}

#[test]
fn the_broker_has_the_sandbox_for_its_demo_alone() {
    let manifest = manifest("broker");
    let conformance = &manifest["dependencies"]["vestibule-conformance"];
    assert_eq!(conformance["optional"].as_bool(), Some(true));
    assert_eq!(conformance["features"], Value::from(vec!["sandbox"]));
    let opening: Vec<&String> = manifest["features"]
        .as_table()
        .unwrap()
        .iter()
        .filter(|(_, parts)| parts.to_string().contains("vestibule-conformance"))
        .map(|(feature, _)| feature)
        .collect();
    assert_eq!(opening, ["demo"]);
    // A default feature of the dependency would open the rest of it all the same.
    let shared = self::manifest(".");
    let entry = &shared["workspace"]["dependencies"]["vestibule-conformance"];
    assert_eq!(entry["default-features"].as_bool(), Some(false));
}

#[test]
fn the_domain_is_pure() {
    let manifest = manifest("policies");
    let named = manifest["dependencies"].as_table().unwrap();
    let broken: Vec<String> =
        IMPURE.iter().filter(|name| named.contains_key(**name)).map(ToString::to_string).collect();
    nothing_breaks("policies decides and does nothing else", &broken);
}

#[test]
fn a_dependency_has_one_door() {
    let mut broken = Vec::new();
    for (name, door) in DOORS {
        let beside = BESIDE.iter().find(|(one, _)| *one == name).map_or(&[][..], |(_, places)| places);
        let is_beside = |path: &str| beside.iter().any(|place| path.starts_with(place));
        let owner = door.split('/').next().unwrap_or(door);
        for (crate_, _) in LAYERS {
            let named =
                manifest(crate_).get("dependencies").is_some_and(|section| section.get(name).is_some());
            let manifest = format!("{crate_}/Cargo.toml");
            if named && crate_ != owner && !is_beside(&manifest) {
                broken.push(format!("{manifest} names {name}"));
            }
        }
        let path = format!("{name}::");
        for file in files()
            .iter()
            .filter(|file| file.is("rs") && !file.path.starts_with(door) && !is_beside(&file.path))
        {
            if file.text.lines().any(|line| names_path(line, &path)) {
                broken.push(format!("{} uses {name}, whose door is {door}", file.path));
            }
        }
    }
    nothing_breaks("one door for each of these", &broken);
}

/// `name::` at the start of a path, not inside another name.
fn names_path(line: &str, path: &str) -> bool {
    let name = path.trim_end_matches(':');
    line.contains(path) && has_word(line, name)
}

fn manifest(folder: &str) -> Table {
    let text = fs::read_to_string(root().join(folder).join("Cargo.toml")).unwrap();
    text.parse().unwrap_or_else(|error| panic!("{folder}/Cargo.toml: {error}"))
}

fn workspace_crates(manifest: &Table, section: &str) -> Vec<String> {
    manifest
        .get(section)
        .and_then(Value::as_table)
        .into_iter()
        .flat_map(Table::keys)
        .filter_map(|name| name.strip_prefix("vestibule-").map(str::to_owned))
        .collect()
}
