//! A table of the file. It remembers which keys were asked for; the others are faults.

use std::{collections::BTreeMap, fmt};

use toml::de::{DeTable, DeValue};

use super::{FaultCode, Item, Place, Report, Reported};

/// The default of a key whose part is not built.
#[derive(Debug, Clone, Copy)]
pub(in super::super) enum Usual {
    Empty,
    Flag(bool),
}

/// A table whose keys are read one by one.
#[derive(Debug)]
pub(in super::super) struct Table<'a> {
    report: &'a Report<'a>,
    place: Place,
    entries: BTreeMap<&'a str, Item<'a>>,
    asked: Vec<&'static str>,
}

impl<'a> Table<'a> {
    pub(super) fn new(report: &'a Report<'a>, place: Place, tree: &'a DeTable<'a>) -> Self {
        let entries = tree.iter().map(|(key, value)| {
            let name: &str = key.get_ref();
            (name, Item::new(report, report.place(key.span().start, &place, name), value.get_ref()))
        });
        Self { report, entries: entries.collect(), place, asked: Vec::new() }
    }

    /// The table's own place.
    pub(in super::super) const fn own_place(&self) -> &Place {
        &self.place
    }

    /// Where a key stands; the table's own line when it is not there.
    pub(in super::super) fn place_of(&self, key: &str) -> Place {
        self.entries.get(key).map_or_else(|| self.place.below(key), |item| item.place().clone())
    }

    /// A key that may be left out.
    pub(in super::super) fn optional(&mut self, key: &'static str) -> Option<Item<'a>> {
        self.asked.push(key);
        self.entries.get(key).cloned()
    }

    /// A key that has to be there.
    pub(in super::super) fn required(&mut self, key: &'static str) -> Result<Item<'a>, Reported> {
        self.optional(key).ok_or_else(|| self.fault(key, FaultCode::Missing, "this key has to be set"))
    }

    /// Reads a key that has to be there.
    pub(in super::super) fn value<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&Item<'a>) -> Result<T, Reported>,
    ) -> Result<T, Reported> {
        self.required(key).and_then(|item| read(&item))
    }

    /// Reads a key that may be left out.
    pub(in super::super) fn maybe<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&Item<'a>) -> Result<T, Reported>,
    ) -> Result<Option<T>, Reported> {
        self.optional(key).map(|item| read(&item)).transpose()
    }

    /// Reads a key that has a default.
    pub(in super::super) fn value_or<T>(
        &mut self,
        key: &'static str,
        default: T,
        read: impl FnOnce(&Item<'a>) -> Result<T, Reported>,
    ) -> Result<T, Reported> {
        Ok(self.maybe(key, read)?.unwrap_or(default))
    }

    /// Reads a key whose default is written as the file would write it.
    pub(in super::super) fn parse_or<T, E: fmt::Display>(
        &mut self,
        key: &'static str,
        default: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<T, Reported> {
        match self.optional(key) {
            Some(item) => item.parse(parse),
            None => parse(default).map_err(|fault| self.fault(key, FaultCode::Invalid, fault.to_string())),
        }
    }

    /// Walks a table below this one, if it is there; its leftover keys are reported.
    pub(in super::super) fn section<T>(
        &mut self,
        key: &'static str,
        walk: impl FnOnce(&mut Table<'a>) -> Result<T, Reported>,
    ) -> Result<Option<T>, Reported> {
        self.maybe(key, |item| item.section(walk))
    }

    /// Walks a table below this one that has to be there.
    pub(in super::super) fn required_section<T>(
        &mut self,
        key: &'static str,
        walk: impl FnOnce(&mut Table<'a>) -> Result<T, Reported>,
    ) -> Result<T, Reported> {
        self.value(key, |item| item.section(walk))
    }

    /// Walks a table below this one as if it were empty when it is not there.
    pub(in super::super) fn section_or_empty<T>(
        &mut self,
        key: &'static str,
        walk: impl FnOnce(&mut Table<'a>) -> Result<T, Reported>,
    ) -> Result<T, Reported> {
        match self.optional(key) {
            Some(item) => item.section(walk),
            None => walk_through(self.empty(key), walk),
        }
    }

    /// Walks a list of tables, each to its end; `None` when the key is not there, which is not an empty list.
    pub(in super::super) fn sections<T>(
        &mut self,
        key: &'static str,
        mut walk: impl FnMut(&mut Table<'a>) -> Result<T, Reported>,
    ) -> Result<Option<Vec<T>>, Reported> {
        self.maybe(key, |item| item.sections(&mut walk))
    }

    /// Refuses keys of parts that this version does not have, unless the value is empty or the usual one (interface 1).
    pub(in super::super) fn not_built(&mut self, keys: &[(&'static str, Usual)]) -> Result<(), Reported> {
        let mut outcome = Ok(());
        for &(key, usual) in keys {
            if let Some(item) = self.optional(key).filter(|item| !item.is_empty() && !item.is(usual)) {
                let message = "this version does not have this yet; leave the key out";
                outcome = Err(item.refuse(FaultCode::NotBuilt, message));
            }
        }
        outcome
    }

    /// Refuses a key of this table, there or not.
    pub(in super::super) fn fault(&self, key: &str, code: FaultCode, message: impl Into<String>) -> Reported {
        self.report.fault(&self.place_of(key), code, message)
    }

    /// Passes over every key that is left: the table was refused as a whole.
    pub(in super::super) fn skip_rest(&mut self) {
        self.entries.clear();
    }

    /// Reports every key that nobody asked for.
    pub(super) fn finish(self) {
        let known = self.asked.join(", ");
        for (key, item) in &self.entries {
            if !self.asked.contains(key) {
                item.refuse(FaultCode::Unknown, format!("there is no such key here; there are: {known}"));
            }
        }
    }

    fn empty(&self, key: &str) -> Self {
        Self {
            report: self.report,
            place: self.place.below(key),
            entries: BTreeMap::new(),
            asked: Vec::new(),
        }
    }
}

/// Walks a table and reports what is left of it.
pub(super) fn walk_through<'a, T>(
    mut table: Table<'a>,
    walk: impl FnOnce(&mut Table<'a>) -> Result<T, Reported>,
) -> Result<T, Reported> {
    let outcome = walk(&mut table);
    table.finish();
    outcome
}

/// What tells an element of a list of tables apart in a dotted key: its plain `name`, else its number from 0.
pub(super) fn element_label(value: &DeValue<'_>, index: usize) -> String {
    match value.get("name").and_then(|name| name.get_ref().as_str()) {
        Some(name) if is_plain(name) => name.to_owned(),
        Some(_) | None => index.to_string(),
    }
}

fn is_plain(name: &str) -> bool {
    (1..=40).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}
