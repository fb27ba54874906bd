//! From attributes to claims (CLM-01 to CLM-05): decode each, hold each against the connection's scope, then demand
//! what is required.
//!
//! A claim that is there but malformed, sent twice or out of scope stops the sign-in even where it is not required:
//! to drop it silently would let a person in as somebody less, or somebody else, than the provider meant.

mod fault;
mod groups;
#[cfg(test)]
pub(crate) mod samples;

use serde::{Deserialize, Serialize};

use crate::{
    Attribute, ClaimName, Claims, ConnectionPolicy, Directory, Email, EntraIdentity, KindName, ObjectId,
    RawAttributes, Scope, SecurityId, Upn, text::displayable,
};

pub use fault::{ClaimFault, ClaimReason};

const MAX_DISPLAY_CHARACTERS: usize = 256;
/// OIDC Core §5.1.
const STANDARD_EMAIL: &str = "email";
const STANDARD_EMAIL_VERIFIED: &str = "email_verified";

/// Under which names a connection's claims arrive (CLM-02, CLM-03); case counts (CLM-10).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimNames {
    /// Default `cip_sid`.
    pub sid: String,
    /// Default `cip_upn`.
    pub upn: String,
    /// Default `cip_oid`.
    pub oid: String,
    /// Default `cip_email`.
    pub email: String,
    /// Default `groups`.
    pub groups: String,
    /// Default `name`.
    pub display_name: String,
    /// Default `given_name`.
    pub given_name: String,
    /// Default `family_name`.
    pub family_name: String,
}

/// The outcome of a mapping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapped {
    /// What is known about the person.
    pub claims: Claims,
    /// Groups that were left out, to be audited as `CLAIM-SCOPE`; at most 256 characters each. When more than 5,000
    /// groups arrived none is kept, and one sentence stands here instead.
    pub dropped_groups: Vec<String>,
}

/// Maps verified attributes to claims.
///
/// # Errors
/// [`ClaimFault`] names the claim, the attribute that was read and the reason.
pub fn map(
    raw: &RawAttributes,
    policy: &ConnectionPolicy,
    directories: &[Directory],
) -> Result<Mapped, ClaimFault> {
    let scope = Scope::of(policy, directories);
    let mut reader = Reader { raw, policy, claims: Claims::default() };
    reader.decode()?;
    reader.profile();
    within_scope(&reader.claims, policy, &scope)?;
    let grouped = groups::map(raw, policy, &scope);
    if !grouped.kept.is_empty() {
        reader.note("groups", groups::groups_of(raw, policy));
    }
    let mut claims = reader.claims;
    (claims.groups, claims.group_names) = grouped.kept.into_iter().unzip();
    match policy.required.iter().find(|name| !claims.has(**name)) {
        Some(missing) => Err(fault(policy, *missing, ClaimReason::Missing)),
        None => Ok(Mapped { claims, dropped_groups: grouped.dropped }),
    }
}

struct Reader<'a> {
    raw: &'a RawAttributes,
    policy: &'a ConnectionPolicy,
    claims: Claims,
}

impl<'a> Reader<'a> {
    fn decode(&mut self) -> Result<(), ClaimFault> {
        let names = &self.policy.names;
        self.claims.security_id = self.read(ClaimName::SecurityId, &names.sid, SecurityId::decode)?;
        self.claims.upn = self.read(ClaimName::Upn, &names.upn, |text| Upn::parse(text.trim()))?;
        self.claims.object_id = self.read(ClaimName::ObjectId, &names.oid, ObjectId::decode)?;
        if self.policy.kind == KindName::AzureAd {
            // Nothing else tells this person apart, so nobody is let in without.
            let attribute = EntraIdentity::OBJECT.to_owned();
            let missing = ClaimFault { claim: ClaimName::ObjectId, attribute, reason: ClaimReason::Missing };
            self.claims.entra = Some(EntraIdentity::of(self.raw).ok_or(missing)?);
        }
        if let Some(name) = self.email_name() {
            self.claims.email = self.read(ClaimName::Email, name, |text| Email::parse(text.trim()))?;
        }
        Ok(())
    }

