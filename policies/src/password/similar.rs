//! Passwords that are made of the names around a person (PWD-05; NIST SP 800-63B-4 §3.1.1.2, "context-specific words").

use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use super::candidate::Candidate;
use super::fold::{READINGS, alphanumeric, lower, spelt};
use super::judge::{Context, Shortcoming};

/// The shortest part of a name that is looked for anywhere, in characters. One that is a character shorter has to stand by
/// itself: `Ann` is in `savannah` too.
const ANYWHERE: usize = 4;
/// The same of other scripts than the Latin one, where two characters are a name.
const ANYWHERE_BEYOND_ASCII: usize = 2;
/// The shortest that is looked for backwards.
const BACKWARDS: usize = 5;

/// What of the context a password has in it.
pub(super) fn named_in(candidate: &Candidate, context: &Context<'_>) -> Vec<Shortcoming> {
    let spellings = Spellings::of(candidate);
    let has = |names: &mut dyn Iterator<Item = &str>| {
        names.flat_map(parts).any(|part: Vec<char>| spellings.have(&part))
    };
    let email = context.email.map(|email| without_top_domain(email.as_str()));
    let person = context.names.iter().copied().chain(email);
    [
        (has(&mut person.into_iter()), Shortcoming::NamesPerson),
        (has(&mut context.organizations.iter().copied()), Shortcoming::NamesOrganization),
        (has(&mut context.product.iter().copied()), Shortcoming::NamesProduct),
    ]
    .into_iter()
    .filter_map(|(found, shortcoming)| found.then_some(shortcoming))
    .collect()
}

/// An address without the `.com` at its end, which says nothing about anybody.
fn without_top_domain(email: &str) -> &str {
    match email.rsplit_once('.') {
        Some((rest, _)) if rest.contains('@') => rest,
        Some(_) | None => email,
    }
}

/// The words of a name, and all of it as one: `Ada de Vere` is `ada`, `de`, `vere` and `adadevere`.
fn parts(name: &str) -> Vec<Vec<char>> {
    let name: String = name.nfc().flat_map(char::to_lowercase).collect();
    let words = name.split(|c: char| !c.is_alphanumeric()).map(|word| word.chars().collect::<Vec<_>>());
    let whole = name.chars().filter(|c| c.is_alphanumeric()).collect();
    let mut parts: Vec<_> = words.chain([whole]).filter(|part| !part.is_empty()).collect();
    parts.dedup();
    parts
}

/// A password as names are looked for in it.
struct Spellings {
    plain: Zeroizing<Vec<char>>,
    folded: [Zeroizing<Vec<char>>; 3],
}

impl Spellings {
    fn of(candidate: &Candidate) -> Self {
        let plain = lower(candidate.text());
        let [i, l] = READINGS.map(|one| alphanumeric(&spelt(&plain, one)));
        let folded = [alphanumeric(&plain), i, l];
        Self { plain, folded }
    }

    fn have(&self, part: &[char]) -> bool {
        let anywhere = if part.iter().all(char::is_ascii) { ANYWHERE } else { ANYWHERE_BEYOND_ASCII };
        if part.len() >= BACKWARDS && self.folded.iter().any(|text| holds(text, &part.iter().rev())) {
            return true;
        }
        if part.len() >= anywhere {
            return self.folded.iter().any(|text| holds(text, &part.iter()));
        }
        let words = self.plain.split(|c| !c.is_alphabetic());
        part.len() + 1 >= anywhere && words.into_iter().any(|word| word == part)
    }
}

fn holds<'a>(text: &[char], part: &(impl ExactSizeIterator<Item = &'a char> + Clone)) -> bool {
    text.windows(part.len()).any(|window| window.iter().eq(part.clone()))
}
