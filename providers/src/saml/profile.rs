//! Every clause of the web browser single sign-on profile that a response has to meet (saml-profiles §4.1.4.2, §4.1.4.3), one a
//! function with its section. All comparisons of text are to the letter.

use std::time::Duration;

use vestibule_policies::time::Timestamp;

use crate::error::SignInError;
use crate::step::Freshness;

use super::assertion::{Assertion, AuthnStatement, Conditions, Confirmation};
use super::context_class::ContextDemand;
use super::examination::{Clause, Passed};
use super::fault::SamlFault;
use super::instant;
use super::verify::{Envelope, Issuer};

/// How far a provider's clock may be off, for every comparison of this file.
pub const LEEWAY: Duration = Duration::from_mins(3);
/// How old a response may be when it arrives, its provider's clock included.
pub const OLDEST: Duration = Duration::from_mins(5);

const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";
const STATUS: &str = "urn:oasis:names:tc:SAML:2.0:status:";
const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
const ENTITY: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity";

/// Which request a response has to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AnswerTo<'a> {
    /// The request of this id, of this browser.
    Request(&'a str),
    /// Some request, but one: the browser comes later.
    SomeRequest,
    /// None: the provider began (saml-profiles §4.1.5).
    Nothing,
}

/// What a response has to say to be believed here and now.
#[derive(Debug)]
pub(super) struct Expectation<'a> {
    pub(super) provider: &'a str,
    pub(super) audience: &'a str,
    pub(super) acs: &'a str,
    pub(super) answer_to: AnswerTo<'a>,
    pub(super) context: Option<ContextDemand>,
    pub(super) freshness: Freshness,
    pub(super) now: Timestamp,
}

/// What the clauses leave of an assertion.
#[derive(Debug)]
pub(super) struct Session<'a> {
    pub(super) statement: &'a AuthnStatement,
    pub(super) ends: Option<Timestamp>,
    /// Until when the same assertion could be presented again.
    pub(super) usable_until: Timestamp,
}

impl Envelope {
    /// saml-core §3.2.2.2: success, and nothing below it.
    pub(super) fn check_status(&self) -> Result<(), SignInError> {
        let Some(outer) = self.status.first().map(String::as_str) else {
            return Err(SamlFault::StatusMissing.because("the response has no status"));
        };
        if outer == SUCCESS {
            return Ok(());
        }
        let inner = self.status.get(1).and_then(|code| code.strip_prefix(STATUS)).unwrap_or_default();
        let fault = match (inner, outer.strip_prefix(STATUS).unwrap_or_default()) {
            ("AuthnFailed" | "UnknownPrincipal", _) => SamlFault::StatusAuthentication,
            ("RequestDenied", _) => SamlFault::StatusDenied,
            ("NoPassive", _) => SamlFault::StatusPassive,
            ("NoAuthnContext", _) => SamlFault::StatusContext,
            (_, "Requester") => SamlFault::StatusRequester,
            (_, "Responder") => SamlFault::StatusResponder,
            _ => SamlFault::StatusOther,
        };
        let message = self.status_message.as_deref().map(|text| format!(": {text}")).unwrap_or_default();
        Err(fault.because(format!("the provider answers {}{message}", self.status.join(" / "))))
    }
}

