//! One domain of a connection: its controllers, and what the directory says of itself.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, timeout};
use vestibule_policies::code::Code;
use vestibule_policies::directory::comparable;
use vestibule_policies::security_id::{DomainSid, SecurityId};

use super::connection::{Answer, Lost, Query, Scope};
use super::controller::{Controller, Lease, NoLease, Purpose};
use super::entry::Entry;
use super::naming::{self, Naming};
use super::person;
use super::service::Service;
use crate::DomainEquipment;
use crate::config::{ControllerAddress, DirectorySecurity, DomainConfig};
use crate::error::SignInError;
use crate::ports::Wire;

/// For each step with a controller, where another one could be asked instead; together with the other's own step it stays below
/// two seconds.
const IMPATIENT: Duration = Duration::from_millis(1_200);
/// And where there is no other.
const PATIENT: Duration = Duration::from_secs(5);
/// How long what DNS says is believed.
const LOCATED: Duration = Duration::from_mins(1);
/// How long what the directory says of itself is believed.
const NAMED: Duration = Duration::from_mins(10);
/// How long somebody waits who may be of another domain.
const IN_PASSING: Duration = Duration::from_secs(1);
/// How long a directory that said nothing of itself is left alone by those who may be of another.
const UNNAMED: Duration = Duration::from_secs(1);
const NAMES: u64 = 50_000;
const NAMES_LIVE: Duration = Duration::from_hours(1);

/// One domain.
#[derive(Debug)]
pub(super) struct Domain {
    pub(super) config: DomainConfig,
    pub(super) sid: DomainSid,
    pub(super) wire: Arc<dyn Wire>,
    pub(super) service: Service,
    /// Names of groups by their SIDs.
    pub(super) group_names: moka::sync::Cache<SecurityId, String>,
    controllers: Mutex<HashMap<ControllerAddress, Arc<Controller>>>,
    located: tokio::sync::Mutex<Option<(Instant, Vec<ControllerAddress>)>>,
    names: Mutex<Names>,
    learning: tokio::sync::Mutex<()>,
    /// What the organisation says is its own.
    upn_suffixes: Vec<String>,
}

/// What is known of what the directory says of itself.
#[derive(Debug, Default)]
struct Names {
    known: Option<(Instant, Arc<Naming>)>,
    /// Since the last answer.
    failed: Option<(Instant, SignInError)>,
}

impl Domain {
    pub(super) fn new(config: DomainConfig, with: DomainEquipment) -> Self {
        let service = Service::new(config.bind_user.clone(), with.bind_password);
        Self {
            config,
            sid: with.domain_sid,
            wire: with.wire,
            service,
            group_names: moka::sync::Cache::builder().max_capacity(NAMES).time_to_live(NAMES_LIVE).build(),
            controllers: Mutex::default(),
            located: tokio::sync::Mutex::default(),
            names: Mutex::default(),
            learning: tokio::sync::Mutex::default(),
            upn_suffixes: with.upn_suffixes,
        }
    }

    /// The addresses of its controllers: those that are configured, else what DNS says (annex c.4).
    pub(super) async fn addresses(&self) -> Result<Vec<ControllerAddress>, SignInError> {
        if !self.config.servers.is_empty() {
            return Ok(self.config.servers.clone());
        }
        let mut located = self.located.lock().await;
        if let Some((at, known)) = located.as_ref()
            && at.elapsed() < LOCATED
        {
            return Ok(known.clone());
        }
        let found = self.wire.locate(&format!("_ldap._tcp.dc._msdcs.{}", self.config.name)).await;
        match (found, located.as_ref()) {
            (Ok(hosts), _) if hosts.iter().any(|host| self.is_own_host(host)) => {
                // The record names port 389; a controller that has a certificate listens for TLS beside it.
                let tls = |host| ControllerAddress { security: DirectorySecurity::Tls, host, port: 636 };
                // A name that DNS alone gives is no name to hold a certificate against, unless it is one of the domain.
                let own = hosts.into_iter().filter(|host| self.is_own_host(host));
                let addresses: Vec<_> = own.map(tls).collect();
                self.forget_all_but(&addresses);
                *located = Some((Instant::now(), addresses.clone()));
                Ok(addresses)
            }
            // What was good a minute ago is better than nothing.
            (_, Some((_, known))) => Ok(known.clone()),
            (Ok(_), None) => Err(self.down("DNS knows no controller under the domain's name")),
            (Err(error), None) => Err(self.down(&format!("DNS: {error}"))),
        }
    }

    fn is_own_host(&self, host: &str) -> bool {
        host.strip_suffix(&self.config.name).is_some_and(|label| label.is_empty() || label.ends_with('.'))
    }

    /// Controllers that DNS no longer names.
    fn forget_all_but(&self, addresses: &[ControllerAddress]) {
        let mut controllers = self.controllers.lock().unwrap_or_else(PoisonError::into_inner);
        controllers.retain(|address, _| addresses.contains(address));
    }

