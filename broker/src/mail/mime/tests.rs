//! The octets of a mail.

use vestibule_policies::time::Timestamp;

use super::super::address::{Address, Sender};
use super::super::message::{Link, Message};
use super::super::name::Name;
use super::*;
use crate::pages::Language;

const ID: &str = "0123456789abcdef0123456789abcdef";

fn octets(message: Message, language: Language) -> String {
    let letter =
        Letter { to: Address::parse("alice@corp.example").unwrap(), language, organization: None, message };
    let sender = |text: &str| Sender::parse(text).unwrap();
    let senders = MailSenders {
        verification: sender("code@v.example"),
        invitation: sender("\"Vestibule, 株式会社\" <invite@v.example>"),
        notice: sender("Vestibule <notice@v.example>"),
    };
    let occasion = Occasion { at: Timestamp::from_seconds(1_796_078_999), domain: "v.example" };
    let posting = posting(&letter, ID, &senders, occasion).unwrap();
    assert_eq!(posting.to.to_string(), "alice@corp.example");
    String::from_utf8(posting.octets).unwrap()
}

fn head(octets: &str) -> Vec<&str> {
    octets.split_once("\r\n\r\n").unwrap().0.split("\r\n").collect()
}

fn invitation(organization: &str) -> Message {
    Message::Invitation {
        organization: Name::new(organization),
        link: Link::new("https://accounts.v.example/invitation?token=x").unwrap(),
        days: 5,
        inviter: Name::new(organization),
    }
}

#[test]
fn the_head_has_what_a_mail_of_a_machine_needs() {
    let octets = octets(Message::PasswordChanged, Language::English);
    let head = head(&octets);
    for line in [
        "From: Vestibule <notice@v.example>",
        "To: alice@corp.example",
        "Subject: Your password was changed",
        "Date: Mon, 30 Nov 2026 22:49:59 +0000",
        "Message-ID: <0123456789abcdef0123456789abcdef@v.example>",
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
    ] {
        assert!(head.contains(&line), "{line} in {head:#?}");
    }
}

#[test]
fn no_name_begins_a_header_of_its_own() {
    let quiet = octets(invitation("Acme"), Language::English);
    let names = |octets: &str| -> Vec<String> {
        let lines = head(octets).into_iter().filter(|line| !line.starts_with([' ', '\t']));
        lines.map(|line| line.split(':').next().unwrap().to_owned()).collect()
    };
    for organization in [
        "Acme\r\nBcc: all@corp.example",
        "Acme\nBcc: all@corp.example\n\n<p>",
        "Acme\u{85}Bcc: x\u{2028}Bcc: y",
        "=?utf-8?Q?Acme=0D=0ABcc:_x?=",
        &format!("Acme {} Bcc: all@corp.example", "x ".repeat(60)),
        "株式会社アクメ\r\nBcc: all@corp.example",
    ] {
        for language in [Language::English, Language::Japanese] {
            let octets = octets(invitation(organization), language);
            assert_eq!(names(&octets), names(&quiet), "{organization:?}\n{octets}");
            assert!(octets.is_ascii(), "{octets}");
            assert!(
                octets.split("\r\n").all(|line| line.len() < 998 && !line.contains(['\r', '\n'])),
                "{octets}"
            );
        }
    }
}

#[test]
fn the_same_row_gives_the_same_octets() {
    assert_eq!(
        octets(invitation("Acme"), Language::Japanese),
        octets(invitation("Acme"), Language::Japanese)
    );
}
