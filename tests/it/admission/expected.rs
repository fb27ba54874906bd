//! What a refusal looks like, and whether the way is open again afterwards: by kind, switch and way.

use vestibule_policies::admission::Switch;

use super::stage::Kind;
use super::ways::Way;

/// What a refusal looks like.
pub(super) struct Expected {
    pub(super) status: u16,
    /// Event and code.
    pub(super) audited: Option<(&'static str, &'static str)>,
}

impl Expected {
    pub(super) fn of(kind: Kind, switch: Switch, way: Way) -> Self {
        let audited = |status, code| Self { status, audited: Some(("sign-in.refused", code)) };
        match (kind, switch, way) {
            // HTTP-06: nobody's host, whoever asks.
            (_, Switch::RemoveHost, way) if way.is_of_workspace() => Self { status: 421, audited: None },
            // A person's own page is of no workspace; whoever must not remain sees none, and their session ends where it is used.
            (_, Switch::RemoveHost, way) if way.is_of_account() => Self { status: 200, audited: None },
            (_, _, way) if way.is_of_account() => Self { status: 403, audited: None },
            // The root does not do, and the way to the provider is shut too.
            (_, Switch::RemoveConnection | Switch::ChangeMethod | Switch::ClearMethod, Way::Root) => {
                audited(503, "SIGN-IN-METHOD")
            }
            // OKT-04: the address is Okta's alone.
            (Kind::Okta, Switch::ChangeKind, Way::Callback) => audited(400, "SIGN-IN-STATE"),
            // The consumer service is SAML's alone. A request for an answer elsewhere the provider itself turns away; what
            // comes to it is for nobody, and what came before is for an address that the connection no longer has.
            (Kind::Saml, Switch::ChangeKind, Way::Root) => Self { status: 400, audited: None },
            (Kind::Saml, Switch::ChangeKind, Way::Response) => audited(403, "ADMISSION-CONNECTION"),
            (Kind::Saml, Switch::ChangeKind, Way::Landing | Way::Button) => {
                audited(403, "ADMISSION-CONNECTION")
            }
            // The forms are a directory's alone.
            (Kind::Directory | Kind::DirectoryToken, Switch::ChangeKind, way) if !way.is_of_workspace() => {
                audited(400, "SIGN-IN-STATE")
            }
            // The directory that answers is not the one that is meant: nobody types a password for it.
            (
                Kind::Directory | Kind::DirectoryToken,
                Switch::ChangeDomainSid,
                Way::Root | Way::Password | Way::ChangePassword,
            ) => audited(503, "AD-DOMAIN"),
            (_, switch, way) if way.is_of_session() => {
                Self { status: 401, audited: Some(("session.ended", code(switch))) }
            }
            (_, switch, _) => audited(403, code(switch)),
        }
    }
}

/// Whether the way is open again once the switch is back: where the refusal ended no session and used nothing up.
pub(super) fn reopens(kind: Kind, switch: Switch, way: Way) -> bool {
    let untouched = match switch {
        // A host that was gone judged nobody and took no code, and there was no workspace to press the button for.
        Switch::RemoveHost => way.is_of_workspace() || way == Way::Button,
        // Without the connection nobody could tell whose answer it was, so it burnt nothing (interface 6).
        Switch::RemoveConnection => !way.is_of_workspace(),
        // It arrived at an address that was another kind's.
        Switch::ChangeKind => match kind {
            Kind::Okta => way == Way::Callback,
            Kind::Saml => matches!(way, Way::Response | Way::Landing | Way::Button),
            Kind::Directory | Kind::DirectoryToken => !way.is_of_workspace(),
            Kind::Oidc => false,
        },
        // Of whom these claims are no claims nobody is completed, so the password may be typed again; a code is used up.
        Switch::RequireClaim | Switch::TakeDirectory | Switch::ChangeDomainSid | Switch::ClaimSuffix => {
            matches!(way, Way::Password | Way::ChangePassword)
        }
        // No form is taken meanwhile; an answer that a provider sent is used up.
        Switch::SwitchOff => matches!(kind, Kind::Directory | Kind::DirectoryToken) && !way.is_of_workspace(),
        Switch::ReplaceConnection
        | Switch::ChangeMethod
        | Switch::ClearMethod
        | Switch::AdmitGroups
        | Switch::RemoveAdministrators => false,
    };
    // The root lives, and is asked anew for every further host and for its person's own page.
    untouched || way == Way::Root || way.is_of_account()
}

/// The code of the clause that a switch trips.
fn code(switch: Switch) -> &'static str {
    match switch {
        Switch::RemoveHost => "ADMISSION-HOST",
        Switch::RemoveConnection => "ADMISSION-CONNECTION",
        Switch::SwitchOff => "ADMISSION-OFF",
        Switch::ReplaceConnection => "ADMISSION-REPLACED",
        Switch::ChangeKind => "ADMISSION-AUDIENCE",
        Switch::ChangeMethod | Switch::ClearMethod => "ADMISSION-METHOD",
        Switch::RequireClaim => "CLAIM-EMAIL",
        Switch::TakeDirectory | Switch::ChangeDomainSid | Switch::ClaimSuffix => "CLAIM-SCOPE",
        Switch::AdmitGroups => "ADMISSION-GROUP",
        Switch::RemoveAdministrators => "ADMISSION-MEMBERSHIP",
    }
}
