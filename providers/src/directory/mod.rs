//! Active Directory over LDAP: finds a person by the name that they typed, tries their password as them, and reads who they are.
//!
//! The person is the entry that was found, by its SID, which has to be of the domain that was asked. `wire` guards what comes in,
//! `controller` and `domain` choose whom to ask, `person` finds, `prove` tries. Only this module knows the LDAP library.

mod account;
mod bind;
mod connection;
mod controller;
mod diagnosis;
mod domain;
mod entry;
mod groups;
mod kin;
mod lookup;
mod name;
mod naming;
mod person;
mod prove;
mod recheck;
mod service;
pub mod wire;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::future::join_all;
use vestibule_certs::secret::Secret;
use vestibule_policies::DirectoryName;
use vestibule_policies::code::Code;
use vestibule_policies::time::Timestamp;

pub use self::bind::Due;
pub use self::lookup::{Directory, Key, Kind, Listed};
pub use self::person::ATTRIBUTES;

use self::diagnosis::LockoutRule;
use self::domain::Domain;
use self::kin::Kin;
use self::name::TypedName;
use self::naming::Naming;
use self::person::Found;
use self::prove::{Tried, Tries, UNANSWERED, is_password};
use crate::config::DirectoryConfig;
use crate::error::SignInError;
use crate::ports::{Attempted, Gate, Judged};
use crate::step::{AccountMark, Answer, Context, Prompt, Proof, Standing, Step, UpstreamSession};
use crate::verified::{Evidence, LDAP_BIND, Verified};
use crate::{Check, DomainEquipment, Provider};

/// Stands for the authority of every connection of a kind: who vouches for a person is the domain of their SID. Each kind has its
/// own, so that a session without a second step ends when the connection gets one.
pub const AUTHORITY: &str = "active-directory";
/// The same with a token.
pub const TOKEN_AUTHORITY: &str = "active-directory-token";

/// A connection to one or several domains.
#[derive(Debug)]
pub struct DirectoryProvider {
    authority: &'static str,
    default_domain: Option<DirectoryName>,
    lockout: LockoutRule,
    domains: Vec<Arc<Domain>>,
}

impl DirectoryProvider {
    /// `with` has one entry for each of the domains, in their order.
    #[must_use]
    pub fn new(config: &DirectoryConfig, authority: &'static str, with: Vec<DomainEquipment>) -> Self {
        let domains = config.domains.iter().cloned().zip(with);
        Self {
            authority,
            default_domain: config.default_domain.clone(),
            lockout: LockoutRule {
                attempts: config.lockout_attempts,
                window: Duration::from_millis(config.lockout_window_ms),
            },
            domains: domains.map(|(config, with)| Arc::new(Domain::new(config, with))).collect(),
        }
    }

    /// Connections to controllers that are open.
    #[must_use]
    pub fn open_connections(&self) -> usize {
        self.domains.iter().map(|domain| domain.open()).sum()
    }

    fn enabled(&self) -> impl Iterator<Item = &Arc<Domain>> {
        self.domains.iter().filter(|domain| domain.config.enabled)
    }

    /// The domains in which a name may be somebody's; none if it is nobody's anywhere.
    ///
    /// # Errors
    /// When it may be of a domain whose names nobody knows yet.
    async fn candidates(&self, name: &TypedName) -> Result<Vec<Arc<Domain>>, SignInError> {
        match name {
            TypedName::Bare { .. } => {
                let default = self.default_domain.as_ref().ok_or_else(|| bind::refusal("bare-name"))?;
                Ok(self.enabled().filter(|domain| domain.config.directory == *default).cloned().collect())
            }
            TypedName::DownLevel { domain, .. } => self.by_netbios(domain).await,
            TypedName::Principal { suffix, .. } => self.by_suffix(suffix).await,
        }
    }

