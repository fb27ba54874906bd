//! Noise from a seed (SAML-76): whatever comes of it, an accepted message still names the signed person.

use std::string::FromUtf8Error;

/// The same seed and message give the same octets. Some seeds change nothing that matters, a few nothing at
/// all.
#[must_use]
pub fn mutate(seed: u64, message: &[u8]) -> Vec<u8> {
    let mut chance = Chance(seed);
    let rounds = 1 + chance.below(3);
    (0..rounds).fold(message.to_vec(), |octets, _| match chance.below(3) {
        0 => raw(&mut chance, octets),
        1 => String::from_utf8(octets)
            .map_or_else(FromUtf8Error::into_bytes, |text| elements(&mut chance, &text).into_bytes()),
        _ => String::from_utf8(octets)
            .map_or_else(FromUtf8Error::into_bytes, |text| texts(&mut chance, &text).into_bytes()),
    })
}

/// splitmix64.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Zero for nothing.
    fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit).unwrap_or(1).max(1);
        usize::try_from(self.next() % limit).unwrap_or(0)
    }

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        let place = self.below(list.len());
        list.get(place).copied().unwrap_or_default()
    }
}

/// An octet turned, taken away or put in; a run of them doubled.
fn raw(chance: &mut Chance, mut octets: Vec<u8>) -> Vec<u8> {
    let place = chance.below(octets.len());
    let octet = u8::try_from(chance.below(256)).unwrap_or(0);
    match chance.below(4) {
        0 => octets.iter_mut().skip(place).take(1).for_each(|old| *old ^= octet | 1),
        1 if !octets.is_empty() => drop(octets.remove(place)),
        2 => octets.insert(place, octet),
        _ => {
            let run: Vec<u8> = octets.iter().skip(place).take(1 + chance.below(64)).copied().collect();
            let rest = octets.split_off(place);
            octets.extend(run);
            octets.extend(rest);
        }
    }
    octets
}

/// An element doubled, moved, taken away or wrapped.
fn elements(chance: &mut Chance, text: &str) -> String {
    let Some((from, to)) = an_element(chance, text) else { return text.to_owned() };
    let (Some(before), Some(element), Some(after)) = (text.get(..from), text.get(from..to), text.get(to..))
    else {
        return text.to_owned();
    };
    let rest = format!("{before}{after}");
    match chance.below(4) {
        0 => format!("{before}{element}{element}{after}"),
        1 => inserted(chance, &rest, element),
        2 => rest,
        _ => {
            let tag = chance.pick(&["samlp:Extensions", "saml:Advice", "ds:Object", "x"]);
            format!("{before}<{tag}>{element}</{tag}>{after}")
        }
    }
}

/// From a start tag to the next end tag of its name.
fn an_element(chance: &mut Chance, text: &str) -> Option<(usize, usize)> {
    let starts: Vec<usize> = text
        .match_indices('<')
        .filter(|(place, _)| text.get(place + 1..).is_some_and(|rest| rest.starts_with(char::is_alphabetic)))
        .map(|(place, _)| place)
        .collect();
    let from = *starts.get(chance.below(starts.len()))?;
    let rest = text.get(from..)?;
    let name = rest.get(1..)?.split([' ', '>', '/']).next()?;
    let end = format!("</{name}>");
    Some((from, from + rest.find(&end)? + end.len()))
}

/// Before some tag.
fn inserted(chance: &mut Chance, text: &str, what: &str) -> String {
    let places: Vec<usize> = text.match_indices('<').map(|(place, _)| place).collect();
    let place = places.get(chance.below(places.len())).copied().unwrap_or(0);
    let (before, after) = text.split_at(place);
    format!("{before}{what}{after}")
}

/// Two texts exchanged, or something spliced into one.
fn texts(chance: &mut Chance, text: &str) -> String {
    let runs: Vec<&str> = text
        .split('<')
        .filter_map(|piece| piece.split_once('>').map(|(_, run)| run))
        .filter(|run| !run.is_empty())
        .collect();
    let one = runs.get(chance.below(runs.len())).copied().unwrap_or_default();
    let two = runs.get(chance.below(runs.len())).copied().unwrap_or_default();
    let noise = chance.pick(&[
        "<!---->",
        "<!-- x -->",
        "<![CDATA[]]>",
        "<![CDATA[x]]>",
        "<?x y?>",
        "&#x20;",
        "&amp;",
        "<x></x>",
        "\r\n",
        "\u{feff}",
    ]);
    let middle = one.char_indices().nth(one.chars().count() / 2).map_or(0, |(place, _)| place);
    let (left, right) = one.split_at(middle);
    let changed = if chance.below(2) == 0 { two.to_owned() } else { format!("{left}{noise}{right}") };
    text.replacen(&format!(">{one}<"), &format!(">{changed}<"), 1)
}
