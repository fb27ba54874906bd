//! What an administrator may do: everything, or what single permissions open (ADM-04 to ADM-13).
//!
//! An operation states what it [`Needs`], and [`allows`] is the one place that answers. Who may manage administrators is
//! settled by AMB-04: everybody who is one sees the list, and only full access changes it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// A page of the console, with what can be done there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Permission {
    /// The dashboard of a partner's customers, to look at (ADM-06).
    CustomerDashboard,
    /// Domains, and adding one by a connector (ADM-07).
    Domains,
    /// The library (ADM-08).
    Library,
    /// Licensed services and deployments (ADM-08).
    Licensing,
    /// To view notifications and dismiss them (ADM-09).
    Notifications,
    /// Resource locations and their connectors (ADM-10).
    ResourceLocations,
    /// Secure clients, one's own alone; product registrations are not among them (ADM-11).
    SecureClient,
    /// To view the system log and export it (ADM-12).
    SystemLog,
    /// How people sign in to the workspace, and what it shows (ADM-13).
    WorkspaceConfiguration,
}

impl Permission {
    /// Every permission, in the order of the console.
    pub const ALL: [Self; 9] = [
        Self::CustomerDashboard,
        Self::Domains,
        Self::Library,
        Self::Licensing,
        Self::Notifications,
        Self::ResourceLocations,
        Self::SecureClient,
        Self::SystemLog,
        Self::WorkspaceConfiguration,
    ];

    /// The name in a manifest, in tokens and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CustomerDashboard => "customer-dashboard",
            Self::Domains => "domains",
            Self::Library => "library",
            Self::Licensing => "licensing",
            Self::Notifications => "notifications",
            Self::ResourceLocations => "resource-locations",
            Self::SecureClient => "secure-client",
            Self::SystemLog => "system-log",
            Self::WorkspaceConfiguration => "workspace-configuration",
        }
    }

    /// Reads that name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|permission| permission.as_str() == text)
    }
}

/// What an administrator has; in writing `"full"`, or a list of permissions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Form", into = "Form")]
pub enum Access {
    /// Everything, the administrators included.
    Full,
    /// What the permissions open. Without any, that is what every administrator may do.
    Custom(BTreeSet<Permission>),
}

impl Access {
    /// What either of them opens.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        match (self, other) {
            (Self::Custom(mut held), Self::Custom(more)) => {
                held.extend(more);
                Self::Custom(held)
            }
            (Self::Full, _) | (_, Self::Full) => Self::Full,
        }
    }
}

/// What an operation asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Full access.
    Full,
    /// One of these permissions.
    Any(&'static [Permission]),
    /// To be an administrator of the organisation.
    Administrator,
}

/// Whether an administrator of the organisation with this access may do what needs that.
#[must_use]
pub fn allows(access: &Access, needs: Needs) -> bool {
    match (access, needs) {
        (Access::Full, _) | (Access::Custom(_), Needs::Administrator) => true,
        (Access::Custom(held), Needs::Any(needed)) => needed.iter().any(|one| held.contains(one)),
        (Access::Custom(_), Needs::Full) => false,
    }
}

/// The two ways in which access is written.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Form {
    Word(Word),
    List(BTreeSet<Permission>),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Word {
    Full,
}

impl From<Form> for Access {
    fn from(form: Form) -> Self {
        match form {
            Form::Word(Word::Full) => Self::Full,
            Form::List(permissions) => Self::Custom(permissions),
        }
    }
}

impl From<Access> for Form {
    fn from(access: Access) -> Self {
        match access {
            Access::Full => Self::Word(Word::Full),
            Access::Custom(permissions) => Self::List(permissions),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn custom(permissions: impl IntoIterator<Item = Permission>) -> Access {
        Access::Custom(permissions.into_iter().collect())
    }

    #[test]
    fn a_permission_opens_what_asks_for_it_and_nothing_else() {
        const LIBRARY: Needs = Needs::Any(&[Permission::Library]);
        const EITHER: Needs = Needs::Any(&[Permission::Library, Permission::Domains]);
        for (name, access, needs, allowed) in [
            ("full does what a permission does", Access::Full, LIBRARY, true),
            ("full does what is for nobody's permission", Access::Full, Needs::Any(&[]), true),
            ("the permission", custom([Permission::Library]), LIBRARY, true),
            ("another permission", custom([Permission::Licensing]), LIBRARY, false),
            ("no permission", custom([]), LIBRARY, false),
            ("one of two", custom([Permission::Domains]), EITHER, true),
            ("neither of two", custom([Permission::SystemLog]), EITHER, false),
            ("a permission of no operation", custom(Permission::ALL), Needs::Any(&[]), false),
            ("anybody's", custom([]), Needs::Administrator, true),
            ("full alone", Access::Full, Needs::Full, true),
            ("all permissions are not full access", custom(Permission::ALL), Needs::Full, false),
        ] {
            assert_eq!(allows(&access, needs), allowed, "{name}");
        }
    }

    #[test]
    fn of_two_everything_counts() {
        let (library, domains) = (custom([Permission::Library]), custom([Permission::Domains]));
        for (one, other, both) in [
            (library.clone(), domains.clone(), custom([Permission::Library, Permission::Domains])),
            (library.clone(), custom([]), library.clone()),
            (library, Access::Full, Access::Full),
            (Access::Full, domains, Access::Full),
        ] {
            assert_eq!(one.with(other), both);
        }
    }

    #[test]
    fn it_is_written_as_a_word_or_a_list() {
        for (access, text) in [
            (Access::Full, "\"full\""),
            (custom([]), "[]"),
            (custom([Permission::SystemLog, Permission::Library]), "[\"library\",\"system-log\"]"),
        ] {
            assert_eq!(serde_json::to_string(&access).unwrap(), text);
            assert_eq!(serde_json::from_str::<Access>(text).unwrap(), access, "{text}");
        }
        for text in
            ["\"custom\"", "\"Full\"", "\"library\"", "[\"full\"]", "[\"Library\"]", "[\"console\"]", "null"]
        {
            assert!(serde_json::from_str::<Access>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_permission_has_one_name() {
        for permission in Permission::ALL {
            let name = permission.as_str();
            assert_eq!(Permission::parse(name), Some(permission));
            assert_eq!(serde_json::to_string(&permission).unwrap(), format!("\"{name}\""));
        }
        for name in ["", "full", "Library", "systemlog", "system_log"] {
            assert_eq!(Permission::parse(name), None, "{name}");
        }
    }
}
