//! The stable codes by which a refusal is known on a page, in the log and in the audit.
//!
//! One list for the whole product: a code keeps its meaning for ever, and `docs/codes.md` gives cause and remedy of each.

use std::fmt;

/// Who has to act so that it goes well next time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The person or their browser: start again, sign in as someone else.
    Visitor,
    /// The identity provider or the application behind the broker.
    Upstream,
    /// Whoever configured the organisation or the server.
    Operator,
    /// The broker itself.
    Ours,
}

macro_rules! codes {
    ($($variant:ident $text:literal $fault:ident $status:literal;)*) => {
        /// A stable code; see `docs/codes.md`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[expect(missing_docs, reason = "each variant is its text, and docs/codes.md explains every one")]
        pub enum Code { $($variant),* }

        impl Code {
            /// Every code, in the order of the documentation.
            pub const ALL: &'static [Code] = &[$(Code::$variant),*];

            /// The text that people see.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $text),* }
            }

            /// Who has to act.
            #[must_use]
            pub const fn fault(self) -> Fault {
                match self { $(Code::$variant => Fault::$fault),* }
            }

            /// The HTTP status of a page or answer that carries this code.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Code::$variant => $status),* }
            }
        }
    };
}

codes! {
    HostUnknown "HOST-UNKNOWN" Visitor 421;
    NotFound "NOT-FOUND" Visitor 404;
    MethodNotAllowed "METHOD-NOT-ALLOWED" Visitor 405;
    RequestMalformed "REQUEST-MALFORMED" Visitor 400;
    RequestTooLarge "REQUEST-TOO-LARGE" Visitor 413;
    RequestMediaType "REQUEST-MEDIA-TYPE" Visitor 415;
    RequestOrigin "REQUEST-ORIGIN" Visitor 403;
    RequestFormToken "REQUEST-FORM-TOKEN" Visitor 403;
    RequestDestination "REQUEST-DESTINATION" Visitor 403;
    PathAmbiguous "PATH-AMBIGUOUS" Visitor 400;
    RouteNone "ROUTE-NONE" Operator 404;
    SignInRequired "SIGN-IN-REQUIRED" Visitor 401;
    SignInState "SIGN-IN-STATE" Visitor 400;
    SignInCookie "SIGN-IN-COOKIE" Visitor 400;
    SignInExpired "SIGN-IN-EXPIRED" Visitor 400;
    SignInReplay "SIGN-IN-REPLAY" Visitor 400;
    SignInHandover "SIGN-IN-HANDOVER" Visitor 400;
    SignInMethod "SIGN-IN-METHOD" Operator 503;
    OidcDenied "OIDC-DENIED" Visitor 403;
    OidcError "OIDC-ERROR" Upstream 400;
    OidcCode "OIDC-CODE" Upstream 400;
    OidcResponseMode "OIDC-RESPONSE-MODE" Operator 403;
    OidcResponseIssuer "OIDC-RESPONSE-ISSUER" Upstream 400;
    OidcDiscovery "OIDC-DISCOVERY" Upstream 502;
    OidcIssuer "OIDC-ISSUER" Operator 403;
    OidcTokenEndpoint "OIDC-TOKEN-ENDPOINT" Upstream 502;
    OidcTokenRefused "OIDC-TOKEN-REFUSED" Operator 403;
    OidcKeys "OIDC-KEYS" Upstream 502;
    OidcKeyUnknown "OIDC-KEY-UNKNOWN" Upstream 403;
    OidcToken "OIDC-TOKEN" Upstream 403;
    OidcAlgorithm "OIDC-ALGORITHM" Upstream 403;
    OidcSignature "OIDC-SIGNATURE" Upstream 403;
    OidcTokenIssuer "OIDC-TOKEN-ISSUER" Upstream 403;
    OidcAudience "OIDC-AUDIENCE" Upstream 403;
    OidcAuthorizedParty "OIDC-AUTHORIZED-PARTY" Upstream 403;
    OidcTime "OIDC-TIME" Upstream 403;
    OidcNonce "OIDC-NONCE" Upstream 403;
    OidcSubject "OIDC-SUBJECT" Upstream 403;
    OidcAccessTokenHash "OIDC-ACCESS-TOKEN-HASH" Upstream 403;
    OidcCodeHash "OIDC-CODE-HASH" Upstream 403;
    OidcTokensDiffer "OIDC-TOKENS-DIFFER" Upstream 403;
    OidcFresh "OIDC-FRESH" Upstream 403;
    OidcLogoutEvent "OIDC-LOGOUT-EVENT" Upstream 400;
    OidcLogoutNonce "OIDC-LOGOUT-NONCE" Upstream 400;
    OidcLogoutSubject "OIDC-LOGOUT-SUBJECT" Upstream 400;
    OidcLogoutId "OIDC-LOGOUT-ID" Upstream 400;
    OidcLogoutReplay "OIDC-LOGOUT-REPLAY" Upstream 400;
    OidcLogoutSession "OIDC-LOGOUT-SESSION" Upstream 400;
    OidcUserinfo "OIDC-USERINFO" Upstream 502;
    OidcUserinfoSubject "OIDC-USERINFO-SUBJECT" Upstream 403;
    AadTenant "AAD-TENANT" Upstream 403;
    AadPerson "AAD-PERSON" Visitor 403;
    AadPermission "AAD-PERMISSION" Operator 503;
    AadThrottled "AAD-THROTTLED" Upstream 503;
    AadGraph "AAD-GRAPH" Upstream 502;
    OktaApi "OKTA-API" Upstream 502;
    OktaToken "OKTA-TOKEN" Operator 503;
    OktaLimit "OKTA-LIMIT" Upstream 503;
    GatewayUnreachable "GATEWAY-UNREACHABLE" Upstream 502;
    GatewayCertificate "GATEWAY-CERTIFICATE" Upstream 502;
    GatewayPolicy "GATEWAY-POLICY" Operator 503;
    GatewayIssuer "GATEWAY-ISSUER" Operator 503;
    GatewayClient "GATEWAY-CLIENT" Operator 503;
    GatewayKeys "GATEWAY-KEYS" Operator 503;
    GatewayClock "GATEWAY-CLOCK" Operator 503;
    SamlMetadata "SAML-METADATA" Operator 503;
    SamlCertificate "SAML-CERTIFICATE" Operator 403;
    SamlMessage "SAML-MESSAGE" Upstream 400;
    SamlXml "SAML-XML" Upstream 400;
    SamlStructure "SAML-STRUCTURE" Upstream 403;
    SamlUnsigned "SAML-UNSIGNED" Operator 403;
    SamlSignature "SAML-SIGNATURE" Operator 403;
    SamlAlgorithm "SAML-ALGORITHM" Upstream 403;
    SamlEncryption "SAML-ENCRYPTION" Operator 403;
    SamlVersion "SAML-VERSION" Upstream 403;
    SamlIssuer "SAML-ISSUER" Operator 403;
    SamlDestination "SAML-DESTINATION" Operator 403;
    SamlDenied "SAML-DENIED" Visitor 403;
    SamlStatus "SAML-STATUS" Upstream 403;
    SamlUnsolicited "SAML-UNSOLICITED" Visitor 403;
    SamlRequest "SAML-REQUEST" Visitor 403;
    SamlSubject "SAML-SUBJECT" Upstream 403;
    SamlRecipient "SAML-RECIPIENT" Operator 403;
    SamlConditions "SAML-CONDITIONS" Upstream 403;
    SamlAudience "SAML-AUDIENCE" Operator 403;
    SamlTime "SAML-TIME" Upstream 403;
    SamlStatement "SAML-STATEMENT" Upstream 403;
    SamlSession "SAML-SESSION" Upstream 403;
    SamlContext "SAML-CONTEXT" Operator 403;
    SamlFresh "SAML-FRESH" Upstream 403;
    SamlReplay "SAML-REPLAY" Visitor 403;
    SamlLogout "SAML-LOGOUT" Upstream 400;
    AdCredentials "AD-CREDENTIALS" Visitor 403;
    AdDisabled "AD-DISABLED" Visitor 403;
    AdAccountExpired "AD-ACCOUNT-EXPIRED" Visitor 403;
    AdHours "AD-HOURS" Visitor 403;
    AdWorkstation "AD-WORKSTATION" Visitor 403;
    AdRestricted "AD-RESTRICTED" Visitor 403;
    AdPasswordDue "AD-PASSWORD-DUE" Visitor 403;
    AdPasswordPolicy "AD-PASSWORD-POLICY" Visitor 403;
    AdDown "AD-DOWN" Upstream 503;
    AdAnswer "AD-ANSWER" Upstream 502;
    AdService "AD-SERVICE" Operator 503;
    AdDomain "AD-DOMAIN" Operator 503;
    AdSettings "AD-SETTINGS" Operator 503;
    AdPerson "AD-PERSON" Operator 403;
    AdDisagrees "AD-DISAGREES" Operator 403;
    SignInBusy "SIGN-IN-BUSY" Visitor 429;
    PersonCredentials "PERSON-CREDENTIALS" Visitor 403;
    PersonLink "PERSON-LINK" Visitor 403;
    PersonHost "PERSON-HOST" Visitor 403;
    PasswordBusy "PASSWORD-BUSY" Ours 503;
    TokenCode "TOKEN-CODE" Visitor 403;
    TokenLocked "TOKEN-LOCKED" Visitor 403;
    TokenDevice "TOKEN-DEVICE" Operator 403;
    TokenTicket "TOKEN-TICKET" Visitor 400;
    ClaimSid "CLAIM-SID" Operator 403;
    ClaimUpn "CLAIM-UPN" Operator 403;
    ClaimOid "CLAIM-OID" Operator 403;
    ClaimEmail "CLAIM-EMAIL" Operator 403;
    ClaimScope "CLAIM-SCOPE" Operator 403;
    AdmissionHost "ADMISSION-HOST" Operator 403;
    AdmissionConnection "ADMISSION-CONNECTION" Operator 403;
    AdmissionOff "ADMISSION-OFF" Operator 403;
    AdmissionReplaced "ADMISSION-REPLACED" Operator 403;
    AdmissionAudience "ADMISSION-AUDIENCE" Operator 403;
    AdmissionMethod "ADMISSION-METHOD" Operator 403;
    AdmissionGroup "ADMISSION-GROUP" Operator 403;
    AdmissionTrial "ADMISSION-TRIAL" Operator 403;
    AdmissionMembership "ADMISSION-MEMBERSHIP" Operator 403;
    AdmissionGuest "ADMISSION-GUEST" Operator 403;
    AccessDenied "ACCESS-DENIED" Visitor 403;
    AccessBuiltIn "ACCESS-BUILT-IN" Visitor 403;
    StepUp "STEP-UP" Visitor 403;
    SettingsInvalid "SETTINGS-INVALID" Visitor 422;
    SubscriberImpact "SUBSCRIBER-IMPACT" Visitor 409;
    ConnectionKnown "CONNECTION-KNOWN" Visitor 409;
    ConnectionInUse "CONNECTION-IN-USE" Visitor 409;
    ConnectionTest "CONNECTION-TEST" Visitor 422;
    TestBusy "TEST-BUSY" Visitor 429;
    VersionMissing "VERSION-MISSING" Visitor 428;
    VersionStale "VERSION-STALE" Visitor 412;
    ClientToken "CLIENT-TOKEN" Visitor 401;
    AdministratorLast "ADMINISTRATOR-LAST" Visitor 409;
    AdministratorKnown "ADMINISTRATOR-KNOWN" Visitor 409;
    TooMany "TOO-MANY" Visitor 409;
    ApplicationDown "APPLICATION-DOWN" Upstream 502;
    ApplicationSlow "APPLICATION-SLOW" Upstream 504;
    MailServer "MAIL-SERVER" Operator 503;
    SecretForm "SECRET-FORM" Operator 400;
    NotBuilt "NOT-BUILT" Ours 404;
    StoreLost "STORE-LOST" Ours 503;
    StoreBusy "STORE-BUSY" Ours 503;
    Internal "INTERNAL" Ours 500;
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_upper_case_words_and_never_redirect() {
        let mut seen = std::collections::BTreeSet::new();
        for code in Code::ALL {
            assert!(seen.insert(code.as_str()), "{code} stands twice");
            assert!(code.as_str().bytes().all(|b| b.is_ascii_uppercase() || b == b'-'), "{code}");
            assert!((400..=599).contains(&code.status()), "{code}");
        }
    }
}
