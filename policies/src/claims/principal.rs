//! Who a person is, across sign-ins (CLM-15): never the UPN and never the e-mail address, for both change hands.

use serde::{Deserialize, Serialize};

use crate::{
    Claims, ConnectionId, ConnectionPolicy, Directory, DirectoryName, EntraIdentity, ObjectId, Scope,
    SecurityId,
};

/// The stable key of a person within an organisation. A new SID is a new person.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum PrincipalKey {
    /// A directory's account, by its SID.
    DirectorySid {
        /// The directory to whose domain the SID belongs.
        directory: DirectoryName,
        /// The account.
        security_id: SecurityId,
    },
    /// A directory's account, by its object identifier.
    DirectoryObject {
        /// The one directory for which the connection speaks.
        directory: DirectoryName,
        /// The account.
        object_id: ObjectId,
    },
    /// An object of an Entra tenant, whatever SID the tenant has for it.
    EntraObject {
        /// The tenant.
        tenant: ObjectId,
        /// The object.
        object: ObjectId,
    },
    /// Whom the provider calls by this subject.
    Subject {
        /// The connection.
        connection: ConnectionId,
        /// The issuer to the letter.
        issuer: String,
        /// The provider's `sub`.
        subject: String,
    },
}

impl PrincipalKey {
    /// The key of the person with these claims: (directory, SID); else (directory, object id) when the connection
    /// speaks for exactly one directory, since an object id does not say whose it is; else (connection, issuer, subject).
    #[must_use]
    pub fn of(
        claims: &Claims,
        policy: &ConnectionPolicy,
        directories: &[Directory],
        issuer: &str,
        subject: &str,
    ) -> Self {
        if let Some(EntraIdentity { tenant, object, .. }) = claims.entra {
            return Self::EntraObject { tenant, object };
        }
        let scope = Scope::of(policy, directories);
        if let Some(security_id) = &claims.security_id
            && let Some(directory) = scope.directory_of(security_id)
        {
            return Self::DirectorySid {
                directory: directory.name.clone(),
                security_id: security_id.clone(),
            };
        }
        if let Some(object_id) = claims.object_id
            && let Some(directory) = scope.only_directory()
        {
            return Self::DirectoryObject { directory: directory.name.clone(), object_id };
        }
        Self::Subject { connection: policy.id, issuer: issuer.to_owned(), subject: subject.to_owned() }
    }

    /// Bytes for hashing. Every field is preceded by its length and the whole by its kind, so that no two keys share
    /// their bytes, wherever an attacker puts the boundary between issuer and subject.
    #[must_use]
    pub fn canonical_bytes(&self) -> Vec<u8> {
        match self {
            Self::DirectorySid { directory, security_id } => {
                joined(&[b"directory-sid", directory.as_str().as_bytes(), security_id.as_str().as_bytes()])
            }
            Self::DirectoryObject { directory, object_id } => joined(&[
                b"directory-object",
                directory.as_str().as_bytes(),
                object_id.to_string().as_bytes(),
            ]),
            Self::EntraObject { tenant, object } => {
                joined(&[b"entra-object", tenant.to_string().as_bytes(), object.to_string().as_bytes()])
            }
            Self::Subject { connection, issuer, subject } => {
                joined(&[b"subject", connection.as_bytes(), issuer.as_bytes(), subject.as_bytes()])
            }
        }
    }
}

fn joined(fields: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for field in fields {
        bytes.extend((field.len() as u64).to_be_bytes());
        bytes.extend(*field);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::samples::{directories, policy};

    const ISSUER: &str = "https://id.example";

    fn claims(sid: Option<&str>, oid: Option<&str>) -> Claims {
        Claims {
            security_id: sid.map(|text| SecurityId::parse_text(text).unwrap()),
            object_id: oid.map(|text| ObjectId::parse_text(text).unwrap()),
            ..Claims::default()
        }
    }

    #[test]
    fn the_strongest_key_is_taken() {
        let (sid, oid) = (Some("S-1-5-21-1-2-3-1001"), Some("f81d4fae-7dec-11d0-a765-00a0c91e6bf6"));
        let other_domain = Some("S-1-5-21-9-9-9-1001");
        for (name, claims, listed, expected) in [
            ("sid", claims(sid, oid), vec!["corp"], "sid"),
            ("object id", claims(None, oid), vec!["corp"], "object"),
            ("object id of one of two directories", claims(None, oid), vec!["corp", "lab"], "subject"),
            ("sid of a directory not spoken for", claims(other_domain, None), vec!["corp"], "subject"),
            ("no directory", claims(sid, oid), vec![], "subject"),
            ("nothing", claims(None, None), vec!["corp"], "subject"),
        ] {
            let key = PrincipalKey::of(&claims, &policy(&listed), &directories(), ISSUER, "alice");
            let kind = match key {
                PrincipalKey::DirectorySid { .. } => "sid",
                PrincipalKey::DirectoryObject { .. } => "object",
                PrincipalKey::EntraObject { .. } => "entra",
                PrincipalKey::Subject { .. } => "subject",
            };
            assert_eq!(kind, expected, "{name}");
        }
    }

    /// AAD: neither the SID that the tenant has, nor the connection, nor the `sub` of an application is part of it.
    #[test]
    fn of_a_tenant_it_is_the_tenant_and_its_object_whatever_else_there_is() {
        let id = |text: &str| ObjectId::parse_text(text).unwrap();
        let (tenant, other) =
            (id("11111111-2222-4333-8444-555555555555"), id("11111111-2222-4333-8444-555555555556"));
        let (object, another) =
            (id("f81d4fae-7dec-11d0-a765-00a0c91e6bf6"), id("f81d4fae-7dec-11d0-a765-00a0c91e6bf7"));
        let key = |tenant, object, sid: Option<&str>, subject: &str| {
            let entra = Some(EntraIdentity { tenant, object, guest: false });
            let claims = Claims { entra, ..claims(sid, None) };
            PrincipalKey::of(&claims, &policy(&["corp"]), &directories(), ISSUER, subject).canonical_bytes()
        };
        let sid = Some("S-1-5-21-1-2-3-1001");
        let own = key(tenant, object, sid, "alice");
        assert_eq!(own, key(tenant, object, None, "of another application"));
        assert_ne!(own, key(other, object, sid, "alice"));
        assert_ne!(own, key(tenant, another, sid, "alice"));
    }

    #[test]
    fn boundaries_cannot_be_moved() {
        let key = |issuer: &str, subject: &str| {
            PrincipalKey::of(&Claims::default(), &policy(&[]), &[], issuer, subject).canonical_bytes()
        };
        assert_eq!(key("https://a", "b"), key("https://a", "b"));
        assert_ne!(key("https://a", "b"), key("https://ab", ""));
        assert_ne!(key("https://a", "b"), key("https://a", "B"));
    }

    #[test]
    fn kinds_of_key_never_meet() {
        let directory = DirectoryName::parse("corp").unwrap();
        let sid = SecurityId::parse_text("S-1-5-21-1-2-3-4").unwrap();
        let oid = ObjectId::parse_text("f81d4fae-7dec-11d0-a765-00a0c91e6bf6").unwrap();
        let one = PrincipalKey::DirectorySid { directory: directory.clone(), security_id: sid };
        let two = PrincipalKey::DirectoryObject { directory, object_id: oid };
        assert_ne!(one.canonical_bytes(), two.canonical_bytes());
    }
}
