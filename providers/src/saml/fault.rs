//! Every way in which a SAML sign-in can fail, each with the code that people see and a name that documentation, test
//! sign-in and audit share. Several faults share a code; a fault has one cause and one remedy.

use vestibule_policies::code::Code;

use crate::error::SignInError;

macro_rules! faults {
    ($($variant:ident $id:literal $code:ident;)*) => {
        /// A cause.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[expect(missing_docs, reason = "each variant is its name, and docs/saml.md explains every one")]
        pub enum SamlFault { $($variant),* }

        impl SamlFault {
            /// Every one, in the order in which they are looked for.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The stable name.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$variant => $id),* }
            }

            /// What people see.
            #[must_use]
            pub const fn code(self) -> Code {
                match self { $(Self::$variant => Code::$code),* }
            }
        }
    };
}

faults! {
    MetadataMissing "metadata-missing" SamlMetadata;
    CertificateNone "certificate-none" SamlCertificate;
    MessageMissing "message-missing" SamlMessage;
    MessageEncoding "message-encoding" SamlMessage;
    MessageLength "message-length" SamlMessage;
    NotXml "not-xml" SamlXml;
    DocumentType "document-type" SamlXml;
    XmlLimits "xml-limits" SamlXml;
    RootWrong "root-wrong" SamlStructure;
    ElementUnexpected "element-unexpected" SamlStructure;
    AssertionMissing "assertion-missing" SamlStructure;
    AssertionSeveral "assertion-several" SamlStructure;
    IdMissing "id-missing" SamlStructure;
    IdRepeated "id-repeated" SamlStructure;
    SignatureMisplaced "signature-misplaced" SamlStructure;
    ResponseUnsigned "response-unsigned" SamlUnsigned;
    AssertionUnsigned "assertion-unsigned" SamlUnsigned;
    NothingSigned "nothing-signed" SamlUnsigned;
    SignatureForm "signature-form" SamlSignature;
    SignatureReference "signature-reference" SamlSignature;
    SignatureTransforms "signature-transforms" SamlSignature;
    ChangedAfterSigning "changed-after-signing" SamlSignature;
    KeyUnknown "key-unknown" SamlSignature;
    KeyExpired "key-expired" SamlCertificate;
    SignatureAlgorithm "signature-algorithm" SamlAlgorithm;
    DigestAlgorithm "digest-algorithm" SamlAlgorithm;
    EncryptionForm "encryption-form" SamlEncryption;
    EncryptionAlgorithm "encryption-algorithm" SamlEncryption;
    EncryptionKey "encryption-key" SamlEncryption;
    VersionWrong "version-wrong" SamlVersion;
    ResponseIssuer "response-issuer" SamlIssuer;
    AssertionIssuer "assertion-issuer" SamlIssuer;
    DestinationMissing "destination-missing" SamlDestination;
    DestinationWrong "destination-wrong" SamlDestination;
    StatusMissing "status-missing" SamlStatus;
    StatusRequester "status-requester" SamlStatus;
    StatusResponder "status-responder" SamlStatus;
    StatusOther "status-other" SamlStatus;
    StatusPassive "status-passive" SamlStatus;
    StatusAuthentication "status-authentication" SamlDenied;
    StatusDenied "status-denied" SamlDenied;
    StatusContext "status-context" SamlContext;
    Unsolicited "unsolicited" SamlUnsolicited;
    RequestOther "request-other" SamlRequest;
    IssuedEarly "issued-early" SamlTime;
    IssuedLate "issued-late" SamlTime;
    TimeMalformed "time-malformed" SamlTime;
    SubjectMissing "subject-missing" SamlSubject;
    SubjectEncrypted "subject-encrypted" SamlSubject;
    ConfirmationMissing "confirmation-missing" SamlSubject;
    ConfirmationMethod "confirmation-method" SamlSubject;
    ConfirmationForm "confirmation-form" SamlSubject;
    ConfirmationRequest "confirmation-request" SamlRequest;
    ConfirmationExpired "confirmation-expired" SamlTime;
    RecipientWrong "recipient-wrong" SamlRecipient;
    ConditionsMissing "conditions-missing" SamlConditions;
    ConditionsUnknown "conditions-unknown" SamlConditions;
    ConditionsEarly "conditions-early" SamlTime;
    ConditionsLate "conditions-late" SamlTime;
    AudienceMissing "audience-missing" SamlAudience;
    AudienceWrong "audience-wrong" SamlAudience;
    StatementMissing "statement-missing" SamlStatement;
    AuthenticatedEarly "authenticated-early" SamlTime;
    SessionOver "session-over" SamlSession;
    ContextOther "context-other" SamlContext;
    AuthenticationOld "authentication-old" SamlFresh;
    Replayed "replayed" SamlReplay;
    LogoutMalformed "logout-malformed" SamlLogout;
}

impl SamlFault {
    /// The fault with what was found.
    #[must_use]
    pub fn because(self, reason: impl AsRef<str>) -> SignInError {
        SignInError::new(self.code(), reason).with_cause(self.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_has_a_name_of_its_own() {
        let names: std::collections::BTreeSet<_> = SamlFault::ALL.iter().map(|fault| fault.id()).collect();
        assert_eq!(names.len(), SamlFault::ALL.len());
        assert!(SamlFault::ALL.iter().all(|fault| fault.code().as_str().starts_with("SAML-")));
    }
}
