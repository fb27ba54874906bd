//! The words of the built-in identity's sign-in, in both languages.

use super::super::language::Language;
use super::HelpTexts;

/// The words in a language.
pub(in super::super) fn built_in_texts(language: Language) -> &'static BuiltIn {
    match language {
        Language::English => &ENGLISH,
        Language::Japanese => &JAPANESE,
    }
}

/// The three forms.
pub(in super::super) struct BuiltIn {
    pub(in super::super) sign_in: BuiltInTexts,
    pub(in super::super) factor: FactorTexts,
    pub(in super::super) choice: ChoiceTexts,
}

/// The form for user name and password.
pub(in super::super) struct BuiltInTexts {
    pub(in super::super) heading: &'static str,
    /// Before and after the console's host.
    pub(in super::super) lead: (&'static str, &'static str),
    /// Before and after the organisation that a link is for.
    pub(in super::super) joins: (&'static str, &'static str),
    pub(in super::super) name: &'static str,
    pub(in super::super) password: &'static str,
    pub(in super::super) sign_in: &'static str,
    pub(in super::super) forgotten: &'static str,
    pub(in super::super) elsewhere: HelpTexts,
    pub(in super::super) organization: &'static str,
    /// What may be typed, with examples between backticks.
    pub(in super::super) organization_hint: &'static str,
    pub(in super::super) go_on: &'static str,
    pub(in super::super) missing: &'static str,
    pub(in super::super) wrong: &'static str,
    pub(in super::super) no_identifier: &'static str,
}

/// The form for the second factor.
pub(in super::super) struct FactorTexts {
    pub(in super::super) heading: &'static str,
    pub(in super::super) lead: &'static str,
    pub(in super::super) code: &'static str,
    pub(in super::super) verify: &'static str,
    pub(in super::super) no_app: &'static str,
    pub(in super::super) backup: &'static str,
    pub(in super::super) backup_code: &'static str,
    pub(in super::super) verify_backup: &'static str,
    pub(in super::super) neither: &'static str,
    pub(in super::super) malformed: &'static str,
    pub(in super::super) wrong: &'static str,
    pub(in super::super) wrong_backup: &'static str,
    pub(in super::super) resting: &'static str,
}

/// The question for an organisation.
pub(in super::super) struct ChoiceTexts {
    pub(in super::super) heading: &'static str,
    pub(in super::super) lead: &'static str,
    /// In its place, where the address that was opened is none of the person's.
    pub(in super::super) not_yours: &'static str,
}

const ENGLISH: BuiltIn = BuiltIn {
    sign_in: BuiltInTexts {
        heading: "Sign in as an administrator",
        lead: ("You are about to sign in to the console at ", ". If that is not yours, close this page."),
        joins: (
            "Your link makes you an administrator of ",
            " as soon as you have signed in. If you do not want that, close this page.",
        ),
        name: "E-mail address or user name",
        password: "Password",
        sign_in: "Sign in",
        forgotten: "Forgot your user name or password?",
        elsewhere: HelpTexts {
            heading: "Sign in with my organization",
            text: "If your organisation has a way of its own for administrators, go to it from here.",
        },
        organization: "Organisation",
        organization_hint: "Its identifier, such as `acme`, or its sign-in address, which ends in `/go/acme`. Your \
                            administrators know it.",
        go_on: "Go to my organisation",
        missing: "Type both your user name and your password.",
        wrong: "The user name or the password is not right, and several wrong ones make signing in rest for a while.",
        no_identifier: "That is no identifier of an organisation. It has 3 to 40 lower-case letters, digits and hyphens.",
    },
    factor: FactorTexts {
        heading: "Enter your verification code",
        lead: "Open your authenticator app and type the six digits that it shows for this console.",
        code: "Verification code",
        verify: "Verify",
        no_app: "Don't have your authenticator app?",
        backup: "Type one of the backup codes that you saved when you set up your app. Each works once.",
        backup_code: "Backup code",
        verify_backup: "Verify the backup code",
        neither: "Without your app and without a backup code there is no other way in. Ask whoever operates this console; they \
                  know you by the recovery phone that you gave.",
        malformed: "A verification code has six digits. Type the one that your app shows now.",
        wrong: "The code is not right. Wait until your app shows the next one, since each works once. If that is not right \
                either, let your device set its clock automatically.",
        wrong_backup: "The backup code is not right, or was used before. Try another one.",
        resting: "There were too many wrong codes. Wait five minutes, or longer if it happens again, and start anew.",
    },
    choice: ChoiceTexts {
        heading: "Choose an organisation",
        lead: "You administer several. Which one do you want to open?",
        not_yours: "The address that you opened is not of an organisation that you administer. These are yours.",
    },
};

const JAPANESE: BuiltIn = BuiltIn {
    sign_in: BuiltInTexts {
        heading: "管理者としてサインイン",
        lead: ("コンソール", "にサインインします。心当たりがない場合は、このページを閉じてください。"),
        joins: (
            "このリンクからサインインすると、",
            "の管理者として登録されます。希望されない場合は、このページを閉じてください。",
        ),
        name: "メールアドレスまたはユーザー名",
        password: "パスワード",
        sign_in: "サインイン",
        forgotten: "ユーザー名またはパスワードをお忘れの場合",
        elsewhere: HelpTexts {
            heading: "組織のアカウントでサインイン",
            text: "管理者用のサインイン方法を組織で用意している場合は、ここから進んでください。",
        },
        organization: "組織",
        organization_hint: "`acme`のような識別子、または`/go/acme`で終わるサインインURLを入力してください。\
                            ご不明な場合は、組織の管理者にお問い合わせください。",
        go_on: "組織のサインインへ進む",
        missing: "ユーザー名とパスワードの両方を入力してください。",
        wrong: "ユーザー名またはパスワードが正しくありません。間違いが続くと、しばらくサインインできなくなります。",
        no_identifier: "組織の識別子ではありません。識別子は、3文字以上40文字以下の英小文字、数字、ハイフンです。",
    },
    factor: FactorTexts {
        heading: "確認コードの入力",
        lead: "認証アプリを開き、このコンソール用に表示されている6桁の数字を入力してください。",
        code: "確認コード",
        verify: "確認する",
        no_app: "認証アプリがお手元にない場合",
        backup: "アプリの設定時に保存したバックアップコードを1つ入力してください。各コードは一度だけ使えます。",
        backup_code: "バックアップコード",
        verify_backup: "バックアップコードを確認する",
        neither: "アプリもバックアップコードもない場合、ほかにサインインする方法はありません。このコンソールの運用担当者に\
                  お問い合わせください。登録済みの回復用電話番号で本人確認を行います。",
        malformed: "確認コードは6桁の数字です。アプリに現在表示されているコードを、半角で入力してください。",
        wrong: "コードが正しくありません。同じコードは一度しか使えませんので、アプリに次のコードが表示されるまで待ってから\
                入力してください。それでも正しくないときは、デバイスの時計を自動設定にしてください。",
        wrong_backup: "バックアップコードが正しくないか、すでに使用されています。別のコードを入力してください。",
        resting: "間違ったコードが続きました。5分待ってから、最初からやり直してください。繰り返すと待ち時間が長くなります。",
    },
    choice: ChoiceTexts {
        heading: "組織の選択",
        lead: "複数の組織を管理しています。開く組織を選んでください。",
        not_yours: "開いたURLは、あなたが管理する組織のものではありません。管理している組織は次のとおりです。",
    },
};
