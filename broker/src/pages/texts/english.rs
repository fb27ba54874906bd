//! The words of the pages in English.

use vestibule_policies::code::Code;

use super::advice::Advice;
use super::{ArrivalTexts, FactTexts, OnwardTexts, SignOutTexts, SignedOutTexts, Texts};

pub(super) const TEXTS: Texts = Texts {
    start_again: "Start again",
    try_again: "Try again",
    another_account: "Use another account",
    problem: "Problem",
    still_signed_in: "You are still signed in.",
    facts: FactTexts {
        organization: "Organisation",
        person: "Signed in as",
        attribute: "Attribute",
        code: "Code",
        reference: "Reference",
        deployment: "Console",
    },
    sign_out: SignOutTexts {
        heading: "Sign out?",
        text: "This ends your session in all applications of the organisation that you opened here. At the next \
               sign-in you will be asked to prove again who you are.",
        sign_out: "Sign out",
        stay: "Stay signed in",
    },
    signed_out: SignedOutTexts {
        heading: "You are signed out.",
        text: "If you share this device, close all windows of the browser as well.",
        sign_in: "Sign in again",
    },
    onward: OnwardTexts {
        heading: "One moment.",
        text: "You will be taken there automatically. If nothing happens, select Continue.",
        go_on: "Continue",
    },
    arrival: ArrivalTexts {
        heading: "Sign in?",
        text: "Your identity provider sent you here, and if you go on you are signed in as the person below.",
        sign_in_as: |person| format!("Sign in as {person}"),
        way_out: "If you did not expect this, close this page: you are not signed in.",
        person: "Person",
        workspace: "Address",
    },
};

