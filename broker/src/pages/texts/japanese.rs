//! The words of the pages in Japanese.

use vestibule_policies::code::Code;

use super::advice::Advice;
use super::{ArrivalTexts, FactTexts, OnwardTexts, SignOutTexts, SignedOutTexts, Texts};

pub(super) const TEXTS: Texts = Texts {
    start_again: "最初からやり直す",
    try_again: "もう一度試す",
    another_account: "別のアカウントを使う",
    problem: "エラー",
    still_signed_in: "サインインしたままの状態です。",
    facts: FactTexts {
        organization: "組織",
        person: "ユーザー",
        attribute: "属性",
        code: "コード",
        reference: "照会番号",
        deployment: "コンソール",
    },
    sign_out: SignOutTexts {
        heading: "サインアウトしますか？",
        text: "このブラウザーで開いた、この組織のすべてのアプリケーションのセッションを終了します。\
               次にサインインするときは、改めて本人確認を行います。",
        sign_out: "サインアウトする",
        stay: "サインインしたままにする",
    },
    signed_out: SignedOutTexts {
        heading: "サインアウトしました。",
        text: "共用の端末をお使いの場合は、ブラウザーのウィンドウもすべて閉じてください。",
        sign_in: "もう一度サインインする",
    },
    onward: OnwardTexts {
        heading: "しばらくお待ちください。",
        text: "自動的に次のページへ進みます。進まないときは、ボタンを押してください。",
        go_on: "次へ進む",
    },
    arrival: ArrivalTexts {
        heading: "サインインしますか？",
        text: "IDプロバイダーから、このページに案内されました。続けると、下に示すユーザーとしてサインインします。",
        sign_in_as: |person| format!("{person}としてサインインする"),
        way_out: "心当たりがない場合は、このページを閉じてください。サインインは行われません。",
        person: "ユーザー",
        workspace: "アドレス",
    },
};

