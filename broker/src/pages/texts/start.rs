//! The words of the demo's start page, in both languages.

use vestibule_policies::edition::Maturity;

use super::super::language::Language;
use super::super::start::AccountNote;
use super::HelpTexts;

/// The words in a language.
pub(in super::super) fn start_texts(language: Language) -> &'static StartTexts {
    match language {
        Language::English => &ENGLISH,
        Language::Japanese => &JAPANESE,
    }
}

/// The demo's start page.
pub(in super::super) struct StartTexts {
    pub(in super::super) heading: &'static str,
    pub(in super::super) text: &'static str,
    /// The name of the list of sign-ins.
    pub(in super::super) index: &'static str,
    pub(in super::super) sign_in_with: fn(&str) -> String,
    pub(in super::super) test: &'static str,
    pub(in super::super) begun_by_provider: &'static str,
    pub(in super::super) accounts: &'static str,
    /// Given the sign-in that lists them.
    pub(in super::super) same_accounts: fn(&str) -> String,
    pub(in super::super) more_accounts: &'static str,
    /// Where no provider stands between.
    pub(in super::super) directory: &'static str,
    /// Where a device for one-time codes is needed too; it follows the other.
    pub(in super::super) device: &'static str,
    pub(in super::super) account: &'static str,
    /// Where administrators come by the provider too.
    pub(in super::super) by_provider: &'static str,
    pub(in super::super) open_console_with: &'static str,
    pub(in super::super) matrix: MatrixTexts,
    pub(in super::super) note: fn(AccountNote) -> &'static str,
    pub(in super::super) columns: AccountColumns,
    pub(in super::super) administrator: HelpTexts,
    pub(in super::super) open_console: &'static str,
    pub(in super::super) secret: &'static str,
    pub(in super::super) scan: &'static str,
    pub(in super::super) help: &'static str,
    pub(in super::super) names: HelpTexts,
    pub(in super::super) cookie: HelpTexts,
}