/// What a code means.
#[expect(clippy::too_many_lines, reason = "one line a code, and every code in one place")]
pub(super) const fn what(code: Code) -> &'static str {
    match code {
        Code::HostUnknown => "There is nothing at this address.",
        Code::NotFound => "This page does not exist.",
        Code::MethodNotAllowed => "This address does not accept that kind of request.",
        Code::RequestMalformed => "Your browser's request could not be understood.",
        Code::RequestTooLarge => "Your browser sent more than is accepted here.",
        Code::RequestMediaType => "This address expects another kind of content.",
        Code::RequestOrigin => "The request came from another site and was not carried out.",
        Code::RequestFormToken => "This form is no longer valid.",
        Code::RequestDestination => "This address only opens as a page of its own.",
        Code::PathAmbiguous => "This address can be read in more than one way.",
        Code::RouteNone => "No application is set up at this address.",
        Code::SignInRequired => "You are not signed in.",
        Code::SignInState => "This answer belongs to no sign-in that is under way.",
        Code::SignInCookie => "This sign-in is finished, or your browser did not send back its cookie.",
        Code::SignInExpired => "This sign-in took too long and has expired.",
        Code::SignInReplay => "This sign-in has already been used.",
        Code::SignInHandover => "Your sign-in could not be handed over to the application.",
        Code::SignInMethod => "This way to sign in is not available at the moment.",
        Code::OidcDenied => "You are not assigned to this application at your identity provider.",
        Code::OidcError | Code::SamlStatus => "Your identity provider answered with an error.",
        Code::OidcCode => "Your identity provider's answer is incomplete.",
        Code::OidcResponseMode => "Your identity provider's answer came in another way than was agreed.",
        Code::OidcResponseIssuer => "The answer does not come from the identity provider you were sent to.",
        Code::OidcDiscovery => "The settings of your identity provider could not be read.",
        Code::OidcIssuer | Code::GatewayIssuer => {
            "Your identity provider is not the one that your organisation set up."
        }
        Code::OidcTokenEndpoint => "Your identity provider did not complete the sign-in.",
        Code::OidcTokenRefused => "Your identity provider refused to complete the sign-in.",
        Code::OidcKeys => "The keys of your identity provider could not be read.",
        Code::OidcKeyUnknown => "Your identity provider's answer is signed with an unknown key.",
        Code::OidcToken => "Your identity provider's answer could not be understood.",
        Code::OidcAlgorithm | Code::SamlAlgorithm => {
            "Your identity provider's answer is signed in a way that is not accepted."
        }
        Code::OidcSignature | Code::SamlSignature => {
            "The signature on your identity provider's answer is not valid."
        }
        Code::OidcTokenIssuer | Code::SamlIssuer => "The answer was issued by another identity provider.",
        Code::OidcAudience | Code::SamlAudience => {
            "Your identity provider's answer is meant for another application."
        }
        Code::OidcAuthorizedParty => "Your identity provider's answer was given to another application.",
        Code::OidcTime | Code::SamlTime => "Your identity provider's answer is not valid at this time.",
        Code::OidcNonce | Code::SamlRequest => "Your identity provider's answer belongs to another sign-in.",
        Code::OidcSubject | Code::SamlSubject => "Your identity provider's answer does not say who you are.",
        Code::OidcAccessTokenHash | Code::OidcCodeHash => {
            "The parts of your identity provider's answer do not belong together."
        }
        Code::OidcTokensDiffer => "Your identity provider's answer names two different people.",
        Code::OidcFresh | Code::SamlFresh => "Your identity provider did not check you anew.",
        Code::OidcLogoutEvent
        | Code::OidcLogoutNonce
        | Code::OidcLogoutSubject
        | Code::OidcLogoutId
        | Code::OidcLogoutReplay
        | Code::OidcLogoutSession => {
            "Your identity provider's request to sign you out could not be understood."
        }
        Code::OktaApi => "Your identity provider's directory did not answer.",
        Code::OktaToken => "Your identity provider's directory cannot be read.",
        Code::OktaLimit => "Your identity provider takes no more questions at the moment.",
        Code::OidcUserinfo => "Your identity provider did not send your details.",
        Code::AadTenant => "Your identity provider answered for another organisation.",
        Code::AadPerson => "Your account is disabled, or your organisation does not have it any more.",
        Code::AadPermission => "Your identity provider does not let us read your details.",
        Code::AadThrottled => "Your identity provider is busy.",
        Code::AadGraph => "Your identity provider did not say who you are.",
        Code::OidcUserinfoSubject => "Your identity provider sent the details of someone else.",
        Code::GatewayUnreachable => "Your identity provider cannot be reached.",
        Code::GatewayCertificate => "The certificate of your identity provider is not trusted.",
        Code::GatewayPolicy => "Your identity provider is not ready for sign-ins.",
        Code::GatewayClient => "Your identity provider does not know this sign-in service.",
        Code::GatewayKeys => "Your identity provider does not publish its keys.",
        Code::GatewayClock => "The clock of your identity provider is wrong.",
        Code::SamlMetadata => "The settings of your identity provider are not available at the moment.",
        Code::SamlCertificate => "The certificate of your identity provider is not valid at this time.",
        Code::SamlMessage => "Your identity provider's answer did not arrive whole.",
        Code::SamlXml => "Your identity provider's answer could not be read.",
        Code::SamlStructure => "Your identity provider's answer does not have the form that is required.",
        Code::SamlUnsigned => "Your identity provider's answer is not signed as your organisation requires.",
        Code::SamlEncryption => "Your identity provider's answer could not be decrypted.",
        Code::SamlVersion => "Your identity provider's answer is of another version of the protocol.",
        Code::SamlDestination => "Your identity provider's answer was meant for another address.",
        Code::SamlDenied => "Your identity provider did not let you in.",
        Code::SamlUnsolicited => "A sign-in cannot begin at your identity provider.",
        Code::SamlRecipient => "Your identity provider's answer names another recipient.",
        Code::SamlConditions => "Your identity provider's answer makes a condition that cannot be met.",
        Code::SamlStatement => "Your identity provider's answer does not say that you signed in.",
        Code::SamlSession => "Your session at your identity provider is over.",
        Code::SamlContext => {
            "You did not sign in at your identity provider in the way that your organisation requires."
        }
        Code::SamlReplay => "This answer of your identity provider has already been used.",
        Code::SamlLogout => "Your identity provider's answer to the sign-out could not be understood.",
        Code::AdCredentials => "Your user name or password is not right.",
        Code::AdDisabled => "Your account is disabled.",
        Code::AdAccountExpired => "Your account has expired.",
        Code::AdHours => "You may not sign in at this time.",
        Code::AdWorkstation => "Your account may only be used on certain computers.",
        Code::AdRestricted => "Your account is restricted and cannot sign in here.",
        Code::AdPasswordDue => "Your password has expired or must be changed.",
        Code::AdPasswordPolicy => "Your organisation did not accept the new password.",
        Code::AdDown => "Your organisation's directory does not answer.",
        Code::AdAnswer => "Your organisation's directory gave an answer that could not be understood.",
        Code::AdService => "Vestibule could not sign in to your organisation's directory.",
        Code::AdDomain => "The directory that answers is not your organisation's.",
        Code::AdSettings => "The settings for your organisation's directory do not fit it.",
        Code::AdPerson => "You are not in your organisation's directory.",
        Code::AdDisagrees => {
            "Your identity provider and your organisation's directory do not agree about you."
        }
        Code::SignInBusy => "Too many wrong passwords were entered, so signing in is paused.",
        Code::PersonCredentials => "Your user name or password is not correct.",
        Code::PersonLink => "This link is not valid any more.",
        Code::PersonHost => "An account can be set up only at the address that your link names.",
        Code::PasswordBusy => "Too many people are signing in at the moment.",
        Code::TokenCode => "Your one-time code is not right.",
        Code::TokenLocked => "Too many wrong one-time codes were entered, so the second step is paused.",
        Code::TokenDevice => "Your device for one-time codes is locked.",
        Code::TokenTicket => "The first step of this sign-in is too long ago or has been used.",
        Code::ClaimSid => "Your organisation did not send a valid cip_sid for you.",
        Code::ClaimUpn => "Your organisation did not send a valid cip_upn for you.",
        Code::ClaimOid => "Your organisation did not send a valid cip_oid for you.",
        Code::ClaimEmail => "Your organisation did not send a valid cip_email for you.",
        Code::ClaimScope => "Your organisation sent an attribute that it may not speak for.",
        Code::AdmissionHost => "This address does not belong to your organisation.",
        Code::AdmissionConnection => "This way to sign in no longer exists.",
        Code::AdmissionOff => "This way to sign in is switched off.",
        Code::AdmissionReplaced => "Your organisation now signs in with another identity provider.",
        Code::AdmissionAudience => "This sign-in does not open this part of your organisation.",
        Code::AdmissionMethod => "This way to sign in is not the one that your organisation uses here.",
        Code::AdmissionGroup => "You are in none of the groups that may use this application.",
        Code::AccessDenied => "Your access does not include this.",
        Code::AccessBuiltIn => "This is for administrators of the built-in identity.",
        Code::StepUp => "This change needs a recent sign-in.",
        Code::SettingsInvalid => "Something in these settings is not right.",
        Code::SubscriberImpact => "This changes how everybody signs in.",
        Code::ConnectionKnown => "There is a connection of this name already.",
        Code::ConnectionInUse => "This connection is in use.",
        Code::ConnectionTest => "The connection did not pass its test.",
        Code::TestBusy => "Several tests are under way.",
        Code::VersionMissing => "This change does not say what it was made from.",
        Code::VersionStale => "Somebody else changed this meanwhile.",
        Code::ClientToken => "This access token is not valid.",
        Code::AdministratorLast => "This is the last administrator with full access.",
        Code::AdministratorKnown => "This person is an administrator already.",
        Code::TooMany => "There are too many of these already.",
        Code::AdmissionMembership => "You are no administrator of this organisation.",
        Code::AdmissionGuest => "Guests of a tenant cannot be administrators.",
        Code::AdmissionTrial => "This sign-in was a test and opens no application.",
        Code::ApplicationDown => "The application does not answer.",
        Code::ApplicationSlow => "The application took too long to answer.",
        Code::MailServer => "Vestibule cannot send mail at the moment.",
        Code::SecretForm => "The secret does not have the form that is required.",
        Code::NotBuilt => "This part of Vestibule is not built yet.",
        Code::StoreLost => "Vestibule cannot reach its data.",
        Code::StoreBusy => "Vestibule is too busy at the moment.",
        Code::Internal => "Something went wrong inside Vestibule.",
    }
}

