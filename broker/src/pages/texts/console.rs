//! The words of the console, in both languages.

use super::super::language::Language;

/// The words in a language.
pub(in super::super) fn console_texts(language: Language) -> &'static ConsoleTexts {
    match language {
        Language::English => &ENGLISH,
        Language::Japanese => &JAPANESE,
    }
}

/// The console.
pub(in super::super) struct ConsoleTexts {
    pub(in super::super) lead: &'static str,
    pub(in super::super) email: &'static str,
    pub(in super::super) customer: &'static str,
    pub(in super::super) sign_in_address: &'static str,
    pub(in super::super) others: &'static str,
}

const ENGLISH: ConsoleTexts = ConsoleTexts {
    lead: "You are signed in as an administrator of this organisation.",
    email: "E-mail",
    customer: "Customer ID",
    sign_in_address: "Sign-in address",
    others: "Your other organisations",
};

const JAPANESE: ConsoleTexts = ConsoleTexts {
    lead: "この組織の管理者としてサインインしています。",
    email: "メールアドレス",
    customer: "顧客ID",
    sign_in_address: "サインインURL",
    others: "管理しているほかの組織",
};