    /// The attribute from which the e-mail address is read. Okta's may be the standard one (AMB-38). Wherever the
    /// standard one is read, an address that the provider calls unverified is nobody's (OIDC Core §5.7):
    /// anyone may have typed it.
    fn email_name(&self) -> Option<&'a str> {
        let configured = self.policy.names.email.as_str();
        let name = match self.policy.kind {
            KindName::Okta if self.raw.values(configured).is_none() => STANDARD_EMAIL,
            KindName::Okta
            | KindName::Oidc
            | KindName::AzureAd
            | KindName::Gateway
            | KindName::Saml
            | KindName::ActiveDirectory
            | KindName::ActiveDirectoryToken
            | KindName::Local => configured,
        };
        let unverified = self.raw.values(STANDARD_EMAIL_VERIFIED).is_some_and(|attribute| {
            attribute.values.iter().any(|value| value.trim().eq_ignore_ascii_case("false"))
        });
        (name != STANDARD_EMAIL || !unverified).then_some(name)
    }

    fn read<T, E: std::fmt::Display>(
        &mut self,
        claim: ClaimName,
        attribute: &str,
        decode: impl Fn(&str) -> Result<T, E>,
    ) -> Result<Option<T>, ClaimFault> {
        let fault = |reason| ClaimFault { claim, attribute: attribute.to_owned(), reason };
        let Some(found) = self.raw.values(attribute) else {
            return Ok(None);
        };
        let [value] = found.values.as_slice() else {
            return Err(fault(ClaimReason::SeveralValues));
        };
        let value = decode(value).map_err(|error| fault(ClaimReason::Malformed(error.to_string())))?;
        self.note(claim.outside(), Some(found));
        Ok(Some(value))
    }

    /// Names for display decide nothing, so the first value is good enough and none is a fault.
    fn profile(&mut self) {
        let names = &self.policy.names;
        self.claims.display_name = self.display("name", &names.display_name);
        self.claims.given_name = self.display("given_name", &names.given_name);
        self.claims.family_name = self.display("family_name", &names.family_name);
    }

    fn display(&mut self, outside: &str, attribute: &str) -> Option<String> {
        let found = self.raw.values(attribute)?;
        let text = displayable(found.values.first()?, MAX_DISPLAY_CHARACTERS)?;
        self.note(outside, Some(found));
        Some(text)
    }

    fn note(&mut self, outside: &str, found: Option<&Attribute>) {
        if let Some(attribute) = found {
            let origin = format!("{}:{}", self.policy.name, attribute.source.as_str());
            self.claims.provenance.insert(outside.to_owned(), origin);
        }
    }
}

fn within_scope(claims: &Claims, policy: &ConnectionPolicy, scope: &Scope<'_>) -> Result<(), ClaimFault> {
    match outside_scope(claims, scope) {
        Some(claim) => Err(fault(policy, claim, ClaimReason::OutOfScope)),
        None => Ok(()),
    }
}

/// The first claim that the connection has no business asserting. An e-mail address has no scope, for nothing is
/// decided by it.
pub(crate) fn outside_scope(claims: &Claims, scope: &Scope<'_>) -> Option<ClaimName> {
    ClaimName::ALL.into_iter().find(|name| match name {
        ClaimName::SecurityId => {
            claims.security_id.as_ref().is_some_and(|sid| !scope.admits_security_id(sid))
        }
        ClaimName::Upn => claims.upn.as_ref().is_some_and(|upn| !scope.admits_upn(upn)),
        ClaimName::ObjectId => claims.object_id.is_some() && !scope.admits_object_id(),
        ClaimName::Email => false,
    })
}

fn fault(policy: &ConnectionPolicy, claim: ClaimName, reason: ClaimReason) -> ClaimFault {
    ClaimFault { claim, attribute: policy.names.of(claim).to_owned(), reason }
}

impl ClaimNames {
    /// The name under which this claim arrives.
    #[must_use]
    pub fn of(&self, claim: ClaimName) -> &str {
        match claim {
            ClaimName::SecurityId => &self.sid,
            ClaimName::Upn => &self.upn,
            ClaimName::ObjectId => &self.oid,
            ClaimName::Email => &self.email,
        }
    }
}

impl Default for ClaimNames {
    fn default() -> Self {
        Self {
            sid: ClaimName::SecurityId.outside().to_owned(),
            upn: ClaimName::Upn.outside().to_owned(),
            oid: ClaimName::ObjectId.outside().to_owned(),
            email: ClaimName::Email.outside().to_owned(),
            groups: "groups".to_owned(),
            display_name: "name".to_owned(),
            given_name: "given_name".to_owned(),
            family_name: "family_name".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
