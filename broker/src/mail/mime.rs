//! A letter as it goes over the wire: RFC 5322, a text and the same as HTML (RFC 2046 §5.1.4), all of it ASCII.

use std::time::{Duration, UNIX_EPOCH};

use askama::Template;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{MultiPart, SinglePart};

use super::letter::Letter;
use super::text::{Occasion, Text, written};
use crate::config::MailSenders;

/// Machines neither answer these nor send notes of absence (RFC 3834 §5).
const AUTO_SUBMITTED: (&str, &str) = ("Auto-Submitted", "auto-generated");

/// A mail that is ready to go.
pub(super) struct Posting {
    pub(super) from: lettre::Address,
    pub(super) to: lettre::Address,
    pub(super) octets: Vec<u8>,
}

/// Sets a letter. The same row gives the same octets, whenever it is tried: a receiver that got it twice can tell by its id.
///
/// # Errors
/// What the library does not take; nothing that can be parsed into a letter is known to be so.
pub(super) fn posting(
    letter: &Letter,
    id: &str,
    senders: &MailSenders,
    occasion: Occasion<'_>,
) -> Result<Posting, lettre::error::Error> {
    let sender = senders.of(letter.message.class());
    let text = written(letter, occasion);
    let (plain, html) = (plain(&text), html(&text, letter.language.tag()));
    let seconds = u64::try_from(occasion.at.seconds()).unwrap_or(0);
    let (name, value) = AUTO_SUBMITTED;
    let message = lettre::Message::builder()
        .from(sender.mailbox())
        .to(letter.to.mailbox())
        .subject(text.subject)
        .date(UNIX_EPOCH + Duration::from_secs(seconds))
        .message_id(Some(format!("<{id}@{}>", occasion.domain)))
        .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned()))
        .multipart(
            // Of the row and not of the library's weaker chance: what people named cannot hold it.
            MultiPart::alternative()
                .boundary(format!("part-{id}"))
                .singlepart(SinglePart::plain(plain))
                .singlepart(SinglePart::html(html)),
        )?;
    Ok(Posting {
        from: sender.address().envelope().clone(),
        to: letter.to.envelope().clone(),
        octets: message.formatted(),
    })
}

#[derive(Template)]
#[template(path = "mail.txt")]
struct Plain<'a> {
    text: &'a Text,
}

#[derive(Template)]
#[template(path = "mail.html")]
struct Html<'a> {
    text: &'a Text,
    tag: &'static str,
}

/// Writing to a string does not fail; if a template ever did, the other part is still there.
pub(super) fn plain(text: &Text) -> String {
    Plain { text }.render().unwrap_or_default()
}

pub(super) fn html(text: &Text, tag: &'static str) -> String {
    Html { text, tag }.render().unwrap_or_default()
}

#[cfg(test)]
mod tests;
