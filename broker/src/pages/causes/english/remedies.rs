//! What an administrator does about each cause, in English.

use vestibule_providers::saml::fault::SamlFault;

/// The remedy.
#[expect(clippy::too_many_lines, reason = "every cause in one place")]
pub(in super::super) const fn of(fault: SamlFault) -> &'static str {
    match fault {
        SamlFault::MetadataMissing => {
            "Run `vestibule check`, which fetches the metadata and says what is in the way. Compare `metadata` and `binding` in the manifest with what the provider publishes."
        }
        SamlFault::CertificateNone => {
            "Put the certificate that the provider signs with today into `certificates`, or apply its current metadata. If the dates are right, look at the clock of this machine."
        }
        SamlFault::MessageMissing => {
            "Nothing, if somebody opened the address by hand. Otherwise set the provider to answer by HTTP-POST: neither HTTP-Redirect nor HTTP-Artifact is taken."
        }
        SamlFault::MessageEncoding => {
            "The provider has to post plain Base64, nothing compressed, of XML in UTF-8 without a byte order mark. If it does, look for a proxy that changes posted forms."
        }
        SamlFault::MessageLength => {
            "Have the provider send less. Mostly it is the groups: filter them there to those that the applications need."
        }
        SamlFault::NotXml => {
            "The reason names the place. Look in the provider's log, and for a proxy that changes posted forms."
        }
        SamlFault::DocumentType => {
            "No provider needs one. One person: treat it as an attack. Everybody: find out what adds it, at the provider or on the way."
        }
        SamlFault::XmlLimits => {
            "The reason says which. Mostly it is the groups: filter them at the provider. Otherwise turn off what extends the response there."
        }
        SamlFault::RootWrong => {
            "Choose SAML 2.0 with HTTP-POST for this application at the provider, not SAML 1.1 and not WS-Federation."
        }
        SamlFault::ElementUnexpected => {
            "One person: treat it as an attack. Everybody: turn off whatever extends the response at the provider."
        }
        SamlFault::AssertionMissing => {
            "Look in the provider's log. It has to send the assertion itself, not an artifact."
        }
        SamlFault::AssertionSeveral => {
            "One person: treat it as an attack. Everybody: have the provider put everything into one assertion for this application."
        }
        SamlFault::IdMissing => {
            "One person: treat it as an attack. Everybody: something removes the ID on the way, or the provider is faulty; bring it up to date."
        }
        SamlFault::IdRepeated => {
            "One person: treat it as an attack. Everybody: the provider is faulty; bring it up to date."
        }
        SamlFault::SignatureMisplaced => {
            "One person: treat it as an attack. Everybody: set the provider to sign the response or the assertion, each once and with an enveloped signature."
        }
        SamlFault::ResponseUnsigned => {
            "Have the provider sign the response. If it signs the assertion alone and does not encrypt it, write `signed = \"assertion\"` or leave `signed` out."
        }
        SamlFault::AssertionUnsigned => {
            "Have the provider sign the assertion too, before it encrypts. If it signs the response alone and does not encrypt, write `signed = \"response\"` or leave `signed` out."
        }
        SamlFault::NothingSigned => {
            "Turn on signing for this application at the provider. No setting here takes an answer that nobody signed."
        }
        SamlFault::SignatureForm => {
            "One person: treat it as an attack. Everybody: the provider has to sign with one reference and with nothing but SignedInfo, SignatureValue and KeyInfo; bring it up to date."
        }
        SamlFault::SignatureReference => {
            "One person: treat it as an attack. Everybody: the provider has to sign the response and the assertion by their own ID."
        }
        SamlFault::SignatureTransforms => {
            "Choose exclusive canonicalisation without comments (`xml-exc-c14n#`) at the provider."
        }
        SamlFault::ChangedAfterSigning => {
            "One person: treat it as an attack. Everybody: something changes the message after it was signed, such as a proxy, a browser extension, or a step at the provider that formats the XML anew."
        }
        SamlFault::KeyUnknown => {
            "Compare the fingerprint that the reason names, the provider's own word, with those of the connection. If the provider has a new one, apply its current metadata or add it to `certificates`; the old one may stay beside it until the change is over."
        }
        SamlFault::KeyExpired => {
            "Renew the certificate at the provider and put the new one into `certificates`, or apply its current metadata. If the dates are right, look at the clock of this machine."
        }
        SamlFault::SignatureAlgorithm => {
            "Choose RSA with SHA-256 at the provider (`rsa-sha256`); `rsa-sha384`, `rsa-sha512`, `ecdsa-sha256` and `ecdsa-sha384` will do too. If it has nothing but SHA-1, `dangerous_sha1` takes that until the provider is replaced."
        }
        SamlFault::DigestAlgorithm => {
            "Choose SHA-256 at the provider; SHA-384 and SHA-512 will do too. If it has nothing but SHA-1, `dangerous_sha1` takes that until the provider is replaced."
        }
        SamlFault::EncryptionForm => {
            "The provider has to encrypt the whole assertion, once and for us alone. Give it our metadata anew, or turn encryption off: the way is protected by TLS."
        }
        SamlFault::EncryptionAlgorithm => {
            "Choose AES-128-GCM or AES-256-GCM with RSA-OAEP at the provider, or turn encryption off: the way is protected by TLS. Neither CBC nor RSA 1.5 is taken."
        }
        SamlFault::EncryptionKey => {
            "The provider encrypts for another certificate. Give it the encryption certificate of our metadata anew (`/saml/metadata.xml` on the SAML host)."
        }
        SamlFault::VersionWrong => "Choose SAML 2.0 for this application at the provider.",
        SamlFault::ResponseIssuer => {
            "Compare the two in the reason to the letter, with scheme and a slash at the end. Correct `entity_id`, or apply the provider's current metadata."
        }
        SamlFault::AssertionIssuer => {
            "Compare the two in the reason to the letter. The provider has to name itself in the response and in the assertion alike; correct `entity_id`, or its own settings."
        }
        SamlFault::DestinationMissing => {
            "Enter our ACS address at the provider, as `vestibule apply` prints it, also where it asks for a destination."
        }
        SamlFault::DestinationWrong => {
            "Enter the ACS address at the provider to the letter, as `vestibule apply` prints it. If it is right there, `public_scheme`, `public_port` or `[server.hosts] saml` do not agree with the address that browsers use."
        }
        SamlFault::StatusMissing => "Look in the provider's log. What it sends is no complete response.",
        SamlFault::StatusRequester => {
            "Compare entity id and ACS address at the provider with what `vestibule apply` prints. If it checks signatures of requests, give it our metadata anew. It may also not have the `name_id_format` or the `authentication_context` that is asked for."
        }
        SamlFault::StatusResponder => "Look in the provider's log at the time of the sign-in.",
        SamlFault::StatusOther => {
            "The reason repeats what it says. Look in the provider's log at the time of the sign-in."
        }
        SamlFault::StatusPassive => {
            "We never ask for a silent sign-in. Look at the provider for a rule that makes this application's sign-ins passive."
        }
        SamlFault::StatusAuthentication => {
            "Look at the account at the provider: its name, whether it is locked, its second factor."
        }
        SamlFault::StatusDenied => {
            "Assign the person, or a group of theirs, to the application at the provider, and look at its access rules."
        }
        SamlFault::StatusContext => {
            "Choose an `authentication_context` that the provider has, leave it more choice with `comparison = \"minimum\"`, or leave both out."
        }
        SamlFault::Unsolicited => {
            "Let people open the workspace's own address: hide the application's tile in the provider's portal and offer a bookmark beside it. If the provider is meant to begin, set `scoped_entity_id` and `idp_initiated` to true and enter the new entity id there."
        }
        SamlFault::RequestOther => {
            "One person: start again, in one tab. Everybody: the provider or something in front of it keeps pages for several people."
        }
        SamlFault::IssuedEarly | SamlFault::ConditionsEarly | SamlFault::AuthenticatedEarly => {
            "Set the clocks of both machines by a time server. Up to 3 minutes of difference are allowed."
        }
        SamlFault::IssuedLate => {
            "One person: start again, for the answer arrived late or a second time. Everybody: set the clocks of both machines by a time server."
        }
        SamlFault::TimeMalformed => {
            "The provider has to write its times in UTC, as in `2026-01-31T12:00:00Z`. Look for the setting of its time zone, or bring it up to date."
        }
        SamlFault::SubjectMissing => {
            "Have the provider send a NameID of at most 256 characters: choose a format that it has, and set `name_id_format` to the same."
        }
        SamlFault::SubjectEncrypted => {
            "Turn off the encryption of the NameID at the provider. It may encrypt the whole assertion instead."
        }
        SamlFault::ConfirmationMissing => {
            "Choose web browser single sign-on (Web SSO) for this application at the provider: it confirms the subject by bearer."
        }
        SamlFault::ConfirmationMethod => {
            "Choose web browser single sign-on (Web SSO) for this application at the provider, not holder-of-key and not sender-vouches."
        }
        SamlFault::ConfirmationForm => {
            "The provider has to send SubjectConfirmationData with Recipient and NotOnOrAfter and without NotBefore; look for its settings of the subject confirmation."
        }
        SamlFault::ConfirmationRequest => {
            "One person: start again, in one tab. Everybody: the provider has to name the request in the confirmation too (InResponseTo)."
        }
        SamlFault::ConfirmationExpired => {
            "One person: start again. Everybody: set the clocks of both machines by a time server, or have the provider confirm for longer than a few seconds."
        }
        SamlFault::RecipientWrong => {
            "Enter the ACS address at the provider to the letter, as `vestibule apply` prints it, also where it asks for a recipient."
        }
        SamlFault::ConditionsMissing => {
            "Have the provider send Conditions with our entity id as the audience."
        }
        SamlFault::ConditionsUnknown => {
            "Turn off whatever adds conditions of its own at the provider: a condition that is not understood cannot be met."
        }
        SamlFault::ConditionsLate => {
            "One person: start again. Everybody: set the clocks of both machines by a time server, or have the provider's assertions last for some minutes."
        }
        SamlFault::AudienceMissing => {
            "Enter our entity id as the audience of this application at the provider."
        }
        SamlFault::AudienceWrong => {
            "Enter our entity id at the provider to the letter, as `vestibule apply` prints it, without a slash at its end. With `scoped_entity_id` it is the organisation's own."
        }
        SamlFault::StatementMissing => {
            "Have the provider send an AuthnStatement: choose web browser single sign-on (Web SSO) for this application there, not attributes alone."
        }
        SamlFault::SessionOver => {
            "One person: start again. Everybody: let sessions at the provider last longer (SessionNotOnOrAfter), and set the clocks of both machines by a time server: no difference is allowed here."
        }
        SamlFault::ContextOther => {
            "Have the provider use and name the class of `authentication_context`, or write `comparison = \"minimum\"`, which asks for it and takes what comes."
        }
        SamlFault::AuthenticationOld => {
            "The provider has to honour ForceAuthn and to send the time of the new authentication, and its clock must not be behind. `force_authn = false` ends the demand of the connection, not the one after a sign-out."
        }
        SamlFault::Replayed => {
            "Once is a reload. Many for one person, from several client addresses, are worth a look at the log."
        }
        SamlFault::LogoutMalformed => {
            "Enter the logout address at the provider as the one for answers, by HTTP-Redirect. Requests of the provider that sign somebody out are not taken."
        }
    }
}