    /// What the manifest says comes before what a directory says of itself, so that none can take another one's name; and where
    /// several say the same, the one whose DNS name begins so, as is usual.
    async fn by_netbios(&self, netbios: &str) -> Result<Vec<Arc<Domain>>, SignInError> {
        // Also one that is switched off has its name, and nobody else gets the passwords that are typed with it.
        if let Some(domain) = self.domains.iter().find(|domain| domain.is_called(netbios)) {
            return Ok(Some(domain).filter(|domain| domain.config.enabled).into_iter().cloned().collect());
        }
        let others = self.enabled().filter(|domain| domain.config.netbios.is_none());
        let (mut found, unknown) = named(others, |naming| naming.netbios == netbios).await;
        let usual = |domain: &Arc<Domain>| {
            domain.config.name.split('.').next().is_some_and(|label| label.eq_ignore_ascii_case(netbios))
        };
        if found.iter().any(usual) {
            found.retain(usual);
            return Ok(found);
        }
        unknown.map_or(Ok(found), Err)
    }

    /// The domain that owns a suffix and the others that its forest lists, whose people may bear it too; else the forests that list
    /// the suffix. The owner comes first.
    async fn by_suffix(&self, suffix: &str) -> Result<Vec<Arc<Domain>>, SignInError> {
        let Some(owner) = self.domains.iter().find(|domain| domain.owns(suffix)) else {
            let lists = |naming: &Naming| naming.suffixes.iter().any(|one| one == suffix);
            let (found, unknown) = named(self.enabled(), lists).await;
            return unknown.map_or(Ok(found), Err);
        };
        let mut found: Vec<_> = std::iter::once(owner).filter(|one| one.config.enabled).cloned().collect();
        for other in self.enabled().filter(|other| !Arc::ptr_eq(owner, other)) {
            if owner.lists(&other.config.name).await {
                found.push(Arc::clone(other));
            }
        }
        Ok(found)
    }

    /// The one person of that name.
    async fn find(&self, name: &TypedName) -> Result<Found, SignInError> {
        self.find_in(&self.candidates(name).await?, name).await
    }

    async fn find_in(&self, candidates: &[Arc<Domain>], name: &TypedName) -> Result<Found, SignInError> {
        if candidates.is_empty() {
            let disabled =
                self.domains.iter().any(|domain| !domain.config.enabled && addresses(domain, name));
            return Err(bind::refusal(if disabled { "domain-disabled" } else { "unknown-name" }));
        }
        let mut found = Vec::new();
        for domain in candidates {
            let here = person::find(domain, name).await?;
            // Whose suffix it is has the first word: its forest keeps UPNs unique, and no other domain can get between.
            let has_first_word = matches!(name, TypedName::Principal { suffix, .. } if domain.owns(suffix));
            let is_known = !here.is_empty();
            found.extend(here);
            if has_first_word && is_known {
                break;
            }
        }
        match (found.pop(), found.is_empty()) {
            (Some(one), true) => Ok(one),
            (Some(_), false) => Err(bind::refusal("ambiguous")),
            (None, _) => Err(bind::refusal("unknown-name")),
        }
    }

    /// Finds whom a name means and counts the attempt, for a name that nobody has as well.
    async fn admitted(&self, typed: &str, gate: &dyn Gate) -> Result<Found, SignInError> {
        gate.admits().await?;
        let name = TypedName::parse(typed);
        let candidates = match &name {
            Some(name) => self.candidates(name).await,
            None => Ok(Vec::new()),
        };
        let found = match (&name, &candidates) {
            (Some(name), Ok(candidates)) => self.find_in(candidates, name).await,
            (_, Err(error)) => Err(error.clone()),
            (None, Ok(_)) => Err(bind::refusal("unknown-name")),
        };
        match found {
            Ok(found) => {
                let reserved = gate.reserve(Attempted::Account(&found.security_id)).await;
                reserved.map_err(|refused| refused.with_account(&found.security_id))?;
                Ok(found)
            }
            Err(refused) if refused.code == Code::AdCredentials => {
                let spelling = name.map(|name| name.canonical()).unwrap_or_default();
                gate.reserve(Attempted::Name(&spelling)).await?;
                let meant = candidates.ok().and_then(|candidates| candidates.first().cloned());
                if let Some(domain) = meant.as_ref().or_else(|| self.enabled().find(|one| !one.is_away())) {
                    // Its outcome is the same for everybody: it is asked for the time that it takes.
                    let _ = prove::try_nobody(domain).await;
                }
                Err(refused)
            }
            Err(error) => Err(error),
        }
    }

