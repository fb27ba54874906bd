//! A list on disk, for closed networks: lines `SHA1:COUNT` in the order of their hashes, as the whole of a service's hashes can
//! be downloaded. It is some 40 GB long, so it is searched where it lies, with a read for each halving.

use std::cmp::Ordering;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use super::sha1::{DIGITS, Sha1, entry};

/// More than a line has, in bytes: 40 digits, a colon, the count and a line end.
const LINE: usize = 80;

/// Why a list is of no use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListFault {
    /// It cannot be opened or read.
    #[error("cannot read {path}: {reason}")]
    Unreadable {
        /// The file, as shown to people.
        path: String,
        /// What the system says.
        reason: String,
    },
    /// It has a line of another form.
    #[error("{path} has a line that is not SHA1:COUNT at byte {at}")]
    NoEntry {
        /// The file, as shown to people.
        path: String,
        /// Where the line begins.
        at: u64,
    },
}

/// Looks at the first line alone, so that a wrong file is found when the configuration is read.
///
/// # Errors
/// [`ListFault`], also where the list is empty.
pub fn look_at(path: &Path) -> Result<(), ListFault> {
    List::open(path)?.entry_from(0).map(|_| ())
}

/// Whether the list has a hash; an entry with the count 0 is none.
///
/// # Errors
/// [`ListFault`] where a line on the way has another form.
pub(super) fn lists(path: &Path, hash: &Sha1) -> Result<bool, ListFault> {
    let mut list = List::open(path)?;
    // The hash stands in a line that begins in low..high, if it stands anywhere.
    let (mut low, mut high) = (0, list.length);
    while low < high {
        let middle = low + (high - low) / 2;
        let line = list.entry_behind(middle, low)?.filter(|line| line.begin < high);
        match line.map(|line| (line.order(hash), line)) {
            Some((Ordering::Equal, line)) => return Ok(line.count > 0),
            Some((Ordering::Less, line)) => low = line.end,
            // It stands further up, or no line begins between the middle and the end.
            Some((Ordering::Greater, _)) | None => high = middle,
        }
    }
    Ok(false)
}

struct List<'a> {
    path: &'a Path,
    file: File,
    length: u64,
}

/// A line, from its first byte to that of the next.
struct Line {
    begin: u64,
    end: u64,
    hash: String,
    count: u64,
}

impl Line {
    /// How it stands to a hash, whatever the case of its digits.
    fn order(&self, hash: &Sha1) -> Ordering {
        let digits = self.hash.bytes().map(|digit| digit.to_ascii_uppercase());
        digits.cmp(hash.as_str().bytes())
    }
}

impl<'a> List<'a> {
    fn open(path: &'a Path) -> Result<Self, ListFault> {
        let opened = File::open(path).and_then(|mut file| Ok((file.seek(SeekFrom::End(0))?, file)));
        let (length, file) = opened.map_err(|error| unreadable(path, &error))?;
        Ok(Self { path, file, length })
    }

    /// The first line that begins at `from` or behind it; `floor` is a begin of a line before.
    fn entry_behind(&mut self, from: u64, floor: u64) -> Result<Option<Line>, ListFault> {
        if from == floor {
            return self.entry_from(from).map(Some);
        }
        // A line begins at `from` where a line ends one byte before it.
        let before = self.read(from - 1)?;
        match before.iter().position(|byte| *byte == b'\n') {
            Some(at) => {
                let begin = from + u64::try_from(at).unwrap_or(u64::MAX);
                if begin < self.length { self.entry_from(begin).map(Some) } else { Ok(None) }
            }
            None if from - 1 + u64::try_from(before.len()).unwrap_or(0) >= self.length => Ok(None),
            None => Err(self.no_entry(from)),
        }
    }

    /// The line that begins there.
    fn entry_from(&mut self, begin: u64) -> Result<Line, ListFault> {
        let bytes = self.read(begin)?;
        let length = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
        let text = bytes.get(..length).and_then(|line| std::str::from_utf8(line).ok()).unwrap_or_default();
        let (hash, count) = entry(text.trim_end_matches('\r'), DIGITS).ok_or_else(|| self.no_entry(begin))?;
        let end = begin + u64::try_from(length).unwrap_or(0) + 1;
        Ok(Line { begin, end, hash: hash.to_owned(), count })
    }

    /// As many bytes as a line has at most, fewer at the end of the file.
    fn read(&mut self, at: u64) -> Result<Vec<u8>, ListFault> {
        let mut bytes = Vec::with_capacity(LINE);
        let most = u64::try_from(LINE).unwrap_or(0);
        self.file
            .seek(SeekFrom::Start(at))
            .and_then(|_| (&self.file).take(most).read_to_end(&mut bytes))
            .map_err(|error| unreadable(self.path, &error))?;
        Ok(bytes)
    }

