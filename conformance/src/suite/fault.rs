//! What is wrong with the row files: all of it at once, each with file and row.

use std::fmt;

use super::section::Section;

/// One fault.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {row}: {message}", section.file())]
pub struct Fault {
    /// The file.
    pub section: Section,
    /// The row's id, or its place in the file where it has none.
    pub row: String,
    /// What is wrong.
    pub message: String,
}

/// Every fault of every file; never empty. It shows one a line.
#[derive(Debug, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

impl std::error::Error for Faults {}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{fault}")?;
        }
        Ok(())
    }
}
