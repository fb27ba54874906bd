//! What each cause means, in Japanese.

use vestibule_providers::saml::fault::SamlFault;

/// The meaning.
#[expect(clippy::too_many_lines, reason = "every cause in one place")]
pub(in super::super) const fn of(fault: SamlFault) -> &'static str {
    match fault {
        SamlFault::MetadataMissing => {
            "IDプロバイダーのメタデータがまだ取得されていないか、設定されたバインディングのアドレスがメタデータにありません。"
        }
        SamlFault::CertificateNone => "IDプロバイダーの証明書に、現在有効なものがありません。",
        SamlFault::MessageMissing => "ACSアドレスへの送信に、SAMLResponseがありませんでした。",
        SamlFault::MessageEncoding => "SAMLResponseが、UTF-8のテキストをBase64にしたものではありません。",
        SamlFault::MessageLength => "応答が512 KiBを超えているか、その大部分が署名されていません。",
        SamlFault::NotXml => "応答が整形式のXMLではありません。",
        SamlFault::DocumentType => "応答に文書型宣言があります。",
        SamlFault::XmlLimits => {
            "応答が、要素、深さ、属性、値のいずれかの上限を超えているか、SAMLにないものを含んでいます。"
        }
        SamlFault::RootWrong => "メッセージがSAML 2.0の応答ではありません。",
        SamlFault::ElementUnexpected => {
            "応答に、標準では認められない要素や属性、または重複した要素があります。"
        }
        SamlFault::AssertionMissing => "応答は成功を報告していますが、アサーションがありません。",
        SamlFault::AssertionSeveral => "応答に、アサーションが2つ以上あります。",
        SamlFault::IdMissing => "署名された要素、またはアサーションに、IDがありません。",
        SamlFault::IdRepeated => "応答の2つの要素が、同じIDを持っています。",
        SamlFault::SignatureMisplaced => "署名が、対象の直下ではない場所にあるか、2つあります。",
        SamlFault::ResponseUnsigned => {
            "応答に署名がありません。接続の設定、または暗号化されたアサーションには、応答の署名が必要です。"
        }
        SamlFault::AssertionUnsigned => {
            "アサーションに署名がありません。接続の設定、または暗号化には、アサーションの署名が必要です。"
        }
        SamlFault::NothingSigned => "応答にもアサーションにも、署名がありません。",
        SamlFault::SignatureForm => "署名が、SAMLの定める形式になっていません。",
        SamlFault::SignatureReference => "署名が、それを含む要素とは別のものを参照しています。",
        SamlFault::SignatureTransforms => "署名に、内包型署名と排他的正規化以外の変換が使われています。",
        SamlFault::ChangedAfterSigning => "応答が、署名されたときの内容と異なります。",
        SamlFault::KeyUnknown => "署名が、接続のどの証明書によるものでもありません。",
        SamlFault::KeyExpired => "署名に使われた鍵の証明書が、現在有効ではありません。",
        SamlFault::SignatureAlgorithm => "署名のアルゴリズムが、受け入れられないものです。",
        SamlFault::DigestAlgorithm => "ダイジェストのアルゴリズムが、受け入れられないものです。",
        SamlFault::EncryptionForm => "暗号化されたアサーションが、SAMLの定める形式になっていません。",
        SamlFault::EncryptionAlgorithm => {
            "アサーションが、受け入れられないアルゴリズムで暗号化されています。"
        }
        SamlFault::EncryptionKey => "アサーションを、こちらの鍵で復号できません。",
        SamlFault::VersionWrong => "応答またはアサーションのバージョンが2.0ではありません。",
        SamlFault::ResponseIssuer => {
            "応答が、接続のものとは別のIDプロバイダーから届いたか、発行者を示していません。"
        }
        SamlFault::AssertionIssuer => {
            "アサーションが、接続のものとは別のIDプロバイダーによるものか、発行者を示していません。"
        }
        SamlFault::DestinationMissing => "応答が、どのアドレスに宛てたものかを示していません。",
        SamlFault::DestinationWrong => "応答の宛先が、こちらのACSアドレスではありません。",
        SamlFault::StatusMissing => "応答が、成功かどうかを示していません。",
        SamlFault::StatusRequester => "IDプロバイダーが、こちらの要求に誤りがあると答えています。",
        SamlFault::StatusResponder => "IDプロバイダーが、自身の処理に失敗したと答えています。",
        SamlFault::StatusOther => "IDプロバイダーが、その他のエラーを返しています。",
        SamlFault::StatusPassive => "IDプロバイダーが、本人に尋ねることを許されていなかったと答えています。",
        SamlFault::StatusAuthentication => "IDプロバイダーが、本人を認証できなかったか、本人を知りません。",
        SamlFault::StatusDenied => "IDプロバイダーが、この人にこのアプリケーションの使用を許可していません。",
        SamlFault::StatusContext => "接続の求める方法で、IDプロバイダーが認証できません。",
        SamlFault::Unsolicited => {
            "接続で許可されていないのに、IDプロバイダーの側からサインインが始まったか、応答がどの要求に対するものかを示していません。"
        }
        SamlFault::RequestOther => "応答が、このブラウザーの要求とは別の要求に対するものです。",
        SamlFault::IssuedEarly => "応答の発行時刻が、こちらの時計では未来です。",
        SamlFault::IssuedLate => "応答が、発行から5分を過ぎています。",
        SamlFault::TimeMalformed => "応答の時刻がないか、UTCで書かれていません。",
        SamlFault::SubjectMissing => "アサーションに主体（Subject）がないか、使用できないNameIDがあります。",
        SamlFault::SubjectEncrypted => "NameIDだけが暗号化されています。",
        SamlFault::ConfirmationMissing => "主体（Subject）の確認がありません。",
        SamlFault::ConfirmationMethod => "主体（Subject）が、bearer以外の方法で確認されています。",
        SamlFault::ConfirmationForm => {
            "主体（Subject）の確認に、データか終わりの時刻がないか、始まりの時刻があります。"
        }
        SamlFault::ConfirmationRequest => {
            "主体（Subject）の確認が、このブラウザーの要求とは別の要求のものです。"
        }
        SamlFault::ConfirmationExpired => "主体（Subject）の確認の期限が過ぎています。",
        SamlFault::RecipientWrong => "主体（Subject）の確認の受取先が、こちらのACSアドレスではありません。",
        SamlFault::ConditionsMissing => "アサーションに条件（Conditions）がありません。",
        SamlFault::ConditionsUnknown => {
            "アサーションに、標準にない条件があるか、条件のまとまりが複数あります。"
        }
        SamlFault::ConditionsEarly => "アサーションが、こちらの時計ではまだ有効ではありません。",
        SamlFault::ConditionsLate => "アサーションが、こちらの時計ではもう有効ではありません。",
        SamlFault::AudienceMissing => "アサーションの対象（Audience）が示されていません。",
        SamlFault::AudienceWrong => "アサーションが、別のサービスに宛てられています。",
        SamlFault::StatementMissing => "アサーションに、本人が認証されたことを示す情報がありません。",
        SamlFault::AuthenticatedEarly => "本人の認証時刻が、こちらの時計では未来です。",
        SamlFault::SessionOver => "応答が届いたとき、IDプロバイダーでの本人のセッションは終了していました。",
        SamlFault::ContextOther => "本人が、接続の求めるものとは別の方法で認証されました。",
        SamlFault::AuthenticationOld => {
            "接続または前回のサインアウトが求めているのに、本人が改めて認証されていません。"
        }
        SamlFault::Replayed => "このアサーションは、すでに使用されています。",
        SamlFault::LogoutMalformed => {
            "IDプロバイダーのサインアウトから返ってきたものが、その応答ではありません。"
        }
    }
}
