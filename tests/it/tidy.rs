//! The repository's own rules as tests: what a reviewer would otherwise have to look for by hand.
//!
//! `docs/architecture.md` gives the layers and the doors, CONTRIBUTING.md the house rules.

mod layers;
mod matrix;
mod sources;
mod words;

use std::fs;
use std::path::{Path, PathBuf};

/// What no rule covers: build output, what npm installed, git's own, what fuzzing and the demo leave.
const SKIPPED: [&str; 8] =
    [".git", "target", "node_modules", ".venv", "corpus", "artifacts", "coverage", "demo-data"];

/// A file of the repository.
struct File {
    /// From the root, with `/`.
    path: String,
    text: String,
}

impl File {
    fn is(&self, extension: &str) -> bool {
        Path::new(&self.path).extension().is_some_and(|own| own == extension)
    }

    fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Sources that exist for tests alone.
    fn is_test(&self) -> bool {
        self.path.starts_with("tests/") || self.path.contains("/tests/") || self.name() == "tests.rs"
    }
}

/// Every text file of the repository, in the order of their paths.
fn files() -> Vec<File> {
    let root = root();
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let entry = entry.unwrap();
            let (path, kind) = (entry.path(), entry.file_type().unwrap());
            if SKIPPED.contains(&entry.file_name().to_string_lossy().as_ref()) {
                continue;
            }
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file()
                && let Ok(text) = fs::read_to_string(&path)
            {
                let path = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
                files.push(File { path, text });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(files.len() > 50, "{} files: this is not the repository", files.len());
    files
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// Fails with everything that breaks a rule, not with the first of it.
fn nothing_breaks(rule: &str, broken: &[String]) {
    assert!(broken.is_empty(), "{rule}:\n  {}", broken.join("\n  "));
}

/// Whether the text holds this as a word of its own: neither letter, digit, `-` nor `_` stands beside it.
fn has_word(text: &str, word: &str) -> bool {
    let joins = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let (before, after) = (text.get(..at).unwrap_or(""), text.get(at + word.len()..).unwrap_or(""));
        !before.ends_with(joins) && !after.starts_with(joins)
    })
}

#[test]
fn a_word_is_found_by_itself_only() {
    for (text, found) in [
        ("CODE", true),
        ("`CODE`: what it means", true),
        ("CODE-LONGER, CODE", true),
        ("CODE-LONGER", false),
        ("A-CODE", false),
        ("CODES", false),
        ("", false),
    ] {
        assert_eq!(has_word(text, "CODE"), found, "{text}");
    }
}
