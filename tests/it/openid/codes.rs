//! The code by which each row of the catalogue is refused: a row that is refused for another reason proves nothing of its own.

/// The code of a row's refusal.
pub(super) fn code_of(row: &str) -> &'static str {
    let found = CODES.iter().find(|(_, rows)| rows.contains(&row)).map(|(code, _)| *code);
    found.unwrap_or("(openid/codes.rs has no code for this row)")
}

const CODES: &[(&str, &[&str])] = &[
    ("X", &[]),
];
