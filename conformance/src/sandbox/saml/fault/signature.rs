//! Signatures and encryption that must not do.

use super::{Fault, Row, Spoil};
use crate::saml::{Content, DigestAlgorithm, Encryption, SignatureAlgorithm};

pub(super) const SIGNATURE: &[Row] = &[
    Row {
        fault: Fault::Unsigned,
        id: "unsigned",
        labels: ["No signature at all", "署名なし"],
        spoil: Spoil::Parts(|p| (p.signing.response, p.signing.assertion) = (false, false)),
    },
    Row {
        fault: Fault::AssertionOnly,
        id: "assertion-only-unsigned-response",
        labels: ["Only the assertion is signed", "アサーションのみ署名"],
        spoil: Spoil::Parts(|p| p.signing.response = false),
    },
    Row {
        fault: Fault::ResponseOnly,
        id: "response-only",
        labels: ["Only the response is signed", "レスポンスのみ署名"],
        spoil: Spoil::Parts(|p| p.signing.assertion = false),
    },
    Row {
        fault: Fault::UnknownKey,
        id: "signed-by-unknown-key",
        labels: ["Signed by an unknown key", "未知の鍵による署名"],
        spoil: Spoil::Parts(|p| p.signing.key = (p.unknown)()),
    },
    Row {
        fault: Fault::ExpiredCertificateKey,
        id: "signed-by-expired-certificate-key",
        labels: ["Signed by the key of an expired certificate", "期限切れ証明書の鍵による署名"],
        spoil: Spoil::Parts(|p| p.signing.key = p.retired.take().unwrap_or_else(p.unknown)),
    },
    Row {
        fault: Fault::Tampered,
        id: "tampered-after-signing",
        labels: ["Changed after signing", "署名後の改ざん"],
        spoil: Spoil::Xml(tampered),
    },
    Row {
        fault: Fault::Sha1Signature,
        id: "sha1-signature",
        labels: ["Signature with SHA-1", "SHA-1 による署名"],
        spoil: Spoil::Parts(|p| p.signing.algorithm = SignatureAlgorithm::RsaSha1),
    },
    Row {
        fault: Fault::Sha1Digest,
        id: "sha1-digest",
        labels: ["Digest with SHA-1", "SHA-1 によるダイジェスト"],
        spoil: Spoil::Parts(|p| p.signing.digest = DigestAlgorithm::Sha1),
    },
    Row {
        fault: Fault::Unencrypted,
        id: "unencrypted",
        labels: ["The assertion is not encrypted", "アサーションを暗号化しない"],
        spoil: Spoil::Parts(|p| p.signing.encryption = None),
    },
    Row {
        fault: Fault::EncryptedToAnotherKey,
        id: "encrypted-to-another-key",
        labels: ["The assertion is encrypted for another key", "別の鍵でアサーションを暗号化"],
        spoil: Spoil::Parts(|p| p.signing.encryption = Some(Encryption::to((p.unknown)().public()))),
    },
    Row {
        fault: Fault::EncryptedWithCbc,
        id: "encrypted-with-cbc",
        labels: ["The assertion is encrypted with AES-CBC", "AES-CBC でアサーションを暗号化"],
        spoil: Spoil::Parts(|p| {
            let encryption = p.signing.encryption.take();
            let encryption = encryption.unwrap_or_else(|| Encryption::to((p.unknown)().public()));
            p.signing.encryption = Some(Encryption { content: Content::Aes128Cbc, ..encryption });
        }),
    },
];

/// The SID where it can be seen; an encrypted assertion hides it, so the response itself gets an attribute.
fn tampered(xml: &str) -> String {
    if xml.contains(">S-1-5-21-") {
        return xml.replace(">S-1-5-21-", ">S-1-5-21-9");
    }
    let consent = "<samlp:Response Consent=\"urn:oasis:names:tc:SAML:2.0:consent:obtained\"";
    xml.replacen("<samlp:Response", consent, 1)
}
