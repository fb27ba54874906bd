//! Whether people who are signed in still stand (AD-21): their accounts are looked up by their SIDs, many at once.

use std::collections::HashMap;
use std::sync::Arc;

use vestibule_policies::code::Code;
use vestibule_policies::security_id::SecurityId;
use vestibule_policies::time::Timestamp;

use super::account::Account;
use super::connection::{Query, Scope};
use super::domain::Domain;
use super::name::{PEOPLE, by_security_ids};
use crate::error::SignInError;
use crate::step::{Standing, UpstreamSession};

/// People who are looked up at once.
const BATCH: usize = 100;
const ATTRIBUTES: [&str; 4] = ["objectSid", "userAccountControl", "accountExpires", "pwdLastSet"];

/// The standing of each, in their order. Who cannot be looked up keeps what they have: a directory that is away signs nobody out.
///
/// A domain that is switched off is asked as well: it gives nobody new, but who is in stays (AD-07), and whose account is disabled
/// after that has to go (AD-21).
pub(super) async fn recheck(
    domains: &[Arc<Domain>],
    people: &[&UpstreamSession],
    now: Timestamp,
) -> Vec<Standing> {
    let ids: Vec<_> = people.iter().map(|one| SecurityId::parse_text(&one.subject).ok()).collect();
    let mut standings = vec![Standing::Unknown; people.len()];
    for domain in domains {
        let here: Vec<_> = ids
            .iter()
            .enumerate()
            .filter_map(|(at, id)| id.as_ref().map(|id| (at, id)))
            .filter(|(_, id)| id.domain().as_ref() == Some(&domain.sid))
            .collect();
        for batch in here.chunks(BATCH) {
            match accounts(domain, batch).await {
                Ok(accounts) => {
                    for (at, id) in batch {
                        let known = people.get(*at).and_then(|one| one.account);
                        let standing = standing(accounts.get(*id), known.map(|mark| mark.password_set), now);
                        if let Some(place) = standings.get_mut(*at) {
                            *place = standing;
                        }
                    }
                }
                Err(error) => tracing::warn!(directory.fault = %error, "people could not be looked up"),
            }
        }
    }
    standings
}

/// The accounts that the domain has of these people. What is no account, or is another's, spoils the whole answer: nobody is signed
/// out for what a directory garbled.
async fn accounts(
    domain: &Arc<Domain>,
    batch: &[(usize, &SecurityId)],
) -> Result<HashMap<SecurityId, Account>, SignInError> {
    let naming = domain.naming().await?;
    let filter = by_security_ids(batch.iter().map(|(_, id)| *id));
    let query = Query {
        base: &naming.base,
        scope: Scope::Subtree,
        filter: &filter,
        attributes: &ATTRIBUTES,
        most: i32::try_from(BATCH).unwrap_or(i32::MAX),
    };
    let entries = domain.entries(&query).await?;
    if entries.len() < batch.len() {
        check_sight(domain, &naming.base).await?;
    }
    entries.iter().map(|entry| Ok((entry.security_id()?, Account::of(entry)?))).collect()
}

/// An account of ours that may read nobody any more finds nobody: that is no word on anybody.
async fn check_sight(domain: &Arc<Domain>, base: &str) -> Result<(), SignInError> {
    let filter = format!("(&{PEOPLE})");
    let query = Query { base, scope: Scope::Subtree, filter: &filter, attributes: &["objectSid"], most: 1 };
    let (people, answer) = domain.search(&query).await?;
    if people.is_empty() {
        let reason = format!("the account {} sees nobody: result {}", domain.config.bind_user, answer.code);
        return Err(SignInError::new(Code::AdService, reason));
    }
    Ok(())
}

fn standing(account: Option<&Account>, password_set: Option<i64>, now: Timestamp) -> Standing {
    let Some(account) = account else { return Standing::Ended("deleted") };
    if let Err(bar) = account.check(now) {
        return Standing::Ended(bar.name());
    }
    // A controller that is behind still has the older time: only a newer one, or none because it has to be changed, is a change.
    // Who may not read it says nothing about it.
    let is_changed = |(known, set): (i64, i64)| set > known || (set == 0 && known != 0);
    let both = password_set.zip(account.password_set);
    if both.is_some_and(is_changed) { Standing::Ended("password-changed") } else { Standing::Stands }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_stands() {
        let now = Timestamp::from_seconds(1_700_000_000);
        let account = |control, password_set| Account::sample(control, password_set);
        for (name, found, known, expected) in [
            ("as before", Some(account(512, 7)), Some(7), Standing::Stands),
            ("changed since", Some(account(512, 8)), Some(7), Standing::Ended("password-changed")),
            ("a controller that is behind", Some(account(512, 6)), Some(7), Standing::Stands),
            ("has to be changed", Some(account(512, 0)), Some(7), Standing::Ended("password-changed")),
            ("never set", Some(account(512, 0)), Some(0), Standing::Stands),
            ("of an older version", Some(account(512, 8)), None, Standing::Stands),
            ("disabled", Some(account(514, 7)), Some(7), Standing::Ended("disabled")),
            ("gone", None, Some(7), Standing::Ended("deleted")),
        ] {
            assert_eq!(standing(found.as_ref(), known, now), expected, "{name}");
        }
    }
}
