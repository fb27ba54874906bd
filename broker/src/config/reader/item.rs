//! One value of the file with its place. Every reading gives a typed value or a fault that says what was expected.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use toml::de::DeValue;

use super::{
    Author, FaultCode, Place, Report, Reported, Table,
    table::{Usual, element_label, walk_through},
};

/// One value and where it stands.
#[derive(Debug, Clone)]
pub(in super::super) struct Item<'a> {
    report: &'a Report<'a>,
    place: Place,
    value: &'a DeValue<'a>,
}

impl<'a> Item<'a> {
    pub(super) const fn new(report: &'a Report<'a>, place: Place, value: &'a DeValue<'a>) -> Self {
        Self { report, place, value }
    }

    /// Where the value stands.
    pub(in super::super) const fn place(&self) -> &Place {
        &self.place
    }

    /// Refuses the value. The message must not repeat a secret.
    pub(in super::super) fn refuse(&self, code: FaultCode, message: impl Into<String>) -> Reported {
        self.report.fault(&self.place, code, message)
    }

    /// Refuses the value with [`FaultCode::Invalid`].
    pub(in super::super) fn invalid(&self, message: impl fmt::Display) -> Reported {
        self.refuse(FaultCode::Invalid, message.to_string())
    }

    /// The value as text.
    pub(in super::super) fn text(&self) -> Result<&'a str, Reported> {
        self.value.as_str().ok_or_else(|| self.expected("a text in quotes"))
    }

    /// The value if it is text; nothing is reported otherwise.
    pub(in super::super) fn as_text(&self) -> Option<&'a str> {
        self.value.as_str()
    }

    /// The key and value of a table that has exactly one; nothing is reported otherwise.
    pub(in super::super) fn only_entry(&self) -> Option<(&'a str, Self)> {
        let table = self.value.as_table()?;
        let mut entries = table.iter();
        let (Some((key, value)), None) = (entries.next(), entries.next()) else { return None };
        let name: &str = key.get_ref();
        let place = self.report.place(key.span().start, &self.place, name);
        Some((name, Self::new(self.report, place, value.get_ref())))
    }

    /// The value as `true` or `false`.
    pub(in super::super) fn flag(&self) -> Result<bool, Reported> {
        self.value.as_bool().ok_or_else(|| self.expected("true or false"))
    }

    /// The value as a port, 1 to 65535.
    pub(in super::super) fn port(&self) -> Result<u16, Reported> {
        let number = self.value.as_integer().and_then(|n| u16::from_str_radix(n.as_str(), n.radix()).ok());
        number.filter(|&port| port > 0).ok_or_else(|| self.expected("a port from 1 to 65535"))
    }

    /// The value as a whole number between two.
    pub(in super::super) fn number(&self, least: u32, most: u32) -> Result<u32, Reported> {
        let number = self.value.as_integer().and_then(|n| u32::from_str_radix(n.as_str(), n.radix()).ok());
        let number = number.filter(|number| (least..=most).contains(number));
        number.ok_or_else(|| self.invalid(format_args!("expected a number from {least} to {most}")))
    }

    /// The value as text that `parse` takes.
    pub(in super::super) fn parse<T, E: fmt::Display>(
        &self,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<T, Reported> {
        parse(self.text()?).map_err(|fault| self.invalid(fault))
    }

    /// A path that counts from the file's folder.
    pub(in super::super) fn path(&self) -> Result<PathBuf, Reported> {
        let base = self.operators()?;
        match self.text()? {
            "" => Err(self.invalid("the path is empty")),
            text if text.contains('\0') => Err(self.invalid("a path holds no NUL")),
            text => Ok(base.join(text)),
        }
    }

    /// The folder of an operator's file. Whoever else named a file or a variable would read what is not theirs.
    pub(in super::super) fn operators(&self) -> Result<&'a Path, Reported> {
        match self.report.origin.author {
            Author::Operator(base) => Ok(base),
            Author::Administrator => Err(self.refuse(
                FaultCode::SecretForm,
                "files and variables are read for the operator alone; give the value itself",
            )),
        }
    }

    /// Walks the value as a table; its leftover keys are reported.
    pub(in super::super) fn section<T>(
        &self,
        walk: impl FnOnce(&mut Table<'a>) -> Result<T, Reported>,
    ) -> Result<T, Reported> {
        let table = self.value.as_table().ok_or_else(|| self.expected("a table"))?;
        walk_through(Table::new(self.report, self.place.clone(), table), walk)
    }

    /// Walks every element of a list of tables, also after a faulty one.
    pub(in super::super) fn sections<T>(
        &self,
        mut walk: impl FnMut(&mut Table<'a>) -> Result<T, Reported>,
    ) -> Result<Vec<T>, Reported> {
        self.elements(element_label, |element| element.section(&mut walk))
    }

    /// Reads every element of a list, also after a faulty one.
    pub(in super::super) fn each<T>(
        &self,
        read: impl FnMut(&Self) -> Result<T, Reported>,
    ) -> Result<Vec<T>, Reported> {
        self.elements(|_, _| String::new(), read)
    }

    /// Whether the value says nothing: an empty text, list or table.
    pub(super) fn is_empty(&self) -> bool {
        match self.value {
            DeValue::String(text) => text.is_empty(),
            DeValue::Array(list) => list.is_empty(),
            DeValue::Table(table) => table.is_empty(),
            DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) => false,
        }
    }

    /// Whether the value is the usual one of its key.
    pub(super) fn is(&self, usual: Usual) -> bool {
        match usual {
            Usual::Empty => false,
            Usual::Flag(flag) => self.value.as_bool() == Some(flag),
        }
    }

    fn elements<T>(
        &self,
        label: fn(&DeValue<'_>, usize) -> String,
        mut read: impl FnMut(&Self) -> Result<T, Reported>,
    ) -> Result<Vec<T>, Reported> {
        let list = self.value.as_array().ok_or_else(|| self.expected("a list"))?;
        let outcomes: Vec<_> = list
            .iter()
            .enumerate()
            .map(|(index, spanned)| {
                let value = spanned.get_ref();
                let place = self.report.place(spanned.span().start, &self.place, &label(value, index));
                read(&Self::new(self.report, place, value))
            })
            .collect();
        outcomes.into_iter().collect()
    }

    fn expected(&self, what: &str) -> Reported {
        self.invalid(format_args!("expected {what}, found {}", described(self.value)))
    }
}

fn described(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "an integer",
        DeValue::Float(_) => "a decimal number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
