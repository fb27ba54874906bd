//! Passwords of the built-in identity: hashed and compared beside the threads that serve, and looked up among the
//! compromised ones. What is allowed is decided by `vestibule_policies::password`.

pub mod compromised;
pub mod hash;
mod pool;

use std::sync::Arc;

use arc_swap::ArcSwap;
use vestibule_certs::tls::TlsError;
use vestibule_policies::password::{Candidate, Listing, Policy};

use crate::config;
use crate::outbound::Outbound;

use self::compromised::Lookup;
use self::hash::Hasher;

/// Everything about passwords that a sign-in asks for.
#[derive(Debug)]
pub struct Passwords {
    /// Hashes and compares.
    pub hasher: Hasher,
    outbound: Outbound,
    rules: ArcSwap<Rules>,
}

/// What the configuration says, and a reload changes.
#[derive(Debug)]
struct Rules {
    policy: Policy,
    lookup: Lookup,
}

impl Passwords {
    /// As `[passwords]` says; nobody is called yet.
    ///
    /// # Errors
    /// When the system's roots cannot be read.
    pub fn new(config: &config::Passwords, outbound: &Outbound) -> Result<Self, TlsError> {
        let rules = ArcSwap::from_pointee(Rules::of(config, outbound)?);
        Ok(Self { hasher: Hasher::default(), outbound: outbound.clone(), rules })
    }

    /// Takes a newly read configuration. What is under way ends by the former one.
    ///
    /// # Errors
    /// When the system's roots cannot be read; the former configuration stays.
    pub fn reconfigure(&self, config: &config::Passwords) -> Result<(), TlsError> {
        self.rules.store(Arc::new(Rules::of(config, &self.outbound)?));
        Ok(())
    }

    /// The policy that holds.
    #[must_use]
    pub fn policy(&self) -> Policy {
        self.rules.load().policy
    }

    /// Whether a password is compromised, within 2 s. `Unknown` where nobody can say; that is logged, and the password is
    /// looked up again at the next sign-in (PWD-10).
    pub async fn listing(&self, candidate: &Candidate) -> Listing {
        self.rules.load_full().lookup.listing(candidate).await
    }
}

impl Rules {
    fn of(config: &config::Passwords, outbound: &Outbound) -> Result<Self, TlsError> {
        Ok(Self { policy: config.preset.policy(), lookup: Lookup::new(&config.compromised, outbound)? })
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use vestibule_policies::password::Preset;

    use super::*;
    use crate::config::CompromisedSource;
    use crate::outbound::Reach;

    #[tokio::test]
    async fn a_reload_changes_policy_and_list_at_once() {
        let folder = std::env::temp_dir().join(format!("vestibule-passwords-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("list.txt");
        std::fs::write(&file, "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:7\n").unwrap();
        let password = Candidate::read("password").unwrap();
        let off = config::Passwords { preset: Preset::Nist, compromised: CompromisedSource::Off };
        let passwords = Passwords::new(&off, &Outbound::new(Reach::default())).unwrap();
        assert_eq!(passwords.policy(), Preset::Nist.policy());
        assert_eq!(passwords.listing(&password).await, Listing::Unknown, "nobody looks");

        let listed = config::Passwords { preset: Preset::Japan, compromised: CompromisedSource::File(file) };
        passwords.reconfigure(&listed).unwrap();
        assert_eq!(passwords.policy(), Preset::Japan.policy());
        assert_eq!(passwords.listing(&password).await, Listing::Compromised);
        assert_eq!(passwords.listing(&Candidate::read("Password").unwrap()).await, Listing::Clean);
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[tokio::test]
    async fn a_service_that_cannot_be_reached_is_no_answer() {
        let own: SocketAddr = "127.0.0.1:9".parse().unwrap();
        let outbound = Outbound::new(Reach { forbidden: vec![own], ..Reach::default() });
        let compromised = CompromisedSource::Service(format!("http://{own}"));
        let config = config::Passwords { preset: Preset::Global, compromised };
        let passwords = Passwords::new(&config, &outbound).unwrap();
        assert_eq!(passwords.listing(&Candidate::read("password").unwrap()).await, Listing::Unknown);
    }
}
