//! The next step that a code leaves to a person: decided once, worded in every language (interface 6).

use vestibule_policies::code::Code;

/// A next step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Advice {
    /// The address is at fault.
    CheckAddress,
    /// Begin at the application.
    OpenApplication,
    /// Once more, then ask the administrator.
    AgainOrTell,
    /// Wait, then ask the administrator.
    Later,
    /// Only the administrator can help.
    Tell,
    /// The account in the directory has to be looked at.
    CheckAccount,
    /// The session is of a connection that is gone.
    SignOutFirst,
    // Below, each is the step of one code, and its name says it.
    SendLess,
    RepeatInApplication,
    ReopenForm,
    OpenInTab,
    SignIn,
    AllowCookies,
    StartAfresh,
    BookmarkApplication,
    OpenDirectly,
    CloseWindows,
    AskForAssignment,
    EnterPassword,
    CheckPassword,
    ComeAtTheHours,
    ChooseNewPassword,
    ChooseAnotherPassword,
    WaitMinutes,
    EnterNextCode,
    WaitAndChangePassword,
    AskForReset,
    LookBeforeRepeating,
    CheckSecurityId,
    CheckPrincipalName,
    CheckObjectId,
    CheckEmail,
    CheckOwnPassword,
    AskForLink,
    OpenLink,
    AskForMembership,
    AskForAccess,
    AskBuiltIn,
    SignInAfresh,
    AppointAnother,
    LookAtTheList,
    RemoveSome,
    Correct,
    Acknowledge,
    ChooseName,
    ReplaceFirst,
    ReadFindings,
    ReadAnew,
    AskForToken,
    EnterSecretAgain,
    GoBack,
}

