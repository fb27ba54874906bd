//! The words of an administrator's own page and of the forms below it, in both languages.

use super::super::language::Language;
use super::HelpTexts;

/// The words of the page in a language.
pub(in super::super) fn profile_texts(language: Language) -> &'static ProfileTexts {
    match language {
        Language::English => &ENGLISH,
        Language::Japanese => &JAPANESE,
    }
}

/// The words of the forms in a language.
pub(in super::super) fn profile_form_texts(language: Language) -> &'static ProfileFormTexts {
    match language {
        Language::English => &ENGLISH_FORMS,
        Language::Japanese => &JAPANESE_FORMS,
    }
}

/// An administrator's own page.
pub(in super::super) struct ProfileTexts {
    pub(in super::super) heading: &'static str,
    pub(in super::super) back: &'static str,
    pub(in super::super) name: &'static str,
    pub(in super::super) user_name: &'static str,
    pub(in super::super) email: &'static str,
    pub(in super::super) change_email: &'static str,
    pub(in super::super) password: HelpTexts,
    /// Given the whole days since it was chosen.
    pub(in super::super) password_age: fn(u64) -> String,
    pub(in super::super) change_password: &'static str,
    pub(in super::super) primary: HelpTexts,
    pub(in super::super) app: &'static str,
    /// Given the day.
    pub(in super::super) registered: fn(&str) -> String,
    pub(in super::super) change_device: &'static str,
    pub(in super::super) recovery: HelpTexts,
    pub(in super::super) backup_codes: &'static str,
    /// Given how many there were, the day, and how many were used.
    pub(in super::super) codes: fn(usize, &str, usize) -> String,
    pub(in super::super) replace_codes: &'static str,
    pub(in super::super) phone: HelpTexts,
    pub(in super::super) change_phone: &'static str,
    pub(in super::super) password_changed: &'static str,
    pub(in super::super) device_changed: &'static str,
    pub(in super::super) phone_changed: &'static str,
    pub(in super::super) email_changed: &'static str,
    pub(in super::super) new_codes: &'static str,
    pub(in super::super) new_codes_lead: &'static str,
    pub(in super::super) close: &'static str,
}

