//! What comes next for somebody whom a provider proved. This alone decides it; steps never call one another.

use vestibule_policies::claims::{Claims, PrincipalKey};
use vestibule_policies::edition::KindName;
use vestibule_policies::mapping::{ClaimFault, map};
use vestibule_policies::organization::ConnectionPolicy;
use vestibule_policies::time::Timestamp;
use vestibule_providers::SignInError;
use vestibule_providers::saml::fault::SamlFault;
use vestibule_providers::step::{Proof, UpstreamSession};
use vestibule_providers::verified::Verified;

use crate::deployment::Tenant;

use super::admission::Proven;
use super::resolve::resolve;

/// What comes next.
#[derive(Debug)]
pub enum Next {
    /// Nothing more is asked of the person.
    Finish(Proven),
    /// A one-time code, or the registration of a device for it (TOK-01, TOK-05).
    SecondStep(Proven),
}

/// Turns what was proved into claims, and says what comes next.
///
/// # Errors
/// The claim that is missing, malformed or out of scope (CLM-04, CLM-05), or what `resolve_from_ad` came to.
pub async fn next(
    tenant: &Tenant,
    connection: &ConnectionPolicy,
    proof: &Verified<Proof>,
    now: Timestamp,
) -> Result<Next, SignInError> {
    let Proof { attributes, upstream, hint } = proof.value();
    let attributes = resolve(tenant, connection, attributes, now).await?;
    let mapped =
        map(&attributes, connection, &tenant.organization.directories).map_err(|fault| refusal(&fault))?;
    let directories = &tenant.organization.directories;
    let (issuer, subject) = (&upstream.issuer, &upstream.subject);
    let principal = PrincipalKey::of(&mapped.claims, connection, directories, issuer, subject);
    check_subject(&principal, upstream)?;
    let proven = Proven {
        connection: connection.clone(),
        principal,
        claims: mapped.claims,
        upstream: upstream.clone(),
        hint: hint.clone(),
        evidence: proof.evidence().clone(),
        person: None,
        dropped_groups: mapped.dropped_groups,
    };
    Ok(match connection.kind {
        KindName::ActiveDirectoryToken => Next::SecondStep(proven),
        KindName::ActiveDirectory
        | KindName::AzureAd
        | KindName::Gateway
        | KindName::Okta
        | KindName::Saml
        | KindName::Oidc
        | KindName::Local => Next::Finish(proven),
    })
}

/// The claims alone, to be shown: no way leads from them to a session.
///
/// # Errors
/// As [`next`].
pub async fn claims(
    tenant: &Tenant,
    connection: &ConnectionPolicy,
    proof: &Verified<Proof>,
    now: Timestamp,
) -> Result<Claims, SignInError> {
    match next(tenant, connection, proof, now).await? {
        Next::Finish(proven) | Next::SecondStep(proven) => Ok(proven.into_claims()),
    }
}

/// Whom no directory's SID or object identifier tells apart is told apart by the provider's subject, which then has to stay the
/// same and be one person's own (CLM-15): an empty one would make everybody the same person, a transient one somebody new each
/// time, and an e-mail address changes hands.
fn check_subject(principal: &PrincipalKey, upstream: &UpstreamSession) -> Result<(), SignInError> {
    let PrincipalKey::Subject { subject, .. } = principal else { return Ok(()) };
    let what = match &upstream.name_id {
        _ if subject.is_empty() => "sends none",
        Some(name) if name.is_transient() => "sends a transient one",
        Some(name) if name.is_email_address() => "sends an e-mail address",
        _ => return Ok(()),
    };
    let reason =
        "no SID or object identifier of a directory tells this person apart, so a lasting NameID has to";
    Err(SamlFault::SubjectMissing.because(format!("{reason}; the provider {what}")))
}

fn refusal(fault: &ClaimFault) -> SignInError {
    SignInError::new(fault.code(), fault.to_string()).with_claim(fault.claim)
}

#[cfg(test)]
mod tests {
    use vestibule_policies::ids::ConnectionId;
    use vestibule_providers::step::NameId;

    use super::*;

    const FORMAT: &str = "urn:oasis:names:tc:SAML";

    fn upstream(subject: &str, format: Option<&str>) -> UpstreamSession {
        let name_id = format.map(|format| NameId {
            value: subject.to_owned(),
            format: Some(format!("{FORMAT}:{format}")),
            name_qualifier: None,
            sp_name_qualifier: None,
        });
        UpstreamSession {
            issuer: "https://idp.example/idp".to_owned(),
            subject: subject.to_owned(),
            session_id: None,
            name_id,
            ends_at: None,
            authenticated_at: Timestamp::from_seconds(1),
            methods: Vec::new(),
            context: None,
            account: None,
        }
    }

    #[test]
    fn only_a_lasting_name_of_ones_own_stands_for_a_person() {
        for (subject, format, stands) in [
            ("alice", None, true),
            ("", None, false),
            ("alice", Some("2.0:nameid-format:persistent"), true),
            ("alice", Some("1.1:nameid-format:unspecified"), true),
            ("_9f2c", Some("2.0:nameid-format:transient"), false),
            ("a@corp.example", Some("1.1:nameid-format:emailAddress"), false),
        ] {
            let (connection, issuer) =
                (ConnectionId::from_bytes([7; 8]), "https://idp.example/idp".to_owned());
            let principal = PrincipalKey::Subject { connection, issuer, subject: subject.to_owned() };
            let checked = check_subject(&principal, &upstream(subject, format));
            assert_eq!(checked.is_ok(), stands, "{subject} {format:?}");
        }
    }

    #[test]
    fn who_has_an_identifier_of_a_directory_needs_no_name() {
        let directory = vestibule_policies::DirectoryName::parse("corp").unwrap();
        let security_id = vestibule_policies::SecurityId::parse_text("S-1-5-21-1-2-3-1103").unwrap();
        let principal = PrincipalKey::DirectorySid { directory, security_id };
        assert!(check_subject(&principal, &upstream("", None)).is_ok());
    }
}
