//! What there is of a person: how old the password is, which device, how many backup codes, and how they are reached.

use vestibule_policies::time::Timestamp;

use crate::http::reply::Reply;
use crate::http::route::ProfileRoute;
use crate::http::visit::Visit;
use crate::pages::{self, BackupFact, DeviceFact, PasskeyFact, ProfileAddresses, ProfileNotice, ProfilePage};
use crate::person::{MOST_PASSKEYS, Passkey};
use crate::session::view::rfc3339;
use crate::signin::directory::tokens;
use crate::signin::stop::Stop;

use super::super::form;
use super::{Signed, console};

const DAY: i64 = 24 * 60 * 60;

/// The page, with what has just been done.
pub(super) async fn show(
    visit: &Visit<'_>,
    signed: &Signed<'_>,
    notice: Option<ProfileNotice>,
) -> Result<Reply, Stop> {
    let app = visit.app;
    let device = tokens::look(app, &signed.person.owner()).await;
    let device = device.map_err(|error| signed.stop(visit, error))?;
    let registered = device.map(|row| day(row.registered));
    let record = &signed.person.record;
    let (count, used) = record.backup.count();
    let age = app.session_clock.now().seconds() - record.password.record.set.seconds();
    let address = |route| signed.address(route);
    let passkeys: Vec<_> =
        record.passkeys.iter().map(|one| Dated::of(one, &address(ProfileRoute::RemovePasskey))).collect();
    let facts: Vec<_> = passkeys.iter().map(Dated::fact).collect();
    let page = ProfilePage {
        organization: &signed.tenant.organization.name,
        person: &record.profile.display_name,
        user_name: record.profile.user_name.as_str(),
        email: record.profile.email.as_str(),
        phone: record.profile.recovery_phone.as_str(),
        password_days: u64::try_from(age / DAY).unwrap_or_default(),
        device: registered.as_deref().map(|registered| DeviceFact { registered }),
        passkeys: &facts,
        may_add: facts.len() < MOST_PASSKEYS,
        backup: BackupFact { count, used, made: &day(record.backup.made) },
        console: &console(visit, "/"),
        addresses: ProfileAddresses {
            password: &address(ProfileRoute::Password),
            device: &address(ProfileRoute::Device),
            passkeys: &address(ProfileRoute::Passkeys),
            backup_codes: &address(ProfileRoute::BackupCodes),
            phone: &address(ProfileRoute::Phone),
            email: &address(ProfileRoute::Email),
        },
        notice,
    };
    Ok(form::page(visit, None, pages::profile(&page, visit.language())))
}

/// A passkey with its moments as days.
struct Dated<'a> {
    name: &'a str,
    made: String,
    used: Option<String>,
    remove: String,
}

impl<'a> Dated<'a> {
    fn of(one: &'a Passkey, remove: &str) -> Self {
        let remove = format!("{remove}?passkey={}", one.credential.id());
        Self { name: &one.name, made: day(one.made), used: one.used.map(day), remove }
    }

    fn fact(&self) -> PasskeyFact<'_> {
        PasskeyFact { name: self.name, made: &self.made, used: self.used.as_deref(), remove: &self.remove }
    }
}

/// Such as `2026-01-31`.
fn day(at: Timestamp) -> String {
    rfc3339(at).get(..10).unwrap_or_default().to_owned()
}
