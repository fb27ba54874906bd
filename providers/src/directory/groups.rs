//! Whose member somebody is: `tokenGroups`, which holds every group, nested ones and the primary one with them, in one read (annex
//! c.4; LDAP-15), and the names of those groups, which are for display and never a reason to fail.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use vestibule_policies::code::Code;
use vestibule_policies::security_id::SecurityId;

use super::connection::{Query, Scope};
use super::domain::Domain;
use super::entry::Entry;
use super::kin::Kin;
use super::name::by_security_ids;
use super::naming::Naming;
use crate::error::SignInError;

/// Characters of a name that is kept; Active Directory has at most 256.
const LONGEST_NAME: usize = 256;
/// Groups whose names are asked for at once.
const BATCH: usize = 200;
/// How long a sign-in goes on asking for names. What is not known by then is shown as a SID, and asked for the next time.
const PATIENCE: Duration = Duration::from_secs(3);

/// SIDs and names of the groups of a person: those of their own domain and of its forest. Built-in ones are left out.
pub(super) async fn of(
    domain: &Arc<Domain>,
    naming: &Naming,
    (entry, kin): (&Entry, &Kin),
) -> Result<Vec<(String, String)>, SignInError> {
    let mut ids = ids(entry)?;
    let all = ids.len();
    ids.retain(|id| kin.admits_group(id));
    if ids.len() < all {
        let (domain, dropped) = (&domain.config.name, all - ids.len());
        tracing::warn!(
            directory.domain = domain,
            directory.groups = dropped,
            "groups of other forests were dropped"
        );
    }
    let unknown: Vec<_> = ids.iter().filter(|id| domain.group_names.get(*id).is_none()).collect();
    let start = Instant::now();
    for batch in unknown.chunks(BATCH) {
        if start.elapsed() > PATIENCE {
            break;
        }
        if let Err(error) = learn(domain, naming, batch).await {
            tracing::warn!(directory.fault = %error, "the names of groups could not be read");
            break;
        }
    }
    let named = ids.into_iter().map(|id| {
        let name = domain.group_names.get(&id).unwrap_or_else(|| id.as_str().to_owned());
        (id.as_str().to_owned(), name)
    });
    Ok(named.collect())
}

/// The SIDs. Everybody has a primary group, so that none at all means that they were not allowed to be read.
fn ids(entry: &Entry) -> Result<Vec<SecurityId>, SignInError> {
    let fault = |reason: String| SignInError::new(Code::AdAnswer, reason);
    let values = entry.values("tokenGroups");
    if values.is_empty() {
        return Err(fault(format!("the groups of {} cannot be read (tokenGroups)", entry.dn)));
    }
    let ids = values.iter().map(|value| {
        SecurityId::from_bytes(value).map_err(|error| fault(format!("tokenGroups of {}: {error}", entry.dn)))
    });
    // Built-in groups are each machine's own, and the same for everybody.
    ids.filter(|id| id.as_ref().map_or(true, SecurityId::is_account)).collect()
}

async fn learn(domain: &Arc<Domain>, naming: &Naming, ids: &[&SecurityId]) -> Result<(), SignInError> {
    let filter = by_security_ids(ids.iter().copied());
    let query = Query {
        base: &naming.base,
        scope: Scope::Subtree,
        filter: &filter,
        attributes: &["objectSid", "sAMAccountName"],
        most: i32::try_from(BATCH).unwrap_or(i32::MAX),
    };
    for entry in domain.entries(&query).await? {
        if let (Ok(id), Ok(Some(name))) = (entry.security_id(), entry.text("sAMAccountName")) {
            domain.group_names.insert(id, name.chars().take(LONGEST_NAME).collect());
        }
    }
    // A group of another domain has no name here: nobody asks again for an hour.
    for id in ids.iter().filter(|id| domain.group_names.get(**id).is_none()) {
        domain.group_names.insert((*id).clone(), id.as_str().to_owned());
    }
    Ok(())
}
