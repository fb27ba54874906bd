//! Everything that can be done to an organisation, by the console or by the API, and what each asks for (ADM-04 to ADM-13, AMB-04).
//!
//! One list for both: a page or an address of the API names its operation, and [`Operation::demands`] is all that decides.

use crate::permission::{Access, Needs, Permission, allows};

const DIRECTORIES: Needs = Needs::Any(&[Permission::Domains, Permission::WorkspaceConfiguration]);
const WORKSPACE: Needs = Needs::Any(&[Permission::WorkspaceConfiguration]);
const CLIENTS: Needs = Needs::Any(&[Permission::SecureClient]);

/// One thing that an administrator, or a program of theirs, does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    /// To see what the organisation is called, and its addresses.
    ReadOrganization,
    /// To set how long administrators' sessions live (SES-02, SES-06).
    WriteAdministratorSessions,
    /// To see who the administrators are.
    ReadAdministrators,
    /// To invite somebody, to send an invitation again, or to withdraw it.
    InviteAdministrator,
    /// To say what an administrator may do (ADM-05).
    WriteAccess,
    /// To take an administrator's access away.
    RemoveAdministrator,
    /// To see the ways in.
    ReadConnections,
    /// To add, change or remove one: whoever does decides who gets in.
    WriteConnections,
    /// To ask a connection's provider whether all is well.
    TestConnection,
    /// To see how subscribers sign in, and to what.
    ReadWorkspace,
    /// To change that.
    WriteWorkspace,
    /// To see who of the organisation is signed in.
    ReadSessions,
    /// To end sessions of others.
    EndSessions,
    /// To see secure clients; one's own, unless access is full (ADM-11).
    ReadClients,
    /// To make one.
    CreateClient,
    /// To delete one; one's own, unless access is full.
    DeleteClient,
}

/// What an operation asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Demands {
    /// Which access opens it.
    pub needs: Needs,
    /// Whether a person has to have proved themselves a moment ago (PWD-19).
    pub recent: bool,
    /// Whether a person has to be one of the built-in identity: who runs an organisation, and what it is connected to, is not for
    /// whomever a provider brings (ADM-29, ADM-30).
    pub built_in: bool,
}

impl Operation {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::ReadOrganization,
        Self::WriteAdministratorSessions,
        Self::ReadAdministrators,
        Self::InviteAdministrator,
        Self::WriteAccess,
        Self::RemoveAdministrator,
        Self::ReadConnections,
        Self::WriteConnections,
        Self::TestConnection,
        Self::ReadWorkspace,
        Self::WriteWorkspace,
        Self::ReadSessions,
        Self::EndSessions,
        Self::ReadClients,
        Self::CreateClient,
        Self::DeleteClient,
    ];

    /// What it asks for.
    #[must_use]
    pub const fn demands(self) -> Demands {
        match self {
            Self::ReadOrganization | Self::ReadAdministrators => anew(false, Needs::Administrator),
            Self::ReadConnections => anew(false, DIRECTORIES),
            Self::ReadWorkspace | Self::TestConnection => anew(false, WORKSPACE),
            Self::WriteWorkspace => anew(true, WORKSPACE),
            Self::ReadClients | Self::DeleteClient => anew(false, CLIENTS),
            Self::CreateClient => Demands { built_in: true, ..anew(true, CLIENTS) },
            Self::ReadSessions | Self::EndSessions => anew(false, Needs::Full),
            Self::WriteAdministratorSessions => anew(true, Needs::Full),
            Self::InviteAdministrator
            | Self::WriteAccess
            | Self::RemoveAdministrator
            | Self::WriteConnections => Demands { built_in: true, ..anew(true, Needs::Full) },
        }
    }

    /// Whether somebody with this access may do it, were they just signed in.
    #[must_use]
    pub fn is_open_to(self, access: &Access) -> bool {
        allows(access, self.demands().needs)
    }
}

const fn anew(recent: bool, needs: Needs) -> Demands {
    Demands { needs, recent, built_in: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn custom_access_never_says_who_administers_or_what_is_connected() {
        let everything = Access::Custom(Permission::ALL.into_iter().collect());
        for operation in [
            Operation::WriteAdministratorSessions,
            Operation::InviteAdministrator,
            Operation::WriteAccess,
            Operation::RemoveAdministrator,
            Operation::WriteConnections,
            Operation::EndSessions,
        ] {
            assert!(!operation.is_open_to(&everything), "{operation:?}");
            assert!(operation.is_open_to(&Access::Full), "{operation:?}");
        }
    }

    #[test]
    fn without_permissions_an_administrator_sees_who_they_are_among() {
        let nothing = Access::Custom([].into());
        let open: Vec<_> =
            Operation::ALL.into_iter().filter(|operation| operation.is_open_to(&nothing)).collect();
        assert_eq!(open, [Operation::ReadOrganization, Operation::ReadAdministrators]);
    }

    #[test]
    fn whatever_changes_who_gets_in_is_asked_of_somebody_who_just_signed_in() {
        for operation in Operation::ALL {
            let changes = matches!(
                operation,
                Operation::WriteAdministratorSessions
                    | Operation::InviteAdministrator
                    | Operation::WriteAccess
                    | Operation::RemoveAdministrator
                    | Operation::WriteConnections
                    | Operation::WriteWorkspace
                    | Operation::CreateClient
            );
            assert_eq!(operation.demands().recent, changes, "{operation:?}");
        }
    }
}
