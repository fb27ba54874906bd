//! The words about passkeys, in both languages.

use super::super::language::Language;

/// The words in a language.
pub(in super::super) fn passkey_texts(language: Language) -> &'static PasskeyTexts {
    match language {
        Language::English => &ENGLISH,
        Language::Japanese => &JAPANESE,
    }
}

/// The words about passkeys.
pub(in super::super) struct PasskeyTexts {
    pub(in super::super) heading: &'static str,
    pub(in super::super) text: &'static str,
    /// Given the days on which one was made and last used.
    pub(in super::super) one: fn(&str, Option<&str>) -> String,
    pub(in super::super) none: &'static str,
    pub(in super::super) add: &'static str,
    pub(in super::super) enough: &'static str,
    /// Given its name.
    pub(in super::super) remove: fn(&str) -> String,
    pub(in super::super) or: &'static str,
    pub(in super::super) take: &'static str,
    pub(in super::super) failed: &'static str,
    pub(in super::super) wrong: &'static str,
    pub(in super::super) new: &'static str,
    pub(in super::super) lead: &'static str,
    pub(in super::super) no_script: &'static str,
    pub(in super::super) name: &'static str,
    pub(in super::super) name_hint: &'static str,
    pub(in super::super) make: &'static str,
    pub(in super::super) no_name: &'static str,
    pub(in super::super) refused: &'static str,
    pub(in super::super) back: &'static str,
    pub(in super::super) added: &'static str,
    pub(in super::super) removed: &'static str,
    pub(in super::super) remove_heading: &'static str,
    /// Given its name.
    pub(in super::super) remove_lead: fn(&str) -> String,
    pub(in super::super) yes_remove: &'static str,
    pub(in super::super) remove_aside: &'static str,
}

const ENGLISH: PasskeyTexts = PasskeyTexts {
    heading: "Passkeys",
    text: "A passkey of your device, phone or security key takes the place of the code. It works at this address alone, so nobody \
           can lure it from you with a page of theirs.",
    one: |made, used| match used {
        Some(used) => format!("Made on {made}, last used on {used}."),
        None => format!("Made on {made}, not used yet."),
    },
    none: "You have none yet.",
    add: "Add a passkey",
    enough: "You have five, which is as many as there can be.",
    remove: |name| format!("Remove {name}"),
    or: "Or use a passkey that you have added.",
    take: "Use a passkey",
    failed: "The browser brought no passkey. Try again, or go another way.",
    wrong: "The passkey was not accepted. Try again, or go another way.",
    new: "Add a passkey",
    lead: "Your browser asks where to keep it and who you are. You keep your authenticator app, too.",
    no_script: "This needs a browser that knows passkeys and runs scripts.",
    name: "Name",
    name_hint: "By which you will know it, such as `Laptop` or `Security key`.",
    make: "Create passkey",
    no_name: "Type a name of at most 64 characters.",
    refused: "What the browser made was not accepted. Try again, or use another device.",
    back: "Back to your profile",
    added: "Your passkey is added. From now on you can use it after your password.",
    removed: "The passkey is removed. Delete it where it is kept, too. Wherever else you were signed in, you are signed out.",
    remove_heading: "Remove passkey?",
    remove_lead: |name| {
        format!(
            "You will not be able to sign in with “{name}” any more. Your authenticator app goes on working."
        )
    },
    yes_remove: "Yes, remove",
    remove_aside: "Wherever else you are signed in, you will be signed out.",
};

const JAPANESE: PasskeyTexts = PasskeyTexts {
    heading: "パスキー",
    text: "パソコン、スマートフォン、セキュリティキーのパスキーを、コードの代わりに使えます。このアドレスでしか使えないため、\
           偽のページにだまし取られることがありません。",
    one: |made, used| match used {
        Some(used) => format!("作成日: {made}、最終使用日: {used}"),
        None => format!("作成日: {made}、未使用"),
    },
    none: "まだ登録されていません。",
    add: "パスキーを追加する",
    enough: "登録できるパスキーは5個までです。",
    remove: |name| format!("{name}を削除する"),
    or: "登録済みのパスキーも使えます。",
    take: "パスキーを使う",
    failed: "ブラウザーからパスキーを受け取れませんでした。もう一度お試しになるか、ほかの方法をご利用ください。",
    wrong: "パスキーを確認できませんでした。もう一度お試しになるか、ほかの方法をご利用ください。",
    new: "パスキーの追加",
    lead: "保存先の選択と本人確認を、ブラウザーが求めます。認証アプリも引き続き使えます。",
    no_script: "パスキーに対応し、スクリプトを実行できるブラウザーが必要です。",
    name: "名前",
    name_hint: "`ノートパソコン`、`セキュリティキー`など、見分けやすい名前を付けてください。",
    make: "パスキーを作成する",
    no_name: "64文字以下の名前を入力してください。",
    refused: "作成されたパスキーを登録できませんでした。もう一度お試しになるか、別の端末をご利用ください。",
    back: "プロファイルに戻る",
    added: "パスキーを追加しました。次回から、パスワードに続けて使えます。",
    removed: "パスキーを削除しました。保存先からも削除してください。ほかの端末やブラウザーでのサインインは終了しました。",
    remove_heading: "パスキーを削除しますか？",
    remove_lead: |name| format!("「{name}」ではサインインできなくなります。認証アプリは引き続き使えます。"),
    yes_remove: "はい、削除します",
    remove_aside: "ほかの端末やブラウザーでサインインしている場合は、サインアウトされます。",
};
