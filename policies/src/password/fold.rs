//! The spellings in which a password is compared with words: without case, without marks, and with the letters that digits
//! and marks stand for. Every one of them is the password still, and is wiped.

use zeroize::Zeroizing;

/// What `1` and `!` stand for is in the eye of the writer.
pub(super) const READINGS: [char; 2] = ['i', 'l'];

/// In lower case.
pub(super) fn lower(text: &str) -> Zeroizing<Vec<char>> {
    collected(text.len() * 3, text.chars().flat_map(char::to_lowercase))
}

/// The letters and digits alone.
pub(super) fn alphanumeric(characters: &[char]) -> Zeroizing<Vec<char>> {
    collected(characters.len(), characters.iter().copied().filter(|c| c.is_alphanumeric()))
}

/// The letters alone.
pub(super) fn letters(characters: &[char]) -> Zeroizing<Vec<char>> {
    collected(characters.len(), characters.iter().copied().filter(|c| c.is_alphabetic()))
}

/// With letters in place of what looks like them: `p@ssw0rd` is `password`.
pub(super) fn spelt(characters: &[char], one: char) -> Zeroizing<Vec<char>> {
    collected(characters.len(), characters.iter().map(|c| letter_for(*c, one)))
}

fn letter_for(character: char, one: char) -> char {
    match character {
        '0' => 'o',
        '1' | '!' => one,
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' | '+' => 't',
        '8' => 'b',
        '9' => 'g',
        other => other,
    }
}

/// Of a capacity that suffices: a vector that grew would leave copies behind.
fn collected(most: usize, characters: impl Iterator<Item = char>) -> Zeroizing<Vec<char>> {
    let mut kept = Zeroizing::new(Vec::with_capacity(most));
    kept.extend(characters);
    kept
}
