//! What a mail says, before it is set as text and as HTML: the same parts in both, and the same in both languages.

mod english;
mod japanese;

use vestibule_policies::time::Timestamp;

use super::letter::Letter;
use crate::pages::Language;

/// The parts of a mail from top to bottom.
pub(super) struct Text {
    /// Never holds what the mail proves something with: it is shown on locked screens.
    pub(super) subject: String,
    pub(super) lead: Vec<String>,
    /// To be typed.
    pub(super) code: Option<String>,
    /// To be opened.
    pub(super) action: Option<Action>,
    pub(super) facts: Vec<(&'static str, String)>,
    /// What to do if it is unexpected.
    pub(super) notes: Vec<String>,
    /// Who sends this.
    pub(super) foot: String,
}

/// A link with its button.
pub(super) struct Action {
    pub(super) label: &'static str,
    /// Before the address, for whom the button does not work.
    pub(super) or_copy: &'static str,
    pub(super) url: String,
}

/// What a mail is written from beside its letter.
#[derive(Clone, Copy)]
pub(super) struct Occasion<'a> {
    /// When that happened of which it tells, by the wall.
    pub(super) at: Timestamp,
    /// The broker's own domain.
    pub(super) domain: &'a str,
}

/// Writes a letter in its language.
pub(super) fn written(letter: &Letter, occasion: Occasion<'_>) -> Text {
    match letter.language {
        Language::English => english::written(letter, occasion),
        Language::Japanese => japanese::written(letter, occasion),
    }
}

/// `2026-11-30 22:50 UTC`: nothing here knows where the reader is.
fn moment(at: Timestamp) -> String {
    let date =
        time::OffsetDateTime::from_unix_timestamp(at.seconds()).unwrap_or(time::OffsetDateTime::UNIX_EPOCH);
    let (hour, minute) = (date.hour(), date.minute());
    format!("{} {hour:02}:{minute:02} UTC", date.date())
}

#[cfg(test)]
mod tests;
