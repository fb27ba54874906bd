//! How the report of a test sign-in is set: every state as a mark and a word, every name of a key in a fixed width.

use askama::Template;
use vestibule_providers::saml::examination::Clause;

use super::super::address::{navigable, navigable_or_root};
use super::super::causes::{self, people, people::Refused};
use super::super::frame::{Door, Fact, Forms, Frame, Html, Link, Value, html};
use super::super::language::Language;
use super::super::marked::{Piece, pieces};
use super::super::texts::{TrialTexts, sentence, texts, trial_texts};
use super::{CertificateState, Check, CheckState, TrialCertificate, TrialPage, TrialVerdict};

/// The report, set for a page.
pub(super) fn report(page: &TrialPage<'_>, language: Language) -> Html {
    let texts = trial_texts(language);
    let passed = page.verdict == TrialVerdict::Passed;
    let verdict = Verdict::of(page.verdict, language);
    let door = if passed { Door::Open } else { Door::Closed };
    let report = Report {
        frame: Frame::new(language, verdict.heading, door),
        texts,
        facts: facts(page, language),
        again: Link { label: texts.actions.again, url: navigable_or_root(page.again_url) },
        json: page.json_url.and_then(navigable),
        checks: page.checks.iter().map(|(check, state)| Line::of(*check, *state, language)).collect(),
        clock: page.clock_skew_seconds.map(texts.clock.sentence),
        certificates: page.certificates.iter().map(|one| Pinned::of(one, texts)).collect(),
        verdict,
        page,
    };
    html(&report, Forms::None)
}

/// What stands first: whether it works, why not, and what to do.
struct Verdict {
    heading: &'static str,
    meaning: &'static str,
    remedy: Vec<Piece<'static>>,
}

impl Verdict {
    fn of(verdict: TrialVerdict<'_>, language: Language) -> Self {
        let texts = trial_texts(language);
        let (texts, meaning, remedy) = match verdict {
            TrialVerdict::Passed => (&texts.passed, None, None),
            TrialVerdict::Refused { code, cause, .. } => {
                let texts = match Refused::of(code, cause) {
                    Refused::Person => &texts.person,
                    Refused::PersonUnasked => &texts.person_unasked,
                    Refused::Connection => &texts.refused,
                };
                let meaning = cause.and_then(|id| causes::cause(id, language));
                let meaning = meaning.or_else(|| people::meaning(code, cause, language));
                let plain = || causes::code_of(code).map(|code| sentence(code, language).what);
                (texts, meaning.or_else(plain), causes::remedy_of(code, cause, language))
            }
        };
        Self {
            heading: texts.heading,
            meaning: meaning.unwrap_or(texts.meaning),
            remedy: pieces(remedy.unwrap_or(texts.remedy)),
        }
    }
}

fn facts<'a>(page: &TrialPage<'a>, language: Language) -> Vec<Fact<'a>> {
    let (common, names) = (&texts(language).facts, &trial_texts(language).facts);
    let mut facts = vec![
        Fact { name: common.organization, value: Value::Name(page.organization) },
        Fact { name: names.connection, value: Value::Code(page.connection) },
        Fact { name: names.kind, value: Value::Code(page.kind) },
        Fact { name: names.when, value: Value::Name(page.when) },
    ];
    if let TrialVerdict::Refused { code, claim, cause, reason } = page.verdict {
        facts.extend(claim.map(|claim| Fact { name: common.attribute, value: Value::Code(claim) }));
        facts.push(Fact { name: common.code, value: Value::Code(code) });
        facts.extend(cause.map(|id| Fact { name: names.cause, value: Value::Code(id) }));
        facts.push(Fact { name: names.reason, value: Value::Name(reason) });
    }
    facts
}

/// A check with its mark, which no colour is needed to tell.
struct Line {
    name: &'static str,
    mark: &'static str,
    state: &'static str,
    failed: bool,
}

impl Line {
    fn of(check: Check, state: CheckState, language: Language) -> Self {
        let texts = &trial_texts(language).checks;
        let name = match check {
            Check::Clause(clause) => causes::clause(clause, language),
            Check::Claims => texts.claims,
        };
        let (mark, words) = match state {
            CheckState::Passed => ("\u{2713}", texts.passed),
            CheckState::Failed => ("\u{2717}", texts.failed),
            CheckState::NotReached => ("\u{2013}", texts.not_reached),
        };
        let failed = state == CheckState::Failed;
        Self { name, mark, state: words, failed }
    }
}

/// A certificate as its list of facts.
struct Pinned<'a> {
    subject: &'a str,
    state: String,
    facts: [Fact<'a>; 4],
}

impl<'a> Pinned<'a> {
    fn of(one: &TrialCertificate<'a>, texts: &'static TrialTexts) -> Self {
        let names = &texts.certificates;
        let state = match one.state {
            CertificateState::Valid => names.valid.to_owned(),
            CertificateState::EndsSoon(days) => (names.ends_soon)(days),
            CertificateState::NotValid => names.not_valid.to_owned(),
        };
        let facts = [
            Fact { name: names.not_before, value: Value::Name(one.not_before) },
            Fact { name: names.not_after, value: Value::Name(one.not_after) },
            Fact { name: names.key, value: Value::Name(one.key) },
            Fact { name: names.fingerprint, value: Value::Code(one.fingerprint) },
        ];
        Self { subject: one.subject, state, facts }
    }
}

#[derive(Template)]
#[template(path = "trial.html")]
struct Report<'a> {
    frame: Frame,
    texts: &'static TrialTexts,
    verdict: Verdict,
    facts: Vec<Fact<'a>>,
    again: Link<'a>,
    json: Option<&'a str>,
    checks: Vec<Line>,
    clock: Option<String>,
    certificates: Vec<Pinned<'a>>,
    page: &'a TrialPage<'a>,
}

impl Report<'_> {
    /// Asked by the template: whether a list of attributes has anything to say, be it that there are none.
    fn shows_attributes(&self) -> bool {
        !self.page.attributes.is_empty()
            || self.page.checks.contains(&(Check::Clause(Clause::Signature), CheckState::Passed))
    }
}
