//! The words for whoever forgot something, in both languages.

use super::super::language::Language;

/// The words in a language.
pub(in super::super) fn reset_texts(language: Language) -> &'static ResetTexts {
    match language {
        Language::English => &ENGLISH,
        Language::Japanese => &JAPANESE,
    }
}

/// All of these pages.
pub(in super::super) struct ResetTexts {
    pub(in super::super) forgotten: ForgottenTexts,
    pub(in super::super) sent: ToldTexts,
    pub(in super::super) closed: ToldTexts,
    pub(in super::super) password: SettingTexts,
    pub(in super::super) everything: SettingTexts,
    pub(in super::super) done: ToldTexts,
}

/// The form for the wish.
pub(in super::super) struct ForgottenTexts {
    pub(in super::super) heading: &'static str,
    pub(in super::super) lead: &'static str,
    pub(in super::super) name: &'static str,
    pub(in super::super) send: &'static str,
    pub(in super::super) back: &'static str,
    pub(in super::super) missing: &'static str,
}

/// A page that only tells something.
pub(in super::super) struct ToldTexts {
    pub(in super::super) heading: &'static str,
    pub(in super::super) lead: &'static str,
    pub(in super::super) more: &'static str,
    pub(in super::super) go_on: &'static str,
}

/// The form for the new password.
pub(in super::super) struct SettingTexts {
    pub(in super::super) heading: &'static str,
    pub(in super::super) lead: &'static str,
    pub(in super::super) account: &'static str,
    pub(in super::super) new: &'static str,
    pub(in super::super) set: &'static str,
    pub(in super::super) effect: &'static str,
}

const ENGLISH: ResetTexts = ResetTexts {
    forgotten: ForgottenTexts {
        heading: "Forgot your user name or password?",
        lead: "Type your e-mail address or your user name. You get a mail with your user name and a link to a new password.",
        name: "E-mail address or user name",
        send: "Send the mail",
        back: "Back to sign-in",
        missing: "Type your e-mail address or your user name.",
    },
    sent: ToldTexts {
        heading: "Look into your mail",
        lead: "If there is an account of that name or address, a mail is on its way to it. The link in it works once, within an hour.",
        more: "No mail? It may take a few minutes. Look into the folder for spam, too. If none comes, ask whoever operates this \
               console.",
        go_on: "Back to sign-in",
    },
    closed: ToldTexts {
        heading: "Forgot your user name or password?",
        lead: "This console sends no mail, so it cannot send you a link to a new password.",
        more: "Ask whoever operates it. They make sure that it is you, and give you a link.",
        go_on: "Back to sign-in",
    },
    password: SettingTexts {
        heading: "Choose a new password",
        lead: "It takes the place of the password that you forgot.",
        account: "Your user name:",
        new: "New password",
        set: "Change the password",
        effect: "Wherever you are signed in, you will be signed out. Your authenticator app and your backup codes stay.",
    },
    everything: SettingTexts {
        heading: "Set up your account anew",
        lead: "It takes three steps: a new password, an authenticator app, and new ways back in.",
        account: "Your user name:",
        new: "New password",
        set: "Continue",
        effect: "Until the last step nothing changes. Then your former password, app and backup codes stop working, and wherever you \
                 are signed in, you will be signed out.",
    },
    done: ToldTexts {
        heading: "Your password was changed",
        lead: "Wherever you were signed in, you were signed out.",
        more: "Sign in with the new password. You are asked for a code of your authenticator app as before.",
        go_on: "Sign in",
    },
};

const JAPANESE: ResetTexts = ResetTexts {
    forgotten: ForgottenTexts {
        heading: "ユーザー名またはパスワードをお忘れの場合",
        lead: "メールアドレスまたはユーザー名を入力してください。ユーザー名と、新しいパスワードを設定するためのリンクをメールでお送りします。",
        name: "メールアドレスまたはユーザー名",
        send: "メールを送信する",
        back: "サインインに戻る",
        missing: "メールアドレスまたはユーザー名を入力してください。",
    },
    sent: ToldTexts {
        heading: "メールをご確認ください",
        lead: "入力された名前またはアドレスのアカウントがある場合は、そのアカウントのアドレスにメールをお送りします。メールのリンクは1回だけ、\
               1時間有効です。",
        more: "メールが届くまでに数分かかることがあります。届かない場合は、迷惑メールのフォルダーも確かめてください。それでも届かない場合は、\
               このコンソールの運用担当者にお問い合わせください。",
        go_on: "サインインに戻る",
    },
    closed: ToldTexts {
        heading: "ユーザー名またはパスワードをお忘れの場合",
        lead: "このコンソールはメールを送信しないため、新しいパスワードを設定するためのリンクをお送りできません。",
        more: "運用担当者にお問い合わせください。本人確認のうえ、リンクをお渡しします。",
        go_on: "サインインに戻る",
    },
    password: SettingTexts {
        heading: "新しいパスワードの設定",
        lead: "お忘れになったパスワードの代わりに、新しいパスワードを設定してください。",
        account: "ユーザー名:",
        new: "新しいパスワード",
        set: "パスワードを変更する",
        effect: "ほかの場所でのサインインは、すべて終了します。認証アプリとバックアップコードは、そのまま使えます。",
    },
    everything: SettingTexts {
        heading: "アカウントの再設定",
        lead: "新しいパスワード、認証アプリ、回復方法の3つを順に設定します。",
        account: "ユーザー名:",
        new: "新しいパスワード",
        set: "次へ進む",
        effect: "最後の手順を終えるまでは、何も変わりません。終えると、以前のパスワード、アプリ、バックアップコードは使えなくなり、\
                 ほかの場所でのサインインはすべて終了します。",
    },
    done: ToldTexts {
        heading: "パスワードを変更しました",
        lead: "これまでのサインインは、すべて終了しました。",
        more: "新しいパスワードでサインインしてください。認証アプリの確認コードは、これまでどおり必要です。",
        go_on: "サインイン",
    },
};