    fn controller(&self, address: &ControllerAddress) -> Arc<Controller> {
        let mut controllers = self.controllers.lock().unwrap_or_else(PoisonError::into_inner);
        let known = controllers.entry(address.clone());
        Arc::clone(known.or_insert_with(|| Arc::new(Controller::new(address.clone()))))
    }

    /// The way through its controllers, the healthy ones first, in their order.
    pub(super) async fn route(self: &Arc<Self>) -> Result<Route, SignInError> {
        let controllers: Vec<_> =
            self.addresses().await?.iter().map(|address| self.controller(address)).collect();
        for controller in controllers.iter().filter(|one| one.wants_probe()) {
            let (domain, controller) = (Arc::clone(self), Arc::clone(controller));
            tokio::spawn(async move { domain.probe(&controller).await });
        }
        let (healthy, resting): (Vec<_>, Vec<_>) = controllers.into_iter().partition(|one| one.is_healthy());
        // If all of them rest, somebody has to find out.
        let queue = if healthy.is_empty() { resting } else { healthy };
        Ok(Route { domain: Arc::clone(self), queue: queue.into(), faults: Vec::new() })
    }

    async fn probe(&self, controller: &Controller) {
        match controller.lease((&*self.wire, &self.service), Purpose::Reading, PATIENT).await {
            Ok(lease) => controller.answered(lease),
            Err(NoLease::ServiceRefused(_)) => controller.is_back(),
            Err(NoLease::Busy | NoLease::Lost(_)) => controller.failed(),
        }
    }

    /// What the directory says of itself, looked at again after ten minutes. Who waits while somebody else asks is told the same.
    pub(super) async fn naming(self: &Arc<Self>) -> Result<Arc<Naming>, SignInError> {
        if let Some(known) = self.known_for(NAMED) {
            return Ok(known);
        }
        let asked = Instant::now();
        let _learning = self.learning.lock().await;
        if let Some(known) = self.known_for(NAMED) {
            return Ok(known);
        }
        if let Some((at, error)) = &self.names().failed
            && *at >= asked
        {
            return Err(error.clone());
        }
        let learnt = naming::learn(self).await;
        self.remember(learnt)
    }

    fn remember(&self, learnt: Result<Naming, SignInError>) -> Result<Arc<Naming>, SignInError> {
        let (mut names, now) = (self.names(), Instant::now());
        match learnt {
            Ok(learnt) => {
                let learnt = Arc::new(learnt);
                *names = Names { known: Some((now, Arc::clone(&learnt))), failed: None };
                Ok(learnt)
            }
            Err(error) => match names.known.as_mut() {
                // A directory that is away for a moment has not changed its name; what is wrong is.
                Some((at, known)) if error.code == Code::AdDown => {
                    *at = now;
                    Ok(Arc::clone(known))
                }
                _ => {
                    *names = Names { known: None, failed: Some((now, error.clone())) };
                    Err(error)
                }
            },
        }
    }

    /// The same for the sign-in of somebody who may be of another domain: what is known, however old, else what comes within a
    /// moment. A domain that is away harms nobody else's people.
    pub(super) async fn naming_in_passing(self: &Arc<Self>) -> Result<Arc<Naming>, SignInError> {
        if let Some(known) = self.known_for(NAMED) {
            return Ok(known);
        }
        let domain = Arc::clone(self);
        let learn = || tokio::spawn(async move { domain.naming().await });
        let failed = self.names().failed.clone();
        match (self.known_for(Duration::MAX), failed) {
            (Some(known), _) => {
                if self.learning.try_lock().is_ok() {
                    learn();
                }
                Ok(known)
            }
            (None, Some((at, error))) => {
                if at.elapsed() >= UNNAMED && self.learning.try_lock().is_ok() {
                    learn();
                }
                Err(error)
            }
            (None, None) => {
                if let Ok(Ok(learnt)) = timeout(IN_PASSING, learn()).await {
                    return learnt;
                }
                let error = self.down("nobody knows its names yet");
                // The next question of the same sign-in does not wait as well.
                self.names().failed.get_or_insert((Instant::now(), error.clone()));
                Err(error)
            }
        }
    }

    /// Whether its forest lists a domain of that name. One that cannot be asked lists nobody.
    pub(super) async fn lists(self: &Arc<Self>, name: &str) -> bool {
        self.naming_in_passing().await.is_ok_and(|naming| naming.domains.iter().any(|one| one == name))
    }

    /// Whether a UPN suffix is this domain's own, by what is configured.
    pub(super) fn owns(&self, suffix: &str) -> bool {
        let suffix = comparable(suffix);
        comparable(&self.config.name) == suffix
            || self.upn_suffixes.iter().any(|own| comparable(own) == suffix)
    }

