//! Another recovery phone (MFA-08, MFA-18).

use vestibule_policies::ids::OrganizationId;

use crate::deployment::{Deployment, Tenant};
use crate::http::form::Form;
use crate::http::reply::Reply;
use crate::http::route::ProfileRoute;
use crate::http::visit::Visit;
use crate::mail::Message;
use crate::pages::{ProfileAsks, ProfileNotice, ProfileProblem};
use crate::person::Phone;
use crate::signin::stop::Stop;

use super::super::identity::Others;
use super::Signed;

/// The form, with the number as it is (MFA-08).
pub(super) fn ask(visit: &Visit<'_>, signed: &Signed<'_>, problem: Option<ProfileProblem>) -> Reply {
    let deployment = visit.app.deployment.load();
    let asks = ProfileAsks::Phone {
        phone: signed.person.record.profile.recovery_phone.as_str(),
        elsewhere: elsewhere(&deployment, signed).map(|tenant| tenant.organization.name.as_str()),
    };
    signed.form(visit, (asks, ProfileRoute::Phone), (problem, None))
}

/// Where it has to be changed instead: in the organisation that the person enrolled for, as long as they run it (MFA-18).
fn elsewhere<'a>(deployment: &'a Deployment, signed: &Signed<'_>) -> Option<&'a Tenant> {
    let other = |id: &OrganizationId| *id != signed.root.organization;
    let tenant = deployment.tenant(signed.person.record.enrolled.filter(other)?)?;
    tenant.organization.membership(signed.person.id).is_some().then_some(tenant)
}

/// What was typed.
pub(super) async fn change(visit: &Visit<'_>, signed: Signed<'_>, form: &Form) -> Result<Reply, Stop> {
    if elsewhere(&visit.app.deployment.load(), &signed).is_some() {
        return Ok(ask(visit, &signed, None));
    }
    let Some(phone) = Phone::parse(form.only("phone").unwrap_or_default()) else {
        return Ok(ask(visit, &signed, Some(ProfileProblem::Phone)));
    };
    let told = ("recovery-phone.changed", Message::RecoveryPhoneChanged);
    let change = signed.change(visit, told, Others::Stay);
    let write = visit.app.store.write(move |transaction| {
        Box::pin(async move {
            let Some(mut record) = change.record(transaction).await? else { return Ok(None) };
            record.profile.recovery_phone = phone;
            change.write(transaction, record).await.map(Some)
        })
    });
    let written = write.await;
    signed.changed(visit, written, ProfileNotice::PhoneChanged).await
}
