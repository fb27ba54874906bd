//! The words of the forms for a password, in both languages.

use super::super::language::Language;
use super::super::password::DomainExample;

/// The words in a language.
pub(in super::super) fn password_texts(language: Language) -> &'static Passwords {
    match language {
        Language::English => &ENGLISH,
        Language::Japanese => &JAPANESE,
    }
}

/// The two forms.
pub(in super::super) struct Passwords {
    pub(in super::super) sign_in: PasswordTexts,
    pub(in super::super) change: ChangeTexts,
}

/// The form for user name and password.
pub(in super::super) struct PasswordTexts {
    pub(in super::super) heading: &'static str,
    /// Before and after the organisation's name.
    pub(in super::super) lead: (&'static str, &'static str),
    pub(in super::super) name: &'static str,
    /// What may be typed, with examples between backticks; given the domain that a bare name means, and one that has to be typed.
    pub(in super::super) hint: fn(Option<&str>, Option<DomainExample<'_>>) -> String,
    pub(in super::super) password: &'static str,
    pub(in super::super) sign_in: &'static str,
    pub(in super::super) forgotten: &'static str,
    /// Where it is a test.
    pub(in super::super) test: &'static str,
    pub(in super::super) missing: &'static str,
    pub(in super::super) wrong: &'static str,
}

/// The form that changes a password.
pub(in super::super) struct ChangeTexts {
    pub(in super::super) heading: &'static str,
    pub(in super::super) expired: &'static str,
    pub(in super::super) must_change: &'static str,
    pub(in super::super) wish: &'static str,
    pub(in super::super) current: &'static str,
    pub(in super::super) new: &'static str,
    pub(in super::super) again: &'static str,
    pub(in super::super) change: &'static str,
    pub(in super::super) effect: &'static str,
    pub(in super::super) account: &'static str,
    pub(in super::super) missing: &'static str,
    pub(in super::super) wrong: &'static str,
    pub(in super::super) differ: &'static str,
    pub(in super::super) same: &'static str,
    pub(in super::super) policy: &'static str,
}

const ENGLISH: Passwords = Passwords {
    sign_in: PasswordTexts {
        heading: "Sign in",
        lead: ("Use the user name and password that you have at ", "."),
        name: "User name",
        hint: |default, other| {
            let default = default.map(|domain| format!("The name alone is enough in {}.", code(domain)));
            let typed = other.map(|other| {
                let forms = forms(other, " or ");
                match default {
                    Some(_) => format!("For another domain type {forms}."),
                    None => format!("Type it in full, as {forms}."),
                }
            });
            [default, typed].into_iter().flatten().collect::<Vec<_>>().join(" ")
        },
        password: "Password",
        sign_in: "Sign in",
        test: "This is a test of the connection: it opens no session. What the directory says of you is shown to whoever \
               has the address of the test.",
        forgotten: "Forgot your password? Your help desk can set a new one.",
        missing: "Type both your user name and your password.",
        wrong: "The user name or the password is not right. After several wrong attempts, sign-in is paused for a while. \
                If you are not sure, ask your help desk before you try again.",
    },
    change: ChangeTexts {
        heading: "Choose a new password",
        expired: "Your password has expired. Choose a new one to go on.",
        must_change: "Your organisation asks you to change your password before you go on.",
        wish: "The new password applies everywhere you use this account.",
        current: "Current password",
        new: "New password",
        again: "New password again",
        change: "Change password",
        effect: "Wherever else you are signed in with this account here, you will be signed out.",
        account: "Account",
        missing: "Fill in all three fields.",
        wrong: "The current password is not right.",
        differ: "The new password and its repetition are not the same.",
        same: "The new password is the current one. Choose another.",
        policy: "Your organisation did not accept the new password. Choose a longer one that you have not used before and \
                 that does not contain your name. It may also be too soon after the last change.",
    },
};

const JAPANESE: Passwords = Passwords {
    sign_in: PasswordTexts {
        heading: "サインイン",
        lead: ("", "のユーザー名とパスワードを入力してください。"),
        name: "ユーザー名",
        hint: |default, other| {
            let default =
                default.map(|domain| format!("{}のアカウントは、名前だけで入力できます。", code(domain)));
            let typed = other.map(|other| {
                let forms = forms(other, "または");
                match default {
                    Some(_) => format!("ほかのドメインのアカウントは、{forms}の形式で入力してください。"),
                    None => format!("{forms}の形式で入力してください。"),
                }
            });
            [default, typed].into_iter().flatten().collect()
        },
        password: "パスワード",
        sign_in: "サインイン",
        test: "これは接続のテストで、セッションは開始されません。ディレクトリから届いた情報は、テストのアドレスを知る人なら誰でも\
               見ることができます。",
        forgotten: "パスワードをお忘れの場合は、ヘルプデスクに再設定を依頼してください。",
        missing: "ユーザー名とパスワードの両方を入力してください。",
        wrong: "ユーザー名またはパスワードが正しくありません。間違いが続くと、しばらくサインインできなくなります。\
                ご不明な場合は、再度お試しになる前にヘルプデスクにお問い合わせください。",
    },
    change: ChangeTexts {
        heading: "新しいパスワードの設定",
        expired: "パスワードの有効期限が切れています。続けるには、新しいパスワードを設定してください。",
        must_change: "続ける前に、パスワードを変更することが組織から求められています。",
        wish: "新しいパスワードは、このアカウントを使うすべての場所で有効になります。",
        current: "現在のパスワード",
        new: "新しいパスワード",
        again: "新しいパスワード（確認）",
        change: "パスワードを変更する",
        effect: "このアカウントでほかの端末やブラウザーからサインインしている場合は、サインアウトされます。",
        account: "アカウント",
        missing: "3つの欄をすべて入力してください。",
        wrong: "現在のパスワードが正しくありません。",
        differ: "新しいパスワードと、確認用のパスワードが一致しません。",
        same: "新しいパスワードが、現在のものと同じです。別のパスワードを設定してください。",
        policy: "新しいパスワードが、組織の要件を満たしていません。以前に使ったことがなく、お名前を含まない、より長い\
                 パスワードを設定してください。前回の変更から間もないために、変更できないこともあります。",
    },
};

/// How a name of this domain may be typed.
fn forms(domain: DomainExample<'_>, or: &str) -> String {
    let principal = code(&format!("name@{}", domain.name));
    match domain.netbios {
        Some(netbios) => format!("{principal}{or}{}", code(&format!("{netbios}\\name"))),
        None => principal,
    }
}

/// A value between backticks; one of its own would turn words into code and code into words.
fn code(value: &str) -> String {
    format!("`{}`", value.replace('`', ""))
}
