//! Passwords that are tried first: common ones, one or two words with a few digits around them, rows of keys, and the same
//! again and again.
//!
//! The words are a short list of our own, and deliberately so: whatever has leaked is found by looking it up, which knows
//! hundreds of millions more. The list says something where nothing can be looked up, and at once.

use std::sync::LazyLock;

use super::candidate::Candidate;
use super::fold::{READINGS, letters, lower, spelt};

/// Digits and marks around words that make no password of them, in characters: a date and a mark more.
const DECORATION: usize = 8;
/// The words that one may consist of: two of so short a list are quickly tried, three are a phrase.
const WORDS: usize = 2;
/// The shortest run that counts, and what may stand beside runs, in characters.
const RUN: usize = 3;
const BESIDE_RUNS: usize = 3;
/// What comes back so often is one thing and not many.
const REPEATS: usize = 3;

/// Neighbours, on keyboards and in order.
const ROWS: [&str; 6] =
    ["abcdefghijklmnopqrstuvwxyz", "1234567890", "0123456789", "qwertyuiop", "asdfghjkl", "zxcvbnm"];

/// In their order, for the search.
static LISTED: LazyLock<Vec<Vec<char>>> = LazyLock::new(|| {
    include_str!("words.txt").split_whitespace().map(|word| word.chars().collect()).collect()
});

/// Whether a password is one that would be tried first.
pub(super) fn is_common(candidate: &Candidate) -> bool {
    let text = lower(candidate.text());
    is_repetition(&text) || is_runs(&text) || is_listed_whole(&text) || is_decorated_words(&text)
}

/// `abcabcabc`: a part that stands there three times and more, and maybe begins once more.
fn is_repetition(text: &[char]) -> bool {
    (1..=text.len() / REPEATS).any(|period| text.iter().zip(text.iter().skip(period)).all(|(a, b)| a == b))
}

/// `qwertyuiop1!`, `aaabbb111`: neighbours of a row, forwards or backwards, and the same character.
fn is_runs(text: &[char]) -> bool {
    let mut within = 0;
    let mut rest = text;
    while !rest.is_empty() {
        let length = run(rest);
        within += if length >= RUN { length } else { 0 };
        rest = rest.get(length..).unwrap_or_default();
    }
    within >= RUN && text.len() - within <= BESIDE_RUNS
}

/// The length of the longest run that a text begins with; at least 1.
fn run(text: &[char]) -> usize {
    let along = |row: &mut dyn Iterator<Item = char>| {
        let mut row = row.skip_while(|c| Some(c) != text.first());
        text.iter().take_while(|c| row.next().as_ref() == Some(*c)).count()
    };
    let rows = ROWS.iter().flat_map(|row| [along(&mut row.chars()), along(&mut row.chars().rev())]);
    let same = text.iter().take_while(|c| Some(*c) == text.first()).count();
    rows.chain([same]).max().unwrap_or(1).max(1)
}

/// `1q2w3e4r!`: an entry that is no word but for its digits, with marks around it.
fn is_listed_whole(text: &[char]) -> bool {
    let inner = trimmed(text, |c| !c.is_alphanumeric());
    text.len() - inner.len() <= DECORATION && is_word(inner)
}

fn trimmed(text: &[char], is_outside: impl Fn(char) -> bool) -> &[char] {
    let begin = text.iter().take_while(|c| is_outside(**c)).count();
    let kept = text.get(begin..).unwrap_or_default();
    let end = kept.iter().rev().take_while(|c| is_outside(**c)).count();
    kept.get(..kept.len() - end).unwrap_or_default()
}

/// `Summer2026!`, `p@ssw0rd123`: words in any spelling. Where the decoration ends and the word begins cannot be told from
/// `2` or `!`, so each place is tried.
fn is_decorated_words(text: &[char]) -> bool {
    let outside = |c: &&char| !c.is_alphabetic();
    let leading = text.iter().take_while(outside).count().min(DECORATION);
    let trailing = text.iter().rev().take_while(outside).count().min(DECORATION);
    (0..=leading).any(|begin| {
        (0..=trailing).filter(|end| begin + end < text.len()).any(|end| {
            let core = text.get(begin..text.len() - end).unwrap_or_default();
            let readings = READINGS.iter().map(|one| letters(&spelt(core, *one)));
            let plain = std::iter::once_with(|| letters(core));
            readings.chain(plain).any(|word| is_little_around(text, &word) && is_words(&word, WORDS))
        })
    })
}

fn is_little_around(text: &[char], word: &[char]) -> bool {
    text.len() - word.len() <= DECORATION
}

fn is_words(text: &[char], most: usize) -> bool {
    let rest_is_words = |at: usize| {
        let (first, rest) = text.split_at(at);
        is_word(first) && is_words(rest, most - 1)
    };
    is_word(text) || (most > 1 && (1..text.len()).any(rest_is_words))
}

fn is_word(text: &[char]) -> bool {
    LISTED.binary_search_by(|word| word.as_slice().cmp(text)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_in_its_order_and_has_each_word_once() {
        assert!(LISTED.len() > 500, "{}", LISTED.len());
        assert!(LISTED.is_sorted_by(|a, b| a < b));
        assert!(LISTED.iter().all(|word| word.len() >= 4), "shorter ones are in everything");
        let plain = |c: &char| c.is_ascii_lowercase() || c.is_ascii_digit();
        assert!(LISTED.iter().all(|word| word.iter().all(plain)));
    }

    #[test]
    fn runs_are_as_long_as_their_row() {
        for (text, length) in [
            ("abcd9", 4),
            ("dcba", 4),
            ("qwe", 3),
            ("ytrewq1", 6),
            ("aaab", 3),
            ("890", 3),
            ("0123", 4),
            ("é", 1),
        ] {
            assert_eq!(run(&text.chars().collect::<Vec<_>>()), length, "{text}");
        }
    }
}
