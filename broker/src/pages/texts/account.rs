//! The words of a person's own page, in both languages.

use super::super::language::Language;
use super::{HelpTexts, SignedOutTexts};

/// The words in a language.
pub(in super::super) fn account_texts(language: Language) -> &'static AccountTexts {
    match language {
        Language::English => &ENGLISH,
        Language::Japanese => &JAPANESE,
    }
}

/// A person's own page.
pub(in super::super) struct AccountTexts {
    pub(in super::super) heading: &'static str,
    pub(in super::super) back: &'static str,
    pub(in super::super) password: HelpTexts,
    pub(in super::super) change_password: &'static str,
    pub(in super::super) device: HelpTexts,
    /// Given the day.
    pub(in super::super) registered: fn(&str) -> String,
    pub(in super::super) current_password: &'static str,
    pub(in super::super) remove: &'static str,
    pub(in super::super) password_changed: &'static str,
    pub(in super::super) device_removed: &'static str,
    pub(in super::super) missing: &'static str,
    pub(in super::super) wrong: &'static str,
    pub(in super::super) code: &'static str,
    /// In its place when nobody is signed in.
    pub(in super::super) closed: SignedOutTexts,
}

const ENGLISH: AccountTexts = AccountTexts {
    heading: "Your account",
    back: "Back to your application",
    password: HelpTexts {
        heading: "Password",
        text: "You change it for the whole of your organisation, not for this application alone.",
    },
    change_password: "Change password",
    device: HelpTexts {
        heading: "Device for one-time codes",
        text: "To use another device, remove this one. You register the other at your next sign-in.",
    },
    registered: |day| format!("Registered on {day}."),
    current_password: "Current password",
    remove: "Remove device",
    password_changed: "Your password is changed. Wherever else you were signed in here, you are signed out.",
    device_removed: "Your device is removed. At your next sign-in you register another one.",
    missing: "Type both your current password and a one-time code.",
    wrong: "The password is not right, and the device is still registered.",
    code: "The one-time code is not right, and the device is still registered. Wait until your app shows the next code: \
           each works once.",
    closed: SignedOutTexts {
        heading: "You are not signed in.",
        text: "Sign in to your application first. Then open your account again.",
        sign_in: "Sign in",
    },
};

const JAPANESE: AccountTexts = AccountTexts {
    heading: "アカウント",
    back: "アプリケーションに戻る",
    password: HelpTexts {
        heading: "パスワード",
        text: "変更は、このアプリケーションだけでなく、組織全体のパスワードに反映されます。",
    },
    change_password: "パスワードを変更する",
    device: HelpTexts {
        heading: "ワンタイムコード用のデバイス",
        text: "別のデバイスに変えるには、このデバイスを削除してください。次のサインインのときに、別のデバイスを登録できます。",
    },
    registered: |day| format!("登録日: {day}"),
    current_password: "現在のパスワード",
    remove: "デバイスを削除する",
    password_changed: "パスワードを変更しました。ほかの端末やブラウザーでのサインインは終了しました。",
    device_removed: "デバイスを削除しました。次のサインインのときに、別のデバイスを登録できます。",
    missing: "現在のパスワードとワンタイムコードの両方を入力してください。",
    wrong: "パスワードが正しくないため、デバイスを削除しませんでした。",
    code: "ワンタイムコードが正しくないため、デバイスを削除しませんでした。同じコードは一度しか使えませんので、\
           アプリに次のコードが表示されるまで待ってから入力してください。",
    closed: SignedOutTexts {
        heading: "サインインしていません。",
        text: "アプリケーションにサインインしてから、アカウントのページを開き直してください。",
        sign_in: "サインインする",
    },
};
