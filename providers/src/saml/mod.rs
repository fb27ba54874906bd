//! SAML 2.0 web browser single sign-on, as a service provider (saml-profiles §4.1). Read the files in this order:
//!
//! `request` (what we ask) → `message` (what arrives) → `xml` (the one door for documents) → `verify` (which octets are signed) →
//! `assertion` (what they say) → `profile` (every clause it has to meet). `metadata` and `known` are how a provider is known, `fault` every way
//! to fail, `logout` the way out.

mod assertion;
pub mod context_class;
pub mod decrypt;
mod description;
pub mod examination;
pub mod fault;
mod instant;
mod known;
pub mod logout;
mod message;
pub mod metadata;
pub mod profile;
mod redirect;
mod request;
pub mod service_provider;
mod verify;
mod writer;
mod xml;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use vestibule_certs::x509::Certificate;
use vestibule_policies::code::Code;
use vestibule_policies::raw::RawAttributes;
use vestibule_policies::time::Timestamp;

use crate::config::{Binding, Logout, SamlConfig, SamlSource};
use crate::error::SignInError;
use crate::step::{Answer, Context, Freshness, PostForm, Proof, Step, UpstreamSession};
use crate::verified::Verified;
use crate::{Check, Provider};

pub use self::message::{Addressed, PostedResponse};

use self::assertion::Assertion;
use self::examination::{Clause, Examination, Passed};
use self::fault::SamlFault;
use self::known::{Known, standing, unusable};
use self::metadata::IdentityProvider;
use self::profile::{AnswerTo, Expectation, LEEWAY, Session};
use self::service_provider::ServiceProviderKeys;
use self::verify::Demands;
use self::verify::signature::Trust;

/// Octets of a message beside those that are signed, which may be told twice more: encrypted, in Base64.
const MOST_UNSIGNED: usize = 32 * 1024;

/// A connection's SAML provider.
#[derive(Debug)]
pub struct SamlProvider {
    config: SamlConfig,
    known: Result<Known, SignInError>,
    keys: Arc<ServiceProviderKeys>,
}

/// Who a response has to be meant for.
#[derive(Debug, Clone, Copy)]
pub struct ServiceAddress<'a> {
    /// Our entity id.
    pub entity_id: &'a str,
    /// Our assertion consumer service.
    pub acs: &'a str,
}

/// A response that holds, apart from the browser that has to bring it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// What must never be believed twice: provider and assertion id, hashed.
    pub assertion: [u8; 32],
    /// Until when somebody could present the same assertion again.
    pub usable_until: Timestamp,
}

impl SamlProvider {
    /// Makes no network call. `copy` is what was fetched from the source's address.
    #[must_use]
    pub fn new(config: SamlConfig, copy: Option<&IdentityProvider>, keys: Arc<ServiceProviderKeys>) -> Self {
        let provider = match &config.source {
            SamlSource::Given(provider) => Ok(provider.clone()),
            SamlSource::Url { url, .. } => {
                copy.filter(|copy| config.source.describes(copy)).cloned().ok_or_else(|| {
                    SamlFault::MetadataMissing.because(format!("no metadata has been fetched from {url} yet"))
                })
            }
        };
        let known = provider.and_then(|provider| Known::of(provider).map_err(|fault| unusable(&fault)));
        Self { config, known, keys }
    }

    fn known(&self) -> Result<&Known, SignInError> {
        self.known.as_ref().map_err(Clone::clone)
    }

    /// Everything that is asked of a response, clause by clause.
    fn judge(
        &self,
        asked: &Asked<'_>,
        response: &PostedResponse,
        found: &mut Found,
    ) -> Result<Judged, SignInError> {
        if !response.decoded {
            return Err(SamlFault::MessageEncoding.because("SAMLResponse is no Base64"));
        }
        found.passed.add(Clause::Message);
        let known = self.known()?;
        known.check_certificates(asked.now)?;
        let sha1 = self.config.dangerous_sha1;
        let trust = Trust { certificates: &known.certificates, sha1, now: asked.now };
        let demands = Demands { trust, signed: self.config.signed, decryption: Some(&*self.keys) };
        let signed = verify::verify(&response.message, demands, &mut found.passed)?;
        check_padding(response.message.len(), signed.octets.len())?;
        let mut assertion = Assertion::read(&signed.octets)?;
        let attributes = std::mem::take(&mut assertion.attributes);
        let expectation = Expectation {
            provider: &known.provider.entity_id,
            audience: asked.us.entity_id,
            acs: asked.us.acs,
            answer_to: asked.answer_to,
            context: self.config.context,
            freshness: asked.freshness,
            now: asked.now,
        };
        let session = match expectation.check(&signed.envelope, &assertion, &mut found.passed) {
            Ok(session) => session,
            Err(error) => {
                found.attributes = Some(attributes);
                return Err(error);
            }
        };
        found.passed.add(Clause::Subject);
        let received = Received {
            assertion: fingerprint(&known.provider.entity_id, &assertion.id),
            usable_until: session.usable_until,
        };
        let proof = self.proof(&assertion, attributes, &session, asked.now);
        Ok(Judged { received, proof: Verified::new(proof, known.evidence(&signed)) })
    }

