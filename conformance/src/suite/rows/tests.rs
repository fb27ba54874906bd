//! Good rows, and beside them what differs in one thing.

use super::*;

const GOOD: &str = "[[row]]\nid = \"JWT-01\"\noutcome = \"refused\"\nsource = \"RFC 8725 §3.1\"\n\
                    state = \"implemented\"\ntests = [\"it::a::b\"]\n";

fn faults(text: &str) -> Vec<String> {
    match read_section(Section::Tokens, text) {
        Ok(_) => Vec::new(),
        Err(Faults(faults)) => faults.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn the_files_of_the_program_are_read() {
    assert!(read().unwrap().len() > 250);
}

#[test]
fn a_row_has_one_state_and_what_belongs_to_it() {
    let tests = "\"implemented\"\ntests = [\"it::a::b\"]";
    let expected = |state| {
        let (outcome, source) = ("refused".to_owned(), "RFC 8725 §3.1".to_owned());
        let id = RowId::parse("JWT-01", Section::Tokens).unwrap();
        vec![Row { id, section: Section::Tokens, outcome, source, state }]
    };
    for (name, state, found) in [
        ("implemented", tests, State::Implemented(vec!["it::a::b".to_owned()])),
        ("waived", "\"waived\"\nreason = \"not offered\"", State::Waived("not offered".to_owned())),
        ("a kind", "\"not-built\"\nneeds = \"kind saml\"", State::NotBuilt(Need::Kind("saml".to_owned()))),
        (
            "a part",
            "\"not-built\"\nneeds = \"part http2\"",
            State::NotBuilt(Need::Part(super::super::Part::Http2)),
        ),
        ("a test", "\"not-built\"\nneeds = \"test\"", State::NotBuilt(Need::Test)),
    ] {
        let read = read_section(Section::Tokens, &GOOD.replace(tests, state));
        assert_eq!(read, Ok(expected(found)), "{name}");
    }
    for (name, state) in [
        ("no state of ours", "\"done\"\ntests = [\"it::a::b\"]"),
        ("no tests", "\"implemented\""),
        ("an empty list of tests", "\"implemented\"\ntests = []"),
        ("tests and a reason", "\"implemented\"\ntests = [\"it::a::b\"]\nreason = \"x\""),
        ("no reason", "\"waived\""),
        ("an empty reason", "\"waived\"\nreason = \"\""),
        ("a reason and a need", "\"waived\"\nreason = \"x\"\nneeds = \"kind saml\""),
        ("no need", "\"not-built\""),
        ("a need of no sort", "\"not-built\"\nneeds = \"saml\""),
        ("a need without a name", "\"not-built\"\nneeds = \"kind \""),
        ("a part that nobody knows", "\"not-built\"\nneeds = \"part consol\""),
    ] {
        assert_eq!(faults(&GOOD.replace(tests, state)).len(), 1, "{name}");
    }
}

#[test]
fn ids_are_of_their_section_and_stand_once() {
    for (name, id) in [
        ("another section's", "SESS-01"),
        ("one digit", "JWT-1"),
        ("no number", "JWT-xx"),
        ("no prefix", "01"),
        ("an empty part", "JWT-01/"),
        ("a part in capitals", "JWT-01/RSA"),
        ("two slashes", "JWT-01/a/b"),
    ] {
        assert_eq!(
            faults(&GOOD.replace("JWT-01", id)),
            [format!("h-tokens.toml: {id}: no id of section H")],
            "{name}"
        );
    }
    assert_eq!(faults(&[GOOD, GOOD].concat()), ["h-tokens.toml: JWT-01: stands 2 times"]);
    let part = GOOD.replace("JWT-01", "JWT-01/rsa");
    assert_eq!(faults(&[GOOD, part.as_str()].concat()), ["h-tokens.toml: JWT-01/rsa: stands whole too"]);
    assert_eq!(faults(&[GOOD.replace("JWT-01", "JWT-01/ec"), part].concat()), Vec::<String>::new());
}

#[test]
fn every_fault_is_told_at_once() {
    let many = [
        GOOD.replace("\"refused\"", "\"\""),
        GOOD.replace("JWT-01", "JWT-02").replace("RFC", "RFC |"),
        GOOD.replace("JWT-01", "JWT-3").replace("[\"it::a::b\"]", "[]"),
        GOOD.replace("id = \"JWT-01\"\n", "colour = \"red\"\n"),
    ];
    let found = faults(&many.concat());
    let rows: Vec<&str> = found.iter().filter_map(|fault| fault.split(": ").nth(1)).collect();
    assert_eq!(rows, ["JWT-01", "JWT-02", "JWT-3", "JWT-3", "row 4"], "{found:?}");
}
