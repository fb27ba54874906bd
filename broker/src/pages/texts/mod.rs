//! The words of the pages (interface 6). A catalogue is a value of one type, so that a word missing in a language does not compile.

mod account;
mod administrators;
mod advice;
mod built_in;
mod clients;
mod connections;
mod console;
mod english;
mod japanese;
mod join;
mod passkey;
mod password;
mod profile;
mod reset;
mod sessions;
mod settings;
mod start;
mod token;
mod trial;

use vestibule_policies::code::Code;

use self::advice::advice;
use super::language::Language;

pub(super) use self::account::{AccountTexts, account_texts};
pub(super) use self::administrators::{AccessTexts, AdministratorsTexts, RemovalTexts, administrators_texts};
pub(super) use self::built_in::{BuiltInTexts, ChoiceTexts, FactorTexts, built_in_texts};
pub(super) use self::clients::{ClientsTexts, clients_texts};
pub(super) use self::connections::{ConnectionsTexts, SettingsTexts, connections_texts};
pub(super) use self::console::{HomeTexts, ShellTexts, StepUpTexts, console_texts};
pub(super) use self::join::{AddressTexts, JoinTexts, RecoveryTexts, RenewTexts, join_texts};
pub(super) use self::passkey::{PasskeyTexts, passkey_texts};
pub(super) use self::password::{ChangeTexts, PasswordTexts, password_texts};
pub(super) use self::profile::{ProfileFormTexts, ProfileTexts, profile_form_texts, profile_texts};
pub(super) use self::reset::{ForgottenTexts, SettingTexts, ToldTexts, reset_texts};
pub(super) use self::sessions::{SessionsTexts, sessions_texts};
pub(super) use self::settings::{choice_text, setting_texts};
pub(super) use self::start::{StartTexts, start_texts};
pub(super) use self::token::{RegisterTexts, TokenTexts, token_texts};
pub(super) use self::trial::{TrialAboutTexts, TrialQuestionTexts, TrialTexts, trial_texts};

/// What a page says of a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sentence {
    /// One plain sentence: what the code means, nothing of the cause.
    pub what: &'static str,
    /// What the person can do next.
    pub next: &'static str,
}

/// What a page says of a code; every code has its words in every language.
#[must_use]
pub fn sentence(code: Code, language: Language) -> Sentence {
    let advice = advice(code);
    match language {
        Language::English => Sentence { what: english::what(code), next: english::next(advice) },
        Language::Japanese => Sentence { what: japanese::what(code), next: japanese::next(advice) },
    }
}

/// The catalogue of a language.
pub(super) fn texts(language: Language) -> &'static Texts {
    match language {
        Language::English => &english::TEXTS,
        Language::Japanese => &japanese::TEXTS,
    }
}

/// Every word of the pages beside the sentences.
pub(super) struct Texts {
    pub(super) start_again: &'static str,
    pub(super) try_again: &'static str,
    pub(super) another_account: &'static str,
    pub(super) problem: &'static str,
    pub(super) still_signed_in: &'static str,
    pub(super) facts: FactTexts,
    pub(super) sign_out: SignOutTexts,
    pub(super) signed_out: SignedOutTexts,
    pub(super) onward: OnwardTexts,
    pub(super) arrival: ArrivalTexts,
}

/// Names in the small list below a page's text.
pub(super) struct FactTexts {
    pub(super) organization: &'static str,
    pub(super) person: &'static str,
    pub(super) attribute: &'static str,
    pub(super) code: &'static str,
    pub(super) reference: &'static str,
    pub(super) deployment: &'static str,
}

/// The question before sign-out.
pub(super) struct SignOutTexts {
    pub(super) heading: &'static str,
    pub(super) text: &'static str,
    pub(super) sign_out: &'static str,
    pub(super) stay: &'static str,
}

/// The page after sign-out.
pub(super) struct SignedOutTexts {
    pub(super) heading: &'static str,
    pub(super) text: &'static str,
    pub(super) sign_in: &'static str,
}

/// The page that goes on after a form was posted.
pub(super) struct OnwardTexts {
    pub(super) heading: &'static str,
    pub(super) text: &'static str,
    pub(super) go_on: &'static str,
}

/// The question before a sign-in that the provider began.
pub(super) struct ArrivalTexts {
    pub(super) heading: &'static str,
    pub(super) text: &'static str,
    pub(super) sign_in_as: fn(&str) -> String,
    pub(super) way_out: &'static str,
    pub(super) person: &'static str,
    pub(super) workspace: &'static str,
}

/// One piece of help: what is seen, and what to do.
pub(super) struct HelpTexts {
    pub(super) heading: &'static str,
    pub(super) text: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    const LANGUAGES: [(Language, char); 2] = [(Language::English, '.'), (Language::Japanese, '。')];

    #[test]
    fn every_code_has_one_sentence_and_a_next_step_in_both_languages() {
        for code in Code::ALL {
            for (language, stop) in LANGUAGES {
                let Sentence { what, next } = sentence(*code, language);
                assert!(what.ends_with(stop) && next.ends_with(stop), "{code} {language:?}: {what} {next}");
                assert_eq!(what.matches(stop).count(), 1, "{code} {language:?}: {what}");
                assert!(!what.contains(['<', '`']) && !next.contains(['<', '`']), "{code} {language:?}");
                assert_ne!(what, next, "{code} {language:?}");
            }
            let (english, japanese) =
                (sentence(*code, Language::English), sentence(*code, Language::Japanese));
            assert!(english.what.is_ascii() && english.next.is_ascii(), "{code}");
            assert!(!japanese.what.is_ascii() && !japanese.next.is_ascii(), "{code}");
        }
    }

    #[test]
    fn the_documentation_shows_what_a_visitor_sees() {
        let page = include_str!("../../../../docs/codes.md");
        for code in Code::ALL {
            let Sentence { what, next } = sentence(*code, Language::English);
            let seen = format!("### {code}\n\n**The visitor sees:** {what} {next}\n\n**Cause:** ");
            assert!(page.contains(&seen), "docs/codes.md lacks: {seen}");
        }
    }

    #[test]
    fn a_claim_code_names_its_attribute_and_no_other() {
        let rows = [
            (Code::ClaimSid, "cip_sid"),
            (Code::ClaimUpn, "cip_upn"),
            (Code::ClaimOid, "cip_oid"),
            (Code::ClaimEmail, "cip_email"),
        ];
        for (code, claim) in rows {
            for (language, _) in LANGUAGES {
                let what = sentence(code, language).what;
                assert!(what.contains(claim), "{code} {language:?}");
                assert_eq!(what.matches("cip_").count(), 1, "{code} {language:?}");
            }
        }
    }

    #[test]
    fn an_unassigned_person_reads_that_the_provider_decides() {
        // OKT-16: the customer decides at the provider who is assigned.
        let said = sentence(Code::OidcDenied, Language::English).what;
        assert_eq!(said, "You are not assigned to this application at your identity provider.");
        assert_ne!(said, sentence(Code::OidcError, Language::English).what);
        assert_ne!(said, sentence(Code::AdmissionGroup, Language::English).what);
    }
}
