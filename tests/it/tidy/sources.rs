//! How a source file has to look.

use super::{files, nothing_breaks};

/// Past this a file is two things.
const LONGEST: usize = 450;

#[test]
fn every_source_file_says_first_what_it_is() {
    let broken: Vec<String> = files()
        .iter()
        .filter(|file| file.is("rs") && !file.text.starts_with("//! "))
        .map(|file| file.path.clone())
        .collect();
    nothing_breaks("a file opens with `//! ` and what it is", &broken);
}

#[test]
fn every_crate_forbids_unsafe_code() {
    let broken: Vec<String> = files()
        .iter()
        .filter(|file| file.path.ends_with("src/lib.rs") || file.name() == "main.rs")
        .filter(|file| !file.text.lines().any(|line| line == "#![forbid(unsafe_code)]"))
        .map(|file| file.path.clone())
        .collect();
    nothing_breaks("a crate's root forbids unsafe code", &broken);
}

#[test]
fn no_file_is_two_things() {
    let broken: Vec<String> = files()
        .iter()
        .filter(|file| file.is("rs") && !file.is_test())
        .map(|file| (file, file.text.lines().count()))
        .filter(|(_, lines)| *lines > LONGEST)
        .map(|(file, lines)| format!("{}: {lines} lines", file.path))
        .collect();
    nothing_breaks("a file outside the tests has 450 lines at most", &broken);
}

#[test]
fn a_lint_is_expected_with_a_reason_and_never_allowed() {
    // In two halves, or this file would break its own rule.
    let attributes = [concat!("#[all", "ow("), concat!("#![all", "ow(")];
    let mut broken = Vec::new();
    for file in files().iter().filter(|file| file.is("rs")) {
        for (number, line) in (1..).zip(file.text.lines()) {
            if attributes.iter().any(|attribute| line.contains(attribute)) {
                broken.push(format!("{}:{number}", file.path));
            }
        }
    }
    nothing_breaks("`expect` with a reason takes its place", &broken);
}
