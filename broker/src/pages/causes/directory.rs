//! What to do about a refusal of a directory, of an Entra tenant, or of the second step behind a password; in English the same as in `docs/codes.md`.

use vestibule_policies::code::Code;

use super::super::language::Language;

/// What an administrator does about a refusal with the code of a directory, a tenant or a one-time code; none for every other code.
#[must_use]
pub const fn directory_remedy(code: Code, language: Language) -> Option<&'static str> {
    match language {
        Language::English => english(code),
        Language::Japanese => japanese(code),
    }
}

const fn english(code: Code) -> Option<&'static str> {
    Some(match code {
        Code::AadTenant => {
            "Look at the log: it names the tenant of the token. One person: treat it as an attack. Everybody: correct `tenant`."
        }
        Code::AadPerson => {
            "Look the account up in the tenant by the object id in the log. Enable it if the person is to come in; a new account under an old name counts as another person."
        }
        Code::AadPermission => {
            "A Global Administrator opens the address in the log and agrees to User.Read.All and GroupMember.Read.All (application permissions). `vestibule check` shows which of the two is missing."
        }
        Code::AadThrottled => {
            "It passes by itself. Many applications of the tenant share one budget: the log says how long Graph asks for patience."
        }
        Code::AadGraph => {
            "The reason in the log says what was answered. Look at the service's health, at what stands between, and, for a private address, at `outbound.allow_private`."
        }
        Code::AdCredentials => {
            "Look the cause up in the log. `wrong-password`: the person tries again, or has the help desk set a new one. `unknown-name`: compare what was typed with the account's names. `locked`: unlock the account in the directory. `held`: nothing, it ends with `lockout_window`. `bare-name`: set `default_domain`, or have people type `name@suffix`. `ambiguous`: give each account a name of its own. `domain-disabled`: set `enabled` of the domain to true. Many names from one address are somebody who guesses."
        }
        Code::AdDisabled => "Enable the account in the directory if the person is to come in.",
        Code::AdAccountExpired => "Move the end of the account in the directory if the person is to come in.",
        Code::AdHours => "Change the logon hours of the account in the directory. They are kept in UTC.",
        Code::AdWorkstation => {
            "Let the account sign in to all computers in the directory, or add the name that the controller's security log gives for the attempt."
        }
        Code::AdRestricted => {
            "`52f`: look at empty passwords, authentication policies and the group Protected Users. `568`: take the account out of some groups, also nested ones. The controller's security log says more."
        }
        Code::AdPasswordDue => "Nothing; the person chooses a new password.",
        Code::AdPasswordPolicy => {
            "Tell people the domain's rules. The directory does not say which one was broken; `net accounts /domain` shows them, beside fine-grained policies."
        }
        Code::AdDown => {
            "The reason says what is in the way of each controller. Not found: correct `servers` or the DNS. Not reached: open the way (port 636 or 389), and for a private address `outbound.allow_private`. TLS fails: renew its certificate, or correct `ca` or the name in `servers`."
        }
        Code::AdAnswer => {
            "The reason in the log says what was read. Look at that controller's own log, and at whatever stands between."
        }
        Code::AdService => {
            "Correct `bind_user` and `bind_password`, unlock the account, let its password not expire, and apply. `vestibule check` shows whether it works."
        }
        Code::AdDomain => {
            "The reason in the log has both. Correct `servers` or `name` of the domain, or `domain_sid` of its directory."
        }
        Code::AdSettings => {
            "Clocks: set this computer and the controllers by one time server. Lockout: set `lockout_attempts` below half of the domain's own threshold, and `lockout_window` no shorter than its window."
        }
        Code::AdPerson => {
            "Compare the identifier in the log with the account in the directory. Where the provider has people who are not there, let them sign in by a connection without `resolve_from_ad`."
        }
        Code::AdDisagrees => {
            "The log names the claim and has both values. Correct the provider's mapping or its copy of the account. A new account under an old name counts as another person."
        }
        Code::SignInBusy => {
            "Somebody guesses, or many people share one address whose programs keep an old password. The log names the address. Behind a proxy, check that Vestibule sees the addresses of clients and not the proxy's."
        }
        Code::TokenCode => {
            "One person: the clock of their device has to be set automatically. Everybody: look at the clock of this computer."
        }
        Code::TokenLocked => {
            "Ask the person whether the codes were theirs. If not, somebody else knows the password: have it changed."
        }
        Code::TokenDevice => {
            "Have the password changed first: whoever guessed knew it. Then run `vestibule token reset`; the person registers a device at the next sign-in."
        }
        Code::TokenTicket => "Nothing; the person starts again.",
        _ => return None,
    })
}

