//! What an administrator does about each cause, in Japanese.

use vestibule_providers::saml::fault::SamlFault;

/// The remedy.
#[expect(clippy::too_many_lines, reason = "every cause in one place")]
pub(in super::super) const fn of(fault: SamlFault) -> &'static str {
    match fault {
        SamlFault::MetadataMissing => {
            "`vestibule check`を実行してください。メタデータを取得し、問題があれば示します。マニフェストの`metadata`と`binding`を、IDプロバイダーが公開している内容と比べてください。"
        }
        SamlFault::CertificateNone => {
            "IDプロバイダーが現在署名に使っている証明書を`certificates`に加えるか、最新のメタデータを適用してください。日付に誤りがなければ、このコンピューターの時計を確かめてください。"
        }
        SamlFault::MessageMissing => {
            "誰かがアドレスを直接開いただけであれば、対処は不要です。そうでなければ、IDプロバイダーの応答方法をHTTP-POSTにしてください。HTTP-RedirectとHTTP-Artifactは受け付けません。"
        }
        SamlFault::MessageEncoding => {
            "IDプロバイダーは、バイト順マークのないUTF-8のXMLを、圧縮せずにBase64で送る必要があります。そうなっている場合は、送信されたフォームを書き換えるプロキシがないか調べてください。"
        }
        SamlFault::MessageLength => {
            "IDプロバイダーから送る量を減らしてください。多くの場合、原因はグループです。アプリケーションに必要なものだけに絞ってください。"
        }
        SamlFault::NotXml => {
            "理由に、その箇所が示されています。IDプロバイダーのログと、送信されたフォームを書き換えるプロキシがないかを調べてください。"
        }
        SamlFault::DocumentType => {
            "文書型宣言を必要とするIDプロバイダーはありません。一人だけなら攻撃とみなし、全員なら、IDプロバイダーか経路上で何が加えているのかを調べてください。"
        }
        SamlFault::XmlLimits => {
            "理由に、どれであるかが示されています。多くの場合はグループが原因ですので、IDプロバイダーで絞ってください。そうでなければ、応答を拡張している設定を無効にしてください。"
        }
        SamlFault::RootWrong => {
            "IDプロバイダーで、このアプリケーションにSAML 1.1やWS-Federationではなく、SAML 2.0とHTTP-POSTを選んでください。"
        }
        SamlFault::ElementUnexpected => {
            "一人だけなら攻撃とみなし、全員なら、IDプロバイダーで応答を拡張している設定を無効にしてください。"
        }
        SamlFault::AssertionMissing => {
            "IDプロバイダーのログを確かめてください。アーティファクトではなく、アサーションそのものを送る必要があります。"
        }
        SamlFault::AssertionSeveral => {
            "一人だけなら攻撃とみなし、全員なら、IDプロバイダーで、このアプリケーションの情報を1つのアサーションにまとめてください。"
        }
        SamlFault::IdMissing => {
            "一人だけなら攻撃とみなし、全員なら、経路上でIDが取り除かれているか、IDプロバイダーに不具合があります。IDプロバイダーを最新の状態にしてください。"
        }
        SamlFault::IdRepeated => {
            "一人だけなら攻撃とみなし、全員なら、IDプロバイダーに不具合があります。IDプロバイダーを最新の状態にしてください。"
        }
        SamlFault::SignatureMisplaced => {
            "一人だけなら攻撃とみなし、全員なら、応答またはアサーションに、それぞれ1つずつ、内包型の署名を付けるように設定してください。"
        }
        SamlFault::ResponseUnsigned => {
            "IDプロバイダーで、応答に署名するように設定してください。アサーションだけに署名し、暗号化しない場合は、`signed = \"assertion\"`とするか、`signed`を省いてください。"
        }
        SamlFault::AssertionUnsigned => {
            "IDプロバイダーで、暗号化の前にアサーションにも署名するように設定してください。応答だけに署名し、暗号化しない場合は、`signed = \"response\"`とするか、`signed`を省いてください。"
        }
        SamlFault::NothingSigned => {
            "IDプロバイダーで、このアプリケーションの署名を有効にしてください。署名のない応答を受け入れる設定はありません。"
        }
        SamlFault::SignatureForm => {
            "一人だけなら攻撃とみなし、全員なら、IDプロバイダーの署名が、参照1つと、SignedInfo、SignatureValue、KeyInfoだけでできている必要があります。IDプロバイダーを最新の状態にしてください。"
        }
        SamlFault::SignatureReference => {
            "一人だけなら攻撃とみなし、全員なら、IDプロバイダーは、応答とアサーションを、それぞれ自身のIDで署名する必要があります。"
        }
        SamlFault::SignatureTransforms => {
            "IDプロバイダーで、コメントなしの排他的正規化（`xml-exc-c14n#`）を選んでください。"
        }
        SamlFault::ChangedAfterSigning => {
            "一人だけなら攻撃とみなし、全員なら、署名の後で何かがメッセージを変えています。プロキシ、ブラウザーの拡張機能、IDプロバイダーでXMLを整形する処理などを調べてください。"
        }
        SamlFault::KeyUnknown => {
            "理由に示されたフィンガープリント（IDプロバイダーの自己申告）を、接続の証明書のものと比べてください。新しいものに変わっていれば、最新のメタデータを適用するか、`certificates`に加えてください。切り替えが終わるまで、古いものと並べておけます。"
        }
        SamlFault::KeyExpired => {
            "IDプロバイダーで証明書を更新し、新しいものを`certificates`に加えるか、最新のメタデータを適用してください。日付に誤りがなければ、このコンピューターの時計を確かめてください。"
        }
        SamlFault::SignatureAlgorithm => {
            "IDプロバイダーで、SHA-256によるRSA（`rsa-sha256`）を選んでください。`rsa-sha384`、`rsa-sha512`、`ecdsa-sha256`、`ecdsa-sha384`も使えます。SHA-1しかない場合は、IDプロバイダーを置き換えるまでの間、`dangerous_sha1`で受け入れられます。"
        }
        SamlFault::DigestAlgorithm => {
            "IDプロバイダーで、SHA-256を選んでください。SHA-384とSHA-512も使えます。SHA-1しかない場合は、IDプロバイダーを置き換えるまでの間、`dangerous_sha1`で受け入れられます。"
        }
        SamlFault::EncryptionForm => {
            "IDプロバイダーは、アサーション全体を、こちらだけに宛てて一度だけ暗号化する必要があります。こちらのメタデータを登録し直すか、暗号化を無効にしてください。経路はTLSで保護されています。"
        }
        SamlFault::EncryptionAlgorithm => {
            "IDプロバイダーで、AES-128-GCMまたはAES-256-GCMと、RSA-OAEPを選ぶか、暗号化を無効にしてください。経路はTLSで保護されています。CBCとRSA 1.5は受け付けません。"
        }
        SamlFault::EncryptionKey => {
            "IDプロバイダーが、別の証明書に宛てて暗号化しています。こちらのメタデータ（SAMLホストの`/saml/metadata.xml`）にある暗号化用の証明書を、登録し直してください。"
        }
        SamlFault::VersionWrong => "IDプロバイダーで、このアプリケーションにSAML 2.0を選んでください。",
        SamlFault::ResponseIssuer => {
            "理由に示された二つを、スキームや末尾のスラッシュまで一字一句比べてください。`entity_id`を直すか、最新のメタデータを適用してください。"
        }
        SamlFault::AssertionIssuer => {
            "理由に示された二つを、一字一句比べてください。IDプロバイダーは、応答とアサーションで同じ名前を示す必要があります。`entity_id`か、IDプロバイダーの設定を直してください。"
        }
        SamlFault::DestinationMissing => {
            "IDプロバイダーに、`vestibule apply`の示すACSアドレスを登録してください。宛先（Destination）の欄がある場合は、そこにも入れてください。"
        }
        SamlFault::DestinationWrong => {
            "IDプロバイダーに、`vestibule apply`の示すACSアドレスを一字一句そのまま登録してください。そこが正しければ、`public_scheme`、`public_port`、`[server.hosts] saml`のいずれかが、ブラウザーの使うアドレスと一致していません。"
        }
        SamlFault::StatusMissing => "IDプロバイダーのログを確かめてください。完全な応答が送られていません。",
        SamlFault::StatusRequester => {
            "IDプロバイダーに登録したエンティティIDとACSアドレスを、`vestibule apply`の示すものと比べてください。要求の署名を検証している場合は、こちらのメタデータを登録し直してください。`name_id_format`や`authentication_context`に対応していないこともあります。"
        }
        SamlFault::StatusResponder => "サインインした時刻の、IDプロバイダーのログを確かめてください。",
        SamlFault::StatusOther => {
            "理由に、IDプロバイダーの答えがそのまま示されています。サインインした時刻の、IDプロバイダーのログを確かめてください。"
        }
        SamlFault::StatusPassive => {
            "こちらから、画面を出さないサインインを求めることはありません。IDプロバイダーに、このアプリケーションのサインインをパッシブにする規則がないか調べてください。"
        }
        SamlFault::StatusAuthentication => {
            "IDプロバイダーで、アカウントの名前、ロックの有無、第2要素を確かめてください。"
        }
        SamlFault::StatusDenied => {
            "IDプロバイダーで、本人または所属グループをアプリケーションに割り当て、アクセスの規則を確かめてください。"
        }
        SamlFault::StatusContext => {
            "IDプロバイダーが対応している`authentication_context`を選ぶか、`comparison = \"minimum\"`で選択の幅を広げるか、両方とも省いてください。"
        }
        SamlFault::Unsolicited => {
            "ワークスペース自身のアドレスを開くように案内してください。IDプロバイダーのポータルではアプリケーションのタイルを隠し、そのアドレスのブックマークを置きます。IDプロバイダーから始める場合は、`scoped_entity_id`と`idp_initiated`をtrueにし、新しいエンティティIDを登録してください。"
        }
        SamlFault::RequestOther => {
            "一人だけなら、1つのタブで最初からやり直してください。全員なら、IDプロバイダーかその手前にあるものが、複数の人に同じページを返しています。"
        }
        SamlFault::IssuedEarly | SamlFault::ConditionsEarly | SamlFault::AuthenticatedEarly => {
            "両方のコンピューターの時計を、タイムサーバーに合わせてください。3分までの差は許されます。"
        }
        SamlFault::IssuedLate => {
            "一人だけなら、応答が遅れて届いたか、再び送られたものですので、最初からやり直してください。全員なら、両方のコンピューターの時計を、タイムサーバーに合わせてください。"
        }
        SamlFault::TimeMalformed => {
            "IDプロバイダーは、時刻を`2026-01-31T12:00:00Z`のようにUTCで書く必要があります。タイムゾーンの設定を確かめるか、最新の状態にしてください。"
        }
        SamlFault::SubjectMissing => {
            "256文字以内のNameIDを送るように設定してください。IDプロバイダーが対応している形式を選び、`name_id_format`を同じものにします。"
        }
        SamlFault::SubjectEncrypted => {
            "IDプロバイダーで、NameIDの暗号化を無効にしてください。代わりに、アサーション全体を暗号化できます。"
        }
        SamlFault::ConfirmationMissing => {
            "IDプロバイダーで、このアプリケーションにWebブラウザーのシングルサインオン（Web SSO）を選んでください。主体がbearerで確認されるようになります。"
        }
        SamlFault::ConfirmationMethod => {
            "IDプロバイダーで、このアプリケーションに、holder-of-keyやsender-vouchesではなく、Webブラウザーのシングルサインオン（Web SSO）を選んでください。"
        }
        SamlFault::ConfirmationForm => {
            "IDプロバイダーは、RecipientとNotOnOrAfterがあり、NotBeforeのないSubjectConfirmationDataを送る必要があります。主体の確認に関する設定を調べてください。"
        }
        SamlFault::ConfirmationRequest => {
            "一人だけなら、1つのタブで最初からやり直してください。全員なら、IDプロバイダーは、確認の中でも要求を示す（InResponseTo）必要があります。"
        }
        SamlFault::ConfirmationExpired => {
            "一人だけなら、最初からやり直してください。全員なら、両方のコンピューターの時計をタイムサーバーに合わせるか、IDプロバイダーで確認の期限を数秒より長くしてください。"
        }
        SamlFault::RecipientWrong => {
            "IDプロバイダーに、`vestibule apply`の示すACSアドレスを一字一句そのまま登録してください。受取先（Recipient）の欄がある場合は、そこにも入れてください。"
        }
        SamlFault::ConditionsMissing => {
            "こちらのエンティティIDを対象（Audience）とする条件（Conditions）を送るように設定してください。"
        }
        SamlFault::ConditionsUnknown => {
            "IDプロバイダーで、独自の条件を加えている設定を無効にしてください。理解できない条件は、満たすことができません。"
        }
        SamlFault::ConditionsLate => {
            "一人だけなら、最初からやり直してください。全員なら、両方のコンピューターの時計をタイムサーバーに合わせるか、IDプロバイダーでアサーションの有効期間を数分にしてください。"
        }
        SamlFault::AudienceMissing => {
            "IDプロバイダーで、このアプリケーションの対象（Audience）に、こちらのエンティティIDを登録してください。"
        }
        SamlFault::AudienceWrong => {
            "IDプロバイダーに、`vestibule apply`の示すエンティティIDを、末尾のスラッシュなしで一字一句そのまま登録してください。`scoped_entity_id`を使う場合は、組織専用のものになります。"
        }
        SamlFault::StatementMissing => {
            "AuthnStatementを送るように設定してください。IDプロバイダーで、このアプリケーションに、属性だけではなくWebブラウザーのシングルサインオン（Web SSO）を選びます。"
        }
        SamlFault::SessionOver => {
            "一人だけなら、最初からやり直してください。全員なら、IDプロバイダーのセッション（SessionNotOnOrAfter）を長くし、両方のコンピューターの時計をタイムサーバーに合わせてください。ここでは時刻の差は許されません。"
        }
        SamlFault::ContextOther => {
            "IDプロバイダーが`authentication_context`の方法を使い、それを示すように設定するか、求めはしても他の方法も受け入れる`comparison = \"minimum\"`にしてください。"
        }
        SamlFault::AuthenticationOld => {
            "IDプロバイダーは、ForceAuthnに従い、新しい認証の時刻を送る必要があり、時計が遅れていてはいけません。`force_authn = false`で接続からの求めはなくなりますが、サインアウト後の求めは残ります。"
        }
        SamlFault::Replayed => {
            "一度だけなら、ページの再読み込みです。一人について、複数の接続元から何度も起きている場合は、ログを確かめてください。"
        }
        SamlFault::LogoutMalformed => {
            "IDプロバイダーに、サインアウトの応答を受け取るアドレスとして、こちらのログアウトアドレスをHTTP-Redirectで登録してください。IDプロバイダーから誰かをサインアウトさせる要求は受け付けません。"
        }
    }
}