    async fn sign_in(
        &self,
        (typed, password): (&str, &Secret),
        context: &Context<'_>,
    ) -> Result<Step, SignInError> {
        let gate = gate(context)?;
        if !is_password(password) {
            return Err(bind::refusal("no-password"));
        }
        let found = self.admitted(typed, gate).await?;
        let tried = prove::try_password(&found, password, &mut Tries::new(gate, &found)).await;
        settle(gate, &tried).await;
        let signed_in = async {
            match tried? {
                Tried::Right(entries) => self.done(&found, entries, context.now).await,
                Tried::Due(due) => Ok(Step::Prompt(Prompt::ChangePassword(due))),
            }
        };
        signed_in.await.map_err(|error| error.with_account(&found.security_id))
    }

    async fn change_password(
        &self,
        (typed, current, new): (&str, &Secret, &Secret),
        context: &Context<'_>,
    ) -> Result<Step, SignInError> {
        let gate = gate(context)?;
        if !is_password(current) {
            return Err(bind::refusal("no-password"));
        }
        if !is_password(new) || current.expose() == new.expose() {
            return Err(SignInError::new(Code::AdPasswordPolicy, "the new password is none, or the old one"));
        }
        let found = self.admitted(typed, gate).await?;
        let changed = self.change_of(&found, (current, new), (gate, context.now)).await;
        changed.map_err(|error| error.with_account(&found.security_id))
    }

    async fn change_of(
        &self,
        found: &Found,
        (current, new): (&Secret, &Secret),
        (gate, now): (&dyn Gate, Timestamp),
    ) -> Result<Step, SignInError> {
        let changed = prove::change(found, (current, new), &mut Tries::new(gate, found)).await;
        settle(gate, &changed).await;
        changed?;
        // Only who signs in with it has changed it.
        let strange = |what| Err(SignInError::new(Code::AdAnswer, what));
        match prove::try_password(found, new, &mut Tries::new(gate, found)).await {
            Ok(Tried::Right(entries)) => self.done(found, entries, now).await,
            Ok(Tried::Due(_)) => strange("the new password is due as soon as it is set"),
            Err(error) if error.code == Code::AdCredentials => {
                strange("the directory says that it changed the password, and does not take the new one")
            }
            Err(error) => Err(error),
        }
    }

    async fn done(
        &self,
        found: &Found,
        entries: Vec<entry::Entry>,
        now: Timestamp,
    ) -> Result<Step, SignInError> {
        let kin = Kin::of(&found.domain, &self.domains).await;
        let person = found.read(entries, &kin, now).await?;
        let upstream = UpstreamSession {
            issuer: self.authority.to_owned(),
            subject: found.security_id.as_str().to_owned(),
            session_id: None,
            name_id: None,
            ends_at: None,
            authenticated_at: now,
            methods: vec!["pwd".to_owned()],
            context: None,
            account: person.account.password_set.map(|password_set| AccountMark { password_set }),
        };
        let evidence =
            Evidence { issuer: found.domain.config.name.clone(), key_id: None, algorithm: LDAP_BIND };
        Ok(Step::Done(Box::new(Verified::new(
            Proof { attributes: person.attributes, upstream, hint: None },
            evidence,
        ))))
    }
}

