//! Everything a person sees: refusals, sign-out, the ways onward and to a provider, the report of a test sign-in and the
//! demo's start page.
//!
//! Every value is escaped by the template, no page needs a script and only the one that posts to a provider carries one, and
//! the one stylesheet is admitted by its hash alone (interface 2 and 6; HTTP-15, SESS-06, OAUTH-11). All pages are `no-store` (SESS-07); the HTTP layer
//! sets that and turns [`Html`] into an answer.

mod address;
mod application_down;
mod arrival;
mod causes;
mod error;
mod frame;
mod language;
mod marked;
mod onward;
mod palette;
mod post_form;
mod sign_out;
mod signed_out;
mod start;
mod style;
mod texts;
mod trial;

#[cfg(test)]
mod tests;

pub use application_down::{ApplicationDownPage, application_down};
pub use arrival::{ArrivalPage, arrival};
pub use causes::{cause, claim_remedy, clause, remedy, remedy_of};
pub use error::{ErrorPage, error};
pub use frame::{Html, ReferrerPolicy};
pub use language::Language;
pub use onward::{OnwardPage, onward};
pub use post_form::{PostFormPage, post_form};
pub use sign_out::{SignOutPage, sign_out};
pub use signed_out::{SignedOutPage, signed_out};
pub use start::{StartAccount, StartPage, StartSignIn, start};
pub use texts::{Sentence, sentence};
pub use trial::{
    CertificateState, Check, CheckState, TrialCertificate, TrialPage, TrialQuestionPage, TrialVerdict, trial,
    trial_question,
};