/// What the person can do about it.
#[expect(clippy::too_many_lines, reason = "a catalogue has an entry for each step")]
pub(super) const fn next(advice: Advice) -> &'static str {
    match advice {
        Advice::CheckAddress => "Check the address, or open your application again.",
        Advice::OpenApplication => "Open your application again and sign in from there.",
        Advice::AgainOrTell => {
            "Sign in again. If you see this page once more, give your administrator the code and the reference below."
        }
        Advice::Later => {
            "Try again in a few minutes. If it stays like this, give your administrator the code and the reference below."
        }
        Advice::Tell => "Give your administrator the code and the reference below.",
        Advice::SendLess => "Go back and send less at once.",
        Advice::RepeatInApplication => "Go back to your application and repeat the step there.",
        Advice::ReopenForm => "Open the page again and send the form once more.",
        Advice::OpenInTab => "Open it in a tab of its own, not inside another page.",
        Advice::SignIn => "Sign in to go on.",
        Advice::AllowCookies => {
            "Open your application again. If you see this page once more, allow cookies for this site and stay in the same browser from beginning to end."
        }
        Advice::StartAfresh => "Nothing is wrong with your account. Start again.",
        Advice::BookmarkApplication => {
            "Start again. A bookmark should open your application, not the sign-in."
        }
        Advice::OpenDirectly => {
            "Open your application by its own address, for instance from a bookmark, not by the tile of your provider's portal."
        }
        Advice::CloseWindows => {
            "Your session here is over. If you share this device, close all windows of the browser as well."
        }
        Advice::AskForAssignment => {
            "Ask your administrator to assign you there. If you stopped the sign-in yourself, start again."
        }
        Advice::EnterPassword => {
            "Start again, and enter your password at your identity provider when it asks."
        }
        Advice::CheckPassword => {
            "Try again. After several wrong attempts, sign-in is paused for a while. If you forgot your password, ask your help desk."
        }
        Advice::CheckAccount => {
            "Ask your administrator to check your account in the directory, and pass on the reference below."
        }
        Advice::ComeAtTheHours => {
            "Try again during the hours that your organisation allows, or ask your administrator to change them."
        }
        Advice::ChooseNewPassword => "Start again, and choose a new password when you are asked for one.",
        Advice::ChooseAnotherPassword => {
            "Start again with another one: longer, not used before, and without your name in it."
        }
        Advice::WaitMinutes => "Wait a few minutes, then start again.",
        Advice::EnterNextCode => "Start again with the code that your app shows now. Each code works once.",
        Advice::WaitAndChangePassword => {
            "Wait at least five minutes, then start again. If those codes were not yours, somebody knows your password: change it."
        }
        Advice::AskForReset => {
            "Ask your administrator to reset it, and pass on the reference below. If you did not enter wrong codes, change your password as well."
        }
        Advice::SignOutFirst => "Sign out, then open your application again.",
        Advice::LookBeforeRepeating => "Try again. If you sent something, look first whether it arrived.",
        Advice::CheckSecurityId => {
            "Ask your administrator to check your Windows security identifier, and pass on the reference below."
        }
        Advice::CheckPrincipalName => {
            "Ask your administrator to check your user principal name, and pass on the reference below."
        }
        Advice::CheckObjectId => {
            "Ask your administrator to check your directory object identifier, and pass on the reference below."
        }
        Advice::CheckEmail => {
            "Ask your administrator to check your email address, and pass on the reference below."
        }
        Advice::CheckOwnPassword => {
            "Try again. After several wrong tries signing in is paused for a while. If you forgot your password, have a link sent to you at the sign-in page."
        }
        Advice::AskForLink => "Ask for a new one: whoever gave it to you, or at the sign-in page.",
        Advice::OpenLink => "Open your link again, as it was sent to you.",
        Advice::AskForAccess => "Ask an administrator with full access.",
        Advice::AskBuiltIn => "Ask an administrator who signs in with a password and a code.",
        Advice::SignInAfresh => "Sign in again, then repeat it.",
        Advice::AppointAnother => "Give full access to somebody else first.",
        Advice::LookAtTheList => "Look for them in the list of administrators.",
        Advice::RemoveSome => "Remove some that are of no use any more, then repeat it.",
        Advice::Correct => "Correct it and send it again.",
        Advice::Acknowledge => "Confirm that you know, and send it again.",
        Advice::ChooseName => "Choose another name.",
        Advice::ReplaceFirst => "Put another one in its place first.",
        Advice::ReadFindings => "Read what was found, correct it and try again.",
        Advice::ReadAnew => "Open it again and repeat your change.",
        Advice::AskForToken => "Ask for a new one.",
        Advice::AskForMembership => {
            "Sign in with another account, or ask an administrator of the organisation to invite you."
        }
        Advice::EnterSecretAgain => "Check the secret and enter it again.",
        Advice::GoBack => "There is nothing to do here; go back to your application.",
    }
}
