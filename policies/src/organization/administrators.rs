//! Who runs an organisation: people of the built-in identity, and whom a connection brings (ADM-04, AAD-13, GRP-01).

use serde::{Deserialize, Serialize};

use super::Organization;
use crate::permission::Access;
use crate::{Claims, ConnectionId, ConnectionName, GroupId, ObjectId, PersonId};

/// What ties a person of the built-in identity to an organisation (ADM-04, ORG-15).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// Who it is.
    pub person: PersonId,
    /// What they may do here.
    pub access: Access,
}

/// Somebody whom a connection of kind `azure-ad` brings, by tenant and object: names and addresses change hands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderAdministrator {
    /// The connection.
    pub connection: ConnectionName,
    /// The tenant that the connection was pinned to when the entry was made.
    pub tenant: ObjectId,
    /// The object in it.
    pub object: ObjectId,
    /// What they may do here.
    pub access: Access,
}

/// Everybody whom a connection brings as a member of this group (GRP-01).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdministratorGroup {
    /// The connection.
    pub connection: ConnectionName,
    /// The group, in its stable form.
    pub group: GroupId,
    /// What its members may do here.
    pub access: Access,
}

impl Organization {
    /// What a person of the built-in identity may do here; `None` is nothing at all.
    #[must_use]
    pub fn membership(&self, person: PersonId) -> Option<&Membership> {
        self.administrators.iter().find(|membership| membership.person == person)
    }

    /// Forgets whom a connection brings that is not there any more.
    pub fn forget_administrators_of_no_connection(&mut self) {
        let connections = &self.connections;
        let known = |name: &ConnectionName| connections.iter().any(|one| one.name == *name);
        self.provider_administrators.retain(|one| known(&one.connection));
        self.administrator_groups.retain(|one| known(&one.connection));
    }

    /// What whoever signed in by this connection may do here; `None` is nothing at all. Of several entries, one's own and those of
    /// one's groups, everything counts that one of them opens (GRP-08). A guest of a tenant may do nothing (AAD-14).
    #[must_use]
    pub fn access_of(
        &self,
        connection: ConnectionId,
        person: Option<PersonId>,
        claims: &Claims,
    ) -> Option<Access> {
        if connection == ConnectionId::BUILT_IN {
            return Some(self.membership(person?)?.access.clone());
        }
        let name = &self.connection(connection)?.name;
        if claims.entra.is_some_and(|entra| entra.guest) {
            return None;
        }
        let own = self.provider_administrators.iter().filter(|one| {
            one.connection == *name
                && claims.entra.is_some_and(|entra| (entra.tenant, entra.object) == (one.tenant, one.object))
        });
        let groups = self
            .administrator_groups
            .iter()
            .filter(|one| one.connection == *name && claims.groups.contains(&one.group));
        let all = own.map(|one| &one.access).chain(groups.map(|one| &one.access));
        all.cloned().reduce(Access::with)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admission::samples::{claims, organization};
    use crate::permission::Permission;
    use crate::{EntraIdentity, OrganizationId};

    const TENANT: &str = "11111111-2222-4333-8444-555555555555";
    const OBJECT: &str = "f81d4fae-7dec-41d0-a765-00a0c91e6bf6";
    const ELSE: &str = "0c0b4fae-7dec-41d0-a765-00a0c91e6bf6";

    fn id(text: &str) -> ObjectId {
        ObjectId::parse_text(text).unwrap()
    }

    fn custom(permissions: &[Permission]) -> Access {
        Access::Custom(permissions.iter().copied().collect())
    }

    /// `acme`, with alice of the tenant and a group of it beside the administrator of the built-in identity.
    fn acme() -> Organization {
        let mut organization = organization();
        let connection = organization.connections[0].name.clone();
        organization.provider_administrators = vec![ProviderAdministrator {
            connection: connection.clone(),
            tenant: id(TENANT),
            object: id(OBJECT),
            access: custom(&[Permission::Library]),
        }];
        organization.administrator_groups = vec![AdministratorGroup {
            connection,
            group: GroupId::parse("any:staff").unwrap(),
            access: custom(&[Permission::Domains]),
        }];
        organization
    }

    fn person(tenant: &str, object: &str, groups: &[&str]) -> Claims {
        Claims {
            entra: Some(EntraIdentity { tenant: id(tenant), object: id(object), guest: false }),
            groups: groups.iter().map(|group| GroupId::parse(group).unwrap()).collect(),
            ..claims()
        }
    }

    #[test]
    fn one_is_known_by_tenant_and_object_and_by_ones_groups() {
        let organization = acme();
        let connection = organization.connections[0].id;
        for (name, claims, access) in [
            ("alice", person(TENANT, OBJECT, &[]), Some(custom(&[Permission::Library]))),
            ("a member", person(TENANT, ELSE, &["any:staff"]), Some(custom(&[Permission::Domains]))),
            (
                "both together",
                person(TENANT, OBJECT, &["any:others", "any:staff"]),
                Some(custom(&[Permission::Library, Permission::Domains])),
            ),
            ("another object", person(TENANT, ELSE, &[]), None),
            ("another tenant", person(ELSE, OBJECT, &[]), None),
            ("another group", person(TENANT, ELSE, &["any:others"]), None),
            ("nobody of a tenant", claims(), None),
        ] {
            assert_eq!(organization.access_of(connection, None, &claims), access, "{name}");
        }
    }

    #[test]
    fn a_guest_runs_nothing() {
        let organization = acme();
        let mut claims = person(TENANT, OBJECT, &["any:staff"]);
        claims.entra = claims.entra.map(|entra| EntraIdentity { guest: true, ..entra });
        assert_eq!(organization.access_of(organization.connections[0].id, None, &claims), None);
    }

    #[test]
    fn an_entry_is_of_one_connection() {
        let mut organization = acme();
        let claims = person(TENANT, OBJECT, &["any:staff"]);
        for (connection, known) in [
            (organization.connections[0].id, true),
            (ConnectionId::BUILT_IN, false),
            (ConnectionId::from_bytes([9; 8]), false),
        ] {
            assert_eq!(organization.access_of(connection, None, &claims).is_some(), known, "{connection}");
        }
        let connection = organization.connections[0].id;
        organization.connections[0].name = ConnectionName::parse("another").unwrap();
        assert_eq!(organization.access_of(connection, None, &claims), None);
        organization.id = OrganizationId::from_bytes([2; 8]);
        // A person of the built-in identity is one only there.
        let person = organization.administrators[0].person;
        assert_eq!(organization.access_of(ConnectionId::BUILT_IN, Some(person), &claims), Some(Access::Full));
        assert_eq!(organization.access_of(connection, Some(person), &claims), None);
    }
}
