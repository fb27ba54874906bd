//! Values of which a file may hold each only once.

use std::{collections::BTreeMap, fmt};

use super::{Item, Reported};

/// What was taken so far, with its line.
#[derive(Debug)]
pub(in super::super) struct Unique<T>(BTreeMap<T, usize>);

impl<T: Ord + Clone + fmt::Display> Unique<T> {
    pub(in super::super) const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Takes a value for an item.
    ///
    /// # Errors
    /// When another item has it.
    pub(in super::super) fn take(&mut self, value: T, item: &Item<'_>) -> Result<T, Reported> {
        if let Some(line) = self.0.get(&value) {
            return Err(item.invalid(format_args!("{value} stands already on line {line}; give it once")));
        }
        self.0.insert(value.clone(), item.place().line);
        Ok(value)
    }
}
