//! `[[administrators]]` and `[[administrator_groups]]`: who runs the organisation by way of a connection (AAD-13, GRP-01). People of the
//! built-in identity are invited, and in no manifest.

use std::collections::BTreeSet;

use vestibule_policies::permission::{Access, Permission};
use vestibule_policies::{ConnectionName, GroupId, ObjectId};

use super::super::{
    fault::FaultCode,
    reader::{Item, Reported, Table, Unique, Usual},
};

/// Somebody whom a connection brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdministratorManifest {
    /// The connection.
    pub connection: ConnectionName,
    /// The object in its tenant.
    pub object: ObjectId,
    /// What they may do.
    pub access: Access,
    /// The line of the section's head.
    pub line: usize,
}

/// A group whose members run the organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupManifest {
    /// The connection.
    pub connection: ConnectionName,
    /// The group, in its stable form.
    pub group: GroupId,
    /// What its members may do.
    pub access: Access,
    /// The line of the section's head.
    pub line: usize,
}

pub(super) fn people(root: &mut Table<'_>) -> Result<Option<Vec<AdministratorManifest>>, Reported> {
    let mut seen = Unique::new();
    root.sections("administrators", |table| {
        if let Err(reported) = table.not_built(&[("email", Usual::Empty), ("name_id", Usual::Empty)]) {
            table.skip_rest();
            return Err(reported);
        }
        let connection = table.value("connection", |item| item.parse(ConnectionName::parse));
        let object = table.value("object_id", |item| {
            let object = item.parse(ObjectId::parse_text)?;
            if let Ok(connection) = &connection {
                seen.take(format!("{object} of {connection}"), item)?;
            }
            Ok(object)
        });
        let access = table.value("access", access);
        let line = table.own_place().line;
        Ok(AdministratorManifest { connection: connection?, object: object?, access: access?, line })
    })
}

pub(super) fn groups(root: &mut Table<'_>) -> Result<Option<Vec<GroupManifest>>, Reported> {
    let mut seen = Unique::new();
    root.sections("administrator_groups", |table| {
        let connection = table.value("connection", |item| item.parse(ConnectionName::parse));
        let group = table.value("group", |item| {
            let group = item.parse(GroupId::parse)?;
            if let Ok(connection) = &connection {
                seen.take(format!("{group} of {connection}"), item)?;
            }
            Ok(group)
        });
        let access = table.value("access", access);
        let line = table.own_place().line;
        Ok(GroupManifest { connection: connection?, group: group?, access: access?, line })
    })
}

/// `"full"`, or a list of permissions.
fn access(item: &Item<'_>) -> Result<Access, Reported> {
    match item.as_text() {
        Some("full") => Ok(Access::Full),
        Some(_) => Err(item.refuse(FaultCode::Invalid, "expected \"full\" or a list of permissions")),
        None => {
            let unknown = "no permission of the console; docs/administrators.md has them all";
            let held = item.each(|one| one.parse(|text| Permission::parse(text).ok_or(unknown)))?;
            Ok(Access::Custom(held.into_iter().collect::<BTreeSet<_>>()))
        }
    }
}
