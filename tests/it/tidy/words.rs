//! What stands in no file, and what has to stand in one. Forbidden words are written here in two halves, or this file
//! would break its own rules.

use std::fs;

use vestibule_policies::code::Code;

use super::{File, files, has_word, nothing_breaks, root};

#[test]
fn nothing_is_left_for_later() {
    let marks =
        [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("todo", "!"), concat!("unimple", "mented!")];
    let broken = lines(|_| true, |line| marks.iter().any(|mark| has_word(line, mark)));
    nothing_breaks("what is not built is refused by name, and the rest is finished", &broken);
}

#[test]
fn no_file_names_a_place_of_one_machine() {
    let places = ["work", "root", "home"].map(|folder| format!("/{folder}/"));
    // A folder of that name beside the repository is part of no clone.
    let beside = concat!("sha", "red/");
    let broken = lines(
        |file| file.name() != "package-lock.json",
        |line| places.iter().any(|place| starts_a_path(line, place)) || starts_a_path(line, beside),
    );
    nothing_breaks("a path of one machine means nothing on another", &broken);
}

#[test]
fn no_file_names_a_package_registry() {
    let hosts = [
        concat!("registry.npm", "js.org"),
        concat!("deb.deb", "ian.org"),
        concat!("index.crates", ".io"),
        concat!("static.crates", ".io"),
        concat!("files.python", "hosted.org"),
    ];
    let broken = lines(|_| true, |line| hosts.iter().any(|host| line.contains(host)));
    nothing_breaks("where packages come from is the machine's own setting", &broken);
}

#[test]
fn every_code_is_explained() {
    let page = fs::read_to_string(root().join("docs/codes.md")).expect("docs/codes.md explains every code");
    let broken: Vec<String> = Code::ALL
        .iter()
        .map(|code| code.as_str())
        .filter(|code| !has_word(&page, code))
        .map(str::to_owned)
        .collect();
    nothing_breaks("docs/codes.md gives cause and remedy of each code", &broken);
}

/// `path:number` of every line that breaks a rule.
fn lines(concerns: impl Fn(&File) -> bool, breaks: impl Fn(&str) -> bool) -> Vec<String> {
    let mut broken = Vec::new();
    for file in files().iter().filter(|file| concerns(file)) {
        for (number, line) in (1..).zip(file.text.lines()) {
            if breaks(line) {
                broken.push(format!("{}:{number}", file.path));
            }
        }
    }
    broken
}

/// Whether this begins a path of the line, rather than standing in the middle of an address or of a longer name.
fn starts_a_path(line: &str, place: &str) -> bool {
    line.match_indices(place).any(|(at, _)| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        !before.is_some_and(|c| c.is_alphanumeric() || "-_.}>".contains(c))
    })
}

#[test]
fn a_path_is_told_from_an_address() {
    for (line, found) in [
        ("cat /place/alice", true),
        ("\"/place/x\"", true),
        ("https://id.example/place/x", false),
        ("{base}/place/", false),
        ("/places/", false),
    ] {
        assert_eq!(starts_a_path(line, "/place/"), found, "{line}");
    }
}
