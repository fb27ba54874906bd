//! What each cause means, in English.

use vestibule_providers::saml::fault::SamlFault;

/// The meaning.
#[expect(clippy::too_many_lines, reason = "every cause in one place")]
pub(in super::super) const fn of(fault: SamlFault) -> &'static str {
    match fault {
        SamlFault::MetadataMissing => {
            "The provider's metadata has not been fetched yet, or it names no address for the binding that is set."
        }
        SamlFault::CertificateNone => "None of the provider's certificates is valid now.",
        SamlFault::MessageMissing => "The post to the ACS address carried no SAMLResponse.",
        SamlFault::MessageEncoding => "The SAMLResponse is no Base64 of text in UTF-8.",
        SamlFault::MessageLength => "The response is longer than 512 KiB, or most of it is not signed.",
        SamlFault::NotXml => "The response is not well-formed XML.",
        SamlFault::DocumentType => "The response has a document type declaration.",
        SamlFault::XmlLimits => {
            "The response passes a limit for elements, depth, attributes or values, or holds what has no place in SAML."
        }
        SamlFault::RootWrong => "The message is no SAML 2.0 response.",
        SamlFault::ElementUnexpected => {
            "The response holds an element or attribute where the standard has none, or one twice."
        }
        SamlFault::AssertionMissing => "The response reports success and holds no assertion.",
        SamlFault::AssertionSeveral => "The response holds more than one assertion.",
        SamlFault::IdMissing => "What is signed, or the assertion, has no ID.",
        SamlFault::IdRepeated => "Two elements of the response have the same ID.",
        SamlFault::SignatureMisplaced => {
            "A signature stands elsewhere than directly below what it signs, or there are two of them."
        }
        SamlFault::ResponseUnsigned => {
            "The response is not signed, and the connection expects that, or its assertion is encrypted, which needs it."
        }
        SamlFault::AssertionUnsigned => {
            "The assertion is not signed, and the connection expects that, or it was encrypted, which needs it."
        }
        SamlFault::NothingSigned => "Neither the response nor the assertion is signed.",
        SamlFault::SignatureForm => "A signature is not written in the form that SAML prescribes.",
        SamlFault::SignatureReference => {
            "A signature refers to something else than the element that it stands in."
        }
        SamlFault::SignatureTransforms => {
            "A signature uses other transforms than the enveloped signature and exclusive canonicalisation."
        }
        SamlFault::ChangedAfterSigning => "The response is not what was signed.",
        SamlFault::KeyUnknown => "None of the connection's certificates made the signature.",
        SamlFault::KeyExpired => "The signature was made with a key whose certificate is not valid now.",
        SamlFault::SignatureAlgorithm => "The signature's algorithm is not accepted.",
        SamlFault::DigestAlgorithm => "The digest's algorithm is not accepted.",
        SamlFault::EncryptionForm => {
            "The encrypted assertion is not written in the form that SAML prescribes."
        }
        SamlFault::EncryptionAlgorithm => {
            "The assertion is encrypted with an algorithm that is not accepted."
        }
        SamlFault::EncryptionKey => "The assertion cannot be decrypted with our keys.",
        SamlFault::VersionWrong => "The response or its assertion is not of version 2.0.",
        SamlFault::ResponseIssuer => {
            "The response comes from another provider than the connection's, or names none."
        }
        SamlFault::AssertionIssuer => {
            "The assertion comes from another provider than the connection's, or names none."
        }
        SamlFault::DestinationMissing => "The response does not say for which address it was meant.",
        SamlFault::DestinationWrong => "The response is meant for another address than our ACS address.",
        SamlFault::StatusMissing => "The response does not say whether it is a success.",
        SamlFault::StatusRequester => "The provider says that our request was wrong.",
        SamlFault::StatusResponder => "The provider says that it failed.",
        SamlFault::StatusOther => "The provider answers with an error of another kind.",
        SamlFault::StatusPassive => "The provider says that it was not allowed to ask the person.",
        SamlFault::StatusAuthentication => {
            "The provider could not authenticate the person, or does not know them."
        }
        SamlFault::StatusDenied => "The provider does not let this person use this application.",
        SamlFault::StatusContext => {
            "The provider cannot authenticate in the way that the connection asks for."
        }
        SamlFault::Unsolicited => {
            "The provider began the sign-in, which the connection does not allow, or its answer does not say what it answers."
        }
        SamlFault::RequestOther => "The response answers another request than this browser's.",
        SamlFault::IssuedEarly => "The response was issued in the future by our clock.",
        SamlFault::IssuedLate => "The response is older than 5 minutes.",
        SamlFault::TimeMalformed => "A time in the response is missing or is no time in UTC.",
        SamlFault::SubjectMissing => "The assertion has no subject, or a name id that cannot be used.",
        SamlFault::SubjectEncrypted => "The name id is encrypted by itself.",
        SamlFault::ConfirmationMissing => "The subject has no confirmation.",
        SamlFault::ConfirmationMethod => "The subject is confirmed by another method than bearer.",
        SamlFault::ConfirmationForm => {
            "The subject's confirmation lacks its data or its end, or it has a beginning."
        }
        SamlFault::ConfirmationRequest => {
            "The subject's confirmation belongs to another request than this browser's."
        }
        SamlFault::ConfirmationExpired => "The subject's confirmation has ended.",
        SamlFault::RecipientWrong => {
            "The subject's confirmation names another recipient than our ACS address."
        }
        SamlFault::ConditionsMissing => "The assertion has no conditions.",
        SamlFault::ConditionsUnknown => {
            "The assertion has a condition that is none of the standard's, or several sets of conditions."
        }
        SamlFault::ConditionsEarly => "The assertion is not valid yet by our clock.",
        SamlFault::ConditionsLate => "The assertion is not valid any more by our clock.",
        SamlFault::AudienceMissing => "The assertion is meant for nobody in particular.",
        SamlFault::AudienceWrong => "The assertion is meant for another service.",
        SamlFault::StatementMissing => "The assertion does not say that the person authenticated.",
        SamlFault::AuthenticatedEarly => "The person authenticated in the future by our clock.",
        SamlFault::SessionOver => "The person's session at the provider was over when the response arrived.",
        SamlFault::ContextOther => "The person authenticated in another way than the connection demands.",
        SamlFault::AuthenticationOld => {
            "The person was not asked anew, as the connection or their last sign-out demands."
        }
        SamlFault::Replayed => "This assertion was used before.",
        SamlFault::LogoutMalformed => "What came back from the sign-out at the provider is no answer to it.",
    }
}
