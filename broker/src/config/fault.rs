//! What is wrong with a configuration file, and where: file, line, dotted key, code and a sentence that says what to do.
//! Faults are collected, so that an operator mends a file in one go.

use std::{
    fmt,
    path::{Path, PathBuf},
};

/// What sort of fault it is; the text is stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FaultCode {
    /// The file cannot be opened, is too long, or is not UTF-8.
    Unreadable,
    /// The file is not TOML.
    Syntax,
    /// A key that has no meaning at its place.
    Unknown,
    /// A key, a file or a variable that has to be there and is not.
    Missing,
    /// A value that is not allowed.
    Invalid,
    /// A part that this version does not have.
    NotBuilt,
    /// A secret in a form that is not allowed here.
    SecretForm,
    /// A setting that the operator alone switches on.
    OperatorOnly,
    /// None of a SAML provider's certificates is valid now; sign-in says the same (SAML-06).
    SamlCertificate,
}

impl FaultCode {
    /// The text that people and scripts see.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unreadable => "UNREADABLE",
            Self::Syntax => "SYNTAX",
            Self::Unknown => "UNKNOWN",
            Self::Missing => "MISSING",
            Self::Invalid => "INVALID",
            Self::NotBuilt => "NOT-BUILT",
            Self::SecretForm => "SECRET-FORM",
            Self::OperatorOnly => "OPERATOR-ONLY",
            Self::SamlCertificate => "SAML-CERTIFICATE",
        }
    }
}

impl fmt::Display for FaultCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A place in a configuration file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file, as the caller named it.
    pub file: PathBuf,
    /// The line, from 1; 0 stands for the file as a whole.
    pub line: usize,
    /// The dotted key, such as `server.listen`; elements of lists of tables are named, as in `connections.okta.domain`.
    /// Empty for the file as a whole.
    pub key: String,
}

impl Place {
    /// The file as a whole.
    #[must_use]
    pub fn whole(file: &Path) -> Self {
        Self { file: file.to_owned(), line: 0, key: String::new() }
    }

    /// A key below this one, on the same line.
    #[must_use]
    pub(super) fn below(&self, key: &str) -> Self {
        Self { file: self.file.clone(), line: self.line, key: join(&self.key, key) }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        if self.key.is_empty() { Ok(()) } else { write!(f, ": {}", self.key) }
    }
}

/// One fault. It shows as `vestibule.toml:12: server.listen: this is not an address with a port (INVALID)`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message} ({code})")]
pub struct Fault {
    /// Where it stands.
    pub place: Place,
    /// What sort of fault it is.
    pub code: FaultCode,
    /// A plain sentence that says what to do. It never holds a secret.
    pub message: String,
}

/// All faults of one reading, in the order of files and lines; never empty. It shows one fault a line.
#[derive(Debug, PartialEq, Eq)]
pub struct Faults(Vec<Fault>);

impl Faults {
    pub(super) const fn new(faults: Vec<Fault>) -> Self {
        Self(faults)
    }

    /// A single fault of a file as a whole.
    pub(super) fn of_file(file: &Path, code: FaultCode, message: String) -> Self {
        Self(vec![Fault { place: Place::whole(file), code, message }])
    }

    /// The faults, in the order of files and lines.
    #[must_use]
    pub fn as_slice(&self) -> &[Fault] {
        &self.0
    }
}

impl From<Vec<Fault>> for Faults {
    fn from(faults: Vec<Fault>) -> Self {
        Self(faults)
    }
}

impl IntoIterator for Faults {
    type Item = Fault;
    type IntoIter = std::vec::IntoIter<Fault>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

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

/// Joins two parts of a dotted key. What a terminal would act on is escaped: keys are shown as they were typed.
fn join(parent: &str, key: &str) -> String {
    let shown: String = key.chars().take(80).flat_map(char::escape_debug).collect();
    if parent.is_empty() { shown } else { format!("{parent}.{shown}") }
}
