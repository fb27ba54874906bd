//! Our keys as a SAML service provider: made once for a deployment, when the first connection of that kind needs them.
//!
//! The current ones are in use, the next ones stand in the metadata ahead, so that a provider knows them before they are.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::OnceCell;
use vestibule_certs::key_ring::KeyRing;
use vestibule_certs::purpose::Purpose;
use vestibule_certs::rsa_key::RsaKey;
use vestibule_certs::x509::Certificate;
use vestibule_policies::time::Timestamp;
use vestibule_providers::saml::service_provider::{KeyPair, Rollover, ServiceProviderKeys};

use crate::store::service_provider::{self, KeyRow};
use crate::store::{Store, StoreError, parsed};

const BITS: u32 = 3072;
/// Certificates are signed by themselves, and trusted for where they were put: what ends soon only stops sign-ins.
const CURRENT: Duration = Duration::from_hours(24 * 365 * 5);
const NEXT: Duration = Duration::from_hours(24 * 365 * 10);
/// For clocks that are behind.
const BEFORE: Duration = Duration::from_hours(24);
const NAME: &str = "Vestibule SAML service provider";

/// The keys, once they were needed.
#[derive(Debug, Clone, Default)]
pub struct Keys(Arc<OnceCell<Arc<ServiceProviderKeys>>>);

impl Keys {
    /// Reads them, or makes them.
    ///
    /// # Errors
    /// When the store cannot be used, or a key in it does not open.
    pub async fn get(
        &self,
        store: &Store,
        ring: &KeyRing,
        now: Timestamp,
    ) -> Result<Arc<ServiceProviderKeys>, StoreError> {
        self.0.get_or_try_init(|| load(store, ring, now)).await.cloned()
    }
}

async fn load(store: &Store, ring: &KeyRing, now: Timestamp) -> Result<Arc<ServiceProviderKeys>, StoreError> {
    if let Some(keys) = read(store, ring).await? {
        return Ok(Arc::new(keys));
    }
    keep(store, ring, &Made::generate(now).await?).await?;
    // Another process may have been first: what stands is what counts.
    let keys = read(store, ring).await?;
    keys.map(Arc::new)
        .ok_or_else(|| StoreError::Corrupt("service_provider_keys: a key is missing".to_owned()))
}

/// Makes the keys where there are none. `apply` does, so that a server that follows it only has to read.
///
/// # Errors
/// When the store cannot be used.
pub async fn ensure(store: &Store, ring: &KeyRing, now: Timestamp) -> Result<(), StoreError> {
    load(store, ring, now).await.map(drop)
}

/// Keys that do not stand in a store yet.
#[derive(Debug)]
pub struct Made(Vec<(&'static str, &'static str, KeyPair)>);

impl Made {
    /// Makes all of them, which takes a second or two of every core.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub async fn generate(now: Timestamp) -> Result<Self, StoreError> {
        const PLACES: [(&str, &str, Duration); 4] = [
            ("signing", "current", CURRENT),
            ("signing", "next", NEXT),
            ("encryption", "current", CURRENT),
            ("encryption", "next", NEXT),
        ];
        let making = PLACES.map(|(_, _, span)| tokio::task::spawn_blocking(move || make(now, span)));
        let mut made = Vec::with_capacity(PLACES.len());
        for ((purpose, place, _), making) in PLACES.into_iter().zip(making) {
            let pair = making.await.map_err(|error| StoreError::Corrupt(error.to_string()))??;
            made.push((purpose, place, pair));
        }
        Ok(Self(made))
    }
}

/// Keeps keys where there are none.
///
/// # Errors
/// When the store cannot be written.
pub async fn keep(store: &Store, ring: &KeyRing, made: &Made) -> Result<(), StoreError> {
    let mut rows = Vec::with_capacity(made.0.len());
    for (purpose, place, pair) in &made.0 {
        let sealed = ring.sealer(Purpose::Rows).seal(&pair.key.to_pkcs8(), &binding(purpose, place));
        let key = parsed("service_provider_keys.key", sealed)?;
        rows.push(KeyRow { purpose, place, certificate: pair.certificate.der().to_vec(), key });
    }
    store
        .write(move |transaction| Box::pin(async move { service_provider::keep(transaction, &rows).await }))
        .await
}

fn make(now: Timestamp, span: Duration) -> Result<KeyPair, StoreError> {
    let key = parsed("a service provider's key", RsaKey::generate(BITS))?;
    let (from, to) = (now.minus(BEFORE).seconds(), now.plus(span).seconds());
    let certificate = parsed("a service provider's certificate", key.self_signed(NAME, from, to))?;
    Ok(KeyPair { key, certificate })
}

async fn read(store: &Store, ring: &KeyRing) -> Result<Option<ServiceProviderKeys>, StoreError> {
    let (Some(signing), Some(encryption)) =
        (rollover(store, ring, "signing").await?, rollover(store, ring, "encryption").await?)
    else {
        return Ok(None);
    };
    Ok(Some(ServiceProviderKeys { signing, encryption }))
}

async fn rollover(store: &Store, ring: &KeyRing, purpose: &str) -> Result<Option<Rollover>, StoreError> {
    let current = pair(store, ring, purpose, "current").await?;
    let next = pair(store, ring, purpose, "next").await?;
    Ok(current.zip(next).map(|(current, next)| Rollover { current, next }))
}

async fn pair(
    store: &Store,
    ring: &KeyRing,
    purpose: &str,
    place: &str,
) -> Result<Option<KeyPair>, StoreError> {
    let row = service_provider::key(store.readers(), purpose, place).await.map_err(StoreError::Read)?;
    let Some((certificate, sealed)) = row else { return Ok(None) };
    let opened = ring.sealer(Purpose::Rows).open(&sealed, &binding(purpose, place));
    let key = parsed("service_provider_keys.key", opened)?;
    Ok(Some(KeyPair {
        key: parsed("service_provider_keys.key", RsaKey::from_pkcs8(&key))?,
        certificate: parsed("service_provider_keys.certificate", Certificate::from_der(&certificate))?,
    }))
}

fn binding(purpose: &str, place: &str) -> Vec<u8> {
    format!("service provider {purpose} {place}").into_bytes()
}
