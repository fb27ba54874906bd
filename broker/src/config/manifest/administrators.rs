//! `[[administrators]]` and `[[administrator_groups]]`: who runs the organisation by way of a connection (AAD-13, GRP-01). People of the
//! built-in identity are invited, and in no manifest.

use std::collections::BTreeSet;
use std::fmt::Display;

use vestibule_policies::permission::{Access, Permission};
use vestibule_policies::{ConnectionName, GroupId, ObjectId};

use super::super::{
    fault::FaultCode,
    reader::{Item, Reported, Table, Unique, Usual},
};

/// Who runs the organisation by way of a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<T> {
    /// The connection.
    pub connection: ConnectionName,
    /// Whom it brings.
    pub who: T,
    /// What they may do.
    pub access: Access,
    /// The line of the section's head.
    pub line: usize,
}

/// Somebody, as the object in the connection's tenant.
pub type AdministratorManifest = Entry<ObjectId>;
/// A group in its stable form, and everybody in it.
pub type GroupManifest = Entry<GroupId>;

pub(super) fn people(root: &mut Table<'_>) -> Result<Option<Vec<AdministratorManifest>>, Reported> {
    let mut seen = Unique::new();
    root.sections("administrators", |table| {
        if let Err(reported) = table.not_built(&[("email", Usual::Empty), ("name_id", Usual::Empty)]) {
            table.skip_rest();
            return Err(reported);
        }
        entry(table, &mut seen, "object_id", |item| item.parse(ObjectId::parse_text))
    })
}

pub(super) fn groups(root: &mut Table<'_>) -> Result<Option<Vec<GroupManifest>>, Reported> {
    let mut seen = Unique::new();
    root.sections("administrator_groups", |table| {
        entry(table, &mut seen, "group", |item| item.parse(GroupId::parse))
    })
}

/// One of them; a connection names nobody twice.
fn entry<T: Display>(
    table: &mut Table<'_>,
    seen: &mut Unique<String>,
    key: &'static str,
    read: impl FnOnce(&Item<'_>) -> Result<T, Reported>,
) -> Result<Entry<T>, Reported> {
    let connection = table.value("connection", |item| item.parse(ConnectionName::parse));
    let who = table.value(key, |item| {
        let who = read(item)?;
        if let Ok(connection) = &connection {
            seen.take(format!("{who} of {connection}"), item)?;
        }
        Ok(who)
    });
    let access = table.value("access", access);
    let line = table.own_place().line;
    Ok(Entry { connection: connection?, who: who?, access: access?, line })
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
