//! Whether a password is known to others (PWD-05, PWD-09): asked of a service by range, or looked up in a list on disk.
//!
//! Neither learns the password, nor enough to tell which one it is: the service gets the first 20 of the 160 bits of its
//! SHA-1, and the comparison is made here.

pub mod list;
mod range;
mod sha1;

use std::path::PathBuf;

use vestibule_certs::tls::TlsError;
use vestibule_certs::trust::Trust;
use vestibule_policies::password::{Candidate, Listing};

use crate::config::CompromisedSource;
use crate::outbound::Outbound;

use self::range::RangeService;
use self::sha1::Sha1;

/// Where compromised passwords are looked up.
#[derive(Debug)]
pub struct Lookup(Source);

#[derive(Debug)]
enum Source {
    Off,
    Service(RangeService),
    List(PathBuf),
}

/// Why nobody could say.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Unanswered {
    #[error(transparent)]
    Http(#[from] vestibule_providers::ports::HttpError),
    #[error("no answer within {0} ms")]
    Late(u128),
    #[error("the service answered with status {0}")]
    Status(u16),
    #[error("the service's answer is no range of hashes")]
    NoRange,
    #[error("the address of the service cannot be used")]
    Address,
    #[error(transparent)]
    List(#[from] list::ListFault),
    #[error("the look-up broke off")]
    BrokenOff,
}

impl Lookup {
    /// As the configuration says; nobody is called yet.
    ///
    /// # Errors
    /// When the system's roots cannot be read.
    pub fn new(source: &CompromisedSource, outbound: &Outbound) -> Result<Self, TlsError> {
        Ok(Self(match source {
            CompromisedSource::Off => Source::Off,
            CompromisedSource::Service(base) => {
                Source::Service(RangeService::new(base.clone(), outbound.for_operator(&Trust::Public)?))
            }
            CompromisedSource::File(path) => Source::List(path.clone()),
        }))
    }

    /// Whether a password is listed. Where nobody can say, that is logged, and the answer is `Unknown`: the password is taken,
    /// and looked up again at the next sign-in (PWD-10). A service that is away locks nobody out.
    pub async fn listing(&self, candidate: &Candidate) -> Listing {
        let hash = Sha1::of(candidate.as_bytes());
        let listed = match &self.0 {
            Source::Off => return Listing::Unknown,
            Source::Service(service) => service.lists(&hash).await,
            Source::List(path) => lists(path.clone(), hash).await,
        };
        match listed {
            Ok(true) => Listing::Compromised,
            Ok(false) => Listing::Clean,
            Err(reason) => {
                tracing::warn!(
                    passwords.error = %reason,
                    "whether a password is compromised could not be looked up; it is taken for now"
                );
                Listing::Unknown
            }
        }
    }
}

/// Beside the threads that serve: the list is on a disk.
async fn lists(path: PathBuf, hash: Sha1) -> Result<bool, Unanswered> {
    let listed = tokio::task::spawn_blocking(move || list::lists(&path, &hash));
    Ok(listed.await.map_err(|_| Unanswered::BrokenOff)??)
}