    /// Whether a NetBIOS name is this domain's own, by what is configured.
    pub(super) fn is_called(&self, netbios: &str) -> bool {
        self.config.netbios.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(netbios))
    }

    fn known_for(&self, how_long: Duration) -> Option<Arc<Naming>> {
        let names = self.names();
        names.known.as_ref().filter(|(at, _)| at.elapsed() < how_long).map(|(_, known)| Arc::clone(known))
    }

    fn names(&self) -> MutexGuard<'_, Names> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks something up with the connection's own account.
    pub(super) async fn search(
        self: &Arc<Self>,
        query: &Query<'_>,
    ) -> Result<(Vec<Entry>, Answer), SignInError> {
        let mut route = self.route().await?;
        while let Some(mut lease) = route.next(Purpose::Reading).await? {
            let found = lease.connection.search(query, route.patience()).await;
            match found {
                Ok(found) => {
                    route.answered(lease);
                    return Ok(found);
                }
                Err(lost) => route.lost(lease, &lost),
            }
        }
        Err(route.exhausted())
    }

    /// A person's entry, read with the connection's own account.
    pub(super) async fn person(self: &Arc<Self>, dn: &str) -> Result<Vec<Entry>, SignInError> {
        let mut route = self.route().await?;
        while let Some(mut lease) = route.next(Purpose::Reading).await? {
            match person::read(&mut lease.connection, dn, route.patience()).await {
                Ok((entries, answer)) => {
                    route.answered(lease);
                    return Ok(if answer.is_success() { entries } else { Vec::new() });
                }
                Err(lost) => route.lost(lease, &lost),
            }
        }
        Err(route.exhausted())
    }

    /// The entries that a complete search found; one that ended with anything but success found nothing that counts.
    pub(super) async fn entries(self: &Arc<Self>, query: &Query<'_>) -> Result<Vec<Entry>, SignInError> {
        /// `noSuchObject`.
        const NOTHING: u32 = 32;
        let (entries, answer) = self.search(query).await?;
        match answer.code {
            0 => Ok(entries),
            NOTHING if query.scope == Scope::Base => Ok(Vec::new()),
            code => {
                let reason =
                    format!("a search of {} ended with result {code}: {}", self.config.name, answer.text);
                Err(SignInError::new(Code::AdAnswer, reason))
            }
        }
    }

    /// Whether it did not say who it is when it was asked last.
    pub(super) fn is_away(&self) -> bool {
        self.names().failed.is_some()
    }

    pub(super) fn down(&self, reason: &str) -> SignInError {
        SignInError::new(Code::AdDown, format!("the domain {}: {reason}", self.config.name))
    }

    /// Connections that are open, for measurements.
    pub(super) fn open(&self) -> usize {
        let controllers = self.controllers.lock().unwrap_or_else(PoisonError::into_inner);
        controllers.values().map(|controller| controller.open()).sum()
    }
}

/// One way through the controllers of a domain, until one of them answers.
#[derive(Debug)]
pub(super) struct Route {
    domain: Arc<Domain>,
    queue: VecDeque<Arc<Controller>>,
    faults: Vec<String>,
}

impl Route {
    /// How long each step may take.
    pub(super) fn patience(&self) -> Duration {
        if self.queue.len() > 1 { IMPATIENT } else { PATIENT }
    }

    /// A connection to the next controller that gives one; `None` when all were asked.
    ///
    /// # Errors
    /// `AD-SERVICE` when our own account is refused: a second controller would only count a second wrong password against it.
    pub(super) async fn next(&mut self, purpose: Purpose) -> Result<Option<Lease>, SignInError> {
        while let Some(controller) = self.queue.front() {
            let with = (&*self.domain.wire, &self.domain.service);
            match controller.lease(with, purpose, self.patience()).await {
                Ok(lease) => return Ok(Some(lease)),
                Err(NoLease::ServiceRefused(reason)) => {
                    let reason =
                        format!("{} refuses the account {}: {reason}", self.whom(), self.domain.service.user);
                    return Err(SignInError::new(Code::AdService, reason));
                }
                Err(NoLease::Busy) => {
                    return Err(self.domain.down(&format!("all connections to {} are in use", self.whom())));
                }
                Err(NoLease::Lost(lost)) => self.give_up(&lost),
            }
        }
        Ok(None)
    }

    /// It answered.
    pub(super) fn answered(&mut self, lease: Lease) {
        if let Some(controller) = self.queue.front() {
            controller.answered(lease);
        }
    }

    /// It did not. A connection that was open before may just have been closed on the other side: the same controller is asked
    /// once more. One that says nothing is not waited for twice.
    pub(super) fn lost(&mut self, lease: Lease, lost: &Lost) {
        let may_be_stale = lease.was_open && matches!(lost, Lost::Broken(_));
        drop(lease);
        match self.queue.front() {
            Some(controller) if may_be_stale => controller.forget_idle(),
            _ => self.give_up(lost),
        }
    }

    fn give_up(&mut self, lost: &Lost) {
        let whom = self.whom();
        if let Some(controller) = self.queue.pop_front() {
            controller.failed();
            tracing::warn!(directory.controller = whom, directory.fault = %lost, "a controller does not answer");
            self.faults.push(format!("{whom}: {lost}"));
        }
    }

    fn whom(&self) -> String {
        self.queue.front().map(|controller| controller.address.to_string()).unwrap_or_default()
    }

    /// Why there is no answer at all.
    pub(super) fn exhausted(self) -> SignInError {
        self.domain.down(&format!("no controller answers ({})", self.faults.join("; ")))
    }
}
