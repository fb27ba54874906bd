//! What a refusal looks like: by kind, switch and way.

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
            // The root does not do, and the way to the provider is shut too.
            (_, Switch::RemoveConnection | Switch::ChangeMethod | Switch::ClearMethod, Way::Root) => {
                audited(503, "SIGN-IN-METHOD")
            }
            // OKT-04: the address is Okta's alone.
            (Kind::Okta, Switch::ChangeKind, Way::Callback) => audited(400, "SIGN-IN-STATE"),
            (_, switch, way) if way.is_of_session() => {
                Self { status: 401, audited: Some(("session.ended", code(switch))) }
            }
            (_, switch, _) => audited(403, code(switch)),
        }
    }
}

/// The code of the clause that a switch trips.
fn code(switch: Switch) -> &'static str {
    match switch {
        Switch::RemoveHost => "ADMISSION-HOST",
        Switch::RemoveConnection => "ADMISSION-CONNECTION",
        Switch::ReplaceConnection => "ADMISSION-REPLACED",
        Switch::ChangeKind => "ADMISSION-AUDIENCE",
        Switch::ChangeMethod | Switch::ClearMethod => "ADMISSION-METHOD",
        Switch::RequireClaim => "CLAIM-EMAIL",
        Switch::TakeDirectory | Switch::ChangeDomainSid | Switch::ClaimSuffix => "CLAIM-SCOPE",
        Switch::AdmitGroups => "ADMISSION-GROUP",
    }
}