    /// What was asked: after a sign-out to the second, else where the connection always asks with the usual leeway.
    fn freshness(&self, context: &Context<'_>) -> Freshness {
        match context.freshness {
            Freshness::Any if self.config.force_authn => Freshness::Since(context.started.minus(LEEWAY)),
            other => other,
        }
    }

    fn proof(
        &self,
        assertion: &Assertion,
        attributes: RawAttributes,
        session: &Session<'_>,
        now: Timestamp,
    ) -> Proof {
        let name_id = assertion.subject.as_ref().and_then(|subject| subject.name_id.clone());
        Proof {
            attributes,
            upstream: UpstreamSession {
                issuer: self.config.authority().to_owned(),
                subject: name_id.as_ref().map(|name| name.value.clone()).unwrap_or_default(),
                session_id: session.statement.session_index.clone(),
                name_id,
                ends_at: session.ends,
                // Nobody authenticated after now, whatever the provider's clock says.
                authenticated_at: session.statement.instant.min(now),
                methods: Vec::new(),
                context: session.statement.context.clone(),
                account: None,
            },
            hint: None,
        }
    }

    fn request(&self, context: &Context<'_>) -> Result<Step, SignInError> {
        let known = self.known()?;
        known.check_certificates(context.now)?;
        let pair = &self.keys.signing.current;
        match self.config.binding {
            Binding::Redirect => {
                let there = known.endpoint(known.provider.redirect.as_deref(), "HTTP-Redirect")?;
                let request = request::authn_request(&self.config, context, there);
                let key = self.config.sign_requests.then_some(&pair.key);
                redirect::address(there, &request, context.state, key).map(Step::Redirect)
            }
            Binding::Post => {
                let there = known.endpoint(known.provider.post.as_deref(), "HTTP-POST")?;
                let request = if self.config.sign_requests {
                    request::signed_authn_request(
                        &self.config,
                        context,
                        there,
                        (&pair.key, &pair.certificate),
                    )?
                } else {
                    request::authn_request(&self.config, context, there)
                };
                let fields =
                    vec![("SAMLRequest", STANDARD.encode(request)), ("RelayState", context.state.to_owned())];
                Ok(Step::PostForm(PostForm { to: there.to_owned(), fields }))
            }
        }
    }
}

/// What a response is asked.
struct Asked<'a> {
    us: ServiceAddress<'a>,
    answer_to: AnswerTo<'a>,
    freshness: Freshness,
    now: Timestamp,
}

/// What came of one response.
struct Judged {
    received: Received,
    proof: Verified<Proof>,
}

/// What a response showed on its way, for a report.
#[derive(Default)]
struct Found {
    passed: Passed,
    /// Of an assertion that was signed and then did not hold.
    attributes: Option<RawAttributes>,
}

/// What nobody signed, envelope, certificates and encryption, is small beside what somebody did. A message waits in the store
/// until its browser comes, and without this bound one person could fill it with a single sign-in's white space.
fn check_padding(message: usize, signed: usize) -> Result<(), SignInError> {
    if message <= 3 * signed + MOST_UNSIGNED {
        return Ok(());
    }
    Err(SamlFault::MessageLength
        .because(format!("of the message's {message} bytes only {signed} are signed")))
}

fn fingerprint(provider: &str, assertion: &str) -> [u8; 32] {
    let parts = format!("{} {provider} {assertion}", provider.len());
    vestibule_certs::digest::sha256(parts.as_bytes())
}

