//! Active Directory by Samba: forests that are provisioned afresh for every run, so that nothing in them grows old, with an
//! account in every state in which an account can be (`tests/counterparts/samba/people.py`).
//!
//! Samba's ports cannot be moved, so each controller has a loopback address of its own, and starting one takes root.

mod administration;
mod controller;
mod talk;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::Deserialize;
use serde_json::json;
use tokio::sync::{Mutex, MutexGuard, OnceCell};

use self::talk::Talk;
use super::{CounterpartError, KeyPair};

pub use self::administration::{Account, Bind};
pub use self::controller::Controller;

/// LDAP, which takes no password before STARTTLS.
pub const LDAP: u16 = 389;
/// LDAP over TLS.
pub const LDAPS: u16 = 636;
/// The global catalogue, without TLS at first.
pub const GLOBAL_CATALOGUE: u16 = 3268;
/// The global catalogue over TLS.
pub const GLOBAL_CATALOGUE_TLS: u16 = 3269;

/// The account that the product binds as to search. It may read and no more, and its password never expires.
pub const SERVICE_ACCOUNT: &str = "svc-vestibule";
/// Its password.
pub const SERVICE_PASSWORD: &str = "Svc-Pw-1";
/// How many of kim1, kim2 and so on there are.
const KIMS: usize = 60;

/// The password of everybody else in a fresh forest.
///
/// ```
/// assert_eq!(vestibule_tests::counterparts::samba::password_of("alice"), "Alice-Pw-1");
/// ```
#[must_use]
pub fn password_of(login: &str) -> String {
    let mut letters = login.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}-Pw-1", letters.as_str())
}

/// Two forests that know nothing of each other, as a company and one that it bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Realm {
    /// `CORP.EXAMPLE`: two controllers, and besides everybody else the people with very many groups.
    Corp,
    /// `PARTNER.EXAMPLE`: one controller.
    Partner,
}

impl Realm {
    /// Its DNS name, which is also the suffix of its implicit user principal names.
    #[must_use]
    pub const fn domain(self) -> &'static str {
        match self {
            Self::Corp => "corp.example",
            Self::Partner => "partner.example",
        }
    }

    /// The name before the backslash of `CORP\alice`.
    #[must_use]
    pub const fn net_bios(self) -> &'static str {
        match self {
            Self::Corp => "CORP",
            Self::Partner => "PARTNER",
        }
    }

    /// The distinguished name of the domain.
    #[must_use]
    pub const fn base_dn(self) -> &'static str {
        match self {
            Self::Corp => "DC=corp,DC=example",
            Self::Partner => "DC=partner,DC=example",
        }
    }

    const fn controllers(self) -> &'static [&'static str] {
        match self {
            Self::Corp => &["dc1", "dc2"],
            Self::Partner => &["dc1"],
        }
    }

    fn shared(self) -> &'static OnceCell<Forest> {
        static CORP: OnceCell<Forest> = OnceCell::const_new();
        static PARTNER: OnceCell<Forest> = OnceCell::const_new();
        match self {
            Self::Corp => &CORP,
            Self::Partner => &PARTNER,
        }
    }
}

/// A running forest. It ends with this handle, or with the process of the tests.
#[derive(Debug)]
pub struct Forest {
    realm: Realm,
    talk: Talk,
    ca_pem: String,
    domain_sid: String,
    controllers: Vec<Controller>,
    /// Whoever holds it may kill the second controller.
    second: Mutex<()>,
    kims: AtomicUsize,
}

#[derive(Deserialize)]
struct Described {
    ca_pem: String,
    domain_sid: String,
    controllers: Vec<controller::Place>,
}

#[derive(Deserialize)]
struct Issued {
    key_pem: String,
    certificate_pem: String,
}

impl Forest {
    /// Provisions a forest, fills it and starts its first controller; a second one joins while the caller goes on.
    ///
    /// # Errors
    /// See [`CounterpartError`].
    pub async fn start(realm: Realm) -> Result<Self, CounterpartError> {
        let talk = Talk::start(&json!({
            "realm": realm.domain().to_uppercase(),
            "net_bios": realm.net_bios(),
            "controllers": realm.controllers(),
            "crowded": realm == Realm::Corp,
        }))?;
        let described: Described = talk.greeting().await?;
        let controllers =
            (0..).zip(described.controllers).map(|(index, place)| Controller::new(index, place, &talk));
        Ok(Self {
            realm,
            ca_pem: described.ca_pem,
            domain_sid: described.domain_sid,
            controllers: controllers.collect(),
            second: Mutex::new(()),
            kims: AtomicUsize::new(1),
            talk,
        })
    }

    /// The forest that all tests of this process share. They leave its first controller alone and change
    /// nobody but [`Self::somebody`]; a test that needs more starts a forest of its own.
    ///
    /// # Errors
    /// See [`CounterpartError`].
    pub async fn shared(realm: Realm) -> Result<&'static Self, CounterpartError> {
        realm.shared().get_or_try_init(|| Self::start(realm)).await
    }

    /// Both of them, provisioned side by side.
    ///
    /// # Errors
    /// See [`CounterpartError`].
    pub async fn both() -> Result<(&'static Self, &'static Self), CounterpartError> {
        tokio::try_join!(Self::shared(Realm::Corp), Self::shared(Realm::Partner))
    }

    /// Which one it is.
    #[must_use]
    pub const fn realm(&self) -> Realm {
        self.realm
    }

    /// The certificate of its own authority. Each controller's certificate names its host, the domain and its address.
    #[must_use]
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// The SID of its domain, another one in every run.
    #[must_use]
    pub fn domain_sid(&self) -> &str {
        &self.domain_sid
    }

    /// Everyone of them, whether it has joined already or not.
    #[must_use]
    pub fn controllers(&self) -> &[Controller] {
        &self.controllers
    }

    /// The first controller, which runs as soon as the forest is there.
    ///
    /// # Panics
    /// Never: each realm has one.
    #[must_use]
    pub fn first(&self) -> &Controller {
        self.controllers.first().expect("a first controller")
    }

    /// The second controller, running, for as long as the caller holds it: a real one that joined the domain, with a copy of
    /// the directory that follows every act of an administrator. It may be killed and paused, and the next who holds it
    /// finds it running again.
    ///
    /// # Errors
    /// See [`CounterpartError`]; a realm with one controller has none to give.
    pub async fn second(&self) -> Result<(&Controller, MutexGuard<'_, ()>), CounterpartError> {
        let held = self.second.lock().await;
        let second = self.controllers.get(1).ok_or_else(|| Talk::odd("it has no second controller"))?;
        second.start().await?;
        second.resume().await?;
        Ok((second, held))
    }

    /// The login of somebody in no particular state, whom no other test is given.
    ///
    /// # Panics
    /// When all of them are given.
    #[must_use]
    pub fn somebody(&self) -> String {
        let number = self.kims.fetch_add(1, Ordering::Relaxed);
        assert!(number <= KIMS, "people.py has {KIMS} people for this: add some");
        format!("kim{number}")
    }

    /// A certificate of the forest's authority for another server, such as one that only says it is a controller.
    ///
    /// # Errors
    /// See [`CounterpartError`].
    pub async fn issue(&self, names: &[&str], address: &str) -> Result<KeyPair, CounterpartError> {
        let issued: Issued =
            self.talk.ask(json!({ "act": "issue", "names": names, "address": address })).await?;
        Ok(KeyPair { key_pem: issued.key_pem, certificate_pem: issued.certificate_pem })
    }
}
