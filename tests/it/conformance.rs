//! The conformance list held against the product: a row that says it is implemented names tests that are there, a row that
//! waits for a part turns red when the part comes, and `docs/conformance.md` tells the same counts.

mod product;
mod sources;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use vestibule_conformance::suite::{Need, Part, Report, Row, State, read};

use product::Standing;

/// The rows of OpenID sign-in, its tokens, its sessions and its proxy: prefix, then numbers. What they ask of kinds and
/// parts that are not there may wait; a row that waits for nothing but a test may not.
const PROMISED: [(&str, &[u8]); 4] = [
    ("OIDC-RP", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 19, 20, 21, 33, 35, 36, 38, 41]),
    ("JWT", &[1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 14, 16, 17, 18]),
    ("SESS", &[1, 2, 3, 4, 6, 7, 8, 9, 11, 15, 16]),
    ("HTTP", &[3, 6, 12, 15, 16]),
];

fn rows() -> Vec<Row> {
    read().unwrap_or_else(|faults| panic!("conformance/rows:\n{faults}"))
}

/// Every need that a row waits for, with the rows that do.
fn needs() -> BTreeMap<Need, Vec<String>> {
    let mut needs: BTreeMap<Need, Vec<String>> = BTreeMap::new();
    for row in rows() {
        if let State::NotBuilt(need) = row.state {
            needs.entry(need).or_default().push(row.id.to_string());
        }
    }
    needs
}

fn nothing_breaks(rule: &str, broken: &[String]) {
    assert!(broken.is_empty(), "{rule}:\n  {}", broken.join("\n  "));
}

#[test]
fn what_this_version_promises_is_implemented() {
    let rows = rows();
    let mut broken = Vec::new();
    for (prefix, numbers) in PROMISED {
        for number in numbers {
            let id = format!("{prefix}-{number:02}");
            let parts: Vec<&Row> = rows.iter().filter(|row| row.id.whole() == id).collect();
            if !parts.iter().any(|row| matches!(row.state, State::Implemented(_))) {
                broken.push(format!("{id}: no part of it is implemented"));
            }
            for row in parts.iter().filter(|row| row.state == State::NotBuilt(Need::Test)) {
                broken.push(format!("{}: {}: no test asserts it", row.id, row.outcome));
            }
        }
    }
    nothing_breaks("what the product has is proved", &broken);
}

#[test]
fn every_test_that_a_row_names_is_there() {
    let there: BTreeSet<String> = sources::tests();
    let mut broken = Vec::new();
    for row in rows() {
        let State::Implemented(tests) = &row.state else { continue };
        let gone = tests.iter().filter(|test| !there.contains(*test));
        broken.extend(gone.map(|test| format!("{}: there is no test {test}", row.id)));
    }
    nothing_breaks("a row is proved by tests that run", &broken);
}

#[test]
fn no_row_waits_for_a_kind_a_command_or_a_part_that_is_there() {
    let mut broken = Vec::new();
    for (need, rows) in needs() {
        let standing = match &need {
            Need::Kind(kind) => product::kind(kind),
            Need::Command(command) => product::command(command),
            Need::Part(part) => product::part(*part),
            Need::Test => Standing::NotBuilt,
        };
        match standing {
            Standing::NotBuilt => {}
            Standing::There => broken.push(format!("{need} is there: {}", rows.join(", "))),
            Standing::Nowhere(why) => broken.push(format!("{need} means nothing: {why}")),
        }
    }
    nothing_breaks("a row waits for what is refused by name", &broken);
}

#[test]
fn what_is_there_and_what_nobody_knows_are_told_from_what_is_not_built() {
    for kind in ["oidc", "okta", "saml"] {
        assert_eq!(product::kind(kind), Standing::There, "{kind}");
    }
    for command in ["serve", "apply", "check", "demo"] {
        assert_eq!(product::command(command), Standing::There, "{command}");
    }
    assert!(matches!(product::kind("samml"), Standing::Nowhere(_)));
    assert!(matches!(product::command("keys"), Standing::Nowhere(_)));
    // Of these parts the configuration can be asked.
    let asked = Part::ALL.iter().filter(|part| product::question(**part).is_some()).count();
    assert_eq!(asked, 3);
}

#[test]
fn the_document_tells_the_counts_and_every_waiver() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/conformance.md");
    let page = fs::read_to_string(path).unwrap();
    let rows = rows();
    let table = Report::of(&rows).to_string();
    assert!(page.contains(&table), "docs/conformance.md lacks the table of today:\n{table}");
    let waived: Vec<String> = rows
        .iter()
        .filter_map(|row| match &row.state {
            State::Waived(reason) => Some(format!("| {} | {} | {reason} |", row.id, row.outcome)),
            State::Implemented(_) | State::NotBuilt(_) => None,
        })
        .collect();
    let (_, section) = page.split_once("\n## Waivers\n").expect("its own section");
    // The head of the table is no waiver.
    let told: Vec<&str> = section.lines().filter(|line| line.starts_with("| ")).skip(1).collect();
    assert_eq!(told, waived, "docs/conformance.md gives every waiver with its reason, and no other");
}
