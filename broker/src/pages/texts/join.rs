//! The words of the pages of somebody new, in both languages.

use super::super::language::Language;
use super::HelpTexts;

/// The words in a language.
pub(in super::super) fn join_texts(language: Language) -> &'static JoinTexts {
    match language {
        Language::English => &ENGLISH,
        Language::Japanese => &JAPANESE,
    }
}

/// The first page, and what is said of a new password.
pub(in super::super) struct JoinTexts {
    pub(in super::super) heading: &'static str,
    /// Before and after the organisation's name.
    pub(in super::super) lead: (&'static str, &'static str),
    pub(in super::super) account: &'static str,
    pub(in super::super) name: &'static str,
    pub(in super::super) password: &'static str,
    pub(in super::super) again: &'static str,
    pub(in super::super) go_on: &'static str,
    pub(in super::super) next: &'static str,
    pub(in super::super) length: fn(usize) -> String,
    pub(in super::super) classes: fn(&[String]) -> String,
    pub(in super::super) upper: &'static str,
    pub(in super::super) lower: &'static str,
    pub(in super::super) digit: &'static str,
    pub(in super::super) special: fn(&str) -> String,
    pub(in super::super) no_names: &'static str,
    pub(in super::super) no_name: &'static str,
    pub(in super::super) differ: &'static str,
    pub(in super::super) too_short: fn(usize) -> String,
    pub(in super::super) too_long: fn(usize) -> String,
    pub(in super::super) lacks_upper: &'static str,
    pub(in super::super) lacks_lower: &'static str,
    pub(in super::super) lacks_digit: &'static str,
    pub(in super::super) lacks_special: &'static str,
    pub(in super::super) common: &'static str,
    pub(in super::super) names: &'static str,
    pub(in super::super) reused: &'static str,
    pub(in super::super) compromised: &'static str,
    pub(in super::super) address: AddressTexts,
    pub(in super::super) renew: RenewTexts,
    pub(in super::super) recovery: RecoveryTexts,
}

/// The form for the code of an address.
pub(in super::super) struct AddressTexts {
    pub(in super::super) heading: &'static str,
    /// Before and after the address.
    pub(in super::super) lead: (&'static str, &'static str),
    pub(in super::super) code: &'static str,
    pub(in super::super) password: &'static str,
    pub(in super::super) verify: &'static str,
    pub(in super::super) not_there: &'static str,
    pub(in super::super) resend: &'static str,
    pub(in super::super) sent_again: &'static str,
    pub(in super::super) wrong: &'static str,
    pub(in super::super) wrong_password: &'static str,
    pub(in super::super) over: &'static str,
}

/// The form for another password.
pub(in super::super) struct RenewTexts {
    pub(in super::super) heading: &'static str,
    pub(in super::super) compromised: &'static str,
    pub(in super::super) weak: &'static str,
    pub(in super::super) old: &'static str,
    pub(in super::super) unused: &'static str,
    pub(in super::super) change: &'static str,
    pub(in super::super) effect: &'static str,
}

/// The last page.
pub(in super::super) struct RecoveryTexts {
    pub(in super::super) heading: &'static str,
    pub(in super::super) lead: &'static str,
    pub(in super::super) codes: HelpTexts,
    pub(in super::super) download: &'static str,
    pub(in super::super) call: HelpTexts,
    pub(in super::super) phone: &'static str,
    pub(in super::super) phone_hint: &'static str,
    pub(in super::super) phone_hint_again: &'static str,
    pub(in super::super) saved: &'static str,
    pub(in super::super) finish: &'static str,
    pub(in super::super) only_now: &'static str,
    pub(in super::super) no_phone: &'static str,
    pub(in super::super) not_saved: &'static str,
}

const ENGLISH: JoinTexts = JoinTexts {
    heading: "Create your account",
    lead: (
        "You were asked to administer ",
        ". It takes three steps: a password, an authenticator app, and ways back in.",
    ),
    account: "You sign in as:",
    name: "Your name",
    password: "Password",
    again: "Password again",
    go_on: "Continue",
    next: "Have your phone at hand: the next step needs an authenticator app.",
    length: |least| format!("At least {least} characters"),
    classes: |classes| match classes {
        [] => String::new(),
        [one] => format!(", with {one}"),
        [first @ .., last] => format!(", with {} and {last}", first.join(", ")),
    },
    upper: "an upper-case letter",
    lower: "a lower-case letter",
    digit: "a digit",
    special: |specials| format!("one of `{specials}`"),
    no_names: ". Not your name, your address, or a common password.",
    no_name: "Type your name.",
    differ: "The password and its repetition are not the same.",
    too_short: |least| format!("The password needs at least {least} characters."),
    too_long: |most| format!("The password may have at most {most} characters."),
    lacks_upper: "The password needs an upper-case letter.",
    lacks_lower: "The password needs a lower-case letter.",
    lacks_digit: "The password needs a digit.",
    lacks_special: "The password needs one of the special characters.",
    common: "The password is a common one, or easy to guess.",
    names: "The password must not have your name, your address, or the name of the organisation in it.",
    reused: "The password was yours before. Choose another.",
    compromised: "The password is known from a data breach. Choose another.",
    address: AddressTexts {
        heading: "Verify your address",
        lead: (
            "We sent a mail with a code of six digits to ",
            ". Type it here, and once more the password that you just chose.",
        ),
        code: "Code from the mail",
        password: "Password",
        verify: "Verify",
        not_there: "No mail? It may take a minute. Look into the folder for spam, too.",
        resend: "Resend email",
        sent_again: "Another mail is on its way. The code of an earlier one is not good any more.",
        wrong: "The code is not the one of the latest mail.",
        wrong_password: "The password is not the one that you just chose.",
        over: "The code is not good any more. Have another mail sent.",
    },
    renew: RenewTexts {
        heading: "Choose a new password",
        compromised: "Your password is known from a data breach. Choose a new one to go on.",
        weak: "Your password does not fit the rules for passwords any more. Choose a new one to go on.",
        old: "Your password is too old. Choose a new one to go on.",
        unused: "Your password was not used for a long time. Choose a new one to go on.",
        change: "Change password and go on",
        effect: "Wherever else you are signed in, you will be signed out.",
    },
    recovery: RecoveryTexts {
        heading: "Keep a way back in",
        lead: "If you lose your authenticator app, these are the only ways back to your account.",
        codes: HelpTexts {
            heading: "Save your backup codes",
            text: "Each of these ten codes takes the place of your app once. Keep them where your phone is not.",
        },
        download: "Download as a text file",
        call: HelpTexts {
            heading: "Give a recovery phone",
            text: "Support calls this number to make sure that it is you, and for nothing else. A landline is best.",
        },
        phone: "Recovery phone",
        phone_hint: "With the country code, such as `+81 3-1234-5678`.",
        phone_hint_again: "Leave it empty to keep the number that you gave before. Else with the country code, such as \
                           `+81 3-1234-5678`.",
        saved: "I have saved these codes.",
        finish: "Finish",
        only_now: "The codes are shown only now.",
        no_phone: "Type a telephone number: 5 to 20 digits.",
        not_saved: "Save the codes first, and tick that you have.",
    },
};

