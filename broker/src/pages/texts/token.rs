//! The words of the second step and of the registration of a device, in both languages.

use super::super::language::Language;
use super::HelpTexts;

/// The words in a language.
pub(in super::super) fn token_texts(language: Language) -> &'static Tokens {
    match language {
        Language::English => &ENGLISH,
        Language::Japanese => &JAPANESE,
    }
}

/// The two forms.
pub(in super::super) struct Tokens {
    pub(in super::super) enter: TokenTexts,
    pub(in super::super) register: RegisterTexts,
}

/// The form for a code.
pub(in super::super) struct TokenTexts {
    pub(in super::super) heading: &'static str,
    /// Before and after the organisation's name.
    pub(in super::super) lead: (&'static str, &'static str),
    pub(in super::super) code: &'static str,
    pub(in super::super) go_on: &'static str,
    pub(in super::super) without_device: &'static str,
    pub(in super::super) malformed: &'static str,
    pub(in super::super) wrong: &'static str,
}

/// The registration in its three steps.
pub(in super::super) struct RegisterTexts {
    pub(in super::super) heading: &'static str,
    /// Before and after the organisation's name.
    pub(in super::super) lead: (&'static str, &'static str),
    /// The same where it takes the place of another device.
    pub(in super::super) another: (&'static str, &'static str),
    pub(in super::super) app: HelpTexts,
    pub(in super::super) add: HelpTexts,
    pub(in super::super) scan: &'static str,
    /// What the drawing is, and what it is for.
    pub(in super::super) qr: HelpTexts,
    pub(in super::super) account: &'static str,
    pub(in super::super) open_app: &'static str,
    pub(in super::super) confirm: &'static str,
    pub(in super::super) register: &'static str,
    pub(in super::super) go_on: &'static str,
    pub(in super::super) replace: &'static str,
    pub(in super::super) only_now: &'static str,
}

const ENGLISH: Tokens = Tokens {
    enter: TokenTexts {
        heading: "Enter your one-time code",
        lead: ("Open your authenticator app and type the six digits that it shows for ", "."),
        code: "One-time code",
        go_on: "Continue",
        without_device: "You do not have your device? Ask your help desk to reset it. At your next sign-in you register \
                         a new one.",
        malformed: "A one-time code has six digits. Type the one that your app shows now.",
        wrong: "The code is not right. Wait until your app shows the next one, since each works once. If that is not right \
                either, let your device set its clock automatically.",
    },
    register: RegisterTexts {
        heading: "Register your device",
        lead: (
            "From now on you sign in to ",
            " with a one-time code as well. An app on your phone shows it.",
        ),
        another: (
            "Your present entry for ",
            " goes on working until you have typed the first code of the new one below. Then it stops at once.",
        ),
        app: HelpTexts {
            heading: "Get an authenticator app",
            text: "Any app for one-time codes works, such as Microsoft Authenticator, Google Authenticator or the \
                   password manager of your phone.",
        },
        add: HelpTexts {
            heading: "Add this account to it",
            text: "If you cannot scan it, type this key into the app, as one for time-based codes:",
        },
        scan: "Scan the image with the app:",
        qr: HelpTexts { heading: "QR code", text: "Holds the key that stands below as text." },
        account: "Account:",
        open_app: "Add it to the app on this device",
        confirm: "Type the code that the app shows",
        register: "Register and sign in",
        go_on: "Register and go on",
        replace: "Change device",
        only_now: "The key is shown only now; show it to nobody. You can have one device at a time.",
    },
};

const JAPANESE: Tokens = Tokens {
    enter: TokenTexts {
        heading: "ワンタイムコードの入力",
        lead: ("認証アプリを開き、", "用に表示されている6桁の数字を入力してください。"),
        code: "ワンタイムコード",
        go_on: "次へ進む",
        without_device: "デバイスがお手元にない場合は、ヘルプデスクにリセットを依頼してください。次のサインインのときに、\
                         新しいデバイスを登録できます。",
        malformed: "ワンタイムコードは6桁の数字です。アプリに現在表示されているコードを、半角で入力してください。",
        wrong: "コードが正しくありません。同じコードは一度しか使えませんので、アプリに次のコードが表示されるまで待ってから\
                入力してください。それでも正しくないときは、デバイスの時計を自動設定にしてください。",
    },
    register: RegisterTexts {
        heading: "デバイスの登録",
        lead: (
            "今後、",
            "へのサインインには、パスワードに加えてワンタイムコードが必要です。コードはスマートフォンのアプリに表示されます。",
        ),
        another: (
            "現在お使いの",
            "のエントリは、新しいエントリの最初のコードを下に入力するまで使えます。入力すると、すぐに使えなくなります。",
        ),
        app: HelpTexts {
            heading: "認証アプリを用意する",
            text: "ワンタイムコードに対応したアプリであれば、どれでも使えます。Microsoft Authenticator、\
                   Google Authenticator、スマートフォンのパスワード管理機能などがあります。",
        },
        add: HelpTexts {
            heading: "このアカウントをアプリに追加する",
            text: "読み取れない場合は、次のキーを「時間ベース」のキーとしてアプリに入力します。",
        },
        scan: "アプリで次の画像を読み取ります。",
        qr: HelpTexts {
            heading: "QRコード", text: "下に文字で示したキーと同じ内容です。"
        },
        account: "アカウント:",
        open_app: "この端末のアプリに追加する",
        confirm: "アプリに表示されたコードを入力する",
        register: "登録してサインインする",
        go_on: "登録して次へ進む",
        replace: "デバイスを変更する",
        only_now: "キーが表示されるのは今回だけです。ほかの人には見せないでください。登録できるデバイスは1台です。",
    },
};
