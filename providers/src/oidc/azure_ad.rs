//! Whom a verified `id_token` of an Entra tenant names, and what Graph says of them (annex c.7).
//!
//! The token is believed for two things alone: the tenant and the object in it. What else it says of a person (`email`,
//! `preferred_username`, `upn`) may be unverified and changes hands, and an address that it names for groups (`_claim_sources`,
//! OIDC-RP-24) is never called.

use serde_json::Value;
use vestibule_policies::claims::EntraIdentity;
use vestibule_policies::code::Code;
use vestibule_policies::object_id::ObjectId;
use vestibule_policies::raw::{RawAttributes, Source};
use vestibule_policies::time::Timestamp;

use crate::error::SignInError;

use super::Client;
use super::discovery::Metadata;
use super::graph::Graph;
use super::verify::IdToken;

pub(super) async fn attributes(
    graph: &Graph,
    caller: (&Client, &Metadata),
    token: &IdToken,
    now: Timestamp,
) -> Result<RawAttributes, SignInError> {
    let EntraIdentity { tenant, object, .. } = identity(token, graph.tenant())?;
    let mut attributes = graph.person(caller, object, now).await?;
    attributes.push(EntraIdentity::TENANT, vec![tenant.to_string()], Source::IdToken);
    attributes.push(EntraIdentity::OBJECT, vec![object.to_string()], Source::IdToken);
    Ok(attributes)
}

/// The issuer names one tenant already; a token that says another in `tid` is no token for us all the same (OIDC-RP-38).
fn identity(token: &IdToken, tenant: ObjectId) -> Result<EntraIdentity, SignInError> {
    let id = |name: &str| {
        let text = token.claims.get(name).and_then(Value::as_str);
        text.and_then(|text| ObjectId::parse_text(text).ok())
    };
    match id("tid") {
        Some(theirs) if theirs == tenant => {}
        Some(theirs) => {
            let reason = format!("the id_token is of the tenant {theirs}, not of {tenant}");
            return Err(SignInError::new(Code::AadTenant, reason));
        }
        None => return Err(SignInError::new(Code::AadTenant, "the id_token names no tenant (tid)")),
    }
    let object = id("oid").ok_or_else(|| {
        SignInError::new(
            Code::OidcSubject,
            "the id_token has no usable oid: nothing else stands for a person",
        )
    })?;
    // Graph knows whether they are a guest.
    Ok(EntraIdentity { tenant, object, guest: false })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const TENANT: &str = "11111111-2222-4333-8444-555555555555";
    const OTHER: &str = "11111111-2222-4333-8444-555555555556";
    const OBJECT: &str = "f81d4fae-7dec-41d0-a765-00a0c91e6bf6";

    /// Shape from docs.
    #[test]
    fn a_token_names_its_own_tenant_and_an_object_of_it() {
        let tenant = ObjectId::parse_text(TENANT).unwrap();
        for (name, claims, code) in [
            ("good", json!({ "tid": TENANT, "oid": OBJECT }), None),
            ("another tenant", json!({ "tid": OTHER, "oid": OBJECT }), Some(Code::AadTenant)),
            ("no tenant", json!({ "oid": OBJECT }), Some(Code::AadTenant)),
            ("a tenant by name", json!({ "tid": "corp.example", "oid": OBJECT }), Some(Code::AadTenant)),
            ("no object", json!({ "tid": TENANT }), Some(Code::OidcSubject)),
            (
                "an address for an object",
                json!({ "tid": TENANT, "oid": "a@b.example" }),
                Some(Code::OidcSubject),
            ),
        ] {
            let token = IdToken::of_claims(claims.as_object().unwrap().clone());
            assert_eq!(identity(&token, tenant).err().map(|error| error.code), code, "{name}");
        }
    }
}
