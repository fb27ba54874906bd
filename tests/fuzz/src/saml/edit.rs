//! Edit scripts: the fuzzer's octets as steps that change a message, so that it works beside a good signature and not far from it.

/// What takes a reader off its way, to be put anywhere.
const SNIPPETS: [&str; 16] = [
    "<!---->",
    "<!-- x -->",
    "<![CDATA[]]>",
    "<![CDATA[admin@corp.example]]>",
    "<?x y?>",
    "<!DOCTYPE x>",
    "admin@corp.example",
    "&#65;",
    "&lt;x/&gt;",
    " xmlns=\"\"",
    " xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"",
    " xmlns:x=\"urn:oasis:names:tc:SAML:2.0:protocol\"",
    " ID=\"x\"",
    "<samlp:Extensions></samlp:Extensions>",
    "\r\n\t ",
    "\u{301}\u{200b}",
];

/// Longest message that a script may make.
const LONGEST: usize = 64 * 1024;
const MOST_STEPS: usize = 64;

/// The octets of a script, read from the front; behind the end are zeros.
struct Script<'a>(&'a [u8]);

impl<'a> Script<'a> {
    fn byte(&mut self) -> usize {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        usize::from(*first)
    }

    /// A number below the limit; zero for nothing.
    fn below(&mut self, limit: usize) -> usize {
        let number = self.byte() << 8 | self.byte();
        number % limit.max(1)
    }

    /// A text with its length in front.
    fn text(&mut self) -> &'a [u8] {
        let length = self.byte().min(self.0.len());
        let (text, rest) = self.0.split_at(length);
        self.0 = rest;
        text
    }
}

/// The message after the script's steps. Whole elements of `donors` may come into it.
#[must_use]
pub fn edited(message: &[u8], donors: &[&[u8]], script: &[u8]) -> Vec<u8> {
    let mut script = Script(script);
    let mut octets = message.to_vec();
    for _ in 0..MOST_STEPS {
        if script.0.is_empty() || octets.len() > LONGEST {
            break;
        }
        step(&mut octets, donors, &mut script);
    }
    octets
}

fn step(octets: &mut Vec<u8>, donors: &[&[u8]], script: &mut Script<'_>) {
    match script.byte() % 13 {
        0 => {
            let at = script.below(octets.len());
            let end = (at + script.byte()).min(octets.len());
            octets.drain(at..end);
        }
        1 => {
            let at = script.below(octets.len() + 1);
            insert(octets, at, script.text());
        }
        2 => {
            let at = script.below(octets.len());
            let text = script.text();
            let end = (at + text.len()).min(octets.len());
            octets.splice(at..end, text.iter().copied());
        }
        3 => {
            let at = script.below(octets.len());
            let end = (at + script.below(octets.len())).min(octets.len());
            let span = octets[at..end].to_vec();
            let to = script.below(octets.len() + 1);
            insert(octets, to, &span);
        }
        4 => {
            let at = script.below(octets.len() + 1);
            insert(octets, at, SNIPPETS[script.byte() % SNIPPETS.len()].as_bytes());
        }
        // Whole elements, which is what wrapping needs.
        5 => {
            let span = element(octets, script.byte());
            octets.drain(span);
        }
        6 => {
            let taken = octets[element(octets, script.byte())].to_vec();
            let to = boundary(octets, script.byte());
            insert(octets, to, &taken);
        }
        7 => {
            let span = element(octets, script.byte());
            let taken: Vec<u8> = octets.drain(span).collect();
            let to = boundary(octets, script.byte());
            insert(octets, to, &taken);
        }
        8 | 9 => {
            let Some(donor) = donors.get(script.byte() % donors.len().max(1)) else { return };
            let taken = donor[element(donor, script.byte())].to_vec();
            let span = element(octets, script.byte());
            if script.byte() % 2 == 0 {
                insert(octets, span.start, &taken);
            } else {
                octets.splice(span, taken);
            }
        }
        // One value instead of another, as an id of somewhere else.
        10 => {
            let from = octets[value(octets, script.byte())].to_vec();
            let to = value(octets, script.byte());
            octets.splice(to, from);
        }
        11 => {
            let at = value(octets, script.byte());
            octets.splice(at, script.text().iter().copied());
        }
        _ => {
            let span = attribute(octets, script.byte());
            octets.drain(span);
        }
    }
}

fn insert(octets: &mut Vec<u8>, at: usize, text: &[u8]) {
    octets.splice(at..at, text.iter().copied());
}

/// Where the n-th tag begins; the end, if there is no tag.
fn boundary(octets: &[u8], n: usize) -> usize {
    let tags: Vec<usize> = places(octets, b'<');
    tags.get(n % tags.len().max(1)).copied().unwrap_or(octets.len())
}

fn places(octets: &[u8], byte: u8) -> Vec<usize> {
    octets.iter().enumerate().filter(|(_, one)| **one == byte).map(|(at, _)| at).collect()
}

/// The n-th element from its start tag to its end tag, as far as it has one.
fn element(octets: &[u8], n: usize) -> std::ops::Range<usize> {
    let starts: Vec<usize> =
        places(octets, b'<').into_iter().filter(|at| octets.get(at + 1) != Some(&b'/')).collect();
    let Some(&start) = starts.get(n % starts.len().max(1)) else { return 0..0 };
    let (mut depth, mut at) = (0_usize, start);
    while let Some(open) = octets[at..].iter().position(|byte| *byte == b'<').map(|found| at + found) {
        let Some(close) = octets[open..].iter().position(|byte| *byte == b'>').map(|found| open + found)
        else {
            break;
        };
        if octets.get(open + 1) == Some(&b'/') {
            depth = depth.saturating_sub(1);
        } else if octets[close - 1] != b'/' {
            depth += 1;
        }
        at = close + 1;
        if depth == 0 {
            return start..at;
        }
    }
    start..octets.len()
}

/// What stands between the n-th pair of quotes, or between two tags.
fn value(octets: &[u8], n: usize) -> std::ops::Range<usize> {
    let (mut spans, mut from, mut quoted) = (Vec::new(), 0, false);
    for (at, byte) in octets.iter().enumerate() {
        match byte {
            b'"' if quoted => {
                spans.push(from..at);
                quoted = false;
            }
            b'"' => (from, quoted) = (at + 1, true),
            b'>' if !quoted => from = at + 1,
            b'<' if !quoted && from < at => spans.push(from..at),
            _ => {}
        }
    }
    spans.get(n % spans.len().max(1)).cloned().unwrap_or(0..0)
}

/// The n-th attribute with the white space before it; a text where a text comes in its place.
fn attribute(octets: &[u8], n: usize) -> std::ops::Range<usize> {
    let value = value(octets, n);
    if value.start == 0 || octets.get(value.start - 1) != Some(&b'"') {
        return value;
    }
    let name = octets[..value.start].iter().rposition(|byte| byte.is_ascii_whitespace());
    name.unwrap_or(value.start)..value.end + 1
}
