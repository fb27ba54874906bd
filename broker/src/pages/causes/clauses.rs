//! The names of the checks that a response passes one by one.

use vestibule_providers::saml::examination::Clause;

use super::super::language::Language;

/// The name of a check, as a report lists it.
#[must_use]
pub const fn clause(clause: Clause, language: Language) -> &'static str {
    match language {
        Language::English => english(clause),
        Language::Japanese => japanese(clause),
    }
}

const fn english(clause: Clause) -> &'static str {
    match clause {
        Clause::Message => "A response arrived",
        Clause::Xml => "It is a SAML response, well-formed and within the limits",
        Clause::Status => "The provider reports success",
        Clause::Structure => "It holds one assertion, and signatures only where they belong",
        Clause::Decryption => "The assertion was decrypted",
        Clause::Signature => "What has to be signed is signed, with a certificate of the connection",
        Clause::Version => "The version is SAML 2.0",
        Clause::Issuer => "The issuer is the provider's entity id",
        Clause::Destination => "The destination is our ACS address",
        Clause::Request => "It answers the request of this browser",
        Clause::IssueInstant => "It was issued just now",
        Clause::Confirmation => "The subject is confirmed for our ACS address, for this request and for now",
        Clause::Conditions => "The conditions are known and hold now",
        Clause::Audience => "The audience is our entity id",
        Clause::Statement => "The person authenticated, and not in the future",
        Clause::Session => "The provider's session is not over",
        Clause::Context => "The authentication context is the demanded one, where one is demanded exactly",
        Clause::Freshness => "The person authenticated anew, where that is demanded",
        Clause::Subject => "The subject and its attributes are read",
    }
}

const fn japanese(clause: Clause) -> &'static str {
    match clause {
        Clause::Message => "応答が届いた",
        Clause::Xml => "整形式で上限以内のSAML応答である",
        Clause::Status => "IDプロバイダーが成功を報告している",
        Clause::Structure => "アサーションが1つだけで、署名が正しい位置だけにある",
        Clause::Decryption => "アサーションを復号できた",
        Clause::Signature => "必要な部分が、接続の証明書で署名されている",
        Clause::Version => "バージョンがSAML 2.0である",
        Clause::Issuer => "発行者がIDプロバイダーのエンティティIDである",
        Clause::Destination => "宛先がこちらのACSアドレスである",
        Clause::Request => "このブラウザーの要求に対する応答である",
        Clause::IssueInstant => "発行されたばかりである",
        Clause::Confirmation => "こちらのACSアドレス、この要求、現在の時刻について本人の確認がある",
        Clause::Conditions => "条件がすべて既知で、現在満たされている",
        Clause::Audience => "対象（オーディエンス）がこちらのエンティティIDである",
        Clause::Statement => "本人が認証済みで、その時刻が未来ではない",
        Clause::Session => "IDプロバイダーのセッションが終了していない",
        Clause::Context => "厳密に求めた場合に、認証コンテキストが求めたものである",
        Clause::Freshness => "求めた場合に、改めて認証が行われている",
        Clause::Subject => "本人と属性を読み取った",
    }
}