/// The table of kinds and audiences.
pub(in super::super) struct MatrixTexts {
    pub(in super::super) heading: &'static str,
    pub(in super::super) text: &'static str,
    pub(in super::super) built_in: &'static str,
    pub(in super::super) columns: [&'static str; 4],
    pub(in super::super) served: fn(Option<Maturity>) -> &'static str,
}

/// Headings of the table of accounts.
pub(in super::super) struct AccountColumns {
    pub(in super::super) name: &'static str,
    pub(in super::super) username: &'static str,
    pub(in super::super) password: &'static str,
}

const ENGLISH: StartTexts = StartTexts {
    heading: "Try a sign-in",
    text: "This is a complete Vestibule on your own machine, with sandbox identity providers and a sample \
           application behind it. Choose a sign-in and use one of its accounts: the sandbox proves who you \
           are, Vestibule checks the proof, and the application shows what it was told about you. The people \
           and passwords are made up, and nothing leaves this machine.",
    index: "Sign-ins",
    sign_in_with: |title| format!("Sign in with {title}"),
    test: "Test the connection",
    begun_by_provider: "Begin at the provider",
    accounts: "Sandbox accounts",
    same_accounts: |title| format!("The same accounts as with {title}"),
    more_accounts: "More accounts, with what is special about them",
    directory: "The password is typed at Vestibule itself, and the sandbox directory says whether it is right. alice, \
                CORP\\alice and alice@corp.example are the same person. A password that you change is listed here until \
                the next start, which brings the first one back.",
    device: "The same directory, and after the password a one-time code. The first time, scan the picture with any authenticator app: that \
             registers your device, so there is no secret to list here.",
    account: "Your account",
    by_provider: "Administrators of this organisation may come by Azure AD too: alice with full access, whoever is in Engineering (bob, \
                  carol) for the workspace alone.",
    open_console_with: "Open the console by Azure AD",
    matrix: MatrixTexts {
        heading: "Who may come by what",
        text: "An edition is a preset of policies that an organisation starts from. What stands as a preview is to be tried, and not for \
               production yet.",
        built_in: "Built-in identity",
        columns: ["Identity provider", "Subscribers", "Administrators, global", "Administrators, japan"],
        served: |served| match served {
            Some(Maturity::Ready) => "yes",
            Some(Maturity::Preview) => "preview",
            None => "no",
        },
    },
    note: |note| match note {
        AccountNote::WithoutIdentifiers => "No SID and no object id: is refused",
        AccountNote::WithoutEmail => "No e-mail address: is refused",
        AccountNote::PasswordExpired => "Password expired: chooses a new one",
        AccountNote::MustChangePassword => "Has to choose a new password",
        AccountNote::Disabled => "Disabled: is refused",
        AccountNote::Expired => "Account expired: is refused",
        AccountNote::Locked => "Locked: looks like a wrong password",
        AccountNote::OutsideHours => "Not at this hour: is refused",
        AccountNote::OtherWorkstation => "Only from another computer: is refused",
        AccountNote::ManyGroups => "Is in 5,000 groups",
        AccountNote::NestedGroups => "Is in groups of groups, 50 deep and in a circle",
        AccountNote::OtherSuffix => "Is nils.nord@mail.corp.example too",
        AccountNote::SpecialCharacters => "Has a name full of special characters",
    },
    columns: AccountColumns { name: "Name", username: "User name", password: "Password" },
    administrator: HelpTexts {
        heading: "Administrators",
        text: "The built-in identity opens the console of every organisation here, by password and a code of an authenticator app. Scan \
               the picture, or give the secret to a program that makes such codes.",
    },
    open_console: "Open the console",
    secret: "Secret",
    scan: "Picture for an authenticator app",
    help: "If something does not work",
    names: HelpTexts {
        heading: "The browser cannot find a page",
        text: "Some browsers do not look for names that end in .localhost on this machine. Use a current \
               Chrome, Edge or Firefox, or add these lines to the hosts file of your system:",
    },
    cookie: HelpTexts {
        heading: "The page says SIGN-IN-COOKIE",
        text: "Your browser did not bring a cookie back. Allow cookies for these addresses, stay in one \
               window, and begin again from this page by its name, not by 127.0.0.1:",
    },
};

const JAPANESE: StartTexts = StartTexts {
    heading: "サインインを試す",
    text: "お使いのコンピューターで、Vestibuleの全体が、サンドボックスのIDプロバイダーとサンプル\
           アプリケーションとともに動いています。サインイン方法を選んで下のアカウントを使うと、\
           サンドボックスが本人確認を行い、Vestibuleがその結果を検証し、アプリケーションが受け取った情報を表示します。\
           人物とパスワードは架空のもので、データがこのコンピューターの外に出ることはありません。",
    index: "サインイン方法",
    sign_in_with: |title| format!("{title}でサインイン"),
    test: "接続をテスト",
    begun_by_provider: "プロバイダーから開始",
    accounts: "サンドボックスのアカウント",
    same_accounts: |title| format!("アカウントは{title}と同じです"),
    more_accounts: "そのほかのアカウントとその特徴",
    directory: "パスワードはVestibuleの画面に入力し、正しいかどうかはサンドボックスのディレクトリが判断します。alice、\
                CORP\\alice、alice@corp.exampleは同じ人です。変更したパスワードは次の起動まで一覧に表示され、\
                起動し直すと元のパスワードに戻ります。",
    device: "同じディレクトリで、パスワードの次にワンタイムコードを入力します。初回は、任意の認証アプリでQRコードを読み取ると、お使いの\
             デバイスが登録されます。そのため、この一覧に秘密鍵はありません。",
    account: "自分のアカウント",
    by_provider: "この組織の管理者は、Azure ADでもサインインできます。aliceはフルアクセス、Engineeringのメンバー（bob、carol）はワークスペースの\
                  設定だけを行えます。",
    open_console_with: "Azure ADでコンソールを開く",
    matrix: MatrixTexts {
        heading: "どの方法で誰がサインインできるか",
        text: "エディションは、組織の最初のポリシーを決めるプリセットです。プレビューは試用のためのもので、本番環境には向きません。",
        built_in: "組み込みID",
        columns: ["IDプロバイダー", "利用者", "管理者（global）", "管理者（japan）"],
        served: |served| match served {
            Some(Maturity::Ready) => "可",
            Some(Maturity::Preview) => "プレビュー",
            None => "不可",
        },
    },
    note: |note| match note {
        AccountNote::WithoutIdentifiers => "SIDとオブジェクトIDがなく、拒否されます",
        AccountNote::WithoutEmail => "メールアドレスがなく、拒否されます",
        AccountNote::PasswordExpired => "パスワードの期限が切れており、新しく決めます",
        AccountNote::MustChangePassword => "新しいパスワードを決める必要があります",
        AccountNote::Disabled => "無効になっており、拒否されます",
        AccountNote::Expired => "アカウントの期限が切れており、拒否されます",
        AccountNote::Locked => "ロック中で、パスワードの誤りと同じ表示になります",
        AccountNote::OutsideHours => "サインインできる時間帯がなく、拒否されます",
        AccountNote::OtherWorkstation => "別のコンピューター専用で、拒否されます",
        AccountNote::ManyGroups => "5,000個のグループに属しています",
        AccountNote::NestedGroups => "50段で循環するグループに属しています",
        AccountNote::OtherSuffix => "nils.nord@mail.corp.exampleでもあります",
        AccountNote::SpecialCharacters => "名前に特殊な文字が多く含まれます",
    },
    columns: AccountColumns { name: "名前", username: "ユーザー名", password: "パスワード" },
    administrator: HelpTexts {
        heading: "管理者",
        text: "組み込みのアカウントで、パスワードと認証アプリのコードを使って、ここにあるすべての組織のコンソールを開けます。画像を読み取るか、\
               コードを生成するプログラムにシークレットを渡してください。",
    },
    open_console: "コンソールを開く",
    secret: "シークレット",
    scan: "認証アプリ用の画像",
    help: "うまくいかないとき",
    names: HelpTexts {
        heading: "ページが見つからないと表示される",
        text: ".localhostで終わる名前を、このコンピューターのものとして扱わないブラウザーがあります。\
               最新のChrome、Edge、Firefoxを使うか、次の各行をシステムのhostsファイルに加えてください。",
    },
    cookie: HelpTexts {
        heading: "SIGN-IN-COOKIEと表示される",
        text: "ブラウザーからCookieが返ってきませんでした。これらのアドレスでCookieを許可し、\
               同じウィンドウのまま、127.0.0.1ではなく次の名前でこのページを開いて、やり直してください。",
    },
};