const JAPANESE: JoinTexts = JoinTexts {
    heading: "アカウントの作成",
    lead: ("", "の管理者として招待されました。パスワード、認証アプリ、回復方法の3つを順に設定します。"),
    account: "サインイン時のユーザー名:",
    name: "お名前",
    password: "パスワード",
    again: "パスワード(確認)",
    go_on: "次へ進む",
    next: "次の手順では認証アプリが必要です。スマートフォンをご用意ください。",
    length: |least| format!("{least}文字以上"),
    classes: |classes| format!("で、{}をそれぞれ含めてください", classes.join("、")),
    upper: "英大文字",
    lower: "英小文字",
    digit: "数字",
    special: |specials| format!("記号(`{specials}`)"),
    no_names: "。お名前、メールアドレス、よく使われるパスワードは使えません。",
    no_name: "お名前を入力してください。",
    differ: "2つのパスワードが一致していません。",
    too_short: |least| format!("パスワードは{least}文字以上にしてください。"),
    too_long: |most| format!("パスワードは{most}文字以下にしてください。"),
    lacks_upper: "パスワードに英大文字を含めてください。",
    lacks_lower: "パスワードに英小文字を含めてください。",
    lacks_digit: "パスワードに数字を含めてください。",
    lacks_special: "パスワードに指定の記号を含めてください。",
    common: "よく使われるパスワードか、推測されやすいパスワードです。",
    names: "パスワードに、お名前、メールアドレス、組織名を含めることはできません。",
    reused: "以前に使ったパスワードです。別のパスワードにしてください。",
    compromised: "漏えいが確認されているパスワードです。別のパスワードにしてください。",
    address: AddressTexts {
        heading: "メールアドレスの確認",
        lead: (
            "6桁のコードを記載したメールを",
            "に送信しました。コードと、先ほど設定したパスワードを入力してください。",
        ),
        code: "メールに記載されたコード",
        password: "パスワード",
        verify: "確認する",
        not_there: "メールが届くまでに1分ほどかかることがあります。届かない場合は、迷惑メールのフォルダーも確かめてください。",
        resend: "メールを再送する",
        sent_again: "新しいメールを送信しました。以前のコードは使えなくなりました。",
        wrong: "最新のメールに記載されたコードではありません。",
        wrong_password: "先ほど設定したパスワードではありません。",
        over: "このコードはもう使えません。メールを再送してください。",
    },
    renew: RenewTexts {
        heading: "新しいパスワードの設定",
        compromised: "現在のパスワードは、漏えいが確認されています。続けるには、新しいパスワードを設定してください。",
        weak: "現在のパスワードは、パスワードの規則を満たしていません。続けるには、新しいパスワードを設定してください。",
        old: "現在のパスワードの有効期間が過ぎています。続けるには、新しいパスワードを設定してください。",
        unused: "現在のパスワードは長い間使われていません。続けるには、新しいパスワードを設定してください。",
        change: "パスワードを変更して次へ進む",
        effect: "ほかの場所でのサインインは、すべて終了します。",
    },
    recovery: RecoveryTexts {
        heading: "回復方法の設定",
        lead: "認証アプリを失ったときは、ここで設定する方法でのみアカウントに戻れます。",
        codes: HelpTexts {
            heading: "バックアップコードを保存する",
            text: "10個のコードは、それぞれ一度だけアプリの代わりに使えます。スマートフォンとは別の場所に保管してください。",
        },
        download: "テキストファイルとしてダウンロードする",
        call: HelpTexts {
            heading: "回復用電話番号を登録する",
            text: "サポートが本人確認のために電話をかける番号です。ほかの目的には使いません。固定電話をお勧めします。",
        },
        phone: "回復用電話番号",
        phone_hint: "`+81 3-1234-5678`のように、国番号から入力してください。",
        phone_hint_again: "登録済みの番号を変更しない場合は、空欄のままにしてください。変更する場合は、`+81 3-1234-5678`のように、\
                           国番号から入力してください。",
        saved: "コードを保存しました。",
        finish: "完了する",
        only_now: "コードが表示されるのは今回だけです。",
        no_phone: "電話番号を5桁以上20桁以下の数字で入力してください。",
        not_saved: "コードを保存してから、チェックを入れてください。",
    },
};
