//! Another set of backup codes in place of the one before (MFA-11).

use vestibule_policies::code::Code;
use vestibule_providers::SignInError;

use crate::http::form::Form;
use crate::http::reply::Reply;
use crate::http::route::ProfileRoute;
use crate::http::visit::Visit;
use crate::mail::Message;
use crate::pages::{self, NewCodesPage, ProfileAsks, ProfileProblem};
use crate::person::BackupCodes;
use crate::signin::stop::Stop;

use super::super::form;
use super::super::identity::Others;
use super::Signed;

/// The question. A backup code answers it not: whoever found the list must not get another one by it.
pub(super) async fn ask(
    visit: &Visit<'_>,
    signed: &Signed<'_>,
    problem: Option<ProfileProblem>,
) -> Result<Reply, Stop> {
    signed.question(visit, (ProfileAsks::BackupCodes, ProfileRoute::BackupCodes), problem).await
}

/// "Yes, replace", with a fresh one-time code: the new codes, which are shown now and never again.
pub(super) async fn replace(visit: &Visit<'_>, signed: &Signed<'_>, form: &Form) -> Result<Reply, Stop> {
    if let Some(problem) = signed.prove(visit, (form, false)).await? {
        return ask(visit, signed, Some(problem)).await;
    }
    let (app, person) = (visit.app, &signed.person);
    let generated = BackupCodes::generate(&app.keys, person.id, app.wall.now());
    let (backup, codes) = generated
        .map_err(|_| signed.stop(visit, SignInError::new(Code::Internal, "the system has no randomness")))?;
    let change = signed.change(visit, ("backup-codes.replaced", Message::BackupCodesReplaced), Others::End);
    let write = app.store.write(move |transaction| {
        Box::pin(async move {
            let Some(mut record) = change.record(transaction).await? else { return Ok(None) };
            record.backup = backup;
            change.write(transaction, record).await.map(Some)
        })
    });
    signed.settle(visit, write.await)?;
    let settings = app.settings();
    let page = NewCodesPage {
        back: &signed.address(ProfileRoute::Overview),
        account: person.record.profile.user_name.as_str(),
        issuer: settings.console().as_str(),
        codes: &codes.iter().map(|code| code.as_str()).collect::<Vec<_>>(),
    };
    Ok(form::page(visit, None, pages::new_codes(&page, visit.language())))
}