#[async_trait]
impl Provider for SamlProvider {
    async fn begin(&self, context: &Context<'_>) -> Result<Step, SignInError> {
        self.request(context)
    }

    fn receive(
        &self,
        us: ServiceAddress<'_>,
        response: &PostedResponse,
        now: Timestamp,
    ) -> Result<Received, SignInError> {
        if response.unsolicited && !self.config.idp_initiated {
            return Err(
                SamlFault::Unsolicited.because("the provider began, which the connection does not allow")
            );
        }
        let answer_to = if response.unsolicited { AnswerTo::Nothing } else { AnswerTo::SomeRequest };
        // The browser is not here yet: whether the person was asked anew is judged once it is.
        let asked = Asked { us, answer_to, freshness: Freshness::Any, now };
        self.judge(&asked, response, &mut Found::default()).map(|judged| judged.received)
    }

    async fn advance(&self, context: &Context<'_>, answer: Answer) -> Result<Step, SignInError> {
        let Answer::Response(response) = answer else {
            return Err(SignInError::new(Code::Internal, "an answer of another protocol"));
        };
        let id = request::id(context.seed);
        let judged = self.judge(&self.asked(context, &response, &id), &response, &mut Found::default())?;
        Ok(Step::Done(Box::new(judged.proof)))
    }

    fn examine(&self, context: &Context<'_>, response: &PostedResponse) -> Option<Examination> {
        let id = request::id(context.seed);
        let mut found = Found::default();
        let outcome = self.judge(&self.asked(context, response, &id), response, &mut found);
        let outcome = outcome.map(|judged| judged.proof);
        let proved = outcome.as_ref().ok().map(|proof| proof.value().attributes.clone());
        Some(Examination {
            passed: found.passed,
            attributes: proved.or(found.attributes),
            skew: message::skew(&response.message, context.now),
            outcome,
        })
    }

    async fn sign_out(
        &self,
        context: &Context<'_>,
        upstream: &UpstreamSession,
        _: Option<&str>,
    ) -> Result<Option<url::Url>, SignInError> {
        let Some(endpoint) = self.logout_url() else { return Ok(None) };
        let id = request::id(context.seed);
        logout::request(endpoint, (context.entity_id, &id, context.state), upstream, context.now)
    }

    fn takes_unsolicited(&self, issuer: &str) -> bool {
        let is_theirs = |known: &Known| known.provider.entity_id == issuer;
        self.config.idp_initiated && self.known.as_ref().is_ok_and(is_theirs)
    }

    fn certificates(&self) -> Vec<Certificate> {
        self.known.as_ref().map(|known| known.certificates.clone()).unwrap_or_default()
    }

    async fn check(&self, now: Timestamp) -> Vec<Check> {
        let known = self.known();
        let described = |known: &Known| format!("entity id {}", known.provider.entity_id);
        let mut checks =
            vec![Check::new("metadata", known.as_ref().map(|known| described(known)).map_err(Clone::clone))];
        if let Ok(known) = known {
            checks.extend(
                known.certificates.iter().map(|one| Check::new("certificate", Ok(standing(one, now)))),
            );
            checks.push(Check::new(
                "signing",
                known.check_certificates(now).map(|()| "a valid certificate".to_owned()),
            ));
            let endpoint = match self.config.binding {
                Binding::Redirect => known.endpoint(known.provider.redirect.as_deref(), "HTTP-Redirect"),
                Binding::Post => known.endpoint(known.provider.post.as_deref(), "HTTP-POST"),
            };
            checks.push(Check::new("sign-in address", endpoint.map(str::to_owned)));
        }
        checks
    }
}

impl SamlProvider {
    /// What a response is asked that its browser has brought.
    fn asked<'a>(&self, context: &Context<'a>, response: &PostedResponse, id: &'a str) -> Asked<'a> {
        Asked {
            us: ServiceAddress { entity_id: context.entity_id, acs: context.redirect_uri },
            answer_to: if response.unsolicited { AnswerTo::Nothing } else { AnswerTo::Request(id) },
            freshness: self.freshness(context),
            now: context.now,
        }
    }

    fn logout_url(&self) -> Option<&str> {
        match &self.config.logout {
            Logout::To(address) => Some(address),
            Logout::AsDescribed => self.known.as_ref().ok()?.provider.logout.as_deref(),
            Logout::Off => None,
        }
    }
}