/// What a code means.
#[expect(clippy::too_many_lines, reason = "one line a code, and every code in one place")]
pub(super) const fn what(code: Code) -> &'static str {
    match code {
        Code::HostUnknown => "このアドレスには何もありません。",
        Code::NotFound => "このページは存在しません。",
        Code::MethodNotAllowed => "このアドレスでは、その種類の要求を受け付けていません。",
        Code::RequestMalformed => "ブラウザーからの要求を読み取れませんでした。",
        Code::RequestTooLarge => "ブラウザーから送られたデータが大きすぎます。",
        Code::RequestMediaType => "このアドレスには、別の種類の内容が必要です。",
        Code::RequestOrigin => "別のサイトからの要求だったため、実行しませんでした。",
        Code::RequestFormToken => "このフォームは無効になりました。",
        Code::RequestDestination => "このアドレスは、単独のページとしてのみ開けます。",
        Code::PathAmbiguous => "このアドレスは、複数の意味に読み取れます。",
        Code::RouteNone => "このアドレスにはアプリケーションが設定されていません。",
        Code::SignInRequired => "サインインしていません。",
        Code::SignInState => "この応答に対応する、進行中のサインインがありません。",
        Code::SignInCookie => {
            "このサインインはすでに終了しているか、Cookieがブラウザーから返ってきませんでした。"
        }
        Code::SignInExpired => "サインインの有効期限が切れました。",
        Code::SignInReplay => "このサインインはすでに使用されています。",
        Code::SignInHandover => "サインインをアプリケーションに引き継げませんでした。",
        Code::SignInMethod => "このサインイン方法は、現在利用できません。",
        Code::OidcDenied => "IDプロバイダーで、このアプリケーションに割り当てられていません。",
        Code::OidcError | Code::SamlStatus => "IDプロバイダーからエラーが返されました。",
        Code::OidcCode => "IDプロバイダーの応答に足りないものがあります。",
        Code::OidcResponseMode => "IDプロバイダーの応答が、取り決めと異なる方法で届きました。",
        Code::OidcResponseIssuer => "応答が、サインイン先のIDプロバイダーとは別のところから届きました。",
        Code::OidcDiscovery => "IDプロバイダーの設定情報を読み取れませんでした。",
        Code::OidcIssuer | Code::GatewayIssuer => "IDプロバイダーが、組織の設定したものと異なります。",
        Code::OidcTokenEndpoint => "IDプロバイダーがサインインを完了できませんでした。",
        Code::OidcTokenRefused => "IDプロバイダーがサインインの完了を拒否しました。",
        Code::OidcKeys => "IDプロバイダーの鍵を読み取れませんでした。",
        Code::OidcKeyUnknown => "IDプロバイダーの応答が、未知の鍵で署名されています。",
        Code::OidcToken => "IDプロバイダーの応答を解釈できませんでした。",
        Code::OidcAlgorithm | Code::SamlAlgorithm => {
            "IDプロバイダーの応答が、受け入れられない方式で署名されています。"
        }
        Code::OidcSignature | Code::SamlSignature => "IDプロバイダーの応答の署名が正しくありません。",
        Code::OidcTokenIssuer | Code::SamlIssuer => "応答が、別のIDプロバイダーによって発行されています。",
        Code::OidcAudience | Code::SamlAudience => {
            "IDプロバイダーの応答が、別のアプリケーションに宛てられています。"
        }
        Code::OidcAuthorizedParty => "IDプロバイダーの応答が、別のアプリケーションに渡されたものです。",
        Code::OidcTime | Code::SamlTime => "IDプロバイダーの応答が、現在の時刻では有効ではありません。",
        Code::OidcNonce | Code::SamlRequest => "IDプロバイダーの応答が、別のサインインのものです。",
        Code::OidcSubject | Code::SamlSubject => "IDプロバイダーの応答に、本人を示す情報がありません。",
        Code::OidcAccessTokenHash | Code::OidcCodeHash => {
            "IDプロバイダーの応答の各部分が、互いに一致しません。"
        }
        Code::OidcTokensDiffer => "IDプロバイダーの応答が、2人の異なる方を示しています。",
        Code::OidcFresh | Code::SamlFresh => "IDプロバイダーで、改めての本人確認が行われませんでした。",
        Code::OidcLogoutEvent
        | Code::OidcLogoutNonce
        | Code::OidcLogoutSubject
        | Code::OidcLogoutId
        | Code::OidcLogoutReplay
        | Code::OidcLogoutSession => "IDプロバイダーからのサインアウト要求を解釈できませんでした。",
        Code::OktaApi => "IDプロバイダーのディレクトリから応答がありません。",
        Code::OktaToken => "IDプロバイダーのディレクトリを読み取れません。",
        Code::OktaLimit => "IDプロバイダーが、現在これ以上の問い合わせを受け付けていません。",
        Code::OidcUserinfo => "IDプロバイダーから、ご本人の情報が届きませんでした。",
        Code::AadTenant => "IDプロバイダーの応答が、別の組織のものです。",
        Code::AadPerson => "アカウントが無効か、組織に存在しません。",
        Code::AadPermission => "IDプロバイダーで、ご本人の情報の読み取りが許可されていません。",
        Code::AadThrottled => "IDプロバイダーが混み合っています。",
        Code::AadGraph => "IDプロバイダーから、ご本人の情報が得られませんでした。",
        Code::OidcUserinfoSubject => "IDプロバイダーから、別の方の情報が届きました。",
        Code::GatewayUnreachable => "IDプロバイダーに接続できません。",
        Code::GatewayCertificate => "IDプロバイダーの証明書が信頼されていません。",
        Code::GatewayPolicy => "IDプロバイダーのサインインの準備ができていません。",
        Code::GatewayClient => "IDプロバイダーに、このサインインサービスが登録されていません。",
        Code::GatewayKeys => "IDプロバイダーが鍵を公開していません。",
        Code::GatewayClock => "IDプロバイダーの時計がずれています。",
        Code::SamlMetadata => "IDプロバイダーの設定情報が、現在利用できません。",
        Code::SamlCertificate => "IDプロバイダーの証明書が、現在の時刻では有効ではありません。",
        Code::SamlMessage => "IDプロバイダーの応答が、完全な形で届きませんでした。",
        Code::SamlXml => "IDプロバイダーの応答を読み取れませんでした。",
        Code::SamlStructure => "IDプロバイダーの応答が、定められた形式になっていません。",
        Code::SamlUnsigned => "IDプロバイダーの応答が、組織の求めるとおりに署名されていません。",
        Code::SamlEncryption => "IDプロバイダーの応答を復号できませんでした。",
        Code::SamlVersion => "IDプロバイダーの応答が、別のバージョンのプロトコルによるものです。",
        Code::SamlDestination => "IDプロバイダーの応答が、別のアドレスに宛てられています。",
        Code::SamlDenied => "IDプロバイダーが、サインインを許可しませんでした。",
        Code::SamlUnsolicited => "IDプロバイダーの側からサインインを始めることはできません。",
        Code::SamlRecipient => "IDプロバイダーの応答の受取先が、別のものになっています。",
        Code::SamlConditions => "IDプロバイダーの応答に、満たすことのできない条件が付いています。",
        Code::SamlStatement => "IDプロバイダーの応答に、サインインしたことを示す情報がありません。",
        Code::SamlSession => "IDプロバイダーでのセッションは、すでに終了しています。",
        Code::SamlContext => "IDプロバイダーでのサインインが、組織の求める方法で行われませんでした。",
        Code::SamlReplay => "IDプロバイダーのこの応答は、すでに使用されています。",
        Code::SamlLogout => "サインアウトに対するIDプロバイダーの応答を解釈できませんでした。",
        Code::AdCredentials => "ユーザー名またはパスワードが正しくありません。",
        Code::AdDisabled => "アカウントが無効になっています。",
        Code::AdAccountExpired => "アカウントの有効期限が切れています。",
        Code::AdHours => "この時間帯はサインインできません。",
        Code::AdWorkstation => "このアカウントは、特定のコンピューターでのみ使用できます。",
        Code::AdRestricted => "アカウントに制限があり、ここではサインインできません。",
        Code::AdPasswordDue => "パスワードの有効期限が切れているか、変更が必要です。",
        Code::AdPasswordPolicy => "新しいパスワードが、組織の要件を満たしていません。",
        Code::AdDown => "組織のディレクトリが応答しません。",
        Code::AdAnswer => "組織のディレクトリの応答を解釈できませんでした。",
        Code::AdService => "Vestibuleが、組織のディレクトリにサインインできませんでした。",
        Code::AdDomain => "応答したディレクトリが、組織のものではありません。",
        Code::AdSettings => "設定が、組織のディレクトリに合っていません。",
        Code::AdPerson => "組織のディレクトリに、ご本人のアカウントが見つかりません。",
        Code::AdDisagrees => "IDプロバイダーと組織のディレクトリで、ご本人の情報が一致しません。",
        Code::SignInBusy => "パスワードの誤りが多すぎるため、サインインを一時的に停止しています。",
        Code::PersonCredentials => "入力されたユーザー名またはパスワードが正しくありません。",
        Code::PersonLink => "このリンクは、もう有効ではありません。",
        Code::PersonHost => "アカウントを設定できるのは、リンクに示されたアドレスだけです。",
        Code::PasswordBusy => "現在、サインインが集中しています。",
        Code::TokenCode => "ワンタイムコードが正しくありません。",
        Code::TokenLocked => "ワンタイムコードの誤りが続いたため、2段階目の確認を一時的に停止しています。",
        Code::TokenDevice => "ワンタイムコード用のデバイスがロックされています。",
        Code::TokenTicket => "最初の手順から時間が経ちすぎたか、すでに使用されています。",
        Code::ClaimSid => "組織から、有効なcip_sidが送られてきませんでした。",
        Code::ClaimUpn => "組織から、有効なcip_upnが送られてきませんでした。",
        Code::ClaimOid => "組織から、有効なcip_oidが送られてきませんでした。",
        Code::ClaimEmail => "組織から、有効なcip_emailが送られてきませんでした。",
        Code::ClaimScope => "組織から、その組織が保証できない属性が送られてきました。",
        Code::AdmissionHost => "このアドレスは、あなたの組織のものではありません。",
        Code::AdmissionConnection => "このサインイン方法は、もう存在しません。",
        Code::AdmissionOff => "このサインイン方法は、現在オフになっています。",
        Code::AdmissionReplaced => "組織のIDプロバイダーが、別のものに変わりました。",
        Code::AdmissionAudience => "このサインインでは、組織のこの部分を開けません。",
        Code::AdmissionMethod => "このサインイン方法は、組織がここで使うものではありません。",
        Code::AdmissionGroup => "このアプリケーションを使えるグループに属していません。",
        Code::AccessDenied => "この操作は、あなたのアクセス権に含まれていません。",
        Code::AccessBuiltIn => "この操作は、組み込み ID の管理者だけが行えます。",
        Code::StepUp => "この変更には、直前のサインインが必要です。",
        Code::SettingsInvalid => "設定に正しくない箇所があります。",
        Code::SubscriberImpact => "この変更は、全員のサインイン方法を変えます。",
        Code::ConnectionKnown => "この名前の接続は、すでにあります。",
        Code::ConnectionInUse => "この接続は使用中です。",
        Code::ConnectionTest => "接続のテストに失敗しました。",
        Code::TestBusy => "いくつかのテストが実行中です。",
        Code::VersionMissing => "この変更は、何を元にしたかを示していません。",
        Code::VersionStale => "その間に、ほかの人がこれを変更しました。",
        Code::ClientToken => "このアクセストークンは有効ではありません。",
        Code::AdministratorLast => "フルアクセスを持つ最後の管理者です。",
        Code::AdministratorKnown => "この人は、すでに管理者です。",
        Code::TooMany => "すでに上限に達しています。",
        Code::AdmissionMembership => "この組織の管理者ではありません。",
        Code::AdmissionGuest => "テナントのゲストユーザーは管理者になれません。",
        Code::AdmissionTrial => "このサインインはテストのため、アプリケーションを開けません。",
        Code::ApplicationDown => "アプリケーションが応答しません。",
        Code::ApplicationSlow => "アプリケーションの応答に時間がかかりすぎました。",
        Code::MailServer => "Vestibuleから、現在メールを送信できません。",
        Code::SecretForm => "シークレットの形式が正しくありません。",
        Code::NotBuilt => "Vestibuleのこの部分は、まだ作られていません。",
        Code::StoreLost => "Vestibuleが、自身のデータに接続できません。",
        Code::StoreBusy => "Vestibuleが、現在たいへん混み合っています。",
        Code::Internal => "Vestibuleの内部で問題が起きました。",
    }
}

