//! What to do about what is found at a Citrix Gateway; in English the same as in `docs/codes.md` (GW-19).

use vestibule_policies::code::Code;

use super::super::language::Language;

/// What an administrator does about a finding with the code of a Gateway; none for every other code.
#[must_use]
pub(super) const fn gateway_remedy(code: Code, language: Language) -> Option<&'static str> {
    match language {
        Language::English => english(code),
        Language::Japanese => japanese(code),
    }
}

const fn english(code: Code) -> Option<&'static str> {
    Some(match code {
        Code::GatewayUnreachable => {
            "Look at the spelling of `fqdn` and its port, at its entry in the DNS that the broker asks, and at the firewalls between. A private address has to lie within `outbound.allow_private`."
        }
        Code::GatewayCertificate => {
            "Look whether `fqdn` is typed right: another name gives another server's certificate. On the Gateway, bind a certificate of this name and its whole chain. One of an authority of your own goes to `ca`."
        }
        Code::GatewayPolicy => {
            "Bind an OAuth IdP policy whose expression is true to the authentication, authorization and auditing (AAA) virtual server, and that server to the Gateway at `fqdn`. Classic policies do not do."
        }
        Code::GatewayIssuer => {
            "Set the issuer name of the Gateway's OAuth IdP profile to `https://` and the `fqdn` to the letter, or write `fqdn` as the profile has it."
        }
        Code::GatewayClient => {
            "Enter client ID, client secret, redirect URL and audience (the client ID again) in the OAuth IdP profile as `vestibule apply` printed them. If the secret is lost: take the connection out, apply, put it back and apply again; that makes a new pair."
        }
        Code::GatewayKeys => {
            "Bind the signing certificate globally on the Gateway: `bind vpn global -certkeyName NAME`. Keys are RSA with 2048 bits or more."
        }
        Code::GatewayClock => {
            "Synchronise the Gateway and the broker's machine by NTP. Until then `clock_tolerance` allows up to 5 minutes."
        }
        _ => return None,
    })
}

const fn japanese(code: Code) -> Option<&'static str> {
    Some(match code {
        Code::GatewayUnreachable => {
            "`fqdn`の綴りとポート、ブローカーが使うDNSの登録、途中のファイアウォールを確認します。プライベートアドレスの場合は、`outbound.allow_private`に含めてください。"
        }
        Code::GatewayCertificate => {
            "`fqdn`の綴りを確認します。名前が違うと、別のサーバーの証明書が返されます。Gatewayには、この名前の証明書を中間証明書とともにバインドしてください。独自の認証局の場合は、`ca`に設定します。"
        }
        Code::GatewayPolicy => {
            "式が真になるOAuth IdPポリシーを認証、承認、監査（AAA）仮想サーバーにバインドし、そのサーバーを`fqdn`のGatewayにバインドします。クラシックポリシーは使用できません。"
        }
        Code::GatewayIssuer => {
            "GatewayのOAuth IdPプロファイルの発行者名を、`https://`に`fqdn`を続けた値と一字一句同じにします。または、`fqdn`をプロファイルに合わせてください。"
        }
        Code::GatewayClient => {
            "`vestibule apply`が表示したクライアントID、シークレット、リダイレクトURL、対象（クライアントIDと同じ値）を、OAuth IdPプロファイルに入力します。シークレットを失った場合は、接続を削除して適用し、戻してもう一度適用すると、新しい組が作られます。"
        }
        Code::GatewayKeys => {
            "Gatewayで、署名用の証明書をグローバルにバインドします：`bind vpn global -certkeyName NAME`。鍵は2048ビット以上のRSAにしてください。"
        }
        Code::GatewayClock => {
            "GatewayとブローカーのマシンをNTPで同期します。それまでの間は、`clock_tolerance`で5分まで許容できます。"
        }
        _ => return None,
    })
}
