//! The mails in English.

use super::super::letter::Letter;
use super::super::message::{Link, Message};
use super::{Action, Occasion, Text, moment};

pub(super) fn written(letter: &Letter, occasion: Occasion<'_>) -> Text {
    let notice = |subject: &str, lead: &str| notice(letter, occasion, (subject, lead));
    match &letter.message {
        Message::VerificationCode { code, minutes } => Text {
            lead: vec![format!(
                "Type this code on the page that asked for it. It works once, within {}.",
                counted(*minutes, "minute")
            )],
            code: Some(code.as_str().to_owned()),
            notes: vec![
                "Give it to nobody: no administrator and no help desk ever asks for it.".to_owned(),
                "If you did not ask for a code, somebody typed your address by mistake, and there is nothing to do."
                    .to_owned(),
            ],
            ..about("Your verification code", occasion)
        },
        Message::PasswordReset { link, minutes, account } => Text {
            lead: vec![format!(
                "Somebody asked to set a new password for the account with this address. To choose one, open \
                 this link within {}. It works once.",
                counted(*minutes, "minute")
            )],
            action: Some(action("Choose a new password", link)),
            facts: vec![("User name", account.to_string())],
            notes: vec!["Was it not you? Then do nothing: your password stays as it is.".to_owned()],
            ..about("Choose a new password", occasion)
        },
        Message::RecoveryIssued => notice(
            "A way back to your account was opened",
            "Whoever operates the console made a link with which your account gets a new password, another authenticator app and \
             new backup codes. It works once, within an hour. Until then everything stays as it is.",
        ),
        Message::PasswordChanged => {
            notice("Your password was changed", "The password of your account was changed.")
        }
        Message::DeviceChanged => notice(
            "Your authenticator app was changed",
            "The one-time codes of your account now come from another authenticator app. The entry in the former one no \
             longer works: delete it there.",
        ),
        Message::PasskeyAdded => notice(
            "A passkey was added to your account",
            "After your password, your account can now be signed in to with one more passkey.",
        ),
        Message::PasskeyRemoved => notice(
            "A passkey was removed from your account",
            "One of the passkeys of your account no longer works. Delete it where it is kept.",
        ),
        Message::BackupCodesReplaced => notice(
            "Your backup codes were replaced",
            "Your account has new backup codes. The former ones no longer work.",
        ),
        Message::RecoveryPhoneChanged => notice(
            "Your recovery phone number was changed",
            "The number at which support calls you to verify who you are was changed.",
        ),
        Message::EmailChanged => notice(
            "Your e-mail address was changed",
            "The e-mail address of your account was changed. From now on, messages about it go to the new address.",
        ),
        Message::Invitation { organization, link, days, inviter } => Text {
            lead: vec![
                format!("{inviter} invites you to become an administrator of “{organization}”."),
                format!("The link works once, within {}.", counted(*days, "day")),
            ],
            action: Some(action("Accept the invitation", link)),
            notes: vec!["If you do not know who invites you, there is nothing to do.".to_owned()],
            ..about(&format!("Invitation to “{organization}”"), occasion)
        },
        Message::Welcome { organization, console } => Text {
            lead: vec![format!("You are now an administrator of “{organization}”.")],
            action: Some(action("Open the console", console)),
            ..about(&format!("Welcome to “{organization}”"), occasion)
        },
    }
}

fn about(subject: &str, occasion: Occasion<'_>) -> Text {
    Text {
        subject: subject.to_owned(),
        lead: Vec::new(),
        code: None,
        action: None,
        facts: Vec::new(),
        notes: Vec::new(),
        foot: format!("Sent automatically by Vestibule at {}. Nobody reads replies.", occasion.domain),
    }
}

fn notice(letter: &Letter, occasion: Occasion<'_>, (subject, lead): (&str, &str)) -> Text {
    Text {
        lead: vec![lead.to_owned()],
        facts: vec![("Account", letter.to.as_str().to_owned()), ("When", moment(occasion.at))],
        notes: vec![
            "If this was you, there is nothing to do.".to_owned(),
            "If not, somebody else has been at your account: choose a new password and tell your administrator at once."
                .to_owned(),
        ],
        ..about(subject, occasion)
    }
}

fn action(label: &'static str, link: &Link) -> Action {
    let or_copy = "If the button does not work, copy this address into your browser:";
    Action { label, or_copy, url: link.as_str().to_owned() }
}

fn counted(number: u16, what: &str) -> String {
    if number == 1 { format!("one {what}") } else { format!("{number} {what}s") }
}
