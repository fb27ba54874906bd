//! What to do about a claim that is missing, malformed or not the connection's to speak for.

use vestibule_policies::code::Code;

use super::super::language::Language;

/// What an administrator does about a refusal with the code of a claim; none for every other code.
#[must_use]
pub const fn claim_remedy(code: Code, language: Language) -> Option<&'static str> {
    match language {
        Language::English => english(code),
        Language::Japanese => japanese(code),
    }
}

const fn english(code: Code) -> Option<&'static str> {
    Some(match code {
        Code::ClaimSid => {
            "Send the account's SID (`objectSid`, as `S-1-5-21-...` or as Base64 of its bytes) once, in an attribute named `cip_sid`, or set `sid` in `[connections.attributes]` to the name of the attribute that holds it; OpenID connections have `[connections.claims]` for that. The attributes below show what arrived; case counts."
        }
        Code::ClaimUpn => {
            "Send the user principal name (`name@suffix`) once, in an attribute named `cip_upn`, or set `upn` in `[connections.attributes]` to the name of the attribute that holds it; OpenID connections have `[connections.claims]` for that. The attributes below show what arrived; case counts."
        }
        Code::ClaimOid => {
            "Send the directory's object identifier (`objectGUID`, not the provider's own number) once, in an attribute named `cip_oid`, or set `oid` in `[connections.attributes]` to the name of the attribute that holds it; OpenID connections have `[connections.claims]` for that. The attributes below show what arrived; case counts."
        }
        Code::ClaimEmail => {
            "Send one email address, in an attribute named `cip_email`, or set `email` in `[connections.attributes]` to the name of the attribute that holds it; OpenID connections have `[connections.claims]` for that. If the attribute is there and empty, fill in the address in the directory."
        }
        Code::ClaimScope => {
            "The provider speaks for a directory that the connection does not list. Add it to `directories` of the connection, and its `domain_sid` and `upn_suffixes` to `[[directories]]`, or have the provider send the values of its own directory."
        }
        _ => return None,
    })
}

const fn japanese(code: Code) -> Option<&'static str> {
    Some(match code {
        Code::ClaimSid => {
            "アカウントのSID（`objectSid`、`S-1-5-21-...`の形式か、そのバイト列のBase64）を、`cip_sid`という名前の属性で1つだけ送るか、その値を持つ属性の名前を`[connections.attributes]`の`sid`に設定してください。OpenIDの接続では`[connections.claims]`を使います。届いた属性は下の一覧のとおりです。大文字と小文字は区別されます。"
        }
        Code::ClaimUpn => {
            "ユーザープリンシパル名（`name@suffix`の形式）を、`cip_upn`という名前の属性で1つだけ送るか、その値を持つ属性の名前を`[connections.attributes]`の`upn`に設定してください。OpenIDの接続では`[connections.claims]`を使います。届いた属性は下の一覧のとおりです。大文字と小文字は区別されます。"
        }
        Code::ClaimOid => {
            "ディレクトリのオブジェクト識別子（`objectGUID`。IDプロバイダー独自の番号ではありません）を、`cip_oid`という名前の属性で1つだけ送るか、その値を持つ属性の名前を`[connections.attributes]`の`oid`に設定してください。OpenIDの接続では`[connections.claims]`を使います。届いた属性は下の一覧のとおりです。大文字と小文字は区別されます。"
        }
        Code::ClaimEmail => {
            "メールアドレスを、`cip_email`という名前の属性で1つだけ送るか、その値を持つ属性の名前を`[connections.attributes]`の`email`に設定してください。OpenIDの接続では`[connections.claims]`を使います。属性があっても値が空の場合は、ディレクトリにアドレスを登録してください。"
        }
        Code::ClaimScope => {
            "IDプロバイダーが、接続に挙げられていないディレクトリの値を送っています。そのディレクトリを接続の`directories`に、`domain_sid`と`upn_suffixes`を`[[directories]]`に加えるか、IDプロバイダー自身のディレクトリの値を送るようにしてください。"
        }
        _ => return None,
    })
}
