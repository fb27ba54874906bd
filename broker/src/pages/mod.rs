//! Everything a person sees: refusals, sign-out, the ways onward and to a provider, the forms for password and one-time code,
//! the person's own account, the report of a test sign-in and the demo's start page.
//!
//! Every value is escaped by the template, no page needs a script, and only the one that posts to a provider and those that ask for a passkey carry one, and
//! the one stylesheet is admitted by its hash alone (interface 2 and 6; HTTP-15, SESS-06, OAUTH-11). All pages are `no-store` (SESS-07); the HTTP layer
//! sets that and turns [`Html`] into an answer.

mod account;
mod address;
mod application_down;
mod arrival;
mod built_in;
mod causes;
mod change_password;
mod error;
mod field;
mod frame;
mod join;
mod language;
mod marked;
mod onward;
mod palette;
mod passkey;
mod password;
mod post_form;
mod profile;
mod profile_form;
mod qr;
mod register;
mod reset;
mod sign_out;
mod signed_out;
mod start;
mod style;
mod texts;
mod token;
mod trial;

#[cfg(test)]
mod tests;

pub use account::{
    AccountClosedPage, AccountNotice, AccountPage, AccountProblem, DeviceFact, account, account_closed,
};
pub use application_down::{ApplicationDownPage, application_down};
pub use arrival::{ArrivalPage, arrival};
pub use built_in::{
    Choice, OrganizationPage, SecondPage, SecondProblem, SignInPage, SignInProblem, organization, second,
    sign_in,
};
pub use causes::{cause, claim_remedy, clause, directory_remedy, remedy, remedy_of};
pub use change_password::{Change, ChangePasswordPage, ChangeProblem, change_password};
pub mod console;
pub use error::{ErrorPage, error};
pub use frame::{Html, ReferrerPolicy};
pub use join::{
    AddressPage, AddressProblem, JoinPage, JoinProblem, NewPasswordPage, PhoneField, RecoveryPage,
    RecoveryProblem, address_code, join, new_password, recovery,
};
pub use language::Language;
pub use onward::{OnwardPage, onward};
pub use passkey::{NewPasskeyPage, NewPasskeyProblem, PasskeyPart, new_passkey};
pub use password::{DomainExample, Opens, PasswordPage, PasswordProblem, password};
pub use post_form::{PostFormPage, post_form};
pub use profile::{
    BackupFact, NewCodesPage, PasskeyFact, ProfileAddresses, ProfileNotice, ProfilePage, new_codes, profile,
};
pub use profile_form::{ProfileAsks, ProfileFormPage, ProfileProblem, profile_form};
pub use register::{RegisterPage, Registers, register};
pub use reset::{
    ForgottenPage, ForgottenProblem, ResetPage, Setting, forgotten, forgotten_closed, forgotten_sent, reset,
    reset_done,
};
pub use sign_out::{SignOutPage, sign_out};
pub use signed_out::{SignedOutPage, signed_out};
pub use start::{
    AccountNote, StartAccount, StartAdministrator, StartDirectory, StartMatrixRow, StartPage, StartSignIn,
    start,
};
pub use texts::{Sentence, sentence};
pub use token::{TokenPage, TokenProblem, token};
pub use trial::{
    Asked, CertificateState, Check, CheckState, TrialCertificate, TrialClaim, TrialPage, TrialQuestionPage,
    TrialVerdict, trial, trial_question,
};
