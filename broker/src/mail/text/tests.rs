//! What every mail has in common, in both languages.

use super::super::address::Address;
use super::super::message::{Link, Message, OneTimeCode};
use super::super::name::Name;
use super::*;
use crate::mail::mime::{html, plain};

const LANGUAGES: [Language; 2] = [Language::English, Language::Japanese];
const LINK: &str = "https://accounts.corp.example/reset?token=canary&x=1";
const CODE: &str = "314159";

/// Every mail; a new one has to be added here, for `match` knows them all.
fn messages(organization: &str) -> Vec<Message> {
    let (link, name) = (Link::new(LINK).unwrap(), Name::new(organization));
    let all = vec![
        Message::VerificationCode { code: OneTimeCode::new(CODE).unwrap(), minutes: 10 },
        Message::PasswordReset { link: link.clone(), minutes: 60, account: name.clone() },
        Message::PasswordChanged,
        Message::DeviceChanged,
        Message::BackupCodesReplaced,
        Message::RecoveryPhoneChanged,
        Message::EmailChanged,
        Message::Invitation {
            organization: name.clone(),
            link: link.clone(),
            days: 5,
            inviter: Name::new("Ada <L>"),
        },
        Message::Welcome { organization: name, console: link },
        Message::RecoveryIssued,
        Message::PasskeyAdded,
        Message::PasskeyRemoved,
    ];
    let number = |message: &Message| match message {
        Message::VerificationCode { .. } => 0,
        Message::PasswordReset { .. } => 1,
        Message::PasswordChanged => 2,
        Message::DeviceChanged => 3,
        Message::BackupCodesReplaced => 4,
        Message::RecoveryPhoneChanged => 5,
        Message::EmailChanged => 6,
        Message::Invitation { .. } => 7,
        Message::Welcome { .. } => 8,
        Message::RecoveryIssued => 9,
        Message::PasskeyAdded => 10,
        Message::PasskeyRemoved => 11,
    };
    assert!(all.iter().map(number).eq(0..12));
    all
}

fn text(message: &Message, language: Language) -> Text {
    let letter = Letter {
        to: Address::parse("alice@corp.example").unwrap(),
        language,
        organization: None,
        message: message.clone(),
    };
    let at = Timestamp::from_millis(1_796_078_999_000);
    written(&letter, Occasion { at, domain: "vestibule.corp.example" })
}

#[test]
fn both_parts_say_the_same_and_the_subject_nothing_secret() {
    for message in messages("Acme & Söhne") {
        for language in LANGUAGES {
            let text = text(&message, language);
            let (plain, html) = (plain(&text), html(&text, language.tag()));
            let what = format!("{message:?} {language:?}\n{plain}\n{html}");
            for secret in [CODE, "canary", "alice@"] {
                assert!(!text.subject.contains(secret), "{what}");
            }
            let mut sentences = text.lead.clone();
            sentences.extend(text.notes.clone());
            sentences.extend(text.code.clone());
            sentences.extend(text.facts.iter().map(|(_, value)| value.clone()));
            sentences.push(text.foot.clone());
            for sentence in &sentences {
                assert!(plain.contains(sentence), "{sentence} in {what}");
                let escaped = sentence.replace('&', "&#38;").replace('<', "&#60;").replace('>', "&#62;");
                assert!(html.contains(&escaped), "{escaped} in {what}");
            }
            if let Some(action) = &text.action {
                assert!(plain.contains(LINK) && action.url == LINK, "{what}");
                assert_eq!(
                    html.matches("href=\"https://accounts.corp.example/reset?token=canary&#38;x=1\"").count(),
                    2,
                    "{what}"
                );
            }
            assert!(html.contains(&format!("<html lang=\"{}\"", language.tag())), "{what}");
        }
    }
}

#[test]
fn nothing_is_fetched_and_nothing_of_a_name_becomes_markup() {
    for message in messages("<img src=https://evil.example/x>\"'&") {
        for language in LANGUAGES {
            let html = html(&text(&message, language), language.tag());
            for mark in ["<img", "<script", "<style", "<link", "url(", "src=\"", "class="] {
                assert!(!html.contains(mark), "{mark} in {message:?} {html}");
            }
        }
    }
}

#[test]
fn what_a_mail_tells_is_there() {
    let english = |message: &Message| plain(&text(message, Language::English));
    let all = messages("Acme");
    assert!(english(&all[0]).contains("\n    314159\n") && english(&all[0]).contains("within 10 minutes"));
    assert!(english(&all[2]).contains("When: 2026-11-30 22:49 UTC"), "{}", english(&all[2]));
    assert!(english(&all[2]).contains("Account: alice@corp.example"));
    assert!(english(&all[7]).contains("Ada <L> invites you") && english(&all[7]).contains("within 5 days"));
    let one =
        Message::PasswordReset { link: Link::new(LINK).unwrap(), minutes: 1, account: Name::new("bea") };
    assert!(english(&one).contains("within one minute") && english(&one).contains("User name: bea"));
    let japanese = plain(&text(&all[7], Language::Japanese));
    assert!(
        japanese.contains("Ada <L>さん") && japanese.contains("「Acme」") && japanese.contains("5日間"),
        "{japanese}"
    );
}
