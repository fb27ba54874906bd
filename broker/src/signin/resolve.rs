//! `resolve_from_ad`: a provider that brings a UPN or a SID only, and a directory that knows the rest (annex c.3, CLM-11).
//!
//! What the provider does bring has to be what the directory has. Which of the two were wrong nobody could say, so a disagreement is
//! refused.

use vestibule_policies::claims::ClaimName;
use vestibule_policies::code::Code;
use vestibule_policies::object_id::ObjectId;
use vestibule_policies::organization::ConnectionPolicy;
use vestibule_policies::raw::{Attribute, RawAttributes};
use vestibule_policies::security_id::SecurityId;
use vestibule_policies::time::Timestamp;
use vestibule_policies::{ClaimNames, ConnectionName};
use vestibule_providers::SignInError;
use vestibule_providers::directory::Key;

use crate::deployment::Tenant;

/// The attributes of somebody whom a provider proved, with what the directory of the connection has of them.
///
/// # Errors
/// `AD-PERSON` for nobody, `AD-DISAGREES`, or why the directory cannot be asked.
pub(super) async fn resolve(
    tenant: &Tenant,
    connection: &ConnectionPolicy,
    proved: &RawAttributes,
    now: Timestamp,
) -> Result<RawAttributes, SignInError> {
    let Some(name) = &connection.resolve_from else { return Ok(proved.clone()) };
    let key = key(connection, proved)?;
    let known = ask(tenant, name, &key, now).await?;
    let known = known.ok_or_else(|| {
        SignInError::new(Code::AdPerson, format!("the directory of {name} has nobody for {}", shown(&key)))
    })?;
    agree(connection, proved, &known)?;
    let mut whole = proved.clone();
    let (theirs, ours) = (ClaimNames::default(), &connection.names);
    let names = [
        (&theirs.sid, &ours.sid),
        (&theirs.upn, &ours.upn),
        (&theirs.oid, &ours.oid),
        (&theirs.email, &ours.email),
        (&theirs.groups, &ours.groups),
        (&theirs.display_name, &ours.display_name),
        (&theirs.given_name, &ours.given_name),
        (&theirs.family_name, &ours.family_name),
    ];
    for (from, to) in names {
        if let Some(found) = known.values(from).filter(|_| whole.values(to).is_none()) {
            whole.push(to.clone(), found.values.clone(), found.source);
        }
    }
    if let Some(labels) = known.values(RawAttributes::GROUP_NAMES) {
        whole.push(RawAttributes::GROUP_NAMES, labels.values.clone(), labels.source);
    }
    Ok(whole)
}

async fn ask(
    tenant: &Tenant,
    name: &ConnectionName,
    key: &Key,
    now: Timestamp,
) -> Result<Option<RawAttributes>, SignInError> {
    let missing =
        || SignInError::new(Code::AdDomain, format!("there is no connection {name} to a directory"));
    let connection = tenant.organization.connection_named(name).ok_or_else(missing)?;
    let provider = tenant.provider(connection.id).ok_or_else(missing)?;
    provider.directory().ok_or_else(missing)?.resolve(key, now).await
}

/// The SID where there is one: a UPN changes hands.
fn key(connection: &ConnectionPolicy, proved: &RawAttributes) -> Result<Key, SignInError> {
    if let Some(text) = one(proved, &connection.names.sid) {
        let id = SecurityId::decode(text).map_err(|error| {
            SignInError::new(Code::ClaimSid, error.to_string()).with_claim(ClaimName::SecurityId)
        })?;
        return Ok(Key::SecurityId(id));
    }
    let Some(text) = one(proved, &connection.names.upn) else {
        let reason = "the provider brings neither a SID nor a UPN to look the person up by";
        return Err(SignInError::new(Code::ClaimUpn, reason).with_claim(ClaimName::Upn));
    };
    Ok(Key::Principal(text.trim().to_owned()))
}

fn shown(key: &Key) -> &str {
    match key {
        Key::Principal(name) => name,
        Key::SecurityId(id) => id.as_str(),
    }
}

