//! What to do about what is found at an OpenID provider, Okta and Azure AD among them (PRV-09). It stands beside findings of `check`, so that
//! it sends nobody back there.

use vestibule_policies::code::Code;

use super::super::language::Language;

/// What an administrator does about a finding with one of these codes; none for every other code.
#[must_use]
pub(super) const fn openid_remedy(code: Code, language: Language) -> Option<&'static str> {
    match language {
        Language::English => english(code),
        Language::Japanese => japanese(code),
    }
}

const fn english(code: Code) -> Option<&'static str> {
    Some(match code {
        Code::OidcDiscovery => {
            "Look at the spelling of the address, at its entry in the DNS that the broker asks, and at the firewalls between. A private authority's certificate goes to `ca`, a private network to `outbound.allow_private`."
        }
        Code::OidcIssuer => {
            "Copy the issuer from the provider's own document, to the letter: case, port and a slash at the end count. For Okta set or leave out `authorization_server`."
        }
        Code::OidcKeys => {
            "Look at the provider's key set: it has to be reached, and to hold an RSA key of 2048 bits or more, or an elliptic one, for signatures."
        }
        Code::OidcTokenEndpoint => {
            "Look at the provider's status. Its token endpoint has to answer within 10 seconds."
        }
        Code::OidcTokenRefused => {
            "Enter client ID and client secret anew, as the provider shows them. A secret may have expired; compare the redirect URI to the letter."
        }
        Code::OidcResponseMode => "Set `response_mode` to one that the provider offers.",
        Code::AadPermission => {
            "A Global Administrator agrees to User.Read.All and GroupMember.Read.All, as application permissions, at the address in the finding."
        }
        Code::AadThrottled => {
            "Wait. Many applications of the tenant share one budget, and it fills up by itself."
        }
        Code::AadGraph => {
            "Look at the service's health, at what stands between, and at `graph`, which only a national cloud needs."
        }
        Code::OktaApi => {
            "Look at what the finding says was answered. To do without Okta's own API, put claims and groups into the id_token and leave `api_token` out."
        }
        Code::OktaToken => {
            "Make a new token as a read-only administrator (Okta: Security, API, Tokens), and give it to the connection."
        }
        Code::OktaLimit => {
            "Wait for the next minute. If it comes again, put claims and groups into the id_token, or have the limit raised at Okta."
        }
        _ => return None,
    })
}

const fn japanese(code: Code) -> Option<&'static str> {
    Some(match code {
        Code::OidcDiscovery => {
            "アドレスの綴り、ブローカーが使うDNSの登録、途中のファイアウォールを確認します。独自の認証局の証明書は`ca`に、プライベートネットワークは`outbound.allow_private`に設定します。"
        }
        Code::OidcIssuer => {
            "プロバイダーの文書にある発行者を、一字一句そのままコピーします。大文字と小文字、ポート、末尾のスラッシュも区別されます。Oktaの場合は、`authorization_server`を設定するか削除します。"
        }
        Code::OidcKeys => {
            "プロバイダーの鍵セットを確認します。到達でき、2048ビット以上のRSA鍵か楕円曲線鍵が署名用に含まれている必要があります。"
        }
        Code::OidcTokenEndpoint => {
            "プロバイダーの稼働状況を確認します。トークンエンドポイントは10秒以内に応答する必要があります。"
        }
        Code::OidcTokenRefused => {
            "クライアントIDとクライアントシークレットを、プロバイダーの表示どおりに入力し直します。シークレットの期限切れと、リダイレクトURIの一致も確認してください。"
        }
        Code::OidcResponseMode => "`response_mode`を、プロバイダーが対応する値にします。",
        Code::AadPermission => {
            "検出結果にあるアドレスで、グローバル管理者がUser.Read.AllとGroupMember.Read.Allのアプリケーション許可に同意します。"
        }
        Code::AadThrottled => {
            "しばらく待ちます。上限はテナントの多くのアプリケーションで共有され、時間がたつと回復します。"
        }
        Code::AadGraph => {
            "サービスの正常性、途中の機器、`graph`の設定を確認します。`graph`は国別クラウドでのみ必要です。"
        }
        Code::OktaApi => {
            "検出結果に示された応答を確認します。Okta自身のAPIを使わない場合は、クレームとグループをIDトークンに含め、`api_token`を削除します。"
        }
        Code::OktaToken => {
            "読み取り専用の管理者として新しいトークンを作成し（Okta：Security、API、Tokens）、接続に設定します。"
        }
        Code::OktaLimit => {
            "次の1分まで待ちます。繰り返す場合は、クレームとグループをIDトークンに含めるか、Oktaで上限を引き上げてもらいます。"
        }
        _ => return None,
    })
}