const fn japanese(code: Code) -> Option<&'static str> {
    Some(match code {
        Code::AadTenant => {
            "ログに、トークンのテナントが記録されています。特定の1人だけの場合は、攻撃とみなしてください。全員の場合は、`tenant`を訂正します。"
        }
        Code::AadPerson => {
            "ログのオブジェクトIDで、テナントのアカウントを確認します。サインインを認める場合は、有効にしてください。同じ名前で作り直したアカウントは、別人として扱われます。"
        }
        Code::AadPermission => {
            "グローバル管理者が、ログにあるURLを開き、User.Read.AllとGroupMember.Read.All（アプリケーションの許可）に同意します。どちらが足りないかは、`vestibule check`で分かります。"
        }
        Code::AadThrottled => {
            "しばらくすると解消します。テナントのアプリケーション全体で上限を共有しています。待ち時間は、ログに記録されます。"
        }
        Code::AadGraph => {
            "ログの理由を確認します。サービスの稼働状況と、途中の機器、プライベートアドレスの場合は`outbound.allow_private`を確認してください。"
        }
        Code::AdCredentials => {
            "原因はログで確かめてください。`wrong-password`であれば、もう一度試すか、ヘルプデスクで再設定します。`unknown-name`であれば、入力された名前をアカウントの名前と比べます。`locked`であれば、ディレクトリでロックを解除します。`held`は`lockout_window`が過ぎれば終わるため、対処は不要です。`bare-name`であれば、`default_domain`を設定するか、`name@suffix`の形式で入力するように案内します。`ambiguous`であれば、アカウントごとに異なる名前にします。`domain-disabled`であれば、ドメインの`enabled`をtrueにします。1つの接続元から多くの名前が試されている場合は、攻撃の可能性があります。"
        }
        Code::AdDisabled => "サインインを認める人であれば、ディレクトリでアカウントを有効にしてください。",
        Code::AdAccountExpired => {
            "サインインを認める人であれば、ディレクトリでアカウントの有効期限を延ばしてください。"
        }
        Code::AdHours => {
            "ディレクトリで、アカウントのログオン時間を変更してください。ログオン時間はUTCで保存されています。"
        }
        Code::AdWorkstation => {
            "ディレクトリで、すべてのコンピューターへのログオンを許可するか、ドメインコントローラーのセキュリティログに示された名前をログオン先に加えてください。"
        }
        Code::AdRestricted => {
            "`52f`の場合は、空のパスワード、認証ポリシー、Protected Usersグループを確かめてください。`568`の場合は、入れ子のものも含めて、アカウントの所属グループを減らしてください。詳しくは、ドメインコントローラーのセキュリティログにあります。"
        }
        Code::AdPasswordDue => "対処は不要です。本人が新しいパスワードを設定します。",
        Code::AdPasswordPolicy => {
            "パスワードの要件を利用者に知らせてください。どの要件に反したかは、ディレクトリからは示されません。要件は`net accounts /domain`と、細かい設定が可能なパスワードポリシーで確かめられます。"
        }
        Code::AdDown => {
            "各ドメインコントローラーの問題は、理由に示されています。見つからない場合は、`servers`またはDNSを直してください。到達できない場合は、経路（ポート636または389）を開き、プライベートアドレスであれば`outbound.allow_private`に加えてください。TLSで失敗する場合は、証明書を更新するか、`ca`または`servers`の名前を直してください。"
        }
        Code::AdAnswer => {
            "ログの理由に、読み取った内容が示されています。そのドメインコントローラーのログと、経路上の機器を調べてください。"
        }
        Code::AdService => {
            "`bind_user`と`bind_password`を直し、アカウントのロックを解除し、パスワードを無期限にしてから、適用してください。正しくなったかどうかは`vestibule check`で分かります。"
        }
        Code::AdDomain => {
            "ログの理由に、双方の値が示されています。ドメインの`servers`または`name`か、ディレクトリの`domain_sid`を直してください。"
        }
        Code::AdSettings => {
            "時計であれば、このコンピューターとドメインコントローラーを同じ時刻サーバーに合わせてください。ロックアウトであれば、`lockout_attempts`をドメインのしきい値の半分より小さくし、`lockout_window`をドメインの期間以上にしてください。"
        }
        Code::AdPerson => {
            "ログに示された識別子を、ディレクトリのアカウントと比べてください。ディレクトリにいない人がIDプロバイダーにいる場合は、`resolve_from_ad`のない接続でサインインするようにしてください。"
        }
        Code::AdDisagrees => {
            "ログに、クレームの名前と双方の値が示されています。IDプロバイダーの属性の対応付け、または同期されたアカウントを直してください。同じ名前で作り直されたアカウントは、別の人として扱われます。"
        }
        Code::SignInBusy => {
            "パスワードが推測されているか、多くの人が共有する1つの接続元で、プログラムが古いパスワードを使い続けています。接続元はログに示されています。プロキシの背後では、プロキシではなくクライアントのアドレスが、Vestibuleから見えているかどうかを確かめてください。"
        }
        Code::TokenCode => {
            "一人だけなら、本人のデバイスの時計を自動設定にしてください。全員なら、このコンピューターの時計を確かめてください。"
        }
        Code::TokenLocked => {
            "コードを入力したのが本人かどうかを確かめてください。本人でなければ、第三者にパスワードを知られています。パスワードを変更するように伝えてください。"
        }
        Code::TokenDevice => {
            "コードを推測した者はパスワードを知っていますので、先にパスワードを変更してください。その後、`vestibule token reset`を実行すると、本人は次のサインインでデバイスを登録し直せます。"
        }
        Code::TokenTicket => "対処は不要です。本人が最初からやり直します。",
        _ => return None,
    })
}
