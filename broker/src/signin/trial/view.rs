//! The report of a test sign-in as people and as scripts see it.

use http::StatusCode;
use serde_json::{Value, json};
use vestibule_policies::organization::ConnectionPolicy;
use vestibule_policies::time::Timestamp;

use crate::config::PublicScheme;
use crate::deployment::Tenant;
use crate::http::reply::{self, Reply};
use crate::http::route::AccountsRoute;
use crate::http::visit::Visit;
use crate::pages::{
    self, Asked, CertificateState, Check, Language, TrialCertificate, TrialClaim, TrialPage,
    TrialQuestionPage, TrialVerdict,
};

use super::Report;
use super::report::{CertificateReport, CheckState, GROUPS};

/// The report as JSON; `waiting` until somebody has tried.
pub(super) fn json(report: Option<&Report>) -> Value {
    let Some(report) = report else { return json!({ "state": "waiting" }) };
    let checks: Vec<_> =
        report.checks.iter().map(|(name, state)| json!({ "check": name, "state": state })).collect();
    let attributes: Vec<_> =
        report.attributes.iter().map(|(name, values)| json!({ "name": name, "values": values })).collect();
    let claims: Vec<_> =
        report.claims.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
    let fault = report.fault.as_ref().map(|fault| {
        json!({
            "code": fault.code, "claim": fault.claim, "cause": fault.cause, "reason": fault.reason,
            "remedy": pages::remedy_of(&fault.code, fault.cause.as_deref(), Language::English),
        })
    });
    let certificates: Vec<_> = report
        .certificates
        .iter()
        .map(|one| {
            json!({
                "subject": one.subject, "not_before": text(one.not_before), "not_after": text(one.not_after),
                "fingerprint": one.fingerprint, "key": one.key, "valid": one.valid,
            })
        })
        .collect();
    json!({
        "state": if fault.is_some() { "refused" } else { "passed" },
        "session": false,
        "organization": report.organization, "connection": report.connection, "kind": report.kind,
        "at": text(report.at.seconds()), "checks": checks, "fault": fault, "attributes": attributes,
        "claims": claims, "groups_total": report.groups_total, "clock_skew_seconds": report.clock_skew_seconds, "certificates": certificates,
    })
}

fn text(seconds: i64) -> String {
    crate::session::view::rfc3339(Timestamp::from_seconds(seconds))
}

/// The question before a test.
pub(super) fn question(
    visit: &Visit<'_>,
    tenant: &Tenant,
    connection: &ConnectionPolicy,
    ticket: &str,
) -> Reply {
    let scheme = visit.app.settings().scheme;
    let page = TrialQuestionPage {
        organization: &tenant.organization.name,
        connection: connection.name.as_str(),
        ticket,
        asked: if connection.is_directory() { Asked::Directory } else { Asked::Provider },
        insecure: scheme == PublicScheme::Http,
    };
    reply::page(StatusCode::OK, pages::trial_question(&page, visit.language()), scheme)
}

/// The report as a page.
pub(super) fn page(visit: &Visit<'_>, report: &Report, ticket: &str) -> Reply {
    let (when, now) = (text(report.at.seconds()), visit.app.wall.now());
    let here = format!("{}?ticket={ticket}", AccountsRoute::Trial.path());
    let (again_url, json_url) = (format!("{here}&again=1"), format!("{here}&json=1"));
    let ends: Vec<_> =
        report.certificates.iter().map(|one| (text(one.not_before), text(one.not_after))).collect();
    let page = TrialPage {
        organization: &report.organization,
        connection: &report.connection,
        kind: &report.kind,
        when: &when,
        verdict: verdict(report),
        checks: report
            .checks
            .iter()
            .filter_map(|(name, state)| Some((Check::parse(name)?, shown(*state))))
            .collect(),
        attributes: report
            .attributes
            .iter()
            .map(|(name, values)| (name.as_str(), values.as_slice()))
            .collect(),
        claims: claims(report),
        clock_skew_seconds: report.clock_skew_seconds,
        certificates: report
            .certificates
            .iter()
            .zip(&ends)
            .map(|(one, ends)| pinned(one, ends, now))
            .collect(),
        again_url: &again_url,
        json_url: Some(&json_url),
    };
    reply::page(StatusCode::OK, pages::trial(&page, visit.language()), visit.app.settings().scheme)
}

/// The groups under one name, with how many more there are.
fn claims(report: &Report) -> Vec<TrialClaim<'_>> {
    let (groups, others): (Vec<_>, Vec<_>) = report.claims.iter().partition(|(name, _)| name == GROUPS);
    let others = others.into_iter().map(|(name, value)| TrialClaim { name, values: vec![value], more: 0 });
    let mut rows: Vec<_> = others.collect();
    if !groups.is_empty() {
        let more = report.groups_total.saturating_sub(groups.len());
        let values = groups.into_iter().map(|(_, value)| value.as_str()).collect();
        rows.push(TrialClaim { name: GROUPS, values, more });
    }
    rows
}

fn verdict(report: &Report) -> TrialVerdict<'_> {
    match &report.fault {
        None => TrialVerdict::Passed,
        Some(fault) => TrialVerdict::Refused {
            code: &fault.code,
            claim: fault.claim.as_deref(),
            cause: fault.cause.as_deref(),
            reason: &fault.reason,
        },
    }
}

const fn shown(state: CheckState) -> pages::CheckState {
    match state {
        CheckState::Passed => pages::CheckState::Passed,
        CheckState::Failed => pages::CheckState::Failed,
        CheckState::NotReached => pages::CheckState::NotReached,
    }
}

fn pinned<'a>(
    one: &'a CertificateReport,
    ends: &'a (String, String),
    now: Timestamp,
) -> TrialCertificate<'a> {
    let days = one.not_after.saturating_sub(now.seconds()) / 86_400;
    TrialCertificate {
        subject: &one.subject,
        not_before: &ends.0,
        not_after: &ends.1,
        fingerprint: &one.fingerprint,
        key: &one.key,
        state: match (one.valid, days) {
            (false, _) => CertificateState::NotValid,
            (true, 0..=60) => CertificateState::EndsSoon(days),
            (true, _) => CertificateState::Valid,
        },
    }
}