/// The next step after a refusal.
#[expect(clippy::too_many_lines, reason = "one line a code, and every code in one place")]
pub(super) const fn advice(code: Code) -> Advice {
    match code {
        Code::HostUnknown | Code::NotFound | Code::MethodNotAllowed | Code::PathAmbiguous => {
            Advice::CheckAddress
        }
        Code::RequestMalformed
        | Code::SignInState
        | Code::SignInHandover
        | Code::OidcNonce
        | Code::SamlRequest
        | Code::AdmissionTrial => Advice::OpenApplication,
        Code::OidcError
        | Code::OidcCode
        | Code::OidcResponseIssuer
        | Code::OidcKeyUnknown
        | Code::OidcToken
        | Code::OidcAlgorithm
        | Code::OidcSignature
        | Code::OidcTokenIssuer
        | Code::OidcAudience
        | Code::OidcAuthorizedParty
        | Code::OidcTime
        | Code::OidcSubject
        | Code::AadTenant
        | Code::OidcAccessTokenHash
        | Code::OidcCodeHash
        | Code::OidcTokensDiffer
        | Code::OidcUserinfoSubject
        | Code::SamlMessage
        | Code::SamlXml
        | Code::SamlStructure
        | Code::SamlAlgorithm
        | Code::SamlVersion
        | Code::SamlStatus
        | Code::SamlSubject
        | Code::SamlConditions
        | Code::SamlTime
        | Code::SamlStatement
        | Code::SamlSession
        | Code::SamlContext => Advice::AgainOrTell,
        Code::OidcDiscovery
        | Code::OidcTokenEndpoint
        | Code::OidcKeys
        | Code::OidcUserinfo
        | Code::AadPermission
        | Code::AadThrottled
        | Code::AadGraph
        | Code::OktaApi
        | Code::OktaToken
        | Code::OktaLimit
        | Code::GatewayUnreachable
        | Code::GatewayCertificate
        | Code::SamlMetadata
        | Code::SignInMethod
        | Code::AdDown
        | Code::AdAnswer
        | Code::AdService
        | Code::AdDomain
        | Code::AdSettings
        | Code::ApplicationDown
        | Code::MailServer
        | Code::StoreLost
        | Code::StoreBusy
        | Code::Internal => Advice::Later,
        Code::RouteNone
        | Code::OidcIssuer
        | Code::OidcResponseMode
        | Code::OidcTokenRefused
        | Code::OidcLogoutEvent
        | Code::OidcLogoutNonce
        | Code::OidcLogoutSubject
        | Code::OidcLogoutId
        | Code::OidcLogoutReplay
        | Code::OidcLogoutSession
        | Code::GatewayPolicy
        | Code::GatewayIssuer
        | Code::GatewayClient
        | Code::GatewayKeys
        | Code::GatewayClock
        | Code::SamlCertificate
        | Code::SamlUnsigned
        | Code::SamlSignature
        | Code::SamlEncryption
        | Code::SamlIssuer
        | Code::SamlDestination
        | Code::SamlRecipient
        | Code::SamlAudience
        | Code::AdPerson
        | Code::AdDisagrees
        | Code::ClaimScope
        | Code::AdmissionHost
        | Code::AdmissionOff
        | Code::AdmissionAudience
        | Code::AdmissionMethod
        | Code::AdmissionGroup => Advice::Tell,
        Code::AdmissionConnection | Code::AdmissionReplaced => Advice::SignOutFirst,
        Code::RequestTooLarge => Advice::SendLess,
        Code::RequestMediaType | Code::SettingsInvalid | Code::VersionMissing => Advice::Correct,
        Code::SubscriberImpact => Advice::Acknowledge,
        Code::ConnectionKnown => Advice::ChooseName,
        Code::ConnectionInUse => Advice::ReplaceFirst,
        Code::ConnectionTest => Advice::ReadFindings,
        Code::VersionStale => Advice::ReadAnew,
        Code::ClientToken => Advice::AskForToken,
        Code::RequestOrigin => Advice::RepeatInApplication,
        Code::RequestFormToken => Advice::ReopenForm,
        Code::RequestDestination => Advice::OpenInTab,
        Code::SignInRequired => Advice::SignIn,
        Code::SignInCookie => Advice::AllowCookies,
        Code::SignInExpired | Code::TokenTicket => Advice::StartAfresh,
        Code::SignInReplay | Code::SamlReplay => Advice::BookmarkApplication,
        Code::SamlUnsolicited => Advice::OpenDirectly,
        Code::SamlLogout => Advice::CloseWindows,
        Code::OidcDenied | Code::SamlDenied => Advice::AskForAssignment,
        Code::OidcFresh | Code::SamlFresh => Advice::EnterPassword,
        Code::AdCredentials => Advice::CheckPassword,
        Code::AadPerson
        | Code::AdDisabled
        | Code::AdAccountExpired
        | Code::AdWorkstation
        | Code::AdRestricted => Advice::CheckAccount,
        Code::AdHours => Advice::ComeAtTheHours,
        Code::AdPasswordDue => Advice::ChooseNewPassword,
        Code::AdPasswordPolicy => Advice::ChooseAnotherPassword,
        Code::PersonCredentials => Advice::CheckOwnPassword,
        Code::PersonLink => Advice::AskForLink,
        Code::PersonHost => Advice::OpenLink,
        Code::AdmissionMembership | Code::AdmissionGuest => Advice::AskForMembership,
        Code::AccessDenied => Advice::AskForAccess,
        Code::AccessBuiltIn => Advice::AskBuiltIn,
        Code::StepUp => Advice::SignInAfresh,
        Code::AdministratorLast => Advice::AppointAnother,
        Code::AdministratorKnown => Advice::LookAtTheList,
        Code::TooMany => Advice::RemoveSome,
        Code::SignInBusy | Code::PasswordBusy | Code::TestBusy => Advice::WaitMinutes,
        Code::TokenCode => Advice::EnterNextCode,
        Code::TokenLocked => Advice::WaitAndChangePassword,
        Code::TokenDevice => Advice::AskForReset,
        Code::ApplicationSlow => Advice::LookBeforeRepeating,
        Code::ClaimSid => Advice::CheckSecurityId,
        Code::ClaimUpn => Advice::CheckPrincipalName,
        Code::ClaimOid => Advice::CheckObjectId,
        Code::ClaimEmail => Advice::CheckEmail,
        Code::SecretForm => Advice::EnterSecretAgain,
        Code::NotBuilt => Advice::GoBack,
    }
}
