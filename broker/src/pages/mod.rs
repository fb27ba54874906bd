//! Everything a person sees: refusals, sign-out, the way onward and the demo's start page.
//!
//! Every value is escaped by the template, no page carries a script, and the one stylesheet is admitted by its
//! hash alone (interface 2 and 6; HTTP-15, SESS-06, OAUTH-11). All pages are `no-store` (SESS-07); the HTTP layer
//! sets that and turns [`Html`] into an answer.

mod address;
mod application_down;
mod error;
mod frame;
mod language;
mod onward;
mod palette;
mod sign_out;
mod signed_out;
mod start;
mod style;
mod texts;

#[cfg(test)]
mod tests;

pub use application_down::{ApplicationDownPage, application_down};
pub use error::{ErrorPage, error};
pub use frame::{Html, ReferrerPolicy};
pub use language::Language;
pub use onward::{OnwardPage, onward};
pub use sign_out::{SignOutPage, sign_out};
pub use signed_out::{SignedOutPage, signed_out};
pub use start::{StartAccount, StartPage, StartSignIn, start};
pub use texts::{Sentence, sentence};