/// What the person can do about it.
#[expect(clippy::too_many_lines, reason = "a catalogue has an entry for each step")]
pub(super) const fn next(advice: Advice) -> &'static str {
    match advice {
        Advice::CheckAddress => "アドレスを確かめるか、アプリケーションをもう一度開いてください。",
        Advice::OpenApplication => "アプリケーションをもう一度開き、そこからサインインしてください。",
        Advice::AgainOrTell => {
            "もう一度サインインしてください。同じページが表示されるときは、下のコードと照会番号を管理者に伝えてください。"
        }
        Advice::Later => {
            "数分待ってから、もう一度お試しください。変わらないときは、下のコードと照会番号を管理者に伝えてください。"
        }
        Advice::Tell => "下のコードと照会番号を管理者に伝えてください。",
        Advice::SendLess => "前のページに戻り、一度に送る量を減らしてください。",
        Advice::RepeatInApplication => "アプリケーションに戻り、そこで操作をやり直してください。",
        Advice::ReopenForm => "ページを開き直し、フォームをもう一度送信してください。",
        Advice::OpenInTab => "別のページの中ではなく、新しいタブで開いてください。",
        Advice::SignIn => "続けるには、サインインしてください。",
        Advice::AllowCookies => {
            "アプリケーションをもう一度開いてください。同じページが表示されるときは、このサイトのCookieを許可し、最初から最後まで同じブラウザーを使ってください。"
        }
        Advice::StartAfresh => "アカウントに問題はありません。最初からやり直してください。",
        Advice::BookmarkApplication => {
            "最初からやり直してください。ブックマークには、サインインのページではなくアプリケーションを登録してください。"
        }
        Advice::OpenDirectly => {
            "IDプロバイダーのポータルのタイルからではなく、アプリケーション自身のアドレスを、ブックマークなどから開いてください。"
        }
        Advice::CloseWindows => {
            "こちらのセッションは終了しています。共用の端末をお使いの場合は、ブラウザーのウィンドウもすべて閉じてください。"
        }
        Advice::AskForAssignment => {
            "割り当てを管理者に依頼してください。ご自身でサインインを中止した場合は、最初からやり直してください。"
        }
        Advice::EnterPassword => {
            "最初からやり直し、IDプロバイダーで求められたら、パスワードを入力してください。"
        }
        Advice::CheckPassword => {
            "もう一度お試しください。間違いが続くと、しばらくサインインできなくなります。パスワードをお忘れの場合は、ヘルプデスクにお問い合わせください。"
        }
        Advice::CheckAccount => {
            "ディレクトリにあるアカウントの確認を、下の照会番号を添えて管理者に依頼してください。"
        }
        Advice::ComeAtTheHours => {
            "組織で許可された時間帯に改めてお試しいただくか、時間帯の変更を管理者に依頼してください。"
        }
        Advice::ChooseNewPassword => {
            "最初からやり直し、画面の案内に従って新しいパスワードを設定してください。"
        }
        Advice::ChooseAnotherPassword => {
            "最初からやり直し、以前に使ったことがなく、お名前を含まない、より長いパスワードを設定してください。"
        }
        Advice::WaitMinutes => "数分待ってから、最初からやり直してください。",
        Advice::EnterNextCode => {
            "最初からやり直し、アプリに現在表示されているコードを入力してください。同じコードは一度しか使えません。"
        }
        Advice::WaitAndChangePassword => {
            "5分以上待ってから、最初からやり直してください。心当たりがない場合は、第三者にパスワードを知られているおそれがありますので、パスワードを変更してください。"
        }
        Advice::AskForReset => {
            "リセットを、下の照会番号を添えて管理者に依頼してください。コードの誤りに心当たりがない場合は、パスワードも変更してください。"
        }
        Advice::SignOutFirst => "サインアウトしてから、アプリケーションをもう一度開いてください。",
        Advice::LookBeforeRepeating => {
            "もう一度お試しください。何かを送信した場合は、先に、届いているかどうかを確かめてください。"
        }
        Advice::CheckSecurityId => {
            "この属性（Windowsのセキュリティ識別子）の確認を、下の照会番号を添えて管理者に依頼してください。"
        }
        Advice::CheckPrincipalName => {
            "この属性（ユーザープリンシパル名）の確認を、下の照会番号を添えて管理者に依頼してください。"
        }
        Advice::CheckObjectId => {
            "この属性（ディレクトリのオブジェクト識別子）の確認を、下の照会番号を添えて管理者に依頼してください。"
        }
        Advice::CheckEmail => {
            "この属性（メールアドレス）の確認を、下の照会番号を添えて管理者に依頼してください。"
        }
        Advice::CheckOwnPassword => {
            "もう一度お試しください。間違いが続くと、しばらくサインインできなくなります。パスワードをお忘れの場合は、サインインのページから再設定をお申し込みください。"
        }
        Advice::AskForLink => {
            "リンクの送信者に依頼するか、サインインのページから、新しいリンクをお申し込みください。"
        }
        Advice::OpenLink => "受け取ったリンクを、そのままもう一度開いてください。",
        Advice::AskForAccess => "フルアクセスを持つ管理者に依頼してください。",
        Advice::AskBuiltIn => "パスワードとコードでサインインする管理者に依頼してください。",
        Advice::SignInAfresh => "もう一度サインインしてから、やり直してください。",
        Advice::AppointAnother => "先に、ほかの人にフルアクセスを与えてください。",
        Advice::LookAtTheList => "管理者の一覧で確認してください。",
        Advice::RemoveSome => "不要になったものを削除してから、やり直してください。",
        Advice::Correct => "修正して、もう一度送信してください。",
        Advice::Acknowledge => "確認のうえ、もう一度送信してください。",
        Advice::ChooseName => "別の名前を選んでください。",
        Advice::ReplaceFirst => "先に、代わりのものを設定してください。",
        Advice::ReadFindings => "結果を確認し、修正して、もう一度お試しください。",
        Advice::ReadAnew => "もう一度開いて、変更をやり直してください。",
        Advice::AskForToken => "新しいトークンを取得してください。",
        Advice::AskForMembership => {
            "別のアカウントでサインインするか、組織の管理者に招待を依頼してください。"
        }
        Advice::EnterSecretAgain => "シークレットを確かめ、もう一度入力してください。",
        Advice::GoBack => "ここで行うことはありません。アプリケーションにお戻りください。",
    }
}