impl<'a> Expectation<'a> {
    /// Holds the response and its assertion against every clause.
    pub(super) fn check(
        &self,
        envelope: &Envelope,
        assertion: &'a Assertion,
        passed: &mut Passed,
    ) -> Result<Session<'a>, SignInError> {
        let mut met = |clause, outcome: Result<(), SignInError>| outcome.map(|()| passed.add(clause));
        met(Clause::Version, check_versions(envelope, assertion))?;
        met(Clause::Issuer, self.check_issuers(envelope, assertion))?;
        met(Clause::Destination, self.check_destination(envelope))?;
        met(Clause::Request, self.check_request(envelope))?;
        self.issued("response", envelope.issue_instant.as_deref())?;
        let issued = self.issued("assertion", assertion.issue_instant.as_deref())?;
        met(Clause::IssueInstant, Ok(()))?;
        let confirmed_until = self.check_confirmations(assertion)?;
        met(Clause::Confirmation, Ok(()))?;
        let conditions = the_conditions(assertion)?;
        met(Clause::Conditions, self.check_conditions(conditions))?;
        met(Clause::Audience, self.check_audiences(conditions))?;
        let statement = self.the_statement(assertion)?;
        met(Clause::Statement, Ok(()))?;
        let ends = self.check_session(assertion)?;
        met(Clause::Session, Ok(()))?;
        met(Clause::Context, self.check_context(assertion))?;
        met(Clause::Freshness, self.check_freshness(statement))?;
        // The last moment of its age still counts, so that what remembers it has to last longer.
        let usable_until = confirmed_until.plus(LEEWAY).min(issued.plus(OLDEST).plus(Duration::from_secs(1)));
        Ok(Session { statement, ends, usable_until })
    }

    /// saml-core §2.2.5, saml-profiles §4.1.4.2: the provider itself, where it is named; in an assertion it has to be. A signed or
    /// several-hop response names it too.
    fn check_issuers(&self, envelope: &Envelope, assertion: &Assertion) -> Result<(), SignInError> {
        match &envelope.issuer {
            Some(issuer) if self.is_provider(issuer) => {}
            Some(issuer) => {
                let reason = format!("the response comes from {}, not from {}", issuer.value, self.provider);
                return Err(SamlFault::ResponseIssuer.because(reason));
            }
            None => return Err(SamlFault::ResponseIssuer.because("the response names no issuer")),
        }
        match &assertion.issuer {
            Some(issuer) if self.is_provider(issuer) => Ok(()),
            Some(issuer) => {
                let reason = format!("the assertion comes from {}, not from {}", issuer.value, self.provider);
                Err(SamlFault::AssertionIssuer.because(reason))
            }
            None => Err(SamlFault::AssertionIssuer.because("the assertion names no issuer")),
        }
    }

    fn is_provider(&self, issuer: &Issuer) -> bool {
        issuer.value == self.provider && issuer.format.as_deref().is_none_or(|format| format == ENTITY)
    }

    /// saml-bindings §3.5.5.2: where a response is signed it has to be there, and be us. It is asked of every response.
    fn check_destination(&self, envelope: &Envelope) -> Result<(), SignInError> {
        match envelope.destination.as_deref() {
            Some(there) if there == self.acs => Ok(()),
            None | Some("") => {
                Err(SamlFault::DestinationMissing.because("the response names no destination"))
            }
            Some(there) => {
                let reason = format!("the response is meant for {there}, not for {}", self.acs);
                Err(SamlFault::DestinationWrong.because(reason))
            }
        }
    }

    /// saml-profiles §4.1.4.3, §4.1.5: an answer to exactly this request, or to none.
    fn check_request(&self, envelope: &Envelope) -> Result<(), SignInError> {
        let theirs = envelope.in_response_to.as_deref();
        match (self.answer_to, theirs) {
            (AnswerTo::Request(ours), Some(theirs)) if ours == theirs => Ok(()),
            (AnswerTo::SomeRequest, Some(theirs)) if !theirs.is_empty() => Ok(()),
            (AnswerTo::Nothing, None) => Ok(()),
            (AnswerTo::Request(_) | AnswerTo::SomeRequest, None | Some("")) => {
                Err(SamlFault::Unsolicited.because("the response answers no request of ours"))
            }
            _ => Err(SamlFault::RequestOther.because("the response answers another request")),
        }
    }

    /// saml-core §2.3.3, §3.2.2: neither from the future nor from long ago.
    fn issued(&self, what: &str, text: Option<&str>) -> Result<Timestamp, SignInError> {
        let at = instant::read("IssueInstant", text.unwrap_or_default())?;
        if at > self.now.plus(LEEWAY) {
            let ahead = at.since(self.now).as_secs();
            return Err(SamlFault::IssuedEarly
                .because(format!("the {what} was issued {ahead} s in the future by our clock")));
        }
        if self.now > at.plus(OLDEST) {
            let ago = self.now.since(at).as_secs();
            return Err(
                SamlFault::IssuedLate.because(format!("the {what} was issued {ago} s ago by our clock"))
            );
        }
        Ok(at)
    }

    /// saml-profiles §4.1.4.2: at least one bearer confirmation that meets every demand. Gives the end of the latest one.
    fn check_confirmations(&self, assertion: &Assertion) -> Result<Timestamp, SignInError> {
        let subject = assertion
            .subject
            .as_ref()
            .ok_or_else(|| SamlFault::SubjectMissing.because("the assertion has no subject"))?;
        if subject.encrypted {
            return Err(SamlFault::SubjectEncrypted.because("the subject is encrypted, which we do not read"));
        }
        if subject.confirmations.is_empty() {
            return Err(SamlFault::ConfirmationMissing.because("the subject has no confirmation"));
        }
        let mut first_fault = None;
        let mut latest = None;
        for confirmation in &subject.confirmations {
            match self.confirms(confirmation) {
                Ok(until) => latest = latest.max(Some(until)),
                Err(fault) => first_fault = first_fault.or(Some(fault)),
            }
        }
        latest.ok_or_else(|| {
            first_fault
                .unwrap_or_else(|| SamlFault::ConfirmationMissing.because("the subject has no confirmation"))
        })
    }

    fn confirms(&self, one: &Confirmation) -> Result<Timestamp, SignInError> {
        if one.method != BEARER {
            return Err(
                SamlFault::ConfirmationMethod.because(format!("the confirmation's method is {}", one.method))
            );
        }
        if !one.has_data || one.not_before.is_some() {
            let reason = "a bearer confirmation needs data, and none with NotBefore";
            return Err(SamlFault::ConfirmationForm.because(reason));
        }
        match one.recipient.as_deref() {
            Some(there) if there == self.acs => {}
            there => {
                let reason = format!("the confirmation's recipient is {}", there.unwrap_or("missing"));
                return Err(SamlFault::RecipientWrong.because(reason));
            }
        }
        let theirs = one.in_response_to.as_deref();
        match (self.answer_to, theirs) {
            (AnswerTo::Request(ours), Some(theirs)) if ours == theirs => {}
            (AnswerTo::SomeRequest, Some(theirs)) if !theirs.is_empty() => {}
            (AnswerTo::Nothing, None) => {}
            _ => {
                return Err(SamlFault::ConfirmationRequest.because("the confirmation is for another request"));
            }
        }
        let Some(end) = &one.not_on_or_after else {
            return Err(SamlFault::ConfirmationForm.because("the confirmation has no end"));
        };
        let end = instant::read("NotOnOrAfter", end)?;
        if self.now >= end.plus(LEEWAY) {
            let ago = self.now.since(end).as_secs();
            return Err(SamlFault::ConfirmationExpired
                .because(format!("the confirmation ended {ago} s ago by our clock")));
        }
        Ok(end)
    }

    /// saml-core §2.5.1, §2.5.1.2: now, and no condition that we do not understand. The end is exclusive.
    fn check_conditions(&self, conditions: &Conditions) -> Result<(), SignInError> {
        if let Some(name) = &conditions.unknown {
            return Err(SamlFault::ConditionsUnknown
                .because(format!("the condition {name} is none of the standard's")));
        }
        if let Some(start) = &conditions.not_before {
            let start = instant::read("NotBefore", start)?;
            if self.now.plus(LEEWAY) < start {
                let left = start.since(self.now).as_secs();
                return Err(SamlFault::ConditionsEarly
                    .because(format!("the assertion begins in {left} s by our clock")));
            }
        }
        if let Some(end) = &conditions.not_on_or_after {
            let end = instant::read("NotOnOrAfter", end)?;
            if self.now >= end.plus(LEEWAY) {
                let ago = self.now.since(end).as_secs();
                return Err(SamlFault::ConditionsLate
                    .because(format!("the assertion ended {ago} s ago by our clock")));
            }
        }
        Ok(())
    }

    /// saml-core §2.5.1.4: every restriction names us, and there is one (saml-profiles §4.1.4.2).
    fn check_audiences(&self, conditions: &Conditions) -> Result<(), SignInError> {
        if conditions.audiences.is_empty() {
            return Err(SamlFault::AudienceMissing.because("the assertion is for nobody in particular"));
        }
        match conditions.audiences.iter().find(|audiences| !audiences.iter().any(|one| one == self.audience))
        {
            Some(others) => {
                let reason = format!("the assertion is for {}, not for {}", others.join(", "), self.audience);
                Err(SamlFault::AudienceWrong.because(reason))
            }
            None => Ok(()),
        }
    }

    /// saml-profiles §4.1.4.2: at least one. The latest counts as the authentication.
    fn the_statement(&self, assertion: &'a Assertion) -> Result<&'a AuthnStatement, SignInError> {
        let latest = assertion.statements.iter().max_by_key(|statement| statement.instant);
        let latest = latest
            .ok_or_else(|| SamlFault::StatementMissing.because("the assertion has no AuthnStatement"))?;
        if latest.instant > self.now.plus(LEEWAY) {
            let ahead = latest.instant.since(self.now).as_secs();
            let reason = format!("the person authenticated {ahead} s in the future by our clock");
            return Err(SamlFault::AuthenticatedEarly.because(reason));
        }
        Ok(latest)
    }

    /// saml-core §2.7.2: the earliest end of the provider's session caps ours. No leeway: it only ends sooner.
    fn check_session(&self, assertion: &Assertion) -> Result<Option<Timestamp>, SignInError> {
        let ends = assertion.statements.iter().filter_map(|one| one.session_not_on_or_after).min();
        match ends {
            Some(end) if self.now >= end => {
                Err(SamlFault::SessionOver.because("the provider's session is over"))
            }
            end => Ok(end),
        }
    }

    /// saml-core §3.3.2.2.1: what was asked exactly is compared exactly (AMB-28).
    fn check_context(&self, assertion: &Assertion) -> Result<(), SignInError> {
        let Some(asked) = self.context.filter(|demand| demand.exact) else { return Ok(()) };
        let met = |one: &AuthnStatement| one.context.as_deref() == Some(asked.class.uri());
        if assertion.statements.iter().all(met) {
            return Ok(());
        }
        let theirs = assertion.statements.iter().find(|one| !met(one)).and_then(|one| one.context.as_deref());
        let reason =
            format!("{} was asked, and {} was done", asked.class.uri(), theirs.unwrap_or("nothing named"));
        Err(SamlFault::ContextOther.because(reason))
    }

    /// saml-core §3.4.1: who was asked to authenticate anew did so. To the second, as providers write times.
    fn check_freshness(&self, statement: &AuthnStatement) -> Result<(), SignInError> {
        match self.freshness {
            Freshness::Any => Ok(()),
            Freshness::Since(start) if statement.instant.seconds() >= start.seconds() => Ok(()),
            Freshness::Since(start) => {
                let ago = start.since(statement.instant).as_secs();
                let reason = format!("the person authenticated {ago} s before this sign-in began");
                Err(SamlFault::AuthenticationOld.because(reason))
            }
        }
    }
}

/// saml-core §3.2.2, §2.3.3.
fn check_versions(envelope: &Envelope, assertion: &Assertion) -> Result<(), SignInError> {
    let both = [("response", &envelope.version), ("assertion", &assertion.version)];
    match both.into_iter().find(|(_, version)| version.as_deref() != Some("2.0")) {
        Some((what, version)) => {
            let reason = format!("the {what}'s version is {}", version.as_deref().unwrap_or("missing"));
            Err(SamlFault::VersionWrong.because(reason))
        }
        None => Ok(()),
    }
}

/// saml-profiles §4.1.4.2: one `Conditions`.
fn the_conditions(assertion: &Assertion) -> Result<&Conditions, SignInError> {
    match assertion.conditions.as_slice() {
        [one] => Ok(one),
        [] => Err(SamlFault::ConditionsMissing.because("the assertion has no conditions")),
        _ => Err(SamlFault::ConditionsUnknown.because("the assertion has several conditions")),
    }
}