/// Heading, what is asked, the button, and what comes of it.
type Form<Lead> = (&'static str, Lead, &'static str, &'static str);

/// The forms.
pub(in super::super) struct ProfileFormTexts {
    pub(in super::super) back: &'static str,
    pub(in super::super) password: Form<&'static str>,
    pub(in super::super) device: Form<&'static str>,
    pub(in super::super) with_backup: &'static str,
    pub(in super::super) change_with_backup: &'static str,
    pub(in super::super) backup_codes: Form<&'static str>,
    pub(in super::super) phone: Form<&'static str>,
    /// Given the organisation.
    pub(in super::super) phone_elsewhere: fn(&str) -> String,
    /// Given the address as it is.
    pub(in super::super) email: Form<fn(&str) -> String>,
    pub(in super::super) no_mail: &'static str,
    pub(in super::super) new_email: &'static str,
    /// Given where the code went.
    pub(in super::super) email_code: Form<fn(&str) -> String>,
    pub(in super::super) too_young: &'static str,
    pub(in super::super) no_email: &'static str,
    pub(in super::super) same_email: &'static str,
    pub(in super::super) taken: &'static str,
}

const ENGLISH: ProfileTexts = ProfileTexts {
    heading: "Your profile",
    back: "Back to the console",
    name: "Name",
    user_name: "User name",
    email: "E-mail address",
    change_email: "Change e-mail address",
    password: HelpTexts {
        heading: "Password",
        text: "Use a strong password that you have nowhere else, and change it from time to time.",
    },
    password_age: |days| match days {
        0 => "Your password is less than a day old.".to_owned(),
        1 => "Your password is one day old.".to_owned(),
        days => format!("Your password is {days} days old."),
    },
    change_password: "Change password",
    primary: HelpTexts {
        heading: "Manage your primary MFA method",
        text: "After your password, you sign in with a code of your authenticator app, or with a passkey. This cannot be turned \
               off. You can have one app at a time.",
    },
    app: "Authenticator app",
    registered: |day| format!("Registered on {day}."),
    change_device: "Change device",
    recovery: HelpTexts {
        heading: "Manage your MFA recovery methods",
        text: "If you lose your authenticator app and your passkeys, these are the only ways back to your account.",
    },
    backup_codes: "Backup codes",
    codes: |count, day, used| format!("{count} codes generated on {day}, {used} used."),
    replace_codes: "Replace backup codes",
    phone: HelpTexts {
        heading: "Recovery phone",
        text: "Support calls this number to make sure that it is you, and for nothing else.",
    },
    change_phone: "Change recovery phone",
    password_changed: "Your password is changed. Wherever else you were signed in, you are signed out.",
    device_changed: "Your authenticator app is changed. The former entry no longer works: delete it in the app, so that you do \
                     not confuse the two. Wherever else you were signed in, you are signed out.",
    phone_changed: "Your recovery phone is changed.",
    email_changed: "Your e-mail address is changed. Wherever else you were signed in, you are signed out.",
    new_codes: "Save your new backup codes",
    new_codes_lead: "The former codes no longer work.",
    close: "Close",
};

const ENGLISH_FORMS: ProfileFormTexts = ProfileFormTexts {
    back: "Back to your profile",
    password: (
        "Change password",
        "The new password is good in every organisation that you administer.",
        "Change password",
        "Wherever else you are signed in, you will be signed out.",
    ),
    device: (
        "Change device?",
        "You get a new key for your authenticator app. To go on, type the code that your present app shows now.",
        "Yes, change device",
        "Your present app works until the new one has shown its first code. Then delete the former entry in the app: two entries \
         with different codes are easily confused.",
    ),
    with_backup: "Type one of your backup codes. It is used up by this.",
    change_with_backup: "Yes, change device with the backup code",
    backup_codes: (
        "Replace backup codes?",
        "You get ten new codes, and none of the former ones will work any more. To go on, type the code that your authenticator app \
         shows now.",
        "Yes, replace",
        "A code of the app works once. If you have just signed in with it, wait for the next one.",
    ),
    phone: (
        "Change recovery phone",
        "Support calls this number to make sure that it is you, and for nothing else. A landline is best.",
        "Save",
        "",
    ),
    phone_elsewhere: |organization| {
        format!(
            "Your recovery phone is changed in the organisation that you enrolled for: {organization}. Open its console, and \
                 your profile from there."
        )
    },
    email: (
        "Change e-mail address",
        |email| {
            format!(
                "Your address is {email}. A code goes to the new one, and you type it on the next page. If you sign in with your \
                     address, you will sign in with the new one."
            )
        },
        "Send the code",
        "A notice goes to your present address. Wherever else you are signed in, you will be signed out.",
    ),
    no_mail: "Your address cannot be changed here: this installation sends no mail, and so cannot prove a new one. Ask whoever \
              operates it.",
    new_email: "New e-mail address",
    email_code: (
        "Verify your new address",
        |email| format!("A mail with a code of six digits is on its way to {email}."),
        "Verify",
        "",
    ),
    too_young: "Your password was changed less than a day ago. It cannot be changed again so soon.",
    no_email: "That is no e-mail address that a mail could be sent to.",
    same_email: "That is your address already.",
    taken: "The address is yours, but it is the user name of another account. Choose another address.",
};

const JAPANESE: ProfileTexts = ProfileTexts {
    heading: "マイプロファイル",
    back: "コンソールに戻る",
    name: "お名前",
    user_name: "ユーザー名",
    email: "メールアドレス",
    change_email: "メールアドレスを変更する",
    password: HelpTexts {
        heading: "パスワード",
        text: "ほかで使っていない強力なパスワードを設定し、定期的に変更してください。",
    },
    password_age: |days| match days {
        0 => "パスワードを設定してから1日経っていません。".to_owned(),
        days => format!("パスワードを設定してから{days}日経っています。"),
    },
    change_password: "パスワードを変更する",
    primary: HelpTexts {
        heading: "主要なMFA方法の管理",
        text: "サインインには、パスワードに加えて、認証アプリのコードまたはパスキーを使います。無効にすることはできません。登録できる認証アプリは\
               1つです。",
    },
    app: "認証アプリ",
    registered: |day| format!("登録日: {day}"),
    change_device: "デバイスを変更する",
    recovery: HelpTexts {
        heading: "MFAの回復方法の管理",
        text: "認証アプリもパスキーも失くした場合、アカウントに戻る方法は次のものだけです。",
    },
    backup_codes: "バックアップコード",
    codes: |count, day, used| format!("{day}に{count}個を生成、{used}個を使用済み"),
    replace_codes: "バックアップコードを置き換える",
    phone: HelpTexts {
        heading: "回復用電話番号",
        text: "サポート担当者が本人確認のためにかける番号です。ほかの目的には使いません。",
    },
    change_phone: "回復用電話番号を変更する",
    password_changed: "パスワードを変更しました。ほかの端末やブラウザーでのサインインは終了しました。",
    device_changed: "認証アプリを変更しました。以前のエントリは使えなくなりました。混同しないように、アプリから削除してください。\
                     ほかの端末やブラウザーでのサインインは終了しました。",
    phone_changed: "回復用電話番号を変更しました。",
    email_changed: "メールアドレスを変更しました。ほかの端末やブラウザーでのサインインは終了しました。",
    new_codes: "新しいバックアップコードの保存",
    new_codes_lead: "以前のコードは使えなくなりました。",
    close: "閉じる",
};

const JAPANESE_FORMS: ProfileFormTexts = ProfileFormTexts {
    back: "プロファイルに戻る",
    password: (
        "パスワードの変更",
        "新しいパスワードは、管理しているすべての組織で有効になります。",
        "パスワードを変更する",
        "ほかの端末やブラウザーでサインインしている場合は、サインアウトされます。",
    ),
    device: (
        "デバイスを変更しますか？",
        "認証アプリ用の新しいキーが発行されます。続けるには、現在のアプリに表示されているコードを入力してください。",
        "はい、デバイスを変更します",
        "現在のアプリは、新しいアプリの最初のコードを確認するまで使えます。確認後、以前のエントリをアプリから削除してください。\
         コードの異なるエントリが2つあると、混同しやすくなります。",
    ),
    with_backup: "バックアップコードを1つ入力してください。入力したコードは使用済みになります。",
    change_with_backup: "はい、バックアップコードでデバイスを変更します",
    backup_codes: (
        "バックアップコードを置き換えますか？",
        "新しいコードが10個発行され、以前のコードはすべて使えなくなります。続けるには、認証アプリに表示されているコードを\
         入力してください。",
        "はい、置き換えます",
        "アプリのコードは一度だけ使えます。サインインに使った直後の場合は、次のコードが表示されるまでお待ちください。",
    ),
    phone: (
        "回復用電話番号の変更",
        "サポート担当者が本人確認のためにかける番号です。ほかの目的には使いません。固定電話をお勧めします。",
        "保存する",
        "",
    ),
    phone_elsewhere: |organization| {
        format!(
            "回復用電話番号は、最初に登録した組織「{organization}」で変更します。その組織のコンソールを開き、そこから\
                 プロファイルに進んでください。"
        )
    },
    email: (
        "メールアドレスの変更",
        |email| {
            format!(
                "現在のアドレスは{email}です。新しいアドレスにコードを送りますので、次のページで入力してください。アドレスで\
                     サインインしている場合は、新しいアドレスでサインインするようになります。"
            )
        },
        "コードを送信する",
        "現在のアドレスには、変更の通知が届きます。ほかの端末やブラウザーでサインインしている場合は、サインアウトされます。",
    ),
    no_mail: "メールアドレスをここで変更することはできません。このシステムではメールを送信しないため、新しいアドレスを確認できません。\
              運用担当者にお問い合わせください。",
    new_email: "新しいメールアドレス",
    email_code: (
        "新しいアドレスの確認",
        |email| format!("6桁のコードを記載したメールを{email}に送信しました。"),
        "確認する",
        "",
    ),
    too_young: "パスワードは前回の変更から1日経っていないため、まだ変更できません。",
    no_email: "メールを送信できるメールアドレスではありません。",
    same_email: "現在のメールアドレスと同じです。",
    taken: "アドレスは確認できましたが、ほかのアカウントのユーザー名として使われています。別のアドレスを入力してください。",
};
