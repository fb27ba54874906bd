//! "Forgot your user name or password?" (SGN-06). What was typed goes to the task that looks people up ([`super::asked`]), and the page
//! that answers is made before anybody knows whose it is: it tells nothing, neither by what it says nor by when.

use hyper::body::Incoming;
use zeroize::Zeroizing;

use crate::http::reply::{self, Reply};
use crate::http::route::BuiltInRoute;
use crate::http::visit::Visit;
use crate::pages::{self, ForgottenPage, ForgottenProblem};

use super::super::stop::Stop;
use super::asked::Asking;
use super::form::{self, Sitting, check_shown, posted};

/// The form: `GET /sign-in/forgotten`.
///
/// # Errors
/// When the address names no sign-in of this browser.
pub fn ask(visit: &Visit<'_>) -> Result<Reply, Stop> {
    check_shown(visit)?;
    if !Sitting::is_named(visit) {
        let settings = visit.app.settings();
        let console = format!("{}/", settings.origin(settings.console()));
        return Ok(reply::see_other(&console, &[], settings.scheme));
    }
    Ok(page(visit, &Sitting::of(visit)?, None))
}

/// What was typed: `POST /sign-in/forgotten`.
///
/// # Errors
/// When the form is not the one that this browser was shown.
pub async fn send(visit: &Visit<'_>, body: Incoming) -> Result<Reply, Stop> {
    let form = posted(visit, body).await?;
    let sitting = &Sitting::of(visit)?;
    sitting.check_token(visit, &form)?;
    let name = form.only("name").unwrap_or_default().trim();
    if name.is_empty() || !visit.app.mail.is_configured() {
        return Ok(page(visit, sitting, Some(ForgottenProblem::Missing)));
    }
    visit.app.asked.push(Asking {
        name: Zeroizing::new(name.to_owned()),
        language: visit.language(),
        client: visit.client(),
        correlation: visit.correlation().to_owned(),
    });
    let back = sitting.address(BuiltInRoute::SignIn);
    Ok(form::page(visit, None, pages::forgotten_sent(&back, visit.language())))
}

/// Whether there is mail is the deployment's matter and nobody's own.
fn page(visit: &Visit<'_>, sitting: &Sitting, problem: Option<ForgottenProblem>) -> Reply {
    let back = sitting.address(BuiltInRoute::SignIn);
    if !visit.app.mail.is_configured() {
        return form::page(visit, None, pages::forgotten_closed(&back, visit.language()));
    }
    let page = ForgottenPage {
        action: &sitting.address(BuiltInRoute::Forgotten),
        form_token: &sitting.form_token(visit.app),
        back: &back,
        problem,
    };
    form::page(visit, None, pages::forgotten(&page, visit.language()))
}
