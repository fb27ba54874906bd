//! What each setting of a connection or a workspace is called, and what it is, in both languages: one line a key.

use super::super::language::Language;

/// Label and hint of a key; an empty hint is none. Rows of a list are named without their place.
pub(in super::super) fn setting_texts(key: &str, language: Language) -> (&'static str, &'static str) {
    let [english, japanese] = texts(key);
    match language {
        Language::English => english,
        Language::Japanese => japanese,
    }
}

type Texts = [(&'static str, &'static str); 2];

#[expect(clippy::too_many_lines, reason = "one entry a key, and every key in one place")]
fn texts(key: &str) -> Texts {
    match key {
        "name" => [
            ("Name", "Short, such as corp. It stays as it is."),
            ("名前", "短い名前（例：corp）。あとから変更できません。"),
        ],
        "issuer" => [
            ("Issuer", "The provider's address, to the letter, such as https://id.example."),
            (
                "発行者（issuer）",
                "プロバイダーのURL（例：https://id.example）。一字一句そのまま入力してください。",
            ),
        ],
        "domain" => {
            [("Okta domain", "Such as https://acme.okta.com."), ("Oktaドメイン", "例：https://acme.okta.com")]
        }
        "custom_domain" => [("It is a domain of our own", ""), ("独自ドメインを使用する", "")],
        "authorization_server" => [
            ("Authorization server", "A custom one, such as default; empty for the org server."),
            ("認可サーバー", "カスタムの場合に入力します（例：default）。空欄は組織サーバーです。"),
        ],
        "tenant" => [
            ("Tenant ID", "Of the directory, as the application's overview shows it."),
            ("テナントID", "アプリケーションの概要に表示されるディレクトリ（テナント）のID。"),
        ],
        "authority" => [
            (
                "Where people sign in",
                "Empty for https://login.microsoftonline.com; a national cloud has another.",
            ),
            (
                "サインイン先",
                "空欄ならhttps://login.microsoftonline.com。国別のクラウドの場合は入力してください。",
            ),
        ],
        "graph" => [
            ("Microsoft Graph", "Empty for https://graph.microsoft.com; a national cloud has another."),
            (
                "Microsoft Graph",
                "空欄ならhttps://graph.microsoft.com。国別のクラウドの場合は入力してください。",
            ),
        ],
        "fqdn" => [
            ("FQDN", "Such as gateway.corp.example, to the letter; with a port where it is not 443."),
            (
                "FQDN",
                "例：gateway.corp.example。一字一句そのまま入力し、443以外のポートは続けて入力してください。",
            ),
        ],
        "clock_tolerance" => [
            ("Tolerance for its clock", "From 1s to 5m; empty for 60s."),
            ("時計のずれの許容範囲", "1sから5mまで。空欄なら60s。"),
        ],
        "client_id" => [("Client ID", ""), ("クライアントID", "")],
        "client_secret" => [
            ("Client secret", "Empty keeps the one that is stored."),
            ("クライアントシークレット", "空欄なら、保存済みの値を使います。"),
        ],
        "api_token" => [
            ("API token", "Of a read-only administrator. Empty keeps the one that is stored."),
            ("APIトークン", "読み取り専用管理者のトークン。空欄なら、保存済みの値を使います。"),
        ],
        "scopes" => [("Scopes", "One a line."), ("スコープ", "1行に1つ。")],
        "response_mode" => [
            ("How answers come", "The provider has to offer it."),
            ("応答の受け取り方", "プロバイダーの対応が必要です。"),
        ],
        "directories" => [
            (
                "Directories that it speaks for",
                "Only of these it may assert SIDs, object ids and their UPN suffixes.",
            ),
            (
                "対象のディレクトリ",
                "SID、オブジェクトID、UPNサフィックスは、選んだディレクトリのものだけが認められます。",
            ),
        ],
        "required_claims" => [("Claims without which nobody gets in", ""), ("サインインに必須の属性", "")],
        "ca.pem" | "domains.ca.pem" => [
            ("Certificates to trust", "PEM. Trust this chain alone; empty trusts the public ones."),
            ("信頼する証明書", "PEM形式。これだけを信頼します。空欄なら公的な認証局を信頼します。"),
        ],
        "resolve_from_ad" => [
            ("Fill in from a directory", "A connection to Active Directory that knows the same people."),
            ("ディレクトリから補う", "同じ人を知るActive Directory接続。"),
        ],
        "claims.sid" | "attributes.sid" => [("Attribute with the SID", ""), ("SIDの属性", "")],
        "claims.upn" | "attributes.upn" => [("Attribute with the UPN", ""), ("UPNの属性", "")],
        "claims.oid" | "attributes.oid" => {
            [("Attribute with the object id", ""), ("オブジェクトIDの属性", "")]
        }
        "claims.email" | "attributes.email" => {
            [("Attribute with the e-mail address", ""), ("メールアドレスの属性", "")]
        }
        "claims.groups" | "attributes.groups" => [("Attribute with the groups", ""), ("グループの属性", "")],
        "attributes.display_name" => [("Attribute with the display name", ""), ("表示名の属性", "")],
        "attributes.given_name" => [("Attribute with the given name", ""), ("名の属性", "")],
        "attributes.family_name" => [("Attribute with the family name", ""), ("姓の属性", "")],
        "metadata.url" => [
            ("Address of the metadata", "Where the provider publishes it. Or paste it below."),
            ("メタデータのURL", "プロバイダーが公開しているURL。または、下に貼り付けます。"),
        ],
        "metadata.xml" => [
            ("Metadata", "XML, in place of the address."),
            ("メタデータ", "URLの代わりに、XMLを貼り付けます。"),
        ],
        "entity_id" => [
            ("Entity ID of the provider", "With metadata it may stay empty."),
            ("プロバイダーのエンティティID", "メタデータがあれば、空欄でかまいません。"),
        ],
        "sso_url" => [
            ("Sign-in address", "Without metadata."),
            ("サインインURL", "メタデータがない場合に入力します。"),
        ],
        "certificates" => [
            ("Signing certificates", "PEM, one after the other. Without metadata."),
            ("署名証明書", "PEM形式。続けて入力します。メタデータがない場合に入力します。"),
        ],
        "binding" => [("Requests go", ""), ("要求の送信方法", "")],
        "sign_requests" => [("Sign requests", ""), ("要求に署名する", "")],
        "signed" => [("What the provider signs", ""), ("プロバイダーが署名する対象", "")],
        "authentication_context" => [
            ("Authentication context", "unspecified, a short name, or a URI."),
            ("認証コンテキスト", "unspecified、短い名前、またはURI。"),
        ],
        "comparison" => [("Comparison", ""), ("比較方法", "")],
        "force_authn" => [("Ask people anew at every sign-in", ""), ("サインインのたびに再認証する", "")],
        "idp_initiated" => [
            ("Let the provider begin sign-ins", "Needs an entity ID of our own."),
            ("プロバイダー側からのサインインを許可する", "専用のエンティティIDが必要です。"),
        ],
        "scoped_entity_id" => {
            [("An entity ID for this organisation alone", ""), ("この組織専用のエンティティIDを使う", "")]
        }
        "logout_url" => [
            ("Sign-out address", "Empty takes the metadata's; off sends nobody there."),
            ("サインアウトURL", "空欄ならメタデータの値を使います。offなら送信しません。"),
        ],
        "name_id_format" => [("Name ID format", ""), ("NameIDの形式", "")],
        "default_domain" => [
            ("Directory of a bare name", "Empty refuses a name without a domain."),
            ("ドメインなしの名前の既定", "空欄なら、ドメインのない名前は拒否します。"),
        ],
        "recheck" => [
            ("Look people up again every", "Such as 10m; or off."),
            ("セッション中の再確認の間隔", "例：10m。offなら行いません。"),
        ],
        "lockout_attempts" => [
            ("Wrong passwords before the directory is no longer asked", "Below the domain's own limit."),
            ("ディレクトリへの問い合わせを止めるまでの失敗回数", "ドメイン側の制限より小さくしてください。"),
        ],
        "lockout_window" => [("Within", "Such as 15m."), ("失敗を数える期間", "例：15m")],
        "domains.directory" => [
            ("Directory", "One of this organisation's, declared with the domain's SID."),
            ("ディレクトリ", "この組織で宣言した、ドメインSIDを持つディレクトリ。"),
        ],
        "domains.name" => {
            [("DNS name of the domain", "Such as corp.example."), ("ドメインのDNS名", "例：corp.example")]
        }
        "domains.netbios" => [("NetBIOS name", "Such as CORP."), ("NetBIOS名", "例：CORP")],
        "domains.enabled" => [("People of it may sign in", ""), ("このドメインのサインインを許可する", "")],
        "domains.servers" => [
            ("Domain controllers", "One a line, such as ldaps://dc1.corp.example. Empty finds them by DNS."),
            ("ドメインコントローラー", "1行に1つ（例：ldaps://dc1.corp.example）。空欄ならDNSで探します。"),
        ],
        "domains.bind_user" => [
            ("Account that reads", "Such as svc@corp.example."),
            ("読み取り用アカウント", "例：svc@corp.example"),
        ],
        "domains.bind_password" => [
            ("Its password", "Empty keeps the one that is stored."),
            ("パスワード", "空欄なら、保存済みの値を使います。"),
        ],
        "authentication" => [("How subscribers sign in", ""), ("利用者のサインイン方法", "")],
        "acknowledge_subscriber_impact" => [
            (
                "I know that subscribers sign in in another way from now on",
                "Needed where the method changes.",
            ),
            ("利用者のサインイン方法が変わることを理解しました", "方法を変える場合に必要です。"),
        ],
        "admit_groups" => [
            (
                "Groups that are let in",
                "One a line: a SID such as S-1-5-21-1-2-3-513, or the connection's name, a colon and the group as the provider says it. Empty lets in everybody whom the connection lets in.",
            ),
            (
                "許可するグループ",
                "1行に1つ：SID（例：S-1-5-21-1-2-3-513）、または「接続の名前:プロバイダーでのグループ名」。空欄なら、接続が認めた全員を許可します。",
            ),
        ],
        "sessions.idle" => [
            ("A session ends when nothing is done for", "Such as 20m; or off."),
            ("操作がない場合の終了", "例：20m。offなら終了しません。"),
        ],
        "sessions.maximum" => {
            [("A session ends at the latest after", "Such as 24h."), ("最長の時間", "例：24h")]
        }
        "routes.path" => [("Path", "Such as / or /reports."), ("パス", "例：/ または /reports")],
        "routes.upstream" => [
            ("Application", "Such as https://app.corp.example."),
            ("アプリケーション", "例：https://app.corp.example"),
        ],
        "routes.access" => [("Who gets there", ""), ("アクセスできる人", "")],
        "routes.timeout" => [("It may take", "Such as 60s."), ("応答の制限時間", "例：60s")],
        "directory.name" => [("Name", "Short, such as corp."), ("名前", "短い名前（例：corp）")],
        "directory.domain_sid" => {
            [("SID of the domain", "Such as S-1-5-21-1-2-3."), ("ドメインのSID", "例：S-1-5-21-1-2-3")]
        }
        "directory.entra_tenant" => {
            [("Entra tenant", "In place of a SID."), ("Entraテナント", "SIDの代わりに入力します。")]
        }
        "directory.upn_suffixes" => [
            ("UPN suffixes", "One a line, such as corp.example."),
            ("UPNサフィックス", "1行に1つ（例：corp.example）"),
        ],
        "idle" => [
            ("An administrator's session ends when nothing is done for", "10m to 12h; or off."),
            ("管理者のセッション：操作がない場合の終了", "10m～12h。offなら終了しません。"),
        ],
        _ => [("", ""), ("", "")],
    }
}

/// What a value of a choice is called.
pub(in super::super) fn choice_text(value: &str, language: Language) -> Option<&'static str> {
    let [english, japanese] = match value {
        "redirect" => ["by redirect", "リダイレクト"],
        "post" => ["by a form", "フォームのPOST"],
        "either" => ["the response or the assertion", "応答またはアサーション"],
        "both" => ["both", "両方"],
        "response" => ["the response", "応答"],
        "assertion" => ["the assertion", "アサーション"],
        "minimum" => ["at least", "以上"],
        "query" => ["in the address", "URLのクエリ"],
        "form_post" => ["as a posted form", "フォームのPOST"],
        "exact" => ["exactly", "完全一致"],
        "session" => ["whoever is signed in", "サインイン済みの人"],
        "open" => ["everybody", "全員"],
        "unspecified" => ["unspecified", "指定なし"],
        "persistent" => ["persistent", "永続"],
        "transient" => ["transient", "一時"],
        "email" => ["e-mail", "メール"],
        "sid" => ["SID", "SID"],
        "upn" => ["UPN", "UPN"],
        "oid" => ["object id", "オブジェクトID"],
        _ => return None,
    };
    Some(match language {
        Language::English => english,
        Language::Japanese => japanese,
    })
}
