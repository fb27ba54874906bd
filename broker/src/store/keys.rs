//! The key ring at rest: data keys, wrapped by the master key that lies elsewhere.

use sqlx::Row;
use vestibule_certs::key_ring::{KeyRing, KeyState, WrappedKey};
use vestibule_certs::master_key::MasterKey;
use vestibule_certs::purpose::Purpose;
use vestibule_certs::seal::KeyId;

use super::{Store, StoreError, parsed};

impl Store {
    /// Every wrapped key; empty in a store that was just made.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn wrapped_keys(&self) -> Result<Vec<WrappedKey>, StoreError> {
        let rows = sqlx::query("SELECT id, purpose, state, wrapped FROM data_keys")
            .fetch_all(self.readers())
            .await
            .map_err(StoreError::Read)?;
        rows.into_iter()
            .map(|row| {
                let id: String = row.get(0);
                let purpose: String = row.get(1);
                Ok(WrappedKey {
                    id: parsed("data_keys.id", KeyId::from_hex(&id).ok_or(id))?,
                    purpose: parsed("data_keys.purpose", Purpose::parse(&purpose).ok_or(purpose))?,
                    state: match row.get::<String, _>(2).as_str() {
                        "current" => KeyState::Current,
                        "retired" => KeyState::Retired,
                        other => return Err(StoreError::Corrupt(format!("data_keys.state: {other}"))),
                    },
                    wrapped: row.get(3),
                })
            })
            .collect()
    }

    /// Makes the key ring of a store that has none yet.
    ///
    /// # Errors
    /// When the store cannot be written, or another process was first.
    pub async fn create_key_ring(&self, master: &MasterKey) -> Result<KeyRing, StoreError> {
        let (ring, keys) = parsed("key ring", KeyRing::create(master))?;
        self.write(move |transaction| {
            Box::pin(async move {
                for key in keys {
                    let state = match key.state {
                        KeyState::Current => "current",
                        KeyState::Retired => "retired",
                    };
                    sqlx::query(
                        "INSERT INTO data_keys (id, purpose, state, wrapped) VALUES ($1, $2, $3, $4)",
                    )
                    .bind(key.id.to_hex())
                    .bind(key.purpose.as_str())
                    .bind(state)
                    .bind(key.wrapped)
                    .execute(&mut *transaction)
                    .await?;
                }
                Ok(())
            })
        })
        .await?;
        Ok(ring)
    }
}
