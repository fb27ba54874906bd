//! The mails in Japanese.

use super::super::letter::Letter;
use super::super::message::{Link, Message};
use super::{Action, Occasion, Text, moment};

pub(super) fn written(letter: &Letter, occasion: Occasion<'_>) -> Text {
    let notice = |subject: &str, lead: &str| notice(letter, occasion, (subject, lead));
    match &letter.message {
        Message::VerificationCode { code, minutes } => Text {
            lead: vec![format!(
                "表示中の画面に、次のコードを入力してください。コードは1回だけ、{minutes}分間有効です。"
            )],
            code: Some(code.as_str().to_owned()),
            notes: vec![
                "このコードは誰にも教えないでください。管理者やヘルプデスクがコードを尋ねることはありません。".to_owned(),
                "お心当たりがない場合は、ほかの方がアドレスを誤って入力したものです。何もする必要はありません。"
                    .to_owned(),
            ],
            ..about("確認コードのお知らせ", occasion)
        },
        Message::PasswordReset { link, minutes, account } => Text {
            lead: vec![format!(
                "このメールアドレスのアカウントについて、パスワードの再設定が申し込まれました。新しいパスワードを設定するには、\
                 {minutes}分以内に次のリンクを開いてください。リンクは1回だけ有効です。"
            )],
            action: Some(action("新しいパスワードを設定", link)),
            facts: vec![("ユーザー名", account.to_string())],
            notes: vec!["お心当たりがない場合は、何もする必要はありません。パスワードは変わりません。".to_owned()],
            ..about("パスワードの再設定", occasion)
        },
        Message::RecoveryIssued => notice(
            "アカウントの復旧用リンクが発行されました",
            "コンソールの運用担当者が、パスワード、認証アプリ、バックアップコードを設定し直すためのリンクを発行しました。リンクは1回だけ、\
             1時間有効です。使われるまでは、何も変わりません。",
        ),
        Message::PasswordChanged => {
            notice("パスワードが変更されました", "アカウントのパスワードが変更されました。")
        }
        Message::DeviceChanged => notice(
            "認証アプリが変更されました",
            "ワンタイムコードを表示する認証アプリが変更されました。以前のアプリの登録は使えなくなりましたので、アプリから削除してください。",
        ),
        Message::PasskeyAdded => notice(
            "パスキーが追加されました",
            "アカウントに新しいパスキーが追加されました。パスワードに続けて、このパスキーでもサインインできます。",
        ),
        Message::PasskeyRemoved => notice(
            "パスキーが削除されました",
            "アカウントのパスキーの1つが使えなくなりました。保存先からも削除してください。",
        ),
        Message::BackupCodesReplaced => notice(
            "バックアップコードが再発行されました",
            "アカウントのバックアップコードが新しくなりました。以前のコードは使えません。",
        ),
        Message::RecoveryPhoneChanged => notice(
            "復旧用の電話番号が変更されました",
            "サポートがご本人確認のためにおかけする電話番号が変更されました。",
        ),
        Message::EmailChanged => notice(
            "メールアドレスが変更されました",
            "アカウントのメールアドレスが変更されました。今後のお知らせは、新しいアドレスにお送りします。",
        ),
        Message::Invitation { organization, link, days, inviter } => Text {
            lead: vec![
                format!("{inviter}さんから、「{organization}」の管理者として招待されています。"),
                format!("リンクは1回だけ、{days}日間有効です。"),
            ],
            action: Some(action("招待を承諾", link)),
            notes: vec!["招待した方にお心当たりがない場合は、何もする必要はありません。".to_owned()],
            ..about(&format!("「{organization}」への招待"), occasion)
        },
        Message::Welcome { organization, console } => Text {
            lead: vec![format!("「{organization}」の管理者として登録されました。")],
            action: Some(action("コンソールを開く", console)),
            ..about(&format!("「{organization}」へようこそ"), occasion)
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
        foot: format!(
            "このメールは、{}のVestibuleが自動的に送信しています。返信いただいても、お読みすることはできません。",
            occasion.domain
        ),
    }
}

fn notice(letter: &Letter, occasion: Occasion<'_>, (subject, lead): (&str, &str)) -> Text {
    Text {
        lead: vec![lead.to_owned()],
        facts: vec![("アカウント", letter.to.as_str().to_owned()), ("日時", moment(occasion.at))],
        notes: vec![
            "ご本人による変更の場合は、何もする必要はありません。".to_owned(),
            "お心当たりがない場合は、ほかの人がアカウントを操作したおそれがあります。すぐにパスワードを変更し、管理者に連絡してください。"
                .to_owned(),
        ],
        ..about(subject, occasion)
    }
}

fn action(label: &'static str, link: &Link) -> Action {
    let or_copy = "ボタンを押せない場合は、次のアドレスをブラウザーにコピーしてください。";
    Action { label, or_copy, url: link.as_str().to_owned() }
}