fn one<'a>(attributes: &'a RawAttributes, name: &str) -> Option<&'a str> {
    match attributes.values(name).map(|found| found.values.as_slice()) {
        Some([value]) => Some(value),
        _ => None,
    }
}

/// Each claim that both have is the same. What cannot be read is left to the mapping, which refuses it by its name.
fn agree(
    connection: &ConnectionPolicy,
    proved: &RawAttributes,
    known: &RawAttributes,
) -> Result<(), SignInError> {
    let theirs = ClaimNames::default();
    for claim in ClaimName::ALL {
        let (Some(said), Some(has)) =
            (proved.values(connection.names.of(claim)), known.values(theirs.of(claim)))
        else {
            continue;
        };
        if !is_same(claim, said, has) {
            let (name, said, has) = (claim.outside(), said.values.join(" "), has.values.join(" "));
            let reason = format!("{name} is {said} at the provider and {has} in the directory");
            return Err(SignInError::new(Code::AdDisagrees, reason).with_claim(claim));
        }
    }
    Ok(())
}

fn is_same(claim: ClaimName, said: &Attribute, has: &Attribute) -> bool {
    let ([said], [has]) = (said.values.as_slice(), has.values.as_slice()) else { return false };
    match claim {
        ClaimName::SecurityId => SecurityId::decode(said).ok() == SecurityId::decode(has).ok(),
        ClaimName::ObjectId => ObjectId::decode(said).ok() == ObjectId::decode(has).ok(),
        ClaimName::Upn | ClaimName::Email => said.trim().to_lowercase() == has.trim().to_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use vestibule_policies::raw::Source;

    use super::*;

    const SID: &str = "S-1-5-21-1-2-3-1104";

    fn attributes(all: &[(&str, &str)], source: Source) -> RawAttributes {
        let all = all.iter().map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()]));
        RawAttributes::gathered(all, source)
    }

    fn connection() -> ConnectionPolicy {
        let names = ClaimNames { email: "Mail".to_owned(), ..ClaimNames::default() };
        serde_json::from_value(serde_json::json!({
            "id": "0707070707070707", "name": "any", "kind": "saml", "authority": "x", "directories": ["corp"],
            "any_directory": false, "required": [], "names": names,
        }))
        .unwrap()
    }

    #[test]
    fn what_both_have_is_the_same_in_whatever_spelling() {
        let known = attributes(
            &[("cip_sid", SID), ("cip_upn", "alice@corp.example"), ("cip_email", "alice@corp.example")],
            Source::Directory,
        );
        for (said, agrees) in [
            (&[("cip_upn", "ALICE@corp.example")][..], true),
            (&[("cip_upn", "bob@corp.example")], false),
            (&[("cip_upn", "alice@corp.example"), ("cip_sid", SID)], true),
            (&[("cip_upn", "alice@corp.example"), ("cip_sid", "S-1-5-21-1-2-3-1105")], false),
            (&[("cip_upn", "alice@corp.example"), ("Mail", "Alice@corp.example")], true),
            (&[("cip_upn", "alice@corp.example"), ("Mail", "alice@elsewhere.example")], false),
            (&[("cip_upn", "alice@corp.example"), ("cip_email", "not the name here")], true),
        ] {
            let proved = attributes(said, Source::Assertion);
            assert_eq!(agree(&connection(), &proved, &known).is_ok(), agrees, "{said:?}");
        }
    }

    #[test]
    fn somebody_is_looked_up_by_their_sid_before_their_name() {
        let key = |said: &[(&str, &str)]| key(&connection(), &attributes(said, Source::Assertion));
        let id = SecurityId::parse_text(SID).unwrap();
        assert_eq!(key(&[("cip_sid", SID), ("cip_upn", "a@b.example")]), Ok(Key::SecurityId(id)));
        assert_eq!(key(&[("cip_upn", "a@b.example")]), Ok(Key::Principal("a@b.example".to_owned())));
        assert_eq!(key(&[("cip_sid", "junk"), ("cip_upn", "a@b.example")]).unwrap_err().code, Code::ClaimSid);
        assert_eq!(key(&[("Mail", "a@b.example")]).unwrap_err().code, Code::ClaimUpn);
    }
}
