//! Every fault by the row of the conformance list that asks for it, with what the broker must make of it.
//! One list for the suite: a row is a name, a fault, a verdict and the endpoints that must stay unasked.

mod flow;
mod jose;
mod time;

use super::fault::{Endpoint, Fault};
use super::provider::HostileProvider;

/// What a broker must do with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The sign-in succeeds: the row is the paired positive of others.
    Accepted,
    /// The sign-in fails, and no session comes of it.
    Refused,
    /// Both are right, as long as no endpoint of `never` is asked.
    Either,
}

/// One case.
#[derive(Clone, Debug)]
pub struct Row {
    /// The row of the conformance list, `OIDC-RP-02`.
    pub id: &'static str,
    /// What is done, in words.
    pub name: &'static str,
    /// What is wrong; `None` when everything is good.
    pub fault: Option<Fault>,
    /// What has to come of it.
    pub verdict: Verdict,
    /// Endpoints that must not be asked during the sign-in.
    pub never: &'static [Endpoint],
}

/// Every row for this provider.
#[must_use]
pub fn catalogue(provider: &HostileProvider) -> Vec<Row> {
    [flow::rows(provider), jose::rows(provider), time::rows()].concat()
}

fn accepted(id: &'static str, name: &'static str, fault: impl Into<Option<Fault>>) -> Row {
    Row { id, name, fault: fault.into(), verdict: Verdict::Accepted, never: &[Endpoint::Attacker] }
}

/// Refused on the `id_token`, so before userinfo.
fn refused(id: &'static str, name: &'static str, fault: Fault) -> Row {
    let never = &[Endpoint::UserInfo, Endpoint::Attacker];
    Row { id, name, fault: Some(fault), verdict: Verdict::Refused, never }
}

/// Refused on the authorization response, so before the token endpoint.
fn refused_early(id: &'static str, name: &'static str, fault: Fault) -> Row {
    let never = &[Endpoint::Token, Endpoint::UserInfo, Endpoint::Attacker];
    Row { never, ..refused(id, name, fault) }
}

/// Refused on what userinfo says.
fn refused_late(id: &'static str, name: &'static str, fault: Fault) -> Row {
    Row { never: &[Endpoint::Attacker], ..refused(id, name, fault) }
}

/// Refused before the browser leaves.
fn refused_at_start(id: &'static str, name: &'static str, fault: Fault) -> Row {
    Row { never: &[Endpoint::Authorize, Endpoint::Token, Endpoint::Attacker], ..refused(id, name, fault) }
}

fn either(id: &'static str, name: &'static str, fault: Fault) -> Row {
    Row { verdict: Verdict::Either, ..accepted(id, name, fault) }
}