/// Those domains whose own names fit, asked side by side; and why one of them cannot be asked, which may be meant as well: a password
/// that is its people's is not to go to another domain.
async fn named(
    domains: impl Iterator<Item = &Arc<Domain>>,
    fits: impl Fn(&Naming) -> bool,
) -> (Vec<Arc<Domain>>, Option<SignInError>) {
    let asked = domains.map(|domain| async move { (domain, domain.naming_in_passing().await) });
    let (mut found, mut unknown) = (Vec::new(), Vec::new());
    for (domain, naming) in join_all(asked).await {
        match naming {
            Ok(naming) if fits(&naming) => found.push(Arc::clone(domain)),
            Ok(_) => {}
            Err(error) => unknown.push((domain, error)),
        }
    }
    if !found.is_empty() {
        return (found, unknown.pop().map(|(_, error)| error));
    }
    // Nobody else's, so that it is their own people who wait.
    let mut away = None;
    let asked = unknown.into_iter().map(|(domain, _)| async move { (domain, domain.naming().await) });
    for (domain, naming) in join_all(asked).await {
        match naming {
            Ok(naming) if fits(&naming) => found.push(Arc::clone(domain)),
            Ok(_) => {}
            Err(error) => away = Some(error),
        }
    }
    (found, away)
}

async fn settle<T>(gate: &dyn Gate, outcome: &Result<T, SignInError>) {
    let judged = match outcome {
        Ok(_) => Judged::Right,
        Err(error) => judged(error),
    };
    gate.settle(judged).await;
}

/// What a refusal says of the password: some come after a right one only (annex c.5).
fn judged(error: &SignInError) -> Judged {
    match error.code {
        // Whether `52f` comes after a right password only, no documentation says.
        Code::AdRestricted if error.cause == Some("restricted") => Judged::Wrong,
        Code::AdDown if error.cause == Some(UNANSWERED) => Judged::Wrong,
        Code::AdDisabled
        | Code::AdAccountExpired
        | Code::AdHours
        | Code::AdWorkstation
        | Code::AdRestricted
        | Code::AdPasswordPolicy => Judged::Right,
        Code::AdDown => Judged::ByNobody,
        _ => Judged::Wrong,
    }
}

fn gate<'a>(context: &Context<'a>) -> Result<&'a dyn Gate, SignInError> {
    context
        .gate
        .ok_or_else(|| SignInError::new(Code::Internal, "a password without anybody who counts attempts"))
}

/// Whether a name speaks of that domain, by what is configured.
fn addresses(domain: &Domain, name: &TypedName) -> bool {
    match name {
        TypedName::Principal { suffix, .. } => domain.owns(suffix),
        TypedName::DownLevel { domain: netbios, .. } => domain.is_called(netbios),
        TypedName::Bare { .. } => true,
    }
}

#[async_trait]
impl Provider for DirectoryProvider {
    async fn begin(&self, _: &Context<'_>) -> Result<Step, SignInError> {
        Ok(Step::Prompt(Prompt::Password))
    }

    async fn advance(&self, context: &Context<'_>, answer: Answer) -> Result<Step, SignInError> {
        match answer {
            Answer::Password { name, password } => self.sign_in((&name, &password), context).await,
            Answer::ChangePassword { name, current, new } => {
                self.change_password((&name, &current, &new), context).await
            }
            Answer::Authorization(_) | Answer::Response(_) => {
                Err(SignInError::new(Code::SignInState, "an answer of another protocol for a directory"))
            }
        }
    }

    async fn recheck(&self, people: &[&UpstreamSession], now: Timestamp) -> Vec<Standing> {
        recheck::recheck(&self.domains, people, now).await
    }

    fn directory(&self) -> Option<&dyn Directory> {
        Some(self)
    }

    async fn check(&self, now: Timestamp) -> Vec<Check> {
        let mut checks = Vec::new();
        for domain in &self.domains {
            checks.extend(diagnosis::check(domain, self.lockout, now).await);
        }
        checks
    }
}
