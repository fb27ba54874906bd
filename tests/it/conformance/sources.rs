//! Every test of the workspace by its path, read from the sources: what `cargo test` prints, behind the name of the crate
//! or of the test binary. A test that is ignored proves nothing and is left out.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// A folder of sources, and the name of what is built from it.
const ROOTS: [(&str, &str); 7] = [
    ("certs/src", "vestibule_certs"),
    ("policies/src", "vestibule_policies"),
    ("providers/src", "vestibule_providers"),
    ("conformance/src", "vestibule_conformance"),
    ("broker/src", "vestibule_broker"),
    ("tests/src", "vestibule_tests"),
    ("tests/it", "it"),
];

/// Every one.
pub(super) fn tests() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut tests = BTreeSet::new();
    for (folder, name) in ROOTS {
        walk(&root.join(folder), name, &mut tests);
    }
    assert!(tests.len() > 400, "{} tests: this is not the repository", tests.len());
    tests
}

fn walk(folder: &Path, module: &str, tests: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap();
        let inner = format!("{module}::{stem}");
        if path.is_dir() {
            walk(&path, &inner, tests);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let module = if matches!(stem, "lib" | "main" | "mod") { module } else { &inner };
            tests.extend(of_file(module, &fs::read_to_string(&path).unwrap()));
        }
    }
}

/// The tests of one file. The sources are formatted, so that a module ends where its indentation does.
fn of_file(module: &str, text: &str) -> Vec<String> {
    let mut tests = Vec::new();
    let mut modules: Vec<(usize, &str)> = Vec::new();
    let mut is_test = false;
    for line in text.lines() {
        let code = line.trim_start();
        let depth = line.len() - code.len();
        if code.starts_with("#[test]") || code.starts_with("#[tokio::test") {
            is_test = true;
        } else if code.starts_with("#[ignore") {
            is_test = false;
        } else if let Some(name) = function(code) {
            if is_test {
                let names = modules.iter().map(|(_, name)| *name).chain([name]);
                tests.push(names.fold(module.to_owned(), |path, name| format!("{path}::{name}")));
            }
            is_test = false;
        } else if let Some(name) = opened(code) {
            modules.push((depth, name));
        } else if code == "}" && modules.last().is_some_and(|(open, _)| *open == depth) {
            modules.pop();
        }
    }
    tests
}

fn opened(code: &str) -> Option<&str> {
    // One that lends a sample to its neighbours.
    let code = code.strip_prefix("pub(super) ").unwrap_or(code);
    code.strip_prefix("mod ")?.strip_suffix(" {")
}

fn function(code: &str) -> Option<&str> {
    let code = code.strip_prefix("pub ").unwrap_or(code);
    let code = code.strip_prefix("async ").unwrap_or(code);
    code.strip_prefix("fn ")?.split(['(', '<']).next()
}

#[test]
fn a_test_is_found_by_its_attribute_and_named_by_its_modules() {
    let attribute = concat!("#[te", "st]");
    let text = format!(
        "fn helper() {{\n}}\n{attribute}\nfn outer() {{\n}}\nmod tests {{\n    #[tokio::test(flavor = \"x\")]\n    \
         async fn inner() {{\n    }}\n    mod deep {{\n        {attribute}\n        fn down() {{}}\n    }}\n    \
         {attribute}\n    #[ignore = \"x\"]\n    fn later() {{}}\n    fn helper() {{}}\n}}\n{attribute}\nfn last() {{}}\n"
    );
    let expected = ["a::outer", "a::tests::inner", "a::tests::deep::down", "a::last"];
    assert_eq!(of_file("a", &text), expected);
    let there = tests();
    for (path, found) in [
        ("it::conformance::sources::a_test_is_found_by_its_attribute_and_named_by_its_modules", true),
        ("vestibule_certs::jws::tests::signatures::jwt_10_signatures_of_the_wrong_shape", true),
        ("vestibule_certs::secret::tests::debug_tells_nothing", true),
        ("vestibule_certs::secret::debug_tells_nothing", false),
        ("it::conformance::sources::of_file", false),
    ] {
        assert_eq!(there.contains(path), found, "{path}");
    }
}