    fn no_entry(&self, at: u64) -> ListFault {
        ListFault::NoEntry { path: self.path.display().to_string(), at }
    }
}

fn unreadable(path: &Path, error: &io::Error) -> ListFault {
    ListFault::Unreadable { path: path.display().to_string(), reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::sync::atomic::{AtomicU32, Ordering as Memory};

    use super::*;

    /// A file that is gone with the test.
    struct Scratch(PathBuf);

    impl Scratch {
        fn of(text: &str) -> Self {
            static NUMBER: AtomicU32 = AtomicU32::new(0);
            let number = NUMBER.fetch_add(1, Memory::Relaxed);
            let path = std::env::temp_dir().join(format!("vestibule-list-{}-{number}", std::process::id()));
            std::fs::write(&path, text).unwrap();
            Self(path)
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            std::fs::remove_file(&self.0).ok();
        }
    }

    /// The hashes of so many numbers, in their order.
    fn hashes(count: u32) -> Vec<String> {
        let mut all: Vec<_> =
            (0..count).map(|n| Sha1::of(n.to_string().as_bytes()).as_str().to_owned()).collect();
        all.sort_unstable();
        all
    }

    /// The hash of a number.
    fn hash(number: u32) -> Sha1 {
        Sha1::of(number.to_string().as_bytes())
    }

    #[test]
    fn every_hash_is_found_and_no_other() {
        for count in [1, 2, 3, 7, 64, 500] {
            for (end, last) in [("\n", "\n"), ("\r\n", "\r\n"), ("\n", ""), ("\r\n", "")] {
                let all = hashes(count);
                // Counts of every length, so that lines are.
                let lines: Vec<_> = all
                    .iter()
                    .enumerate()
                    .map(|(at, hash)| format!("{hash}:{}", "7".repeat(1 + at % 12)))
                    .collect();
                let list = Scratch::of(&format!("{}{last}", lines.join(end)));
                look_at(&list.0).unwrap();
                for number in 0..count {
                    assert_eq!(lists(&list.0, &hash(number)), Ok(true), "{count} {number} {end:?} {last:?}");
                }
                for number in count..count + 200 {
                    assert_eq!(lists(&list.0, &hash(number)), Ok(false), "{count} {number} {end:?} {last:?}");
                }
            }
        }
    }

    #[test]
    fn an_entry_that_pads_is_none_and_case_does_not_matter() {
        let text = "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8";
        for (line, listed) in [
            (format!("{text}:1"), true),
            (format!("{}:1", text.to_lowercase()), true),
            (format!("{text}:0"), false),
        ] {
            let list = Scratch::of(&line);
            assert_eq!(lists(&list.0, &Sha1::of(b"password")), Ok(listed), "{line}");
        }
    }

    #[test]
    fn what_is_no_list_is_told() {
        let good = format!("{}:3\n", Sha1::of(b"password").as_str());
        for (name, text, at) in [
            ("empty", String::new(), 0),
            ("a text", "once upon a time\n".to_owned(), 0),
            ("hashes of another length", "8846F7EAEE8FB117AD06BDD830B7586C:3\n".to_owned(), 0),
            ("without counts", good.replace(":3", ""), 0),
            ("no UTF-8 is no text", format!("\u{fffd}{good}"), 0),
        ] {
            let list = Scratch::of(&text);
            let path = list.0.display().to_string();
            assert_eq!(look_at(&list.0), Err(ListFault::NoEntry { path, at }), "{name}");
        }
        let absent = Path::new("absent/list.txt");
        assert!(matches!(look_at(absent), Err(ListFault::Unreadable { .. })));
        assert!(matches!(lists(absent, &hash(1)), Err(ListFault::Unreadable { .. })));
        assert!(matches!(look_at(&std::env::temp_dir()), Err(ListFault::Unreadable { .. })), "a folder");
    }

    #[test]
    fn a_line_that_is_none_is_not_passed_over() {
        let lines: Vec<_> = hashes(64).iter().map(|hash| format!("{hash}:3\n")).collect();
        let mut broken = lines.concat();
        let middle = broken.len() / 2;
        broken.replace_range(middle..middle, &"x".repeat(200));
        let list = Scratch::of(&broken);
        look_at(&list.0).unwrap();
        let told = (0..64).filter(|number| lists(&list.0, &hash(*number)).is_err()).count();
        assert!(told > 0, "whoever comes by says so");
        // Never the other answer.
        assert!((0..64).all(|number| lists(&list.0, &hash(number)) != Ok(false)));
    }
}
