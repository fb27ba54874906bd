//! The demo's administrator: somebody of the built-in identity who is enrolled already, in every organisation.

use std::sync::Arc;

use vestibule_certs::encoding::base64url;
use vestibule_policies::Email;
use vestibule_policies::ids::PersonId;
use vestibule_policies::password::Candidate;
use vestibule_policies::permission::Access;
use vestibule_policies::totp::{Device, SECRET_LENGTH, Secret, Step};

use crate::app::App;
use crate::person::{BackupCodes, PasswordRecord, Person, Phone, Profile, Record, UserName};
use crate::signin::built_in::membership;
use crate::signin::directory::tokens;
use crate::store::devices::{self, DeviceRow};
use crate::store::{StoreError, organizations, persons};

use super::Data;

const USER_NAME: &str = "ada@acme.example";

/// What somebody needs to sign in as the administrator.
pub(super) struct Administrator {
    id: PersonId,
    pub(super) password: String,
    secret: [u8; SECRET_LENGTH],
}

impl Administrator {
    pub(super) fn of(data: &Data) -> Self {
        let derived = |label| data.derived(label);
        Self {
            id: PersonId::from_bytes(first(derived("administrator id"))),
            // A password of every class, whatever the policy.
            password: format!("Ax9!{}", base64url(&first::<15>(derived("administrator password")))),
            secret: first(derived("administrator device")),
        }
    }

    pub(super) const fn user_name() -> &'static str {
        USER_NAME
    }

    /// For people who type it.
    pub(super) fn secret(&self) -> String {
        Secret::new(self.secret).grouped().replace(' ', "")
    }

    /// For cameras.
    pub(super) fn uri(&self, issuer: &str) -> String {
        Secret::new(self.secret).uri(issuer, USER_NAME).to_string()
    }

    /// Enrols them where they are not yet, and makes them an administrator of every organisation.
    pub(super) async fn enrol(&self, app: &App) -> Result<(), StoreError> {
        let person = self.person(app).await?;
        let device = self.device(app, &person)?;
        let (keys, now) = (Arc::clone(&app.keys), app.wall.now());
        let deployment = app.deployment.load();
        let without: Vec<_> = deployment
            .tenants()
            .filter(|tenant| tenant.organization.membership(person.id).is_none())
            .map(|tenant| tenant.organization.id)
            .collect();
        let changed = without.clone();
        let write = app.store.write(move |transaction| {
            Box::pin(async move {
                if persons::insert(transaction, &person.to_row(&keys)?).await? {
                    devices::register(transaction, &person.owner(), &device, "").await?;
                }
                for organization in without {
                    let change = membership(person.id, Access::Full);
                    organizations::change(transaction, organization, now, change).await?;
                }
                Ok(())
            })
        });
        write.await?;
        app.renew(&changed).await.map_err(|error| StoreError::Corrupt(error.to_string()))
    }

    async fn person(&self, app: &App) -> Result<Person, StoreError> {
        let unusable = |what: &str| StoreError::Corrupt(format!("the demo's administrator: {what}"));
        let candidate = Candidate::read(&self.password).map_err(|error| unusable(&error.to_string()))?;
        let hash = app.passwords.hasher.hash(&candidate).await;
        let hash = hash.map_err(|error| unusable(&error.to_string()))?;
        let (backup, _) = BackupCodes::generate(&app.keys, self.id, app.wall.now())
            .map_err(|error| unusable(&error.to_string()))?;
        let profile = Profile {
            user_name: UserName::parse(USER_NAME).ok_or_else(|| unusable("the user name"))?,
            email: Email::parse(USER_NAME).map_err(|_| unusable("the address"))?,
            display_name: "Ada Ekström".to_owned(),
            recovery_phone: Phone::parse("+46 8 123 45 67").ok_or_else(|| unusable("the telephone"))?,
        };
        let password = PasswordRecord::chosen(hash.to_string(), app.session_clock.now());
        Ok(Person {
            id: self.id,
            record: Record { profile, password, backup, passkeys: Vec::new(), changes: 0, enrolled: None },
        })
    }

    fn device(&self, app: &App, person: &Person) -> Result<DeviceRow, StoreError> {
        let sealed = tokens::seal(&app.keys, &person.owner(), &Secret::new(self.secret));
        Ok(DeviceRow {
            secret: sealed.map_err(|error| StoreError::Corrupt(error.reason))?,
            // The code of no step that is still to come.
            device: Device::registered(Step::at(app.wall.now().minus(std::time::Duration::from_hours(1)))),
            registered: app.wall.now(),
        })
    }
}

fn first<const N: usize>(bytes: [u8; 32]) -> [u8; N] {
    let mut out = [0; N];
    out.iter_mut().zip(bytes).for_each(|(place, byte)| *place = byte);
    out
}
