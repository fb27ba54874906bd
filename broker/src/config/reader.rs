//! A typed walk over one TOML file that goes on after a fault, so that all faults are reported at once (interface 5).
//! Whatever key nobody asked for is a fault too: a misspelt key must never pass as a default.

use std::{cell::RefCell, path::Path};

use toml::de::DeTable;

use super::fault::{Fault, FaultCode, Faults, Place};

pub(super) use self::{
    item::Item,
    table::{Table, Usual},
    unique::Unique,
};

mod item;
mod table;
mod unique;

/// The longest text that is read, in bytes.
pub(super) const TEXT_LIMIT: usize = 1024 * 1024;

/// How many syntax faults are worth telling: the parser's recovery is a guess.
const SYNTAX_FAULTS: usize = 20;

/// Proof that a fault stands in the report; nothing but the report makes one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reported(());

/// Where a text comes from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Origin<'a> {
    /// The file, as the operator named it; faults carry it.
    pub(super) file: &'a Path,
    /// Who wrote it.
    pub(super) author: Author<'a>,
}

/// Who wrote a text, and so what it may make the broker read (interface 5).
#[derive(Debug, Clone, Copy)]
pub(super) enum Author<'a> {
    /// The operator: files and variables of this machine are theirs. Relative paths count from this folder.
    Operator(&'a Path),
    /// An administrator of an organisation, by the console or the API: nothing of this machine is.
    Administrator,
}

/// The faults of one file as they are found.
#[derive(Debug)]
pub(super) struct Report<'a> {
    origin: Origin<'a>,
    line_starts: Vec<usize>,
    faults: RefCell<Vec<Fault>>,
}

/// Reads one text by walking its root table; whatever is left over afterwards is reported as unknown.
///
/// # Errors
/// Every fault that the walk reported, in the order of lines; or what is wrong with the text as TOML.
pub(super) fn read<T>(
    text: &str,
    origin: Origin<'_>,
    walk: impl FnOnce(&mut Table<'_>) -> Result<T, Reported>,
) -> Result<T, Faults> {
    if text.len() > TEXT_LIMIT {
        let message = format!("the file is longer than {TEXT_LIMIT} bytes");
        return Err(Faults::of_file(origin.file, FaultCode::Unreadable, message));
    }
    let report = Report::new(text, origin);
    let (tree, mut errors) = DeTable::parse_recoverable(text);
    errors.truncate(SYNTAX_FAULTS);
    for error in &errors {
        let offset = error.span().map_or(text.len(), |span| span.start);
        report.fault(
            &report.place(offset, &Place::whole(origin.file), ""),
            FaultCode::Syntax,
            error.message(),
        );
    }
    if !errors.is_empty() {
        return Err(report.into_faults());
    }
    let mut root = Table::new(&report, Place::whole(origin.file), tree.get_ref());
    let outcome = walk(&mut root);
    root.finish();
    match outcome {
        Ok(value) if report.faults.borrow().is_empty() => Ok(value),
        Ok(_) | Err(Reported(())) => Err(report.into_faults()),
    }
}

impl<'a> Report<'a> {
    fn new(text: &str, origin: Origin<'a>) -> Self {
        let breaks =
            text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n').map(|(offset, _)| offset + 1);
        Self { origin, line_starts: breaks.collect(), faults: RefCell::default() }
    }

    /// Records a fault.
    fn fault(&self, place: &Place, code: FaultCode, message: impl Into<String>) -> Reported {
        self.faults.borrow_mut().push(Fault { place: place.clone(), code, message: message.into() });
        Reported(())
    }

    /// The place of a key below `parent` that stands at a byte offset of the text.
    fn place(&self, offset: usize, parent: &Place, key: &str) -> Place {
        let line = self.line_starts.partition_point(|&start| start <= offset) + 1;
        let place = if key.is_empty() { parent.clone() } else { parent.below(key) };
        Place { line, ..place }
    }

    fn into_faults(self) -> Faults {
        let mut faults = self.faults.into_inner();
        faults.sort_by_key(|fault| fault.place.line);
        Faults::new(faults)
    }
}
